"""The archive: composed by the kernel's event, classified, numbered without a gap, held, disposed of by two."""

import re
import zipfile
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.builders import NOON, County, a_county, an_answered_petition, moved
from yiwang.facilities.archive import actions, queries
from yiwang.facilities.archive.composing import compose_case, compose_missing
from yiwang.facilities.archive.faults import IsHeld, IsNumbered, NotNow, NotYours, SecondPersonNeeded
from yiwang.facilities.archive.handlers import on_case_moved
from yiwang.facilities.archive.models import FileUnit, Fonds
from yiwang.facilities.archive.package.form import place_of
from yiwang.facilities.archive.paper import catalogue_pdf, catalogue_sheet, lines
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.casework.events import CaseMoved
from yiwang.kernel.casework.models import Case
from yiwang.kernel.files.storage import storage

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def county() -> County:
    return a_county()


@pytest.fixture
def fonds(county: County) -> Fonds:
    return actions.found_fonds(county.unit("office"), number="J001", by=SYSTEM, at=NOON)


def archived(county: County, *, at: datetime = NOON - timedelta(days=60), **changes: Any) -> Case:
    """A petition that went all the way into the archive."""
    case = an_answered_petition(county, at=at, **changes)
    head = county.standing("office.head")
    moved(
        case,
        "serve",
        by=head,
        at=at + 12 * DAY,
        how="in_person",
        served_on=(at + 12 * DAY).date().isoformat(),
    )
    moved(case, "conclude", by=SYSTEM, at=at + timedelta(days=45))
    moved(case, "archive", by=head, at=at + timedelta(days=46))
    with acting_as_system():
        return Case.objects.get(pk=case.pk)


def composed(county: County, **changes: Any) -> FileUnit:
    """The file unit of such a petition."""
    with acting_as_system():
        found = compose_case(archived(county, **changes).pk, at=NOON)
    assert found is not None
    return found


def classified(county: County, *, year: int = 2026, period: str = "D10", **changes: Any) -> FileUnit:
    """And classified."""
    found = composed(county, **changes)
    with acting_as_system():
        return actions.classify(
            found.pk, category="ZY", year=year, period=period, section="XF", by=SYSTEM, at=NOON
        )


def numbered(county: County, fonds: Fonds, **changes: Any) -> FileUnit:
    """And numbered."""
    found = classified(county, **changes)
    with acting_as_system():
        actions.number(fonds, by=SYSTEM, at=NOON)
        return FileUnit.objects.select_related("fonds").get(pk=found.pk)


def test_the_kernel_s_event_makes_a_file_unit_once_and_copies_no_bytes(county: County, fonds: Fonds) -> None:
    case = archived(county)
    office = county.unit("office").pk
    event = CaseMoved(case.pk, case.journal_length, "archive", case.type_key, office, office, None, NOON)
    with acting_as_system():
        on_case_moved(event)
        before = sorted(storage().digests())
        on_case_moved(event)
        found = FileUnit.objects.get()
        digests = list(found.parts.values_list("digest", flat=True))
        letters = list(case.letters.order_by("pk").values_list("file_digest", flat=True))
    assert (found.source, found.source_key, found.title) == ("case:petition", case.number, case.title)
    assert sorted(storage().digests()) == before
    assert digests == letters
    assert len(found.metadata["journal"]) == case.journal_length
    assert "欧阳建华" not in str(found.metadata)
    assert found.pages is not None
    assert found.pages >= len(letters)


def test_what_was_missed_is_composed_later(county: County) -> None:
    archived(county)
    with acting_as_system():
        assert (compose_missing(at=NOON), FileUnit.objects.count()) == (0, 0)
        actions.found_fonds(county.unit("office"), number="J001", by=SYSTEM, at=NOON)
        assert [compose_missing(at=NOON) for _ in range(2)] == [1, 0]


