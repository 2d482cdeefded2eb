"""信访工作条例 34: 60 days from acceptance; once up to 30 more, approved by the head, with reasons told."""

from datetime import date, timedelta

import pytest

from tests.builders import ANSWER, County, a_petition, moved
from tests.law.matters import clock, due, letter, on, row
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.rules.data import BadData
from yiwang.kernel.casework.rules.progress import NotAllowedNow

WHY = "须更换主管道，施工须避开冻土期。"
ACCEPTED = "2026-03-03"


@pytest.fixture
def handled(county: County) -> Case:
    case = a_petition(county, at=on("2026-03-02")).case
    unit_id = county.unit("water").pk
    moved(case, "forward", by=county.standing("office.clerk"), at=on(ACCEPTED), unit_id=unit_id)
    moved(case, "accept", by=county.standing("water.clerk"), at=on(ACCEPTED))
    return case


def requested(case: Case, county: County, *, who: str = "water.clerk", days: int = 30) -> None:
    moved(case, "request_extension", by=county.standing(who), at=on("2026-04-20"), days=days, reasons=WHY)


def extended(case: Case, county: County, *, who: str = "water.head", days: int = 30) -> None:
    moved(case, "extend", by=county.standing(who), at=on("2026-04-21"), days=days, reasons=WHY)


def test_sixty_days_from_acceptance(handled: Case) -> None:
    assert (
        due(handled, "handling", node=1)
        == date(2026, 5, 2)
        == date.fromisoformat(ACCEPTED) + timedelta(days=60)
    )


@pytest.mark.parametrize(("day", "breach"), [("2026-05-02", None), ("2026-05-03", date(2026, 5, 2))])
def test_met_by_issuing_the_opinion_in_time(
    handled: Case, county: County, day: str, breach: date | None
) -> None:
    moved(handled, "answer", by=county.standing("water.clerk"), at=on("2026-04-01"), **ANSWER)
    moved(handled, "issue", by=county.standing("office.head"), at=on(day))
    assert clock(handled, "handling", node=1).ended_on == date.fromisoformat(day)
    assert row(handled).breach_on == breach


def test_extended_by_thirty_days_at_most(handled: Case, county: County) -> None:
    with pytest.raises(BadData) as told:
        requested(handled, county, days=31)
    assert set(told.value.faults) == {"days"}
    requested(handled, county)
    with pytest.raises(BadData) as told:
        extended(handled, county, days=31)
    assert set(told.value.faults) == {"days"}
    extended(handled, county)
    assert due(handled, "handling", node=1) == date(2026, 6, 1)


@pytest.mark.parametrize("verb", ["request_extension", "extend"])
def test_reasons_are_required(handled: Case, county: County, verb: str) -> None:
    if verb == "extend":
        requested(handled, county)
    with pytest.raises(BadData) as told:
        moved(handled, verb, by=county.standing("water.head"), at=on("2026-04-21"), days=10)
    assert set(told.value.faults) == {"reasons"}


def test_the_petitioner_is_told_why_and_until_when(handled: Case, county: County) -> None:
    requested(handled, county, days=20)
    extended(handled, county, days=15)
    told = letter(handled, "extension")
    assert told.is_for_petitioner
    assert told.content["sections"] == [{"heading": "延期理由", "paragraphs": [WHY]}]
    assert "延长办理期限15日（至2026年5月17日止）" in told.content["paragraphs"][0]


@pytest.mark.parametrize("who", ["water.clerk", "office.clerk", "office.head"])
def test_only_the_head_of_the_unit_that_handles_it_approves(handled: Case, county: County, who: str) -> None:
    requested(handled, county)
    with pytest.raises(NotPermitted):
        extended(handled, county, who=who)


def test_the_head_who_asked_cannot_approve(handled: Case, county: County) -> None:
    requested(handled, county, who="water.head")
    with pytest.raises(GuardFailed) as told:
        extended(handled, county)
    assert "somebody else must" in told.value.fault.message


def test_once_only(handled: Case, county: County) -> None:
    requested(handled, county, days=10)
    extended(handled, county, days=10)
    with pytest.raises(GuardFailed) as told:
        requested(handled, county, days=5)
    assert "no second extension" in told.value.fault.message


def test_a_refused_request_may_be_made_again(handled: Case, county: County) -> None:
    requested(handled, county)
    with pytest.raises(NotAllowedNow):
        requested(handled, county)
    moved(handled, "refuse_extension", by=county.standing("water.head"), at=on("2026-04-21"))
    assert due(handled, "handling", node=1) == date(2026, 5, 2)
    requested(handled, county)
    assert row(handled).state == "extension_requested"
