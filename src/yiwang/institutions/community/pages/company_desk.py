"""A company's own pages: contract, licences, people, teams, its orders, its marks and what the centre told it."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.faults import Refused as DispatchRefused
from yiwang.facilities.dispatch.models import Job, Team
from yiwang.institutions.community.casetypes import mark_appeal_2026, order_2026
from yiwang.institutions.community.company_actions import Refused, add_certificate, let_go, take_on
from yiwang.institutions.community.company_acts import appeal, removal_of
from yiwang.institutions.community.company_alarms import newest_contracts
from yiwang.institutions.community.company_dispatch import hand_over, jobs_of_company
from yiwang.institutions.community.company_enums import Figure
from yiwang.institutions.community.company_forms import CertificateForm, StaffMemberForm, TeamForm
from yiwang.institutions.community.company_models import Certificate, Company, Mark, TeamTerms
from yiwang.institutions.community.company_policies import OFFICE, own_company
from yiwang.institutions.community.company_queries import first_end, orders_behind, trend
from yiwang.institutions.community.company_terms import ask_team_terms
from yiwang.institutions.community.company_words import kind_label, month_words
from yiwang.institutions.community.pages.company_public import end_shown, figures_shown
from yiwang.institutions.community.pages.terms_words import terms_shown, what_follows
from yiwang.institutions.community.queries import named, offered
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.actions import FileData
from yiwang.kernel.casework.models import Case
from yiwang.kernel.channels.rules import MOST_BYTES
from yiwang.kernel.files.actions import store_each
from yiwang.kernel.people.models import Account, Post
from yiwang.kernel.ui.messages import say


def mine(request: HttpRequest) -> Company:
    """The company of whoever asks; refuses everybody else."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    found = own_company(standing)
    if found is None:
        raise PermissionDenied
    return found


def _account(request: HttpRequest) -> Account:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    return Account.objects.get(pk=standing.account_id or 0)


def _back(name: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"community:{name}"), status=303)


@page("community:own_company", roles=OFFICE, budget=14)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Where the company stands: contract, what runs out, its marks, what it was told."""
    company, today = mine(request), timezone.localdate()
    with acting_as_system():
        removal = removal_of(company)
        appeals_found = list(
            Case.objects.filter(type_key=mark_appeal_2026.KEY, facts__company=company.pk).order_by("-pk")[:20]
        )
    case_type = mark_appeal_2026.MARK_APPEAL
    is_told = removal is not None and company.pk in removal.unit_ids
    context = {
        "company": company,
        "contract": newest_contracts([company.pk]).get(company.pk),
        "first_end": end_shown(first_end(company), today=today),
        "certificates": certificates_shown(company, today=today),
        "staff": company.staff.filter(until_on__isnull=True).count(),
        "teams": Team.objects.filter(unit_id=company.pk, is_active=True).count(),
        "acts": company.acts.all()[:20],
        "removal": removal if is_told else None,
        "appeals": [(one, _(case_type.state(one.state).label)) for one in appeals_found],
        **figures_shown(trend(company, today=today)),
    }
    return render(request, "community/own_company.html", context)


def certificates_shown(company: Company, *, today: date) -> list[dict[str, Any]]:
    """A company's licences as pages show them: what they are, until when, whether they count."""
    teams = dict(Team.objects.filter(unit_id=company.pk).values_list("pk", "name"))
    return [
        {
            "one": one,
            "label": kind_label(one.kind),
            "team": teams.get(one.team_id or 0, ""),
            "state": _state_of(one, today=today),
        }
        for one in company.certificates.order_by("kind", "-added_at", "-pk")
    ]


def _state_of(one: Certificate, *, today: date) -> tuple[str, str]:
    if one.refused_at is not None:
        return "late", _("turned down: %(reason)s") % {"reason": one.refused_reason}
    if one.verified_at is None:
        return "waiting", _("to be checked by the centre")
    if one.until_on is not None and one.until_on < today:
        return "late", _("has run out")
    return "done", _("checked")


@page("community:own_certificates", roles=OFFICE, budget=8)
@require_http_methods(["GET", "HEAD", "POST"])
def certificates(request: HttpRequest) -> HttpResponse:
    """The licences; POST hands one in, or its renewal."""
    company, today = mine(request), timezone.localdate()
    teams = list(Team.objects.filter(unit_id=company.pk, is_active=True).values_list("pk", "name"))
    posted = request.method == "POST"
    form = CertificateForm(request.POST if posted else None, request.FILES if posted else None, teams=teams)
    if posted and form.is_valid():
        data, proof, now = form.cleaned_data, None, timezone.now()
        if data.get("proof"):
            stored = store_each([data["proof"]], at=now, limit_bytes=MOST_BYTES)
            for sentence in stored.refused:
                form.add_error("proof", sentence)
            proof = next((FileData(blob, name) for blob, name in stored.kept), None)
        if not form.errors:
            add_certificate(
                company,
                kind=data["kind"],
                number=data["number"],
                holder=data["holder"],
                until_on=data["until_on"],
                team_id=data["team"],
                proof=proof,
                by=_account(request),
                at=now,
            )
            say(request, _("Handed in. It counts once the centre has checked it."))
            return _back("own_certificates")
    context = {"company": company, "form": form, "certificates": certificates_shown(company, today=today)}
    return render(request, "community/own_certificates.html", context, status=422 if form.errors else 200)


