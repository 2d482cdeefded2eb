"""Saved views: keeping the filters of a list under a name, and forgetting them."""

from urllib.parse import parse_qsl, urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.kernel.base.pages import page
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.casework import watching
from yiwang.kernel.casework.filters import KEPT
from yiwang.kernel.people.enums import CASE_ROLES
from yiwang.kernel.ui.messages import say

SCREENS = ("casework:desk", "casework:unit", "casework:watched", "casework:all")
LONGEST_NAME = 40
LONGEST_QUERY = 500


@page("casework:view_save", roles=CASE_ROLES, budget=4)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters of a list under a name; only words that lists know are kept."""
    screen = request.POST.get("screen", "")
    words = [(k, v) for k, v in parse_qsl(request.POST.get("query", "").lstrip("?")) if k in KEPT]
    name = clean_line(request.POST.get("name", ""))
    address = f"{reverse(screen if screen in SCREENS else SCREENS[0])}?{urlencode(words)}"
    if not name or len(name) > LONGEST_NAME or len(address) > LONGEST_QUERY:
        say(
            request,
            _("Please give the view a name of at most %(most)s characters.") % {"most": LONGEST_NAME},
            kind="soon",
        )
        return HttpResponseRedirect(address[:LONGEST_QUERY], status=303)
    account_id = request.standing.account_id  # type: ignore[attr-defined]
    try:
        watching.save_view(name, query=address, account_id=account_id, at=timezone.now())
    except watching.TooManyViews:
        say(
            request,
            _("You have %(most)s views; remove one first.") % {"most": watching.MOST_VIEWS},
            kind="soon",
        )
    else:
        say(request, _("Kept as “%(name)s”.") % {"name": name})
    return HttpResponseRedirect(address, status=303)


@page("casework:view_delete", roles=CASE_ROLES, budget=4)
@require_POST
def delete(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget a saved view."""
    if not watching.delete_view(view_id, account_id=request.standing.account_id):  # type: ignore[attr-defined]
        raise Http404
    say(request, _("The view is gone; its matters are where they were."))
    return HttpResponseRedirect(reverse("casework:desk"), status=303)
