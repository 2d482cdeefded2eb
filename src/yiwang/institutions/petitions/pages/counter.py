"""The counter: a clerk registers for somebody, looks at what came before, and gives the receipt."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.facilities.hotline.actions import note_outcome
from yiwang.facilities.hotline.models import Call
from yiwang.facilities.hotline.policies import may_see_call
from yiwang.institutions.petitions.counter_forms import CHANNELS, PLACES, CounterForm
from yiwang.institutions.petitions.registration import (
    WORKERS,
    Outcome,
    Repeat,
    register_once,
    registering_unit,
)
from yiwang.institutions.petitions.repeat_search import Candidate, shown
from yiwang.institutions.petitions.telling import being_told
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.actions import record_read
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.actions import FileData
from yiwang.kernel.casework.choices import units_like
from yiwang.kernel.casework.enums import Channel, ReadPurpose
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.casework.typeset import receipt_pdf
from yiwang.kernel.files.actions import store_each
from yiwang.kernel.files.models import Blob
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import tree

RECEIPT_COOKIE = "counter_receipt"
RECEIPT_SECONDS = 30 * 60
"""How long the code of the last receipt can be shown and printed again in the clerk's own browser."""

LARGEST_FILE = 20 * 1024 * 1024
MOST_FILES = 20


@dataclass(frozen=True)
class Row:
    """An earlier petition beside the form, with what the clerk has said about it."""

    candidate: Candidate
    verdict: str


@dataclass
class Desk:
    """One request at the counter: who asks, for which unit, and what was carried from page to page."""

    request: HttpRequest
    standing: Standing
    unit: Unit
    at: Any
    key: str
    verdicts: dict[int, str] = field(default_factory=dict)

    @property
    def today(self) -> Any:
        """The day at the counter."""
        return timezone.localdate(self.at)

    def chosen(self, verdict: str) -> list[int]:
        """The earlier petitions of which the clerk said so."""
        return [case_id for case_id, said in self.verdicts.items() if said == verdict]


@page("petitions:counter", roles=WORKERS, budget=8, reads_personal_data=True)
@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """Show the form; register what was sent, or give it back with what is to be mended."""
    desk = _desk(request)
    if desk is None:
        return render(request, "petitions/counter_closed.html", status=403)
    if request.method != "POST":
        response = _show(desk, _form(desk), rows=[])
        response.delete_cookie(RECEIPT_COOKIE, path=reverse("petitions:counter"), samesite="Strict")
        return response
    form = _form(desk)
    kept = _kept_files(desk, form)
    if request.POST.get("go") == "compare":
        form.errors.clear()
        return _show(desk, form, rows=_rows(desk), kept=kept)
    if len(desk.chosen("is")) > 1:
        form.add_error(None, _("A petition repeats one earlier petition. Please say so for one only."))
    if not form.is_valid():
        return _show(desk, form, rows=_rows(desk), kept=kept, status=422)
    outcome = _register(desk, form, kept)
    response = HttpResponseRedirect(reverse("petitions:counter_done", args=[outcome.case.pk]), status=303)
    if outcome.is_new:
        _note_call(desk, outcome)
        _hand_over(response, desk, outcome)
    return response


@page("petitions:counter_compare", roles=WORKERS, budget=8, reads_personal_data=True)
@require_POST
def compare(request: HttpRequest) -> HttpResponse:
    """The earlier petitions of the person as far as it is typed, for the panel beside the form."""
    desk = _desk(request)
    if desk is None:
        return HttpResponse(status=403)
    context = _panel(desk, rows=_rows(desk))
    return render(request, "petitions/counter_repeats.html", context)


@page("petitions:counter_done", roles=WORKERS, budget=6)
@require_safe
def done(request: HttpRequest, case_id: int) -> HttpResponse:
    """The number, the receipt's code while it is at hand, and what comes next."""
    case = _own_case(request, case_id)
    context = {
        "case": case,
        "code": _code_at_hand(request, case_id),
        "receipt_url": reverse("petitions:counter_receipt", args=[case_id]),
        "next_url": f"{reverse('petitions:counter')}?channel={case.channel}",
        "forward_url": f"{reverse('casework:case', args=[case_id])}?step=forward#panel-forward",
    }
    return render(request, "petitions/counter_done.html", context)


