"""The centre's office looks after companies: state, contract, licences, bands; it checks, commends, warns, removes."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.institutions.community.casetypes import admission_2026
from yiwang.institutions.community.company_actions import Refused, check_certificate, renew, reverify
from yiwang.institutions.community.company_acts import open_removal, removal_of
from yiwang.institutions.community.company_acts import say as say_to_company
from yiwang.institutions.community.company_alarms import newest_contracts
from yiwang.institutions.community.company_enums import ActKind, Figure
from yiwang.institutions.community.company_forms import ActForm, ContractForm, RemovalForm, VerificationForm
from yiwang.institutions.community.company_models import Certificate, Company, CompanySetting
from yiwang.institutions.community.company_policies import OFFICE, is_head, is_office
from yiwang.institutions.community.company_queries import (
    Row,
    classes_named,
    orders_behind,
    rows,
    shows_ranking,
    trend,
)
from yiwang.institutions.community.company_terms import waiting as waiting_terms
from yiwang.institutions.community.company_words import kind_label, month_words
from yiwang.institutions.community.pages.company_desk import certificates_shown, month_asked
from yiwang.institutions.community.pages.company_public import end_shown, figures_shown
from yiwang.institutions.community.queries import named, offered
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.actions import FileData
from yiwang.kernel.casework.basis import yuan
from yiwang.kernel.casework.columns import state_badge
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.channels.rules import MOST_BYTES
from yiwang.kernel.files.actions import store_each
from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.pages.serving import serve
from yiwang.kernel.orgs.queries import tree, unit_name
from yiwang.kernel.people.enums import CASE_ROLES
from yiwang.kernel.people.models import Account
from yiwang.kernel.ui import states
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.tables import Column, Table
from yiwang.kernel.ui.tags.times import when


def asked_by_office(request: HttpRequest) -> Standing:
    """Whoever looks after the companies; nobody else sees these pages."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    if not is_office(standing, on=timezone.localdate()):
        raise PermissionDenied
    return standing


def _by(standing: Standing) -> Account:
    return Account.objects.get(pk=standing.account_id or 0)


@page("community:companies", roles=OFFICE, budget=14)
@require_http_methods(["GET", "HEAD", "POST"])
def companies(request: HttpRequest) -> HttpResponse:
    """All companies; POST by the head switches the public order by bands on or off."""
    standing, today = asked_by_office(request), timezone.localdate()
    if request.method == "POST":
        if not is_head(standing, on=today):
            raise PermissionDenied
        CompanySetting.objects.update_or_create(
            pk=1,
            defaults={
                "shows_ranking": request.POST.get("ranking") == "1",
                "changed_by": _by(standing),
                "changed_at": timezone.now(),
            },
        )
        return HttpResponseRedirect(request.path, status=303)
    found = list(Company.objects.select_related("unit").order_by("ended_on", "unit__short_name"))
    table = Table(
        caption=_("Companies"),
        rows=rows(found),
        columns=[
            Column(_("Company"), lambda row: unit_name(row.company.unit), is_main=True),
            Column(_("Status"), _state),
            Column(_("Contract until"), lambda row: when(row.contract.until_on) if row.contract else "–"),
            Column(_("Runs out first"), lambda row: _ends(row, today=today)),
            Column(_("Band"), lambda row: row.band or "–"),
            Column(_("Teams"), lambda row: row.teams, kind="number"),
        ],
        row_url=lambda row: reverse("community:company", args=[row.pk]),
        empty_title=_("There are no companies yet"),
        empty_words=_("A company applies on the public page; the application waits on the desk."),
    )
    waiting = Case.objects.filter(visible(standing), type_key=admission_2026.KEY, ended_at__isnull=True)
    unchecked = Certificate.objects.filter(verified_at__isnull=True, refused_at__isnull=True)
    context = {
        "table": table,
        "waiting": [
            (case, state_badge(case.type_key, case.type_version, case.state))
            for case in waiting.order_by("due_on", "pk")[:20]
        ],
        "unchecked": [
            (kind_label(one.kind), one)
            for one in unchecked.select_related("company__unit").order_by("added_at")[:20]
        ],
        "to_approve": len(waiting_terms()),
        "is_ranked": shows_ranking(),
        "is_head": is_head(standing, on=today),
    }
    return render(request, "community/companies.html", context)


def _state(row: Row) -> SafeString:
    company = row.company
    if company.ended_on is not None:
        return states.state("none", words=_("has left"))
    if company.is_suspended:
        return states.state("late", words=_("being removed"))
    return states.state("done", words=_("member"))


def _ends(row: Row, *, today: date) -> SafeString | str:
    return "–" if row.company.ended_on is not None else end_shown(row.next_end, today=today)