@page("community:own_staff", roles=OFFICE, budget=6, reads_personal_data=True)
@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: HttpRequest) -> HttpResponse:
    """The people; POST enters somebody or lets somebody go."""
    company, today = mine(request), timezone.localdate()
    gone = request.POST.get("gone", "")
    if gone.isascii() and gone.isdigit() and len(gone) < 18:
        let_go(company, int(gone), on=today)
        return _back("own_staff")
    form = StaffMemberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        take_on(company, **form.cleaned_data, on=today)
        say(request, _("Entered."))
        return _back("own_staff")
    context = {"company": company, "form": form, "staff": company.staff.filter(until_on__isnull=True)}
    return render(request, "community/own_staff.html", context, status=422 if form.errors else 200)


# --------------------------------------------------------------------------------------------------------- teams


@page("community:own_teams", roles=OFFICE, budget=10)
@require_http_methods(["GET", "HEAD", "POST"])
def teams(request: HttpRequest) -> HttpResponse:
    """The company's teams; POST founds another one."""
    company = mine(request)
    form = _team_form(request, company)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if Team.objects.filter(unit_id=company.pk, name=data["name"]).exists():
            form.add_error("name", _("There is a team of this name."))
        elif company.is_suspended:
            form.add_error(None, _("The company is being removed."))
        else:
            place = form.places[data["base"]][1]
            made = dispatch.found_team(
                unit_id=company.pk,
                name=data["name"],
                phone=data["phone"],
                skills=data["skills"],
                base_x=place.x,
                base_y=place.y,
                areas=data["areas"],
                hours=form.hours(),
                capacity=data["capacity"],
                at=timezone.now(),
            )
            _set_members(made, data["members"])
            return HttpResponseRedirect(reverse("community:own_team", args=[made.pk]), status=303)
    found = Team.objects.filter(unit_id=company.pk, is_active=True).prefetch_related("members__account")
    context = {"company": company, "form": form, "teams": found, "names": _skill_names(company)}
    return render(request, "community/own_teams.html", context, status=422 if form.errors else 200)