@page("petitions:counter_receipt", roles=WORKERS, budget=8)
@require_safe
def receipt(request: HttpRequest, case_id: int) -> HttpResponse:
    """The receipt for printing, as long as its code is at hand."""
    case = _own_case(request, case_id)
    code = _code_at_hand(request, case_id)
    if not code:
        return HttpResponseRedirect(reverse("petitions:counter_done", args=[case_id]))
    pdf = receipt_pdf(
        case, code, address=request.build_absolute_uri(reverse("casework:receipt", args=[code]))
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{case.pk}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@page("petitions:counter_places", roles=WORKERS, budget=1)
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Townships and villages by name or the initials of their pinyin, for the as-you-type field."""
    language = get_language() or ""
    units = tree()
    found = [
        unit
        for unit in units_like(request.GET.get("q", "")[:80], on=timezone.localdate(), most=40)
        if unit.kind in PLACES
    ]
    return HttpResponse(
        format_html_join(
            "",
            '<button type="button" role="option" tabindex="-1" data-value="{}" data-words="{}">{}<small>{}</small></button>',
            (
                (
                    unit.pk,
                    name,
                    name,
                    " / ".join(units.name(above, language=language) for above in unit.path[1:-1]),
                )
                for unit in found[:8]
                for name in [units.name(unit.pk, language=language)]
            ),
        )
    )


# ---------------------------------------------------------------------------------- the form and the panel


def _desk(request: HttpRequest) -> Desk | None:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    at = timezone.now()
    unit = registering_unit(standing, on=timezone.localdate(at))
    if unit is None:
        return None
    desk = Desk(request, standing, unit, at, key=_key(request.POST.get("key", "")))
    for name, said in request.POST.items():
        case_id = name.removeprefix("verdict-")
        if (
            name.startswith("verdict-")
            and case_id.isdecimal()
            and len(case_id) < 18
            and said in ("is", "not")
        ):
            desk.verdicts[int(case_id)] = said
    return desk


def _key(sent: str) -> str:
    try:
        return UUID(sent).hex
    except ValueError:
        return uuid4().hex


def _call(desk: Desk) -> Call | None:
    """The call that became this petition, if the console named one and this person's unit took it."""
    named = desk.request.POST.get("call") or desk.request.GET.get("call") or ""
    if not (named.isascii() and named.isdecimal() and len(named) < 18):
        return None
    call = Call.objects.select_related("agent").filter(pk=int(named)).first()
    return call if call is not None and may_see_call(desk.standing, call) else None


def _form(desk: Desk) -> CounterForm:
    if desk.request.method == "POST":
        return CounterForm(desk.request.POST, desk.request.FILES, standing=desk.standing, today=desk.today)
    asked = desk.request.GET.get("channel", "")
    known = [key.value for key, _label, _letter in CHANNELS]
    call = _call(desk)
    number = call.number if call else desk.request.GET.get("number", "")[:30]
    initial = {
        "channel": asked if asked in known else Channel.PHONE.value if number else known[0],
        "phone": number,
        "received_on": desk.today,
        "signing": "signed",
        "purpose": "claim",
    }
    return CounterForm(initial=initial, standing=desk.standing, today=desk.today)


def _show(
    desk: Desk, form: CounterForm, *, rows: list[Row], kept: Iterable[FileData] = (), status: int = 200
) -> HttpResponse:
    files = list(kept)
    context = {
        "form": form,
        "call": _call(desk),
        "unit": tree().name(desk.unit.pk, language=get_language() or ""),
        "kept_names": [file.name for file in files],
        "kept": _sealed(desk, [[file.blob.digest, file.name] for file in files]) if files else "",
        "has_several": _is_filled(form, "agent_name", "representatives", "others", "number_of_people")
        or form["signing"].value() != "signed",
        "has_accused": _is_filled(form, "accused_words", "accused_name")
        or form["purpose"].value() == "accusation",
        **_panel(desk, rows=rows),
    }
    return render(desk.request, "petitions/counter.html", context, status=status)


def _is_filled(form: CounterForm, *names: str) -> bool:
    return any(form[name].value() or name in (form.errors if form.is_bound else ()) for name in names)


def _rows(desk: Desk) -> list[Row]:
    """What is shown beside the form; every unmasked name that is shown is recorded once for this form."""
    found = shown(being_told(desk.request.POST), desk.standing)
    noted = set(_unsealed(desk, desk.request.POST.get("noted", "")))
    for one in found:
        if one.is_named and one.pk not in noted:
            record_read(
                "case",
                one.pk,
                at=desk.at,
                actor=desk.standing.account_id,
                unit=desk.unit.pk,
                purpose=ReadPurpose.REGISTERING.value,
                details={"shown": "name beside a registration"},
            )
    return [Row(one, desk.verdicts.get(one.pk, "")) for one in found]


def _panel(desk: Desk, *, rows: list[Row]) -> dict[str, Any]:
    noted = set(_unsealed(desk, desk.request.POST.get("noted", "")))
    noted |= {row.candidate.pk for row in rows if row.candidate.is_named}
    told = being_told(desk.request.POST)
    return {
        "rows": rows,
        "number_suggested": sum(row.candidate.is_suggested for row in rows),
        "is_somebody_known": any(p.name or p.phone or p.identity_number for p in (*told.people, *told.agents))
        or bool(told.is_unsigned and told.accused),
        "key": desk.key,
        "noted": _sealed(desk, sorted(noted)) if noted else "",
    }


# ---------------------------------------------------------------------------------- registering


def _register(desk: Desk, form: CounterForm, kept: list[FileData]) -> Outcome:
    matter = form.matter(
        root_unit_id=desk.unit.pk, key=desk.key, at=desk.at, files=kept, aside=desk.chosen("not")
    )
    return register_once(matter, repeat=_repeat(desk), by=desk.standing, at=desk.at)


def _note_call(desk: Desk, outcome: Outcome) -> None:
    call = _call(desk)
    if call is not None:
        note_outcome(
            call.pk,
            outcome="petition",
            by=desk.standing.account_id,
            at=desk.at,
            subject_kind=outcome.case.type_key,
            subject_id=outcome.case.pk,
        )


def _repeat(desk: Desk) -> Repeat | None:
    """The clerk's decision with the reasons shown beside it; nothing when that petition isn't to be seen."""
    for case_id in desk.chosen("is"):
        found = {row.candidate.pk: row.candidate for row in _rows(desk)}
        if case_id in found:
            return Repeat(case_id, found[case_id].words)
        if Case.objects.filter(visible(desk.standing), pk=case_id, institution="petitions").exists():
            return Repeat(case_id, _("Compared and decided at registration."))
    return None


def _kept_files(desk: Desk, form: CounterForm) -> list[FileData]:
    """The files brought so far, those of an earlier sending of the same form too; a refusal goes to the form."""
    form.is_valid()
    known = [(str(digest), str(name)) for digest, name in _unsealed(desk, desk.request.POST.get("kept", ""))]
    blobs = Blob.objects.in_bulk([digest for digest, _name in known], field_name="digest") if known else {}
    kept = [FileData(blobs[digest], name) for digest, name in known if digest in blobs]
    sent = form.cleaned_data.get("scans") or []
    if sent:
        brought = store_each(sent, at=desk.at, limit_bytes=LARGEST_FILE)
        kept += [FileData(blob, name) for blob, name in brought.kept]
        for sentence in brought.refused:
            form.add_error("scans", sentence)
    if len(kept) > MOST_FILES:
        form.add_error("scans", _("At most %(most)s files.") % {"most": MOST_FILES})
    return kept[:MOST_FILES]


def _sealed(desk: Desk, words: Any) -> str:
    """Words that travel through the page and come back unchanged, for this form and this person only."""
    return signing.dumps(words, salt=f"counter {desk.standing.account_id} {desk.key}")


def _unsealed(desk: Desk, words: str) -> list[Any]:
    try:
        found = signing.loads(words, salt=f"counter {desk.standing.account_id} {desk.key}")
    except signing.BadSignature:
        return []
    return found if isinstance(found, list) else []


# ---------------------------------------------------------------------------------- the receipt


def _hand_over(response: HttpResponse, desk: Desk, outcome: Outcome) -> None:
    """Give the code to the clerk's browser alone; the server keeps only its hash."""
    response.set_signed_cookie(
        RECEIPT_COOKIE,
        f"{outcome.case.pk} {outcome.receipt_code}",
        salt=f"receipt {desk.standing.account_id}",
        max_age=RECEIPT_SECONDS,
        path=reverse("petitions:counter"),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )


def _code_at_hand(request: HttpRequest, case_id: int) -> str:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    words = request.get_signed_cookie(
        RECEIPT_COOKIE, default="", salt=f"receipt {standing.account_id}", max_age=RECEIPT_SECONDS
    )
    number, _blank, code = (words or "").partition(" ")
    return code if number == str(case_id) else ""


def _own_case(request: HttpRequest, case_id: int) -> Case:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    case = get_object_or_404(Case.objects.filter(visible(standing)), pk=case_id, institution="petitions")
    if not standing.roles_at(case.root_unit_id) & WORKERS:
        raise Http404
    return case