@page("community:company", roles=OFFICE, budget=22)
@require_http_methods(["GET", "HEAD", "POST"])
def company(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One company with all that is known; POST checks, renews, verifies, commends, warns, begins a removal."""
    standing, today = asked_by_office(request), timezone.localdate()
    found = get_object_or_404(Company.objects.select_related("unit"), pk=unit_id)
    forms: dict[str, Any] = {
        "renew": ContractForm,
        "reverify": VerificationForm,
        "commend": ActForm,
        "warn": ActForm,
        "remove": RemovalForm,
    }
    chosen = request.POST.get("do", "") if request.method == "POST" else ""
    made: dict[str, Any] = {
        name: form(request.POST, request.FILES, auto_id=f"{name}_%s")
        if name == chosen
        else form(auto_id=f"{name}_%s")
        for name, form in forms.items()
    }
    if request.method == "POST":
        try:
            answer = _do(request, standing, found, chosen, made)
        except Refused as refused:
            say(request, str(refused), kind="soon")
            answer = HttpResponseRedirect(request.path, status=303)
        if answer is not None:
            return answer
    with acting_as_system():
        removal = removal_of(found)
    language_units = tree().units
    context = {
        "company": found,
        "name": unit_name(found.unit),
        "state": _state(Row(found, None, None, "", 0)),
        "services": [named(one) for one in classes_named(found.classes)],
        "contracts": list(found.contracts.all()),
        "contract": newest_contracts([found.pk]).get(found.pk),
        "certificates": certificates_shown(found, today=today),
        "staff": list(found.staff.filter(until_on__isnull=True)),
        "verifications": list(found.verifications.select_related("by_account")[:5]),
        "acts": list(found.acts.all()),
        "removal": removal,
        "forms": made,
        "open": chosen,
        "is_head": is_head(standing, on=today),
        "centre": unit_name(language_units[found.unit.parent_id])
        if found.unit.parent_id in language_units
        else "",
        **figures_shown(trend(found, today=today)),
    }
    return render(request, "community/company.html", context, status=422 if chosen else 200)


def _do(
    request: HttpRequest, standing: Standing, found: Company, chosen: str, made: dict[str, Any]
) -> HttpResponse | None:
    """Do what was chosen; nothing when its form isn't right."""
    at, by = timezone.now(), _by(standing)
    here = HttpResponseRedirect(request.path, status=303)
    if chosen in ("good", "bad"):
        one = get_object_or_404(Certificate, pk=_number(request, "certificate"), company=found)
        check_certificate(
            one.pk, is_good=chosen == "good", reason=request.POST.get("reason", ""), by=by, at=at
        )
        return here
    if chosen not in made or not made[chosen].is_valid():
        return None if chosen in made else here
    data = made[chosen].cleaned_data
    if chosen != "reverify" and chosen != "remove" and not is_head(standing, on=timezone.localdate(at)):
        raise PermissionDenied
    if chosen == "renew":
        renew(found, from_on=data["from_on"], until_on=data["until_on"], by=by, at=at)
    elif chosen == "reverify":
        reverify(found, how=data["how"], note=data["note"], by=by, at=at)
    elif chosen in ("commend", "warn"):
        kind = ActKind.COMMENDATION if chosen == "commend" else ActKind.WARNING
        say_to_company(
            found, kind, title=data["title"], words=data["words"], is_public=data["is_public"], by=by, at=at
        )
    else:
        stored = store_each(data["evidence"], at=at, limit_bytes=MOST_BYTES)
        files = [FileData(blob, name) for blob, name in stored.kept]
        case = open_removal(found, title=data["title"], text=data["text"], files=files, by=standing, at=at)
        return HttpResponseRedirect(reverse("casework:case", args=[case.pk]), status=303)
    say(request, _("Kept."))
    return here


def _number(request: HttpRequest, name: str) -> int:
    word = request.POST.get(name, "")
    if not (word.isascii() and word.isdigit() and len(word) < 18):
        raise Http404
    return int(word)


@page("community:company_figure", roles=OFFICE, budget=12)
@require_safe
def figure(request: HttpRequest, unit_id: int, figure: str) -> HttpResponse:
    """The orders behind a figure of a company's mark."""
    asked_by_office(request)
    found = get_object_or_404(Company.objects.select_related("unit"), pk=unit_id)
    if figure not in Figure.values:
        raise Http404
    month_on = month_asked(request, trend(found, today=timezone.localdate()))
    context = {
        "company": found,
        "label": Figure(figure).label,
        "month": month_words(month_on) if month_on else "",
        "orders": orders_behind(found, figure=figure, month_on=month_on) if month_on else [],
        "may_appeal": False,
    }
    return render(request, "community/figure.html", context)


@page("community:certificate_proof", roles=OFFICE, budget=5)
@require_safe
def proof(request: HttpRequest, certificate_id: int) -> HttpResponseBase:
    """The scan of a licence: for the office, and for the company that handed it in."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    found = get_object_or_404(Certificate, pk=certificate_id)
    if not is_office(standing, on=timezone.localdate()) and not standing.roles_at(found.company_id) & OFFICE:
        raise Http404
    blob = get_object_or_404(Blob, digest=found.digest)
    return serve(request, blob, filename=found.file_name, inline=True)


@page("community:application_section", roles=CASE_ROLES, budget=6, reads_personal_data=True)
@require_safe
def application_section(request: HttpRequest, case_id: int) -> HttpResponse:
    """What a company handed in, on the page of its application."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    case = get_object_or_404(Case.objects.filter(visible(standing), type_key=admission_2026.KEY), pk=case_id)
    facts, units = case.facts, tree().units
    versions = {
        v.item.code: v for v in offered(on=timezone.localdate()).filter(item__code__in=facts["prices"])
    }
    context = {
        "facts": facts,
        "services": [named(one) for one in classes_named(facts["classes"])],
        "areas": [unit_name(units[pk]) for pk in facts["areas"] if pk in units],
        "papers": [(kind_label(one["kind"]), one) for one in facts["certificates"]],
        "prices": [
            (named(versions[code]), yuan(fen), yuan(versions[code].ceiling_fen))
            for code, fen in facts["prices"].items()
            if code in versions
        ],
    }
    return render(request, "community/application_section.html", context)