@page("community:own_team", roles=OFFICE, budget=12)
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """One team: what it can do, where, when, who; POST changes it."""
    company = mine(request)
    found = get_object_or_404(Team, pk=team_id, unit_id=company.pk)
    form = _team_form(request, company, team=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        others = Team.objects.filter(unit_id=company.pk, name=data["name"]).exclude(pk=found.pk)
        if others.exists():
            form.add_error("name", _("There is a team of this name."))
        else:
            place = form.places[data["base"]][1]
            changes = {key: data[key] for key in ("name", "phone", "capacity")}
            changes |= {"skills": sorted(data["skills"]), "base_x": place.x, "base_y": place.y}
            now = timezone.now()
            try:
                asked = ask_team_terms(
                    found,
                    company,
                    areas=data["areas"],
                    hours=form.hours(),
                    since_on=data["since_on"] or timezone.localdate(now),
                    by=_account(request),
                    at=now,
                )
            except Refused as refused:
                form.add_error("since_on", str(refused))
            else:
                dispatch.change_team(found.pk, changes)
                _set_members(found, data["members"])
                say(request, _("Kept.") if asked is None else what_follows(asked))
                return HttpResponseRedirect(reverse("community:own_team", args=[found.pk]), status=303)
    licences = [(kind_label(one.kind), one) for one in found.licences.all()]
    context = {
        "company": company,
        "team": found,
        "form": form,
        "licences": licences,
        "today": timezone.localdate(),
        "terms": terms_shown(TeamTerms.objects.filter(team_id=found.pk).order_by("-asked_at")[:5]),
    }
    return render(request, "community/own_team.html", context, status=422 if form.errors else 200)


def _skill_names(company: Company) -> dict[str, str]:
    """The skills that the company's classes need, each with the names of its items."""
    names: dict[str, list[str]] = {}
    for version in offered(on=timezone.localdate()):
        if version.item.service_class.key in company.classes:
            names.setdefault(version.skill, []).append(named(version))
    return {skill: _(", ").join(found[:4]) for skill, found in names.items()}


def _team_form(request: HttpRequest, company: Company, *, team: Team | None = None) -> TeamForm:
    skills = list(_skill_names(company).items())
    posts = Post.objects.filter(unit_id=company.pk, role="worker", granted_at__isnull=False).select_related(
        "account"
    )
    people = sorted({(post.account_id, post.account.name) for post in posts})
    on, data = timezone.localdate(), request.POST if request.method == "POST" else None
    form = TeamForm(data, on=on, skills=skills, people=people)
    if team is None:
        del form.fields["since_on"]
    if team is not None:
        form.initial = _initial(team, form)
    return form


def _initial(team: Team, form: TeamForm) -> dict[str, Any]:
    base = min(
        form.places.items(),
        key=lambda one: (one[1][1].x - team.base_x) ** 2 + (one[1][1].y - team.base_y) ** 2,
        default=(None, None),
    )[0]
    initial: dict[str, Any] = {
        key: getattr(team, key) for key in ("name", "phone", "skills", "areas", "capacity")
    }
    initial |= {"base": base, "members": list(team.members.values_list("account_id", flat=True))}
    if team.hours:
        first, last = team.hours[0][1], team.hours[0][2]
        initial |= {"days": [span[0] for span in team.hours], "begin": _clock(first), "end": _clock(last)}
    return initial


def _clock(minute: int) -> str:
    return f"{min(minute, 1439) // 60:02}:{min(minute, 1439) % 60:02}"


def _set_members(team: Team, account_ids: list[int]) -> None:
    before = set(team.members.values_list("account_id", flat=True))
    for account in Account.objects.filter(pk__in=set(account_ids) - before):
        dispatch.add_member(team.pk, account, at=timezone.now())
    for account_id in before - set(account_ids):
        dispatch.remove_member(team.pk, account_id)


# -------------------------------------------------------------------------------------------- orders and figures


@page("community:own_orders", roles=OFFICE, budget=8)
@require_http_methods(["GET", "HEAD", "POST"])
def orders(request: HttpRequest) -> HttpResponse:
    """What the company's teams have; POST gives it to another of its teams, or says that one has set out."""
    company = mine(request)
    standing: Standing = request.standing  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            job = get_object_or_404(Job, pk=_number(request, "job"), team__unit_id=company.pk)
            if request.POST.get("act") == "depart":
                dispatch.depart(job.pk, by=standing, at=timezone.now())
                say(request, _("The resident sees that the team is on its way."))
                return _back("own_orders")
            hand_over(
                job.pk, to_team_id=_number(request, "team"), company=company, by=standing, at=timezone.now()
            )
            say(request, _("The other team has it now."))
        except (Refused, DispatchRefused) as refused:
            say(request, str(refused), kind="soon")
        return _back("own_orders")
    jobs = jobs_of_company(company)
    with acting_as_system():
        cases = Case.objects.only("number").in_bulk(
            [j.subject_id for j in jobs if j.subject_kind == order_2026.KEY]
        )
    teams_able = list(Team.objects.filter(unit_id=company.pk, is_active=True, is_suspended=False))
    lines = [
        {
            "job": job,
            "case": cases.get(job.subject_id) if job.subject_kind == order_2026.KEY else None,
            "others": [one for one in teams_able if one.pk != job.team_id and job.skill in one.skills],
        }
        for job in jobs
    ]
    return render(request, "community/own_orders.html", {"company": company, "lines": lines})


def _number(request: HttpRequest, name: str) -> int:
    word = request.POST.get(name, "")
    if not (word.isascii() and word.isdigit() and len(word) < 18):
        raise Http404
    return int(word)


def month_asked(request: HttpRequest, marks: list[Mark]) -> date | None:
    """The month that the address names, if there is a mark of it; else the newest."""
    word = request.GET.get("month", "")
    return next(
        (m.month_on for m in marks if m.month_on.isoformat() == word), marks[-1].month_on if marks else None
    )


@page("community:own_figure", roles=OFFICE, budget=14)
@require_http_methods(["GET", "HEAD", "POST"])
def figure(request: HttpRequest, figure: str) -> HttpResponse:
    """The orders behind a figure of the company's mark; POST appeals about one of them."""
    company = mine(request)
    if figure not in Figure.values:
        raise Http404
    marks = trend(company, today=timezone.localdate())
    month_on = month_asked(request, marks)
    if request.method == "POST" and month_on is not None:
        try:
            appeal(
                company,
                month_on=month_on,
                figure=figure,
                order_id=_number(request, "order"),
                reasons=request.POST.get("reasons", "")[:2000],
                by=_account(request),
                at=timezone.now(),
            )
            say(request, _("The head of the centre decides within five working days."))
        except Refused as refused:
            say(request, str(refused), kind="soon")
        return HttpResponseRedirect(f"{request.path}?month={month_on}", status=303)
    context = {
        "company": company,
        "label": Figure(figure).label,
        "month": month_words(month_on) if month_on else "",
        "orders": orders_behind(company, figure=figure, month_on=month_on) if month_on else [],
        "may_appeal": True,
    }
    return render(request, "community/figure.html", context)
