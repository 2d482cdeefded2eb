"""One's own account: posts, delegations, language, and signing out everywhere."""

from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.kernel.base.pages import SIGNED_IN, page
from yiwang.kernel.people.actions import delegate, end_delegation, end_sessions
from yiwang.kernel.people.forms import OwnDelegationForm
from yiwang.kernel.people.models import Account
from yiwang.kernel.people.queries import delegations_of, posts_of
from yiwang.kernel.people.shown import delegation_status, post_status
from yiwang.kernel.ui.messages import say


@page("people:me", roles=SIGNED_IN, budget=6)
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Show one's own account; a POST delegates one of one's posts for a time."""
    account = Account.objects.get(pk=request.standing.account_id)  # type: ignore[attr-defined]
    if request.method != "POST":
        return _show(request, account, OwnDelegationForm(account=account))
    form = OwnDelegationForm(request.POST, account=account)
    if not form.is_valid():
        return _show(request, account, form, status=422)
    try:
        made = delegate(**form.cleaned_data, by=account, at=timezone.now())
    except ValidationError as error:
        form.take_over(error)
        return _show(request, account, form, status=422)
    say(request, _("%(name)s may act in your post in that time.") % {"name": made.to.name})
    return HttpResponseRedirect(reverse("people:me"))


@page("people:end_own_delegation", roles=SIGNED_IN, budget=2)
@require_POST
def end_own_delegation(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Take back a delegation of one's own post, or give back one that one received."""
    account_id = request.standing.account_id  # type: ignore[attr-defined]
    mine = delegations_of(account_id, on=timezone.localdate())
    delegation = get_object_or_404(mine, pk=delegation_id)
    end_delegation(delegation, by=Account.objects.get(pk=account_id), at=timezone.now())
    say(request, _("The delegation has ended."))
    return HttpResponseRedirect(reverse("people:me"))


@page("people:sign_out_everywhere", roles=SIGNED_IN, budget=2)
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of one's account, this one too."""
    account = Account.objects.get(pk=request.standing.account_id)  # type: ignore[attr-defined]
    end_sessions(account, at=timezone.now())
    logout(request)
    say(request, _("You are signed out on every device."))
    return HttpResponseRedirect(reverse("people:sign_in"))


def _show(
    request: HttpRequest, account: Account, form: OwnDelegationForm, *, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "account": account,
        "posts": [(post, post_status(post, today=today)) for post in posts_of(account.pk)],
        "delegations": [
            (one, delegation_status(one, today=today)) for one in delegations_of(account.pk, on=today)
        ],
        "form": form,
        "may_delegate": bool(form.own_posts),
    }
    return render(request, "people/me.html", context, status=status)
