"""What everybody may know of companies: who they are, what they serve, their band, what was said in public."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.institutions.community.casetypes.admission_2026 import ADMISSION, FAIR_TERMS, VERIFIED_BY_LAW
from yiwang.institutions.community.casetypes.removal_2026 import PUBLIC, REMOVAL
from yiwang.institutions.community.company_alarms import RunningOut
from yiwang.institutions.community.company_enums import ActKind, Figure
from yiwang.institutions.community.company_letters import act_content
from yiwang.institutions.community.company_marks import newest_bands
from yiwang.institutions.community.company_models import Company, CompanyAct, Mark
from yiwang.institutions.community.company_policies import is_office, own_company
from yiwang.institutions.community.company_queries import (
    classes_named,
    members,
    public_acts,
    shows_ranking,
    trend,
)
from yiwang.institutions.community.company_rules import (
    APPEAL_DAYS,
    FEWEST_ORDERS,
    THRESHOLDS,
    alarm_for,
    rates_of,
)
from yiwang.institutions.community.company_words import band_words, month_words, percent
from yiwang.institutions.community.policies import NoCentre, centre
from yiwang.institutions.community.queries import is_english, named
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.casework.basis import bases
from yiwang.kernel.casework.lawlinks import cited
from yiwang.kernel.casework.rules.casetype import CaseType
from yiwang.kernel.casework.typeset import set_letter
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import unit_name
from yiwang.kernel.ui import states
from yiwang.kernel.ui.tags.times import when


@page("community:public_companies", roles=EVERYBODY, budget=6)
@require_safe
def companies(request: HttpRequest) -> HttpResponse:
    """The companies with their services and bands, commendations, warnings and removals."""
    found = members(on=timezone.localdate())
    bands = newest_bands([company.pk for company in found])
    if shows_ranking():
        found.sort(key=lambda company: bands.get(company.pk) or "Z")
    names = {one.key: named(one) for one in classes_named(sorted({key for c in found for key in c.classes}))}
    lines = [
        {
            "name": unit_name(company.unit),
            "url": reverse("community:public_company", args=[company.pk]),
            "band": band_words(bands.get(company.pk, "")),
            "has_band": bool(bands.get(company.pk)),
            "services": [names[key] for key in company.classes if key in names],
            "is_suspended": company.is_suspended,
        }
        for company in found
    ]
    acts = [(act, _full_name(act.company.unit)) for act in public_acts()]
    context = {
        "companies": lines,
        "commended": [one for one in acts if one[0].kind == ActKind.COMMENDATION],
        "others": [one for one in acts if one[0].kind != ActKind.COMMENDATION],
        "law": cited(PUBLIC, on=timezone.localdate()),
    }
    return render(request, "community/public_companies.html", context)


def _full_name(unit: Unit) -> str:
    """The whole name: what is said in public must not be taken for somebody of a similar short name."""
    return (unit.name_en if is_english() else "") or unit.name


@page("community:public_company", roles=EVERYBODY, budget=6)
@require_safe
def company(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One company: services, figures of its last months, what was said in public. Also after it has left."""
    found = get_object_or_404(Company.objects.select_related("unit"), pk=unit_id)
    marks = trend(found, today=timezone.localdate())
    context = {
        "company": found,
        "name": unit_name(found.unit),
        "services": [named(one) for one in classes_named(found.classes)],
        **figures_shown(marks),
        "acts": found.acts.filter(is_public=True, lifted_at__isnull=True),
    }
    return render(request, "community/public_company.html", context)


def end_shown(one: RunningOut | None, *, today: date) -> SafeString | str:
    """What runs out first and when, with its state."""
    if one is None:
        return "–"
    words = format_html("{} {}", one.label, when(one.until_on))
    if one.until_on < today:
        return states.state("late", words=words)
    return states.state("soon" if alarm_for(one.until_on, today=today) is not None else "none", words=words)


def figures_shown(marks: list[Mark]) -> dict[str, object]:
    """The band and figures of the newest month, and the band of each month, as pages show them."""
    with_band = [mark for mark in marks if mark.band]
    newest = with_band[-1] if with_band else marks[-1] if marks else None
    rates = rates_of(newest.counts) if newest else {}
    return {
        "newest": newest,
        "band": band_words(newest.band) if newest else "",
        "month": month_words(newest.month_on) if newest else "",
        "figures": [
            {"key": figure.value, "label": figure.label, "words": percent(rates[figure])}
            for figure in Figure
            if figure in rates
        ],
        "months": [
            {
                "words": month_words(mark.month_on),
                "band": mark.band or _("no band"),
                "orders": mark.orders,
                "on": mark.month_on,
            }
            for mark in marks
        ],
        "thresholds": thresholds_shown(),
    }


def thresholds_shown() -> list[dict[str, object]]:
    """What each figure must reach for each band."""
    return [
        {"label": figure.label, "shares": [f"{THRESHOLDS[band][figure]:.0%}" for band in THRESHOLDS]}
        for figure in Figure
    ]


@page("community:company_rules", roles=EVERYBODY, budget=2)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules for companies: how one is admitted, judged, warned and removed, each term with its basis."""
    today = timezone.localdate()
    context = {
        "thresholds": thresholds_shown(),
        "fewest": FEWEST_ORDERS,
        "appeal_days": APPEAL_DAYS,
        "parts": [
            {"label": _(case_type.label), "terms": _terms(case_type, today=today)}
            for case_type in (ADMISSION, REMOVAL)
        ],
        "verified_law": cited(VERIFIED_BY_LAW, on=today),
        "fair_law": cited(FAIR_TERMS, on=today),
        "public_law": cited(PUBLIC, on=today),
    }
    return render(request, "community/company_rules.html", context)


def _terms(case_type: CaseType, *, today: date) -> list[dict[str, str]]:
    return [
        {
            "what": _(clock.norm.text) if clock.norm else _(clock.public_label),
            "basis": bases(clock, on=today),
        }
        for clock in case_type.clocks
    ]


@page("community:company_act", roles=EVERYBODY, budget=8)
@require_safe
def act_pdf(request: HttpRequest, act_id: int) -> HttpResponse:
    """The letter or certificate as PDF: in public what is public, else for the company and the office."""
    act = get_object_or_404(CompanyAct.objects.select_related("company__unit"), pk=act_id)
    standing: Standing = request.standing  # type: ignore[attr-defined]
    today = timezone.localdate()
    is_public = act.is_public and act.lifted_at is None
    if not is_public and not is_office(standing, on=today):
        own = own_company(standing)
        if own is None or own.pk != act.company_id:
            raise Http404
    try:
        content = act_content(act, centre=centre(on=today))
    except NoCentre as error:
        raise Http404 from error
    response = HttpResponse(
        set_letter(content, number=act.number, at=act.given_at), content_type="application/pdf"
    )
    name = slugify(f"{act.kind}-{act.pk}")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
