"""The security officer's desk: what waits to be granted, which posts count, which delegations run."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.kernel.base.pages import page
from yiwang.kernel.orgs.queries import unit_name
from yiwang.kernel.people.actions import end_delegation, grant_delegation, grant_post, refuse_post
from yiwang.kernel.people.enums import Role
from yiwang.kernel.people.forms import ReasonForm
from yiwang.kernel.people.models import Account
from yiwang.kernel.people.policies import may_grant
from yiwang.kernel.people.queries import delegations_open, page_of_posts, posts_that_wait
from yiwang.kernel.people.shown import delegation_status, sight
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.tables import Column, Table
from yiwang.kernel.ui.tags.times import when

MOST = 100
"""Proposals shown at once; the oldest come first, so nothing is passed over."""


@page("people:granting", roles={"security_officer"}, budget=3)
@require_http_methods(["GET", "HEAD", "POST"])
def granting(request: HttpRequest) -> HttpResponse:
    """Show the posts that wait, each with what it would let the person see; a POST grants or refuses one."""
    if request.method != "POST":
        return _show(request)
    post = get_object_or_404(posts_that_wait(), pk=_number(request.POST.get("post", "")))
    form = ReasonForm(request.POST, auto_id=f"reason_{post.pk}_%s")
    if not form.is_valid():
        return _show(request, answered=(post.pk, form), status=422)
    by, reason, is_granted = _asker(request), form.cleaned_data["reason"], request.POST.get("do") == "grant"
    decide = grant_post if is_granted else refuse_post
    try:
        decide(post, by=by, at=timezone.now(), reason=reason)
    except ValidationError as error:
        form.take_over(error)
        return _show(request, answered=(post.pk, form), status=422)
    said = _("Granted to %(name)s.") if is_granted else _("Not granted to %(name)s.")
    say(request, said % {"name": post.account.name})
    return HttpResponseRedirect(reverse("people:granting"))


@page("people:delegations", roles={"security_officer"}, budget=3)
@require_http_methods(["GET", "HEAD", "POST"])
def delegations(request: HttpRequest) -> HttpResponse:
    """Show the delegations that wait or run; a POST grants one or ends it."""
    today = timezone.localdate()
    if request.method == "POST":
        one = get_object_or_404(delegations_open(on=today), pk=_number(request.POST.get("delegation", "")))
        try:
            if request.POST.get("do") == "grant":
                grant_delegation(one, by=_asker(request), at=timezone.now())
                say(request, _("Granted to %(name)s.") % {"name": one.to.name})
            else:
                end_delegation(one, by=_asker(request), at=timezone.now())
                say(request, _("The delegation has ended."))
        except ValidationError as error:
            say(request, error.messages[0], kind="late")
        return HttpResponseRedirect(reverse("people:delegations"))
    rows = [
        (one, delegation_status(one, today=today), sight(one.post.role, one.post.unit))
        for one in delegations_open(on=today)[:MOST]
    ]
    return render(request, "people/delegations.html", {"rows": rows})


@page("people:posts", roles={"security_officer"}, budget=2)
@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """Show every post that counts today, with who proposed and who granted it."""
    role = request.GET.get("role", "")
    role = role if role in Role.values else ""
    after = request.GET.get("after", "0")
    found = page_of_posts(on=timezone.localdate(), role=role, after=_number(after))
    here = reverse("people:posts")
    table = Table(
        caption=_("Posts in force"),
        rows=found.rows,
        columns=[
            Column(_("Name of the person"), lambda post: post.account.name, is_main=True),
            Column(_("Role"), lambda post: post.get_role_display()),
            Column(_("Unit"), lambda post: unit_name(post.unit)),
            Column(_("Begins on"), lambda post: when(post.from_on)),
            Column(_("Until"), lambda post: when(post.until_on) if post.until_on else _("no last day")),
            Column(_("Proposed by"), lambda post: post.proposed_by or _("command line")),
            Column(_("Granted by"), lambda post: post.granted_by or _("command line")),
            Column(_("Reason"), lambda post: post.decision_reason or "–"),
        ],
        next_url=f"{here}?{urlencode({'role': role, 'after': found.after})}" if found.after else "",
        empty_title=_("No post counts today"),
    )
    filters = [Link(_("All"), here, is_current=not role)]
    filters += [Link(label, f"{here}?role={key}", is_current=key == role) for key, label in Role.choices]
    return render(request, "people/posts.html", {"table": table, "filters": filters})


def _asker(request: HttpRequest) -> Account:
    return Account.objects.get(pk=request.standing.account_id)  # type: ignore[attr-defined]


def _number(typed: str) -> int:
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 18:
        raise Http404
    return int(typed)


def _show(
    request: HttpRequest, *, answered: tuple[int, ReasonForm] | None = None, status: int = 200
) -> HttpResponse:
    account_id = request.standing.account_id  # type: ignore[attr-defined]
    waiting = [
        {
            "post": post,
            "sight": sight(post.role, post.unit),
            "may_grant": may_grant(account_id, post),
            "form": answered[1]
            if answered and answered[0] == post.pk
            else ReasonForm(auto_id=f"reason_{post.pk}_%s"),
        }
        for post in posts_that_wait()[:MOST]
    ]
    return render(request, "people/granting.html", {"waiting": waiting}, status=status)
