"""One person's account, as the administrator keeps it: posts, delegations, password, closing."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.kernel.base.pages import page
from yiwang.kernel.people.actions import (
    close_account,
    delegate,
    end_delegation,
    end_post,
    propose_post,
    set_password,
)
from yiwang.kernel.people.forms import EndPostForm, OwnDelegationForm, PostForm, SaysWhatIsWrong
from yiwang.kernel.people.models import Account
from yiwang.kernel.people.one_time import one_time_password
from yiwang.kernel.people.queries import delegations_of, posts_of
from yiwang.kernel.people.shown import delegation_status, post_status
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Link

Deed = Callable[[HttpRequest, Account, Account], HttpResponse]


@page("people:account", roles={"administrator"}, budget=6)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show an account; a POST names in `do` what is to be done with it."""
    whose = get_object_or_404(Account, pk=account_id)
    if request.method != "POST":
        return _show(request, whose)
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        raise Http404
    by = Account.objects.get(pk=request.standing.account_id)  # type: ignore[attr-defined]
    return deed(request, whose, by)


def _propose(request: HttpRequest, whose: Account, by: Account) -> HttpResponse:
    form = PostForm(request.POST)

    def deed() -> str:
        propose_post(whose, **form.cleaned_data, by=by, at=timezone.now())
        return _("Proposed. It counts as soon as the security officer has granted it.")

    return _done(request, whose, form, deed, shown_as="post_form")


def _end_post(request: HttpRequest, whose: Account, by: Account) -> HttpResponse:
    post = get_object_or_404(posts_of(whose.pk), pk=_number(request, "post"))
    form = EndPostForm(request.POST)

    def deed() -> str:
        end_post(post, on=form.cleaned_data["on"], by=by, at=timezone.now())
        return _("The post has a last day now.")

    return _done(request, whose, form, deed, shown_as="end_form", post_id=post.pk)


def _delegate(request: HttpRequest, whose: Account, by: Account) -> HttpResponse:
    form = OwnDelegationForm(request.POST, account=whose)

    def deed() -> str:
        delegate(**form.cleaned_data, by=by, at=timezone.now())
        return _("Proposed. It counts as soon as the security officer has granted it.")

    return _done(request, whose, form, deed, shown_as="delegation_form")


def _end_delegation(request: HttpRequest, whose: Account, by: Account) -> HttpResponse:
    mine = delegations_of(whose.pk, on=timezone.localdate())
    end_delegation(get_object_or_404(mine, pk=_number(request, "delegation")), by=by, at=timezone.now())
    say(request, _("The delegation has ended."))
    return HttpResponseRedirect(reverse("people:account", args=[whose.pk]))


def _reset(request: HttpRequest, whose: Account, by: Account) -> HttpResponse:
    """Give a password for one use and show it, this once."""
    if not whose.is_active or whose.pk == by.pk:
        raise Http404
    password = one_time_password()
    set_password(whose, password=password, by=by, at=timezone.now(), is_one_time=True)
    return render(request, "people/one_time_password.html", {"account": whose, "password": password})


def _close(request: HttpRequest, whose: Account, by: Account) -> HttpResponse:
    try:
        close_account(whose, by=by, at=timezone.now())
    except ValidationError as error:
        say(request, error.messages[0], kind="late")
    else:
        say(request, _("The account of %(name)s is closed.") % {"name": whose.name})
    return HttpResponseRedirect(reverse("people:account", args=[whose.pk]))


DEEDS: dict[str, Deed] = {
    "propose": _propose,
    "end_post": _end_post,
    "delegate": _delegate,
    "end_delegation": _end_delegation,
    "reset": _reset,
    "close": _close,
}


def _done(
    request: HttpRequest,
    whose: Account,
    form: SaysWhatIsWrong,
    deed: Callable[[], str],
    *,
    shown_as: str,
    **context: Any,
) -> HttpResponse:
    """Do it when the form fits and say so; else show the page again with what was typed."""
    if form.is_valid():
        try:
            words = deed()
        except ValidationError as error:
            form.take_over(error)
        else:
            say(request, words)
            return HttpResponseRedirect(reverse("people:account", args=[whose.pk]))
    return _show(request, whose, status=422, **{shown_as: form, **context})


def _number(request: HttpRequest, name: str) -> int:
    typed = request.POST.get(name, "")
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 18:
        raise Http404
    return int(typed)


def _show(request: HttpRequest, whose: Account, *, status: int = 200, **forms: Any) -> HttpResponse:
    today = timezone.localdate()
    shown_post = forms.pop("post_id", None)
    ending = forms.pop("end_form", None)
    posts = [
        (
            post,
            post_status(post, today=today),
            (ending if post.pk == shown_post else None)
            or EndPostForm(initial={"on": today}, auto_id=f"end_{post.pk}_%s"),
        )
        for post in posts_of(whose.pk)
    ]
    context = {
        "account": whose,
        "is_self": whose.pk == request.standing.account_id,  # type: ignore[attr-defined]
        "crumbs": [Link(_("People"), reverse("people:accounts"))],
        "posts": posts,
        "delegations": [
            (one, delegation_status(one, today=today)) for one in delegations_of(whose.pk, on=today)
        ],
        "post_form": PostForm(initial={"from_on": today}, auto_id="post_%s"),
        "delegation_form": OwnDelegationForm(account=whose, auto_id="delegation_%s"),
        **forms,
    }
    return render(request, "people/account.html", context, status=status)