def test_the_schedule_counts_once_a_second_person_approved_it(county: County, fonds: Fonds) -> None:
    head, clerk = county.standing("office.head"), county.standing("office.clerk")
    rule = {"source": "case:petition", "words": "信访", "category": "ZY", "period": "D30", "section": "XF"}
    made = actions.propose_schedule(fonds, [rule], valid_from_on=date(2020, 1, 1), by=clerk, at=NOON)
    assert composed(county).period == ""
    with pytest.raises(SecondPersonNeeded):
        actions.approve_schedule(made.pk, by=clerk, at=NOON)
    with pytest.raises(NotYours):
        actions.approve_schedule(made.pk, by=county.standing("water.head"), at=NOON)
    actions.approve_schedule(made.pk, by=head, at=NOON)
    with pytest.raises(NotNow):
        actions.approve_schedule(made.pk, by=head, at=NOON)
    found = composed(county)
    assert (found.category, found.year, found.period, found.section) == ("ZY", 2026, "D30", "XF")


def test_numbers_follow_the_dates_without_a_gap_in_each_group(county: County, fonds: Fonds) -> None:
    days = [60, 90, 75]
    for number in days:
        classified(county, at=NOON - number * DAY)
    classified(county, period="Y")
    with acting_as_system():
        assert [actions.number(fonds, by=SYSTEM, at=NOON) for _ in range(2)] == [4, 0]
        later = classified(county, at=NOON - 95 * DAY)
        actions.number(fonds, by=SYSTEM, at=NOON)
        found = list(FileUnit.objects.select_related("fonds").filter(period="D10").order_by("item_number"))
    assert [place_of(one).archive_number for one in found] == [
        f"J001-ZY·2026-D10-XF-{number:04d}" for number in (1, 2, 3, 4)
    ]
    assert [one.dated_on for one in found[:3]] == sorted(one.dated_on for one in found[:3])
    assert found[3].pk == later.pk


