"""The edges of days and years: a day is China's day, whatever the server's clock is set to."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.builders import County, a_county, a_petition, moved
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.models import Case, ClockRecord, Letter
from yiwang.kernel.casework.rules.clocks import local_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> Iterator[County]:
    """A small county."""
    with acting_as_system():
        yield a_county()


def registered(county: County, at: datetime) -> Case:
    """A petition that came in at an instant."""
    return Case.objects.get(pk=a_petition(county, at=at).case.pk)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 3, 1, 15, 59, 59, 999999, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC), date(2025, 12, 31)),
        (datetime(2025, 12, 31, 16, 0, 1, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2024, 2, 28, 16, 0, tzinfo=UTC), date(2024, 2, 29)),
        (datetime(2024, 2, 29, 16, 0, tzinfo=UTC), date(2024, 3, 1)),
    ],
)
def test_a_matter_is_received_on_china_s_day(at: datetime, day: date, county: County) -> None:
    case = registered(county, at)
    clock = ClockRecord.objects.get(case=case, key="registration")
    assert local_day(at) == day
    assert (case.received_on, clock.start_on) == (day, day)
    assert clock.due_on == day + timedelta(days=15)
    assert case.number.split("-")[0].endswith(str(day.year))


def test_a_term_is_kept_until_the_last_minute_of_its_last_day(county: County) -> None:
    first = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    last_minute = datetime(2026, 3, 17, 15, 59, 59, tzinfo=UTC)
    water = county.unit("water").pk
    kept, broken = registered(county, first), registered(county, first)
    moved(kept, "forward", at=last_minute, unit_id=water)
    moved(broken, "forward", at=last_minute + timedelta(seconds=1), unit_id=water)
    ended = {
        case.pk: ClockRecord.objects.get(case=case, key="registration").ended_on for case in (kept, broken)
    }
    assert ended == {kept.pk: date(2026, 3, 17), broken.pk: date(2026, 3, 18)}
    breaches = [Case.objects.get(pk=case.pk).breach_on for case in (kept, broken)]
    assert breaches[1] == date(2026, 3, 17)
    assert breaches[0] is None or breaches[0] > date(2026, 3, 17)


def test_letters_of_a_year_that_ends_begin_anew(county: County) -> None:
    water = county.unit("water").pk
    numbers = []
    for at in (
        datetime(2025, 12, 31, 15, 59, tzinfo=UTC),
        datetime(2025, 12, 31, 16, 0, tzinfo=UTC),
    ):
        case = registered(county, at)
        moved(case, "forward", at=at, unit_id=water)
        numbers.append(Letter.objects.get(case=case, kind="transfer").number)
    assert [number.partition("〔")[2] for number in numbers] == ["2025〕1号", "2026〕1号"]


def test_two_in_the_same_microsecond_are_two(county: County) -> None:
    at = datetime(2026, 3, 2, 4, 0, 0, 1, tzinfo=UTC)
    cases = [registered(county, at) for _ in range(2)]
    assert len({case.number for case in cases}) == 2
    assert len({bytes(case.receipt_digest or b"") for case in cases}) == 2
    assert cases[0].received_at == cases[1].received_at
