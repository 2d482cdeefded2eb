"""Numbers whose calls are refused: for a time, for a reason, by the head of the unit."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.facilities.hotline import actions, queries, shown
from yiwang.facilities.hotline.forms import BlockForm
from yiwang.kernel.base.pages import page
from yiwang.kernel.ui.messages import say


@page("hotline:blocked", roles={"head"}, budget=8)
def blocked(request: HttpRequest) -> HttpResponse:
    """Show the numbers blocked now; block another one, or lift a block."""
    standing, now = shown.standing_of(request), timezone.now()
    may_change = queries.has_lines(post.unit_id for post in standing.posts if post.role == "head")
    form = BlockForm(request.POST or None, initial={"number": request.GET.get("number", ""), "days": 7})
    if request.method == "POST":
        if standing.account_id is None or not may_change:
            raise Http404
        lifted = request.POST.get("lift", "")
        if lifted.isdecimal():
            actions.lift_block(int(lifted), by=standing.account_id, at=now)
            say(request, _("Calls of this number are taken again."))
            return HttpResponseRedirect(reverse("hotline:blocked"))
        if form.is_valid():
            actions.block(
                form.cleaned_data["number"],
                reason=form.cleaned_data["reason"],
                until_at=now + form.span(),
                by=standing.account_id,
                at=now,
            )
            say(request, _("The number is blocked until the day you chose."))
            return HttpResponseRedirect(reverse("hotline:blocked"))
    context = {
        "rows": list(queries.blocked_numbers(at=now)[:200]) if may_change else [],
        "form": form,
        "may_change": may_change,
    }
    return render(request, "hotline/blocked.html", context, status=422 if form.errors else 200)
