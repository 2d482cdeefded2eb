"""Choosing one's own password; with a one-time password this comes before everything else."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from yiwang.kernel.base.pages import SIGNED_IN, page
from yiwang.kernel.base.visitors import source_of
from yiwang.kernel.people.actions import set_password
from yiwang.kernel.people.forms import PasswordForm
from yiwang.kernel.people.models import Account
from yiwang.kernel.people.sign_in import BACKEND, TooManyTries, checked
from yiwang.kernel.ui.messages import say


@page("people:password", roles=SIGNED_IN, budget=3)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; every other session of the account ends."""
    account = Account.objects.get(pk=request.standing.account_id)  # type: ignore[attr-defined]
    if request.method != "POST":
        return _show(request, PasswordForm(account=account), account)
    form = PasswordForm(request.POST, account=account)
    if not form.is_valid():
        return _show(request, form, account, status=422)
    now = timezone.now()
    try:
        found = checked(
            username=account.username,
            password=form.cleaned_data["current"],
            address=source_of(request),
            at=now,
        )
    except TooManyTries:
        form.add_error("current", _("Too many wrong passwords. Please wait a few minutes and try again."))
        return _show(request, form, account, status=429)
    if found is None:
        form.add_error("current", _("This isn't your present password."))
        return _show(request, form, account, status=422)
    set_password(account, password=form.cleaned_data["new"], by=account, at=now)
    login(request, account, backend=BACKEND)
    say(request, _("Your password is changed. Other devices are signed out."))
    return HttpResponseRedirect(_target(request))


def _target(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and is_ours else reverse("people:me")


def _show(request: HttpRequest, form: PasswordForm, account: Account, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "is_first": account.must_change_password,
        "target": request.POST.get("next") or request.GET.get("next") or "",
    }
    return render(request, "people/password.html", context, status=status)
