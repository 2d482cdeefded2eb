"""信访工作条例 23: notice within 15 days; an objection to a wrong transfer within 5 working days, with reasons."""

from datetime import date

import pytest

from tests.builders import County, a_petition, moved
from tests.law.matters import clock, due, letter, on, state
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.rules.data import BadData

REASONS = {"reasons": "漏水处属小区内部管道，不属于我单位职责。"}


@pytest.fixture
def sent(county: County) -> Case:
    """Received on Tuesday, sent to the water bureau on Thursday 23 January 2025, before Spring Festival."""
    case = a_petition(county, at=on("2025-01-21")).case
    moved(
        case,
        "forward",
        by=county.standing("office.clerk"),
        at=on("2025-01-23"),
        unit_id=county.unit("water").pk,
    )
    return case


def test_notice_within_fifteen_days_of_the_units_own_receipt(sent: Case, county: County) -> None:
    assert due(sent, "notice", node=1) == date(2025, 2, 7)
    moved(sent, "accept", by=county.standing("water.clerk"), at=on("2025-02-07"))
    assert clock(sent, "notice", node=1).ended_on == date(2025, 2, 7)
    notice = letter(sent, "acceptance").content
    assert "第二十三条第三款" in notice["paragraphs"][0]
    assert notice["title"] == "信访事项受理告知书"


def test_five_working_days_know_the_spring_festival_and_its_make_up_days(sent: Case) -> None:
    assert due(sent, "objection", node=1) == date(2025, 2, 6)


def test_an_objection_is_possible_until_the_last_evening(sent: Case, county: County) -> None:
    moved(sent, "object", by=county.standing("water.clerk"), at=on("2025-02-06", hour=15), **REASONS)
    assert state(sent) == ("objected", county.unit("office").pk)
    assert REASONS["reasons"] in letter(sent, "objection").content["sections"][0]["paragraphs"]


def test_after_the_window_an_objection_is_refused(sent: Case, county: County) -> None:
    with pytest.raises(GuardFailed) as told:
        moved(sent, "object", by=county.standing("water.clerk"), at=on("2025-02-06", hour=16), **REASONS)
    assert dict(told.value.fault.values) == {"day": "2025-02-06"}
    assert state(sent) == ("transferred", county.unit("water").pk)


def test_reasons_are_required(sent: Case, county: County) -> None:
    with pytest.raises(BadData) as told:
        moved(sent, "object", by=county.standing("water.clerk"), at=on("2025-01-24"), reasons="  ")
    assert set(told.value.faults) == {"reasons"}


@pytest.mark.parametrize(
    ("who", "refusal"), [("office.clerk", NotPermitted), ("housing.clerk", Case.DoesNotExist)]
)
def test_only_the_unit_that_received_it_may_object(
    sent: Case, county: County, who: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        moved(sent, "object", by=county.standing(who), at=on("2025-01-24"), **REASONS)


def test_the_matter_goes_back_only_when_the_sender_agrees(sent: Case, county: County) -> None:
    office, water = county.standing("office.clerk"), county.standing("water.clerk")
    moved(sent, "object", by=water, at=on("2025-01-24"), **REASONS)
    with pytest.raises(NotPermitted):
        moved(sent, "agree_objection", by=water, at=on("2025-01-24"))
    moved(sent, "refuse_objection", by=office, at=on("2025-01-26"), reasons="经核实，属主管道。")
    assert state(sent) == ("transferred", county.unit("water").pk)
    moved(sent, "object", by=water, at=on("2025-02-05"), **REASONS)
    moved(sent, "agree_objection", by=office, at=on("2025-02-06"))
    assert state(sent) == ("registered", county.unit("office").pk)
    assert clock(sent, "notice", node=1).is_void


def test_a_wrong_transfer_has_not_met_the_offices_own_term(sent: Case, county: County) -> None:
    office = county.standing("office.clerk")
    assert clock(sent, "registration").ended_on == date(2025, 1, 23)
    moved(sent, "object", by=county.standing("water.clerk"), at=on("2025-01-24"), **REASONS)
    moved(sent, "agree_objection", by=office, at=on("2025-01-26"))
    assert (clock(sent, "registration").ended_on, due(sent, "registration")) == (None, date(2025, 2, 5))
    moved(sent, "forward", by=office, at=on("2025-01-27"), unit_id=county.unit("housing").pk)
    assert clock(sent, "registration").ended_on == date(2025, 1, 27)
