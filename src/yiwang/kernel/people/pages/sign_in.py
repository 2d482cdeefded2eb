"""Signing in with name and password, and signing out."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.kernel.base.events import publish
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.base.visitors import source_of
from yiwang.kernel.people.events import SignedIn, SignedOut
from yiwang.kernel.people.forms import SignInForm
from yiwang.kernel.people.models import Account
from yiwang.kernel.people.queries import demo_sign_ins
from yiwang.kernel.people.sign_in import BACKEND, TooManyTries, checked
from yiwang.kernel.ui.days import say_day
from yiwang.kernel.ui.messages import say


@page("people:sign_in", roles=EVERYBODY, budget=2)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; lead on to where one wanted to go, on this site only."""
    target = _target(request)
    if request.method != "POST":
        if request.standing.is_signed_in:  # type: ignore[attr-defined]
            return HttpResponseRedirect(target)
        return _show(request, _first_form(request), target=target)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _show(request, form, target=target, status=422)
    try:
        account = checked(**form.cleaned_data, address=source_of(request), at=timezone.now())
    except TooManyTries as tries:
        form.add_error(None, _wait_sentence(tries.minutes))
        return _show(request, form, target=target, status=429)
    if account is None:
        form.add_error(None, _("Name and password don't fit together. Please check both."))
        return _show(request, form, target=target, status=422)
    return _let_in(request, account, target=target)


@page("people:sign_out", roles=EVERYBODY, budget=0)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    account_id = request.standing.account_id  # type: ignore[attr-defined]
    logout(request)
    if account_id is not None:
        publish(SignedOut(account_id, timezone.now(), is_everywhere=False))
    say(request, _("You are signed out."))
    return HttpResponseRedirect(reverse("people:sign_in"))


def _let_in(request: HttpRequest, account: Account, *, target: str) -> HttpResponse:
    before = account.last_login
    login(request, account, backend=BACKEND)
    publish(SignedIn(account.pk, timezone.now(), source_of(request)))
    if account.must_change_password:
        return HttpResponseRedirect(f"{reverse('people:password')}?{urlencode({'next': target})}")
    if before is not None:
        say(request, _("Welcome. You last signed in %(when)s.") % {"when": _said(before)}, kind="info")
    return HttpResponseRedirect(target)


def _target(request: HttpRequest) -> str:
    """Where to go afterwards: an address of this site, else the person's own first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and is_ours else reverse("site:home")


def _first_form(request: HttpRequest) -> SignInForm:
    """An empty form; in the demo county, filled for the role that was chosen."""
    chosen = request.GET.get("as", "")
    filled = next((demo for demo in demo_sign_ins() if demo.username == chosen), None)
    if filled is None:
        return SignInForm()
    form = SignInForm(initial={"username": filled.username, "password": filled.password})
    form.fields["password"].widget.render_value = True
    return form


def _said(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{say_day(local.date(), today=timezone.localdate())} {local:%H:%M}"


def _wait_sentence(minutes: int) -> str:
    return ngettext(
        "Too many wrong passwords. Please wait %(minutes)s minute and try again.",
        "Too many wrong passwords. Please wait %(minutes)s minutes and try again.",
        minutes,
    ) % {"minutes": minutes}


def _show(request: HttpRequest, form: SignInForm, *, target: str, status: int = 200) -> HttpResponse:
    context = {"form": form, "target": target, "demo": demo_sign_ins()}
    return render(request, "people/sign_in.html", context, status=status)