def test_a_number_is_kept_for_good(county: County, fonds: Fonds) -> None:
    found = numbered(county, fonds)
    with acting_as_system():
        with pytest.raises(IsNumbered):
            actions.classify(found.pk, category="WS", year=2026, period="Y", section="XF", by=SYSTEM, at=NOON)
        for statement in (
            "UPDATE archive_fileunit SET item_number = 7",
            "UPDATE archive_fileunit SET year = 2020",
            "DELETE FROM archive_fileunit",
            "UPDATE archive_filepart SET digest = 'x'",
            "UPDATE archive_fileunit SET disposed_at = now()",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_only_the_keepers_see_it_and_never_whoever_is_kept_away(county: County, fonds: Fonds) -> None:
    found = composed(county)
    with acting_as_system():
        FileUnit.objects.filter(pk=found.pk).update(excluded_accounts=[county.accounts["office.clerk"].pk])
    for name, sees in (
        ("office.head", True),
        ("office.clerk", False),
        ("water.head", False),
        ("admin", False),
    ):
        with county.asking_as(name) as standing:
            assert (queries.unit_of(standing, found.pk) is not None) is sees, name
            assert FileUnit.objects.filter(pk=found.pk).exists() is sees, name


def old(county: County, fonds: Fonds) -> FileUnit:
    """A file unit whose ten years are over."""
    return numbered(county, fonds, year=2015)


def test_a_disposal_takes_two_persons(county: County, fonds: Fonds) -> None:
    found = old(county, fonds)
    clerk, head = county.standing("office.clerk"), county.standing("office.head")
    with county.asking_as("office.clerk"):
        assert [row.pk for row in queries.expired(clerk, fonds, on=NOON.date())] == [found.pk]
        made = actions.propose_disposal(fonds, [found.pk], reason="期满", by=clerk, at=NOON)
        with pytest.raises(SecondPersonNeeded):
            actions.decide_disposal(made.pk, is_approved=True, by=clerk, at=NOON)
        with pytest.raises(IntegrityError), transaction.atomic():
            type(made).objects.filter(pk=made.pk).update(decided_by=clerk.account_id, is_approved=True)
    with county.asking_as("office.head"):
        actions.decide_disposal(made.pk, is_approved=True, by=head, at=NOON)
        with pytest.raises(NotNow):
            actions.decide_disposal(made.pk, is_approved=True, by=head, at=NOON)
        found.refresh_from_db()
        assert found.disposed_at == NOON
        assert [row[8] for row in lines([found])] == ["已销毁"]


def test_a_hold_stops_a_disposal_even_when_it_was_proposed_before(county: County, fonds: Fonds) -> None:
    found = old(county, fonds)
    clerk, head = county.standing("office.clerk"), county.standing("office.head")
    with acting_as_system():
        made = actions.propose_disposal(fonds, [found.pk], reason="期满", by=clerk, at=NOON)
        placed = actions.hold(found.pk, reason="涉诉", by=clerk, at=NOON)
        with pytest.raises(IsHeld):
            actions.decide_disposal(made.pk, is_approved=True, by=head, at=NOON)
        with pytest.raises(IsHeld):
            actions.propose_disposal(fonds, [found.pk], reason="期满", by=head, at=NOON)
        actions.lift(placed.pk, reason="已结案", by=head, at=NOON)
        with pytest.raises(NotNow):
            actions.lift(placed.pk, reason="已结案", by=head, at=NOON)
        actions.decide_disposal(made.pk, is_approved=True, by=head, at=NOON)


def test_what_is_still_kept_isnt_disposed_of(county: County, fonds: Fonds) -> None:
    for changes in ({"year": 2016}, {"year": 2015, "period": "Y"}, {"year": 2015, "period": "D30"}):
        found = numbered(county, fonds, **changes)
        with acting_as_system(), pytest.raises(NotNow):
            actions.propose_disposal(
                fonds, [found.pk], reason="期满", by=county.standing("office.clerk"), at=NOON
            )


def test_ten_years_on_what_is_permanent_is_due_for_transfer(county: County, fonds: Fonds) -> None:
    found = numbered(county, fonds, period="Y")
    with acting_as_system():
        day = date(found.dated_on.year + 10, found.dated_on.month, found.dated_on.day)
        assert queries.due_for_transfer(SYSTEM, fonds, on=NOON.date()) == []
        assert [row[1] for row in queries.due_for_transfer(SYSTEM, fonds, on=day)] == [day]


def test_the_catalogue_on_paper_and_as_a_workbook(county: County, fonds: Fonds) -> None:
    numbered(county, fonds)
    with acting_as_system():
        units = list(queries.numbered(SYSTEM, fonds))
        pdf, sheet = catalogue_pdf(fonds, units, at=NOON), catalogue_sheet(fonds, units)
    assert pdf.startswith(b"%PDF")
    with zipfile.ZipFile(BytesIO(sheet)) as book:
        texts = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
    heads = ["序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注"]
    assert texts[1 : len(heads) + 1] == heads
    assert "J001-ZY·2026-D10-XF-0001" in texts
    assert lines(units)[0][6] == ""


def test_the_four_checks_find_what_was_damaged(county: County, fonds: Fonds) -> None:
    found = numbered(county, fonds)
    with acting_as_system():
        assert [check.is_sound for check in queries.four_checks(fonds, reads_bytes=True)] == [True] * 4
        digest = found.parts.all()[0].digest
        path = storage().path(digest)
        kept = path.read_bytes()
        path.write_bytes(kept[:-1] + b"x")
        try:
            faults = [check.faults for check in queries.four_checks(fonds, reads_bytes=True)]
        finally:
            path.write_bytes(kept)
        assert faults == [[], [], [(found.parts.all()[0].name, "altered")], []]
        FileUnit.objects.filter(pk=found.pk).update(
            metadata={"journal": [{"number": 1, "digest": "00"}], "procedure": "x"}
        )
        assert queries.four_checks(fonds, reads_bytes=False)[0].faults == [(found.document_number, "journal")]
