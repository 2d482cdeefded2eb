"""The language switch: a link, so that it works everywhere; remembers the choice in a cookie."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from yiwang.kernel.base.pages import EVERYBODY, page


@page("ui:language", roles=EVERYBODY, budget=0)
@require_safe
def switch(request: HttpRequest, code: str) -> HttpResponseRedirect:
    """Change the language and go back to the page one came from."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    answer = HttpResponseRedirect(target)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 86400, samesite="Lax", secure=request.is_secure()
    )
    return answer
