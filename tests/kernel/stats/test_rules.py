"""Periods, tallies and what follows from them, against what can be counted by hand."""

import statistics
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.stats.rules import BadPeriod, Period, Tally, mean, median, percent, total


@pytest.mark.parametrize(
    ("text", "first_on", "last_on"),
    [
        ("2019-07", date(2019, 7, 1), date(2019, 7, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2019-2", date(2019, 2, 1), date(2019, 2, 28)),
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
    ],
)
def test_a_period_has_its_first_and_last_day(text: str, first_on: date, last_on: date) -> None:
    period = Period.parse(text)
    assert (period.first_on, period.last_on) == (first_on, last_on)
    assert (period.days[0], period.days[-1], len(period.days)) == (
        first_on,
        last_on,
        (last_on - first_on).days + 1,
    )


@pytest.mark.parametrize(
    "text", ["", "2019-13", "2019-00", "19", "2019-07-01", "２０１９", "-2019", "abc", "99999"]
)
def test_what_names_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadPeriod):
        Period.parse(text)


def test_january_comes_after_december() -> None:
    assert (Period(2019, 1).before(), Period(2019, 12).after()) == (Period(2018, 12), Period(2020, 1))
    assert (Period(2019).before(), Period(2019).after()) == (Period(2018), Period(2020))
    assert Period(2019, 7).year_before() == Period(2018, 7)


@given(st.dates(date(1951, 1, 1), date(2198, 12, 31)))
def test_going_back_and_forth_leads_home(day: date) -> None:
    period = Period(day.year, day.month)
    assert period.before().after() == period
    assert Period.parse(str(period)) == period
    assert (period.first_on - period.before().last_on).days == 1


@given(st.lists(st.integers(0, 3000), min_size=1))
def test_median_and_mean_are_those_of_the_single_values(values: list[int]) -> None:
    histogram = Counter(values)
    assert median(histogram) == statistics.median(values)
    assert mean(histogram) == round(sum(values) / len(values), 1)


def test_nothing_has_no_mean_and_no_share() -> None:
    assert (median({}), mean({}), percent(0, 0)) == (None, None, None)
    assert percent(1, 3) == 33.3


def a_tally(number: int) -> Tally:
    tally = Tally()
    counts = {"received": number, "late": number // 2, "answered": 0}
    tally.take(counts, {"channel": "web", "class": f"类{number % 2}"}, kept=("received", "late"))
    tally.answer_days[number] += 1
    tally.hops["7"] = (1, 2, 86_400.0 * number)
    return tally


@given(st.lists(st.integers(1, 9), max_size=6), st.lists(st.integers(1, 9), max_size=6))
def test_tallies_add_up_in_any_order_and_survive_being_kept(some: list[int], more: list[int]) -> None:
    def whole(numbers: list[int]) -> dict[str, object]:
        return total(Tally.unpacked(a_tally(number).packed()) for number in numbers).packed()

    joined = total([total(map(a_tally, some)), total(map(a_tally, more))]).packed()
    assert whole(some + more) == joined == whole((more + some)[::-1])


def test_a_sum_counts_every_part() -> None:
    tally = total([a_tally(4), a_tally(3)])
    assert dict(tally.counts) == {"received": 7, "late": 3, "answered": 0}
    assert tally.parts["class"] == {"类0": Counter(received=4, late=2), "类1": Counter(received=3, late=1)}
    assert tally.hops == {"7": (2, 4, 86_400.0 * 7)}
