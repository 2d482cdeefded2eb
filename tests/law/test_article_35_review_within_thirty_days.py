"""信访工作条例 35: 30 days from receipt of the written answer to ask for a review; rolled over by Civil Code 203."""

from datetime import date

import pytest

from tests.builders import County, a_petition, an_answered_petition, moved
from tests.law.matters import due, letter, on, row
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.faults import GuardFailed
from yiwang.kernel.casework.models import Case, ClockRecord
from yiwang.kernel.casework.rules.data import BadData
from yiwang.kernel.casework.rules.progress import NotAllowedNow


@pytest.fixture
def answered(county: County) -> Case:
    """Answered on Friday, 13 March 2026."""
    return an_answered_petition(county, at=on("2026-03-02"))


def served(case: Case, county: County, day: str, *, at: str | None = None) -> None:
    clerk = county.standing("office.clerk")
    moved(case, "serve", by=clerk, at=on(at or day), how="post", served_on=day)


def windows(case: Case) -> int:
    row(case)
    return ClockRecord.objects.filter(case=case, key="review").count()


def test_nothing_runs_before_the_letter_is_served(answered: Case) -> None:
    assert windows(answered) == 0


def test_thirty_days_from_service_whenever_it_is_recorded(answered: Case, county: County) -> None:
    served(answered, county, "2026-03-16", at="2026-03-20")
    assert due(answered, "review") == date(2026, 4, 15)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        ("2026-03-17", "2026-04-16"),
        ("2026-03-19", "2026-04-20"),
        ("2026-04-01", "2026-05-06"),
        ("2026-04-09", "2026-05-09"),
    ],
)
def test_a_last_day_on_a_rest_day_rolls_over(answered: Case, county: County, day: str, last: str) -> None:
    """18 April is a Saturday; 1 May begins a holiday to the 5th; Saturday 9 May is a make-up working day."""
    served(answered, county, day)
    assert due(answered, "review") == date.fromisoformat(last)


@pytest.mark.parametrize(("day", "at"), [("2026-03-12", "2026-03-20"), ("2026-03-21", "2026-03-20")])
def test_nothing_is_served_before_it_was_written_or_tomorrow(
    answered: Case, county: County, day: str, at: str
) -> None:
    with pytest.raises(BadData) as told:
        served(answered, county, day, at=at)
    assert set(told.value.faults) == {"served_on"}


def test_opening_it_on_the_receipt_page_is_service(answered: Case) -> None:
    holder = Standing.holder_of_receipt(answered.pk)
    moved(answered, "serve", by=holder, at=on("2026-03-16"), how="receipt_page", served_on="2026-03-16")
    assert due(answered, "review") == date(2026, 4, 15)


def test_service_counts_once(answered: Case, county: County) -> None:
    served(answered, county, "2026-03-16")
    with pytest.raises(NotAllowedNow):
        served(answered, county, "2026-03-17")


def test_nothing_is_concluded_before_service(answered: Case, county: County) -> None:
    clerk = county.standing("office.clerk")
    with pytest.raises(GuardFailed):
        moved(answered, "conclude", by=clerk, at=on("2026-03-16"))
    served(answered, county, "2026-03-16")
    moved(answered, "conclude", by=clerk, at=on("2026-03-16"))
    assert row(answered).state == "concluded"


def test_a_refusal_opens_no_review(county: County) -> None:
    case = a_petition(county, at=on("2026-03-02")).case
    moved(
        case,
        "decline",
        by=county.standing("office.head"),
        at=on("2026-03-03"),
        reasons="已由法院受理。",
        route="请依诉讼程序提出。",
    )
    served(case, county, "2026-03-04")
    assert windows(case) == 0
    assert letter(case, "refusal").content["remedy"] == ""
