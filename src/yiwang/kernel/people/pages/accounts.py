"""The administrator's list of people, and making an account."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.kernel.base.pages import page
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.orgs.queries import unit_name
from yiwang.kernel.people.actions import create_account
from yiwang.kernel.people.forms import AccountForm, SearchForm
from yiwang.kernel.people.models import Account
from yiwang.kernel.people.one_time import one_time_password
from yiwang.kernel.people.queries import page_of_accounts
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.tables import Column, Table
from yiwang.kernel.ui.tags.times import when


@page("people:accounts", roles={"administrator"}, budget=4)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Show who can sign in, by sign-in name; `q` looks for a name, sign-in name or telephone number."""
    words = clean_line(request.GET.get("q", ""))[:60]
    is_closed = request.GET.get("show") == "closed"
    found = page_of_accounts(
        words=words,
        is_active=not is_closed,
        after=clean_line(request.GET.get("after", "")),
        before=clean_line(request.GET.get("before", "")),
        on=timezone.localdate(),
    )
    here = reverse("people:accounts")
    kept = {key: value for key, value in (("q", words), ("show", "closed" if is_closed else "")) if value}
    table = Table(
        caption=_("People"),
        rows=found.rows,
        columns=[
            Column(_("Name of the person"), lambda account: account.name, is_main=True),
            Column(_("Sign-in name"), lambda account: account.username, kind="code"),
            Column(_("Posts"), _posts),
            Column(_("Telephone"), lambda account: account.phone or "–", kind="code"),
            Column(_("Signed in last"), lambda account: when(account.last_login) or "–"),
        ],
        row_url=lambda account: reverse("people:account", args=[account.pk]),
        previous_url=f"{here}?{urlencode({**kept, 'before': found.before})}" if found.before else "",
        next_url=f"{here}?{urlencode({**kept, 'after': found.after})}" if found.after else "",
        empty_title=_("Nobody of that name") if words else _("Nobody is here"),
        empty_words=_("Try a part of the name, the sign-in name or the telephone number.") if words else "",
    )
    asked = urlencode({"q": words}) if words else ""
    filters = [
        Link(_("Can sign in"), f"{here}?{asked}", is_current=not is_closed),
        Link(_("Closed accounts"), f"{here}?{urlencode({**kept, 'show': 'closed'})}", is_current=is_closed),
    ]
    context = {
        "table": table,
        "filters": filters,
        "form": SearchForm(initial={"q": words}),
        "is_closed": is_closed,
    }
    return render(request, "people/accounts.html", context)


@page("people:new_account", roles={"administrator"}, budget=1)
@require_http_methods(["GET", "HEAD", "POST"])
def new_account(request: HttpRequest) -> HttpResponse:
    """Make an account and show its password for one use, this once."""
    if request.method != "POST":
        return render(request, "people/new_account.html", {"form": AccountForm()})
    form = AccountForm(request.POST)
    if form.is_valid():
        password = one_time_password()
        try:
            account = create_account(
                **form.cleaned_data,
                password=password,
                by=Account.objects.get(pk=request.standing.account_id),  # type: ignore[attr-defined]
                at=timezone.now(),
                is_one_time=True,
            )
        except ValidationError as error:
            form.take_over(error)
        else:
            context = {"account": account, "password": password}
            return render(request, "people/one_time_password.html", context)
    return render(request, "people/new_account.html", {"form": form}, status=422)


def _posts(account: Account) -> str:
    posts = getattr(account, "present_posts", [])
    return "；".join(f"{unit_name(post.unit)} {post.get_role_display()}" for post in posts) or _("none")
