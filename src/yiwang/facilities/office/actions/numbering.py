"""Numbers of documents: drawn in order, kept back, made void; none is left out and none is given twice."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from yiwang.facilities.office.enums import Direction, NumberState
from yiwang.facilities.office.events import NumberSettled
from yiwang.facilities.office.faults import NoNumber
from yiwang.facilities.office.models import DocumentNumber, NumberSeries, OfficialDocument
from yiwang.facilities.office.policies import STAFF
from yiwang.facilities.office.rules.numbering import is_mark, number_text
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.casework.faults import NotPermitted
from yiwang.kernel.casework.rules.clocks import local_day
from yiwang.kernel.orgs.queries import tree

RECEIVED = "收"
"""After the unit's short name, the mark of its incoming register."""


@dataclass(frozen=True)
class Given:
    """A number that was given, and how it is written."""

    row: DocumentNumber
    text: str


@transaction.atomic
def open_series(
    unit_id: int, *, mark: str, kinds: list[str] | None = None, direction: str = Direction.OUT, by: Standing
) -> NumberSeries:
    """Open a series of numbers of a unit under a mark (机关代字); one that exists is given back as it is."""
    mark = clean_line(mark)
    if not (by.is_system or "head" in by.roles_at(unit_id)):
        raise NotPermitted("open_series")
    if not is_mark(mark):
        raise NoNumber(_("The mark before the year is made of Chinese characters, for example 云政发."))
    series, _is_new = NumberSeries.objects.get_or_create(
        unit_id=unit_id, mark=mark, direction=direction, defaults={"kinds": kinds or []}
    )
    return series


def draw(
    series: NumberSeries,
    *,
    document: OfficialDocument | None,
    reason: str = "",
    by: int | None,
    at: datetime,
) -> DocumentNumber:
    """The next number of a series in this year, in the transaction under way; waits for whoever is drawing one.

    Without a document it is kept back for the given reason. When the transaction is undone, so is the number.
    """
    year = local_day(at).year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO office_numbercounter AS c (series_id, year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (series_id, year) DO UPDATE SET last = c.last + 1 RETURNING last",
            [series.pk, year],
        )
        (last,) = cursor.fetchone()
    return DocumentNumber.objects.create(
        series=series,
        year=year,
        number=last,
        state=NumberState.ISSUED if document is not None else NumberState.RESERVED,
        document=document,
        reason=reason,
        drawn_at=at,
        drawn_by=by,
        settled_at=at if document is not None else None,
        settled_by=by if document is not None else None,
    )


def give(
    series_id: int,
    *,
    document: OfficialDocument,
    unit_id: int,
    reserved_id: int | None,
    by: Standing,
    at: datetime,
) -> Given:
    """The number of a document: one that was kept back for it, else the next. Raises `NoNumber`."""
    series = NumberSeries.objects.filter(
        pk=series_id, unit_id=unit_id, is_active=True, direction=Direction.OUT
    ).first()
    if series is None or (series.kinds and document.kind not in series.kinds):
        raise NoNumber(_("This series isn't for documents of this kind and unit."))
    if reserved_id is None:
        row = draw(series, document=document, by=by.account_id, at=at)
        return Given(row, number_text(series.mark, year=row.year, number=row.number))
    kept = DocumentNumber.objects.select_for_update().filter(pk=reserved_id, series=series).first()
    if kept is None or kept.state != NumberState.RESERVED:
        raise NoNumber(_("This number is no longer kept back."))
    if kept.year != local_day(at).year:
        raise NoNumber(_("A number kept back last year can't be used this year; make it void."))
    kept.state, kept.document = NumberState.ISSUED, document
    kept.settled_at, kept.settled_by = at, by.account_id
    kept.save()
    _tell(kept, unit_id, by, at)
    return Given(kept, number_text(series.mark, year=kept.year, number=kept.number))


@transaction.atomic
def reserve(series_id: int, *, reason: str, by: Standing, at: datetime) -> DocumentNumber:
    """Keep the next number back (留号), with the reason. Raises `NoNumber`, `NotPermitted`."""
    series = NumberSeries.objects.filter(pk=series_id, is_active=True).first()
    if series is None or not (by.is_system or by.roles_at(series.unit_id) & STAFF):
        raise NotPermitted("reserve")
    row = draw(series, document=None, reason=_said(reason), by=by.account_id, at=at)
    _tell(row, series.unit_id, by, at)
    return row


@transaction.atomic
def void(number_id: int, *, reason: str, by: Standing, at: datetime) -> DocumentNumber:
    """Make a number void (作废), with the reason; it stays in the register and is never given again.

    A number of a released document can't be made void. Raises `NoNumber`, `NotPermitted`.
    """
    row = DocumentNumber.objects.select_for_update().filter(pk=number_id).first()
    if row is None or not (by.is_system or by.roles_at(row.series.unit_id) & STAFF):
        raise NotPermitted("void")
    reason = _said(reason)
    if row.state == NumberState.VOID:
        raise NoNumber(_("This number is void already."))
    if row.document_id is not None and row.document is not None and row.document.released_at is not None:
        raise NoNumber(_("Its document has been released; the number stays."))
    row.state, row.reason = NumberState.VOID, reason
    row.settled_at, row.settled_by = at, by.account_id
    row.save()
    _tell(row, row.series.unit_id, by, at)
    return row


def register_number(unit_id: int, *, document: OfficialDocument, by: Standing, at: datetime) -> str:
    """The next number of a unit's incoming register, written as 城关镇收〔2026〕12号."""
    series, _is_new = NumberSeries.objects.get_or_create(
        unit_id=unit_id, mark=f"{tree().get(unit_id).short_name}{RECEIVED}"[:30], direction=Direction.IN
    )
    row = draw(series, document=document, by=by.account_id, at=at)
    return number_text(series.mark, year=row.year, number=row.number)


def _said(reason: str) -> str:
    reason = clean_line(reason)[:200]
    if not reason:
        raise NoNumber(_("Please say why; it stands in the register."))
    return reason


def _tell(row: DocumentNumber, unit_id: int, by: Standing, at: datetime) -> None:
    publish(NumberSettled(row.pk, unit_id, row.state, row.reason, by.account_id, at))
