"""信访工作条例 22: registered, and within 15 days sent to whoever has the power to act."""

from datetime import date

import pytest

from tests.builders import County, a_petition, moved
from tests.law.matters import clock, due, letter, on, state
from yiwang.kernel.casework.faults import NotPermitted
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.rules.data import BadData


def test_everything_received_has_a_number_and_a_receipt(county: County) -> None:
    case = a_petition(county, at=on("2026-03-02")).case
    assert case.number == f"信访2026-{case.pk:06d}"
    assert letter(case, "receipt").number == case.number


@pytest.mark.parametrize(
    ("received", "last"),
    [("2026-03-02", "2026-03-17"), ("2025-12-20", "2026-01-04"), ("2026-09-20", "2026-10-05")],
)
def test_fifteen_days_from_receipt_without_the_first(county: County, received: str, last: str) -> None:
    case = a_petition(county, at=on(received)).case
    assert due(case, "registration") == date.fromisoformat(last)


@pytest.mark.parametrize(("day", "breach"), [("2026-03-17", None), ("2026-03-18", date(2026, 3, 17))])
def test_sent_on_the_fifteenth_day_is_in_time_on_the_sixteenth_late(
    county: County, day: str, breach: date | None
) -> None:
    case = a_petition(county, at=on("2026-03-02")).case
    unit_id = county.unit("water").pk
    moved(case, "forward", by=county.standing("office.clerk"), at=on(day, hour=15), unit_id=unit_id)
    registration = clock(case, "registration")
    assert registration.ended_on == date.fromisoformat(day)
    late_on = registration.due_on if registration.ended_on > (registration.due_on or date.max) else None
    assert late_on == breach


def test_a_transfer_names_its_item_and_its_receiver(county: County) -> None:
    office = county.standing("office.clerk")
    case = a_petition(county, at=on("2026-03-02")).case
    moved(case, "forward", by=office, at=on("2026-03-03"), unit_id=county.unit("water").pk)
    sent = letter(case, "transfer")
    assert (sent.to_unit_id, sent.is_for_petitioner) == (county.unit("water").pk, False)
    assert "第二十二条第一款第（一）项" in sent.content["paragraphs"][0]
    moved(case, "recall", by=office, at=on("2026-03-03"))
    moved(case, "forward", by=office, at=on("2026-03-03"), unit_id=county.unit("heping").pk)
    assert "第二十二条第一款第（二）项" in letter(case, "transfer").content["paragraphs"][0]


def test_an_assignment_sets_its_own_day_for_the_report(county: County) -> None:
    case = a_petition(county, at=on("2026-03-02")).case
    water = county.unit("water").pk
    with pytest.raises(BadData) as told:
        moved(case, "assign", by=county.standing("office.clerk"), at=on("2026-03-03"), unit_id=water)
    assert set(told.value.faults) == {"due_on"}
    moved(
        case,
        "assign",
        by=county.standing("office.clerk"),
        at=on("2026-03-03"),
        unit_id=water,
        due_on="2026-03-20",
    )
    assert due(case, "feedback", node=1) == date(2026, 3, 20)
    assert letter(case, "transfer").content["title"] == "关于交办信访事项的函"


def test_whoever_received_it_may_act_on_it_directly(county: County) -> None:
    case = a_petition(county, at=on("2026-03-02")).case
    moved(case, "accept", by=county.standing("office.clerk"), at=on("2026-03-03"))
    assert state(case) == ("handling", county.unit("office").pk)
    assert clock(case, "registration").ended_on == date(2026, 3, 3)


def test_another_unit_can_neither_register_for_the_office_nor_send_on(county: County) -> None:
    with pytest.raises(NotPermitted):
        a_petition(county, by=county.standing("water.clerk"))
    case = a_petition(county).case
    with pytest.raises(Case.DoesNotExist):
        moved(case, "forward", by=county.standing("water.clerk"), unit_id=county.unit("water").pk)
