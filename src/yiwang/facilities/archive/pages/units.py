"""The desk of the archive, stage by stage, and one file unit with what may be done with it."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.facilities.archive import actions, queries
from yiwang.facilities.archive.faults import Refused
from yiwang.facilities.archive.forms import ClassifyForm, ReasonForm
from yiwang.facilities.archive.models import FileUnit, Fonds
from yiwang.facilities.archive.policies import KEEPERS
from yiwang.facilities.archive.rules import Stage, expires_on
from yiwang.facilities.archive.shown import ROLE_WORDS, STAGE_WORDS, number_of, sources, stage_shown
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.actions import record_read
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.registry import UnknownCaseType, case_type_of
from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.pages.serving import serve
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Fact, File, Link
from yiwang.kernel.ui.tables import Column, Table


def standing_of(request: HttpRequest) -> Standing:
    """Who is asking."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    return standing


def own_fonds(request: HttpRequest) -> Fonds | None:
    """The fonds that the person keeps; the first where there are several."""
    return next(iter(queries.own_fonds(standing_of(request))), None)


def parts_of_archive(here: str) -> list[Link]:
    """The pages of the archive."""
    names = (
        ("list", _("File units")),
        ("catalogue", _("Catalogue")),
        ("schedule", _("Retention schedule")),
        ("disposal", _("Expired")),
        ("transfers", _("Transfer to the county archives")),
        ("packages", _("Transfer packages")),
        ("checks", _("Four checks")),
    )
    return [Link(label, reverse(f"archive:{name}"), is_current=name == here) for name, label in names]


def no_fonds(request: HttpRequest, here: str) -> HttpResponse:
    """What somebody sees whose unit has no archive of its own."""
    return render(request, "archive/none.html", {"tabs": parts_of_archive(here)})


@page("archive:list", roles=KEEPERS, budget=8)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """List the file units of a stage; POST gives a number to everything that is classified."""
    standing, fonds = standing_of(request), own_fonds(request)
    if fonds is None:
        return no_fonds(request, "list")
    if request.method == "POST":
        count = actions.number(fonds, by=standing, at=timezone.now())
        words = ngettext("%(n)s file unit has its number.", "%(n)s file units have their numbers.", count)
        say(request, words % {"n": count})
        return HttpResponseRedirect(f"{reverse('archive:list')}?stage={Stage.NUMBERED}", status=303)
    word, after = request.GET.get("stage", ""), request.GET.get("after", "")
    stage = Stage(word) if word in list(Stage) else Stage.COMPOSED
    rows, has_more = queries.units_at(
        standing, stage, after=int(after) if after.isdecimal() and len(after) < 18 else 0
    )
    named = sources()
    table = Table(
        caption=_("File units"),
        rows=rows,
        columns=[
            Column(pgettext("archive", "Title"), lambda row: row.title, is_main=True),
            Column(_("Archive number"), number_of, kind="code"),
            Column(pgettext("archive", "Document number"), lambda row: row.document_number, kind="code"),
            Column(_("Made of"), lambda row: named.get(row.source, row.source)),
            Column(pgettext("archive", "Date"), lambda row: date_format(row.dated_on, "DATE_FORMAT")),
            Column(_("Status"), stage_shown),
        ],
        row_url=lambda row: reverse("archive:unit", args=[row.pk]),
        next_url=f"?stage={stage}&after={rows[-1].pk}" if has_more else "",
        empty_title=_("Nothing is at this stage"),
        empty_words=_("A matter becomes a file unit by itself as soon as it is archived."),
    )
    links = [Link(STAGE_WORDS[each], f"?stage={each}", is_current=each is stage) for each in Stage]
    context = {
        "fonds": fonds,
        "table": table,
        "stages": links,
        "tabs": parts_of_archive("list"),
        "may_number": stage is Stage.CLASSIFIED and bool(rows),
    }
    return render(request, "archive/list.html", context)


