"""Who is asking: worked out once a request, checked against the page, told to the database."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from yiwang.kernel.access import locks
from yiwang.kernel.access.queries import session_standing
from yiwang.kernel.access.rules import NOBODY, Standing, may_open
from yiwang.kernel.base.pages import page_of

OPEN_WITH_ONE_TIME_PASSWORD = ("people:password", "people:sign_out", "ui:language")
"""The pages open to somebody who must choose a password of their own first; public pages are too."""

FREE_VIEWS = ("django.contrib.staticfiles.", "django.views.static.")


class StandingMiddleware:
    """Sets `request.standing`, refuses pages that aren't for it, and turns the database's lock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.standing = self._standing(request)  # type: ignore[attr-defined]
        before = locks.current()
        locks.assume(request.standing)  # type: ignore[attr-defined]
        try:
            return self.get_response(request)
        finally:
            if before != NOBODY:
                locks.assume(before)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Open the page, ask for a sign-in, or refuse."""
        page = page_of(view)
        if page is None:
            if view.__module__.startswith(FREE_VIEWS):
                return None
            raise ImproperlyConfigured(f"{view.__module__}.{view.__name__} is not in the register of pages")
        standing: Standing = request.standing  # type: ignore[attr-defined]
        if (
            standing.must_change_password
            and page.name not in OPEN_WITH_ONE_TIME_PASSWORD
            and "everybody" not in page.roles
        ):
            return HttpResponseRedirect(reverse("people:password"))
        if may_open(standing, page.roles):
            return None
        if standing.is_signed_in:
            raise PermissionDenied
        target = request.get_full_path() if request.method == "GET" else "/"
        return HttpResponseRedirect(f"{reverse('people:sign_in')}?next={quote(target)}")

    def _standing(self, request: HttpRequest) -> Standing:
        account_id = request.session.get(SESSION_KEY)
        if not account_id or BACKEND_SESSION_KEY not in request.session:
            return NOBODY
        found = session_standing(
            int(account_id), session_hash=request.session.get(HASH_SESSION_KEY, ""), on=timezone.localdate()
        )
        return found or NOBODY
