"""Transfer packages: which were made, what the checks found, what is missing, who took them over."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.facilities.archive import actions_packages as actions
from yiwang.facilities.archive import queries
from yiwang.facilities.archive.enums import Period
from yiwang.facilities.archive.faults import Refused
from yiwang.facilities.archive.forms import HandOverForm, PackageForm
from yiwang.facilities.archive.models import Package
from yiwang.facilities.archive.package.checking import PROPERTIES
from yiwang.facilities.archive.pages.units import no_fonds, own_fonds, parts_of_archive, standing_of
from yiwang.facilities.archive.policies import KEEPERS
from yiwang.facilities.archive.shown import PROPERTY_WORDS, check_shown, handed_shown, number_of, said
from yiwang.kernel.audit.actions import record_read
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.queries import names_of_accounts
from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.pages.serving import serve
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Fact, Link
from yiwang.kernel.ui.tables import Column, Table

UNITS_SHOWN = 200


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() and len(word) < 18 else None


def _range(found: Package) -> str:
    """What a package was made of, in words."""
    parts = [str(found.year) if found.year else "", str(Period(found.period).label) if found.period else ""]
    return " · ".join(filter(None, parts)) or _("everything numbered")


@page("archive:packages", roles=KEEPERS, budget=10)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The packages of the fonds, the newest first; POST asks for a new one."""
    fonds = own_fonds(request)
    if fonds is None:
        return no_fonds(request, "packages")
    now = timezone.now()
    form = PackageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.ask_package(fonds, by=standing_of(request), at=now, **form.cleaned_data)
        except Refused as fault:
            form.add_error(None, str(fault))
        else:
            say(request, _("The package is being made; this page tells when it is there."))
            return HttpResponseRedirect(reverse("archive:package", args=[asked.pk]), status=303)
    rows, has_more = queries.packages_of(fonds, before=_number(request.GET.get("before", "")))
    names = names_of_accounts([row.asked_by for row in rows if row.asked_by])
    table = Table(
        caption=_("Transfer packages"),
        rows=rows,
        columns=[
            Column(_("Package"), lambda row: row.name, is_main=True),
            Column(pgettext("archive", "Holds"), _holds),
            Column(_("Made"), lambda row: _made(row, names)),
            Column(_("Check"), lambda row: check_shown(row)),
            Column(_("Hand-over"), lambda row: handed_shown(row)),
        ],
        row_url=lambda row: reverse("archive:package", args=[row.pk]),
        next_url=f"?before={rows[-1].pk}" if has_more else "",
        empty_title=_("No package was made yet"),
        empty_words=_("Choose a year above; the package holds whatever has its number then."),
    )
    context = {"fonds": fonds, "table": table, "form": form, "tabs": parts_of_archive("packages")}
    is_wrong = form.is_bound and bool(form.errors)
    return render(request, "archive/packages.html", context, status=422 if is_wrong else 200)


def _holds(row: Package) -> str:
    if row.made_at is None:
        return _range(row)
    count = ngettext("%(n)s file unit", "%(n)s file units", row.unit_count) % {"n": row.unit_count}
    return f"{_range(row)} · {count}"


def _made(row: Package, names: dict[int, str]) -> str:
    who = names.get(row.asked_by or 0) or _("by command")
    return f"{date_format(timezone.localtime(row.asked_at), 'DATE_FORMAT')} · {who}"


@page("archive:package", roles=KEEPERS, budget=18)
@require_http_methods(["GET", "HEAD", "POST"])
def package(request: HttpRequest, package_id: int) -> HttpResponse:
    """One package; POST has it checked again, or writes down who took it over."""
    found = _found(request, package_id)
    act, now = request.POST.get("act", ""), timezone.now()
    form = HandOverForm(
        request.POST if act == "hand_over" else None, initial={"received_on": timezone.localdate(now)}
    )
    if request.method == "POST" and (act == "check" or form.is_valid()):
        _act(request, found, act, form, at=now)
        return HttpResponseRedirect(reverse("archive:package", args=[found.pk]), status=303)
    may_take = queries.may_take(standing_of(request), found)
    inside = list(found.units.select_related("fonds").order_by("year", "period", "section", "item_number")[:UNITS_SHOWN]) if may_take else []  # fmt: skip
    context = {
        "found": found,
        "state": check_shown(found),
        "handed": handed_shown(found),
        "facts": _facts(found),
        "checks": _checks(found) if may_take else [],
        "lacking": found.lacking if may_take else [],
        "may_take": may_take,
        "since": queries.numbered_since(found) if found.made_at else 0,
        "units": [(one.pk, number_of(one), one.title) for one in inside],
        "has_more": found.unit_count > UNITS_SHOWN,
        "form": form,
        "may_hand_over": found.checked_at is not None and not found.findings and found.handed_over_at is None,
        "may_check": bool(found.digest) and found.checked_at is not None,
        "crumbs": [Link(_("Transfer packages"), reverse("archive:packages"))],
    }
    return render(request, "archive/package.html", context, status=422 if form.errors else 200)


def _act(request: HttpRequest, found: Package, act: str, form: HandOverForm, *, at: datetime) -> None:
    by = standing_of(request)
    try:
        if act == "check":
            actions.check_again(found.pk, by=by, at=at)
            say(request, _("It is being checked: every byte is read and compared."))
        else:
            actions.hand_over(found.pk, by=by, at=at, **form.cleaned_data)
            say(request, _("The hand-over is written down."))
    except Refused as fault:
        say(request, fault, kind="soon")


def _found(request: HttpRequest, package_id: int) -> Package:
    found = queries.package_of(standing_of(request), package_id)
    if found is None:
        raise Http404(_("There is no such package, or it isn't yours to see."))
    return found


def _facts(found: Package) -> list[Fact]:
    names = names_of_accounts([found.asked_by] if found.asked_by else [])
    facts = [
        Fact(pgettext("archive", "Holds"), _holds(found)),
        Fact(_("Made"), _made(found, names)),
        Fact(_("Files in it"), found.file_count or "–"),
        Fact(_("Size"), filesizeformat(found.size) if found.size else "–"),
        Fact(_("Seal of the manifest (SHA-256)"), found.seal or "–"),
    ]
    if found.handed_over_at is not None and found.received_on is not None:
        facts += [
            Fact(_("Taken over by"), found.received_by),
            Fact(_("Taken over on"), date_format(found.received_on, "DATE_FORMAT")),
            Fact(_("Number of the receipt"), found.receipt_number or "–"),
        ]
    return facts


def _checks(found: Package) -> list[tuple[str, bool, list[str]]]:
    """The four properties of a package, each with the sentences of what was found."""
    if found.checked_at is None and not found.findings:
        return []
    told = {name: [said(one) for one in found.findings if one["property"] == name] for name in PROPERTIES}
    return [(str(PROPERTY_WORDS[name]), not told[name], told[name]) for name in PROPERTIES]


@page("archive:package_file", roles=KEEPERS, budget=10, reads_personal_data=True)
@require_safe
def package_file(request: HttpRequest, package_id: int) -> HttpResponseBase:
    """The package itself; taking it is recorded."""
    found = _found(request, package_id)
    blob = Blob.objects.filter(digest=found.digest).first() if found.digest else None
    if blob is None or not queries.may_take(standing_of(request), found):
        raise Http404(_("There is no such file."))
    record_read(
        "archive_package",
        found.pk,
        at=timezone.now(),
        actor=standing_of(request).account_id,
        unit=found.unit_id,
        purpose="archive",
    )
    return serve(request, blob, filename=found.name)