@page("archive:unit", roles=KEEPERS, budget=14)
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: HttpRequest, file_unit_id: int) -> HttpResponse:
    """One file unit; POST classifies it, holds it or lifts a hold."""
    found = _found(request, file_unit_id)
    act = request.POST.get("act", "")
    form = ClassifyForm(request.POST if act == "classify" else None, initial=_initial(found))
    hold_form = ReasonForm(request.POST if act == "hold" else None, auto_id="id_hold_%s")
    lift_form = ReasonForm(request.POST if act == "lift" else None, auto_id="id_lift_%s")
    chosen = {"classify": form, "hold": hold_form, "lift": lift_form}.get(act)
    if request.method == "POST" and chosen is not None and chosen.is_valid():
        try:
            _act(act, found, request, chosen.cleaned_data, at=timezone.now())
        except Refused as fault:
            say(request, fault, kind="soon")
        return HttpResponseRedirect(reverse("archive:unit", args=[found.pk]), status=303)
    context = {
        "found": found,
        "number": number_of(found),
        "stage": stage_shown(found),
        "facts": _facts(found),
        "files": [
            File(
                part.name,
                part.size,
                reverse("archive:part_file", args=[found.pk, part.place]),
                note=f"{ROLE_WORDS[part.role]} · {part.digest[:16]}",
            )
            for part in found.parts.all()
        ],
        "holds": list(found.holds.all()),
        "journal": _journal(found),
        "form": form,
        "hold_form": hold_form,
        "lift_form": lift_form,
        "opened": act,
        "may_classify": found.item_number is None and found.disposed_at is None,
        "may_hold": found.disposed_at is None,
        "crumbs": [Link(_("Archives"), reverse("archive:list"))],
    }
    is_wrong = chosen is not None and bool(chosen.errors)
    return render(request, "archive/unit.html", context, status=422 if is_wrong else 200)


def _journal(found: FileUnit) -> list[dict[str, object]]:
    """The lines of the journal, each step in the words of its procedure where that is still known."""
    lines = found.metadata.get("journal", [])
    key, _space, version = str(found.metadata.get("procedure", "")).partition(" ")
    try:
        procedure = case_type_of(key, version)
    except UnknownCaseType:
        return list(lines)
    words = {step.verb: _(step.label) for step in procedure.steps}
    return [{**line, "verb": words.get(line["verb"], line["verb"])} for line in lines]


def _found(request: HttpRequest, file_unit_id: int) -> FileUnit:
    found = queries.unit_of(standing_of(request), file_unit_id)
    if found is None:
        raise Http404(_("There is no such file unit, or it isn't yours to see."))
    return found


def _initial(found: FileUnit) -> dict[str, object]:
    return {
        "category": found.category or "ZY",
        "year": found.year or found.dated_on.year,
        "period": found.period,
        "section": found.section,
        "remark": found.remark,
    }


def _act(act: str, found: FileUnit, request: HttpRequest, data: dict[str, object], *, at: datetime) -> None:
    by = standing_of(request)
    if act == "classify":
        actions.classify(found.pk, by=by, at=at, **data)  # type: ignore[arg-type]
        say(request, _("Classified. It gets its number with the others."))
    elif act == "hold":
        actions.hold(found.pk, reason=str(data["reason"]), by=by, at=at)
        say(request, _("Held. Nobody can dispose of it until the hold is lifted."))
    else:
        word = request.POST.get("hold", "")
        placed = found.holds.filter(pk=int(word) if word.isdecimal() and len(word) < 18 else 0).first()
        if placed is None:
            raise Http404
        actions.lift(placed.pk, reason=str(data["reason"]), by=by, at=at)
        say(request, _("The hold is lifted."))


def _facts(found: FileUnit) -> list[Fact]:
    ends_on = expires_on(found.year, found.period) if found.year and found.period else None
    kept = "–"
    if found.period:
        kept = f"{found.get_period_display()}"
        if ends_on:
            kept = _("%(period)s, until the end of %(year)s") % {"period": kept, "year": ends_on.year - 1}
    return [
        Fact(pgettext("archive", "Document number"), found.document_number or "–"),
        Fact(pgettext("archive", "Author"), found.author),
        Fact(pgettext("archive", "Date"), date_format(found.dated_on, "DATE_FORMAT")),
        Fact(_("Made of"), sources().get(found.source, found.source)),
        Fact(_("Kept for"), kept),
        Fact(pgettext("archive", "Pages"), found.pages or "–"),
        Fact(pgettext("archive", "Remark"), found.remark or "–"),
    ]


@page("archive:part_file", roles=KEEPERS, budget=8, reads_personal_data=True)
@require_safe
def part_file(request: HttpRequest, file_unit_id: int, place: int) -> HttpResponseBase:
    """A file of a file unit; its reading is recorded."""
    found = _found(request, file_unit_id)
    part = found.parts.filter(place=place).first()
    blob = Blob.objects.filter(digest=part.digest).first() if part else None
    if part is None or blob is None:
        raise Http404(_("There is no such file."))
    record_read(
        "file_unit",
        found.pk,
        at=timezone.now(),
        actor=standing_of(request).account_id,
        unit=found.unit_id,
        purpose="archive",
        details={"place": place},
    )
    return serve(request, blob, filename=part.name, inline=True)
