"""信访工作条例 24: when a unit is merged or abolished, the one that goes on with its powers acts."""

from datetime import date

import pytest

from tests.builders import County, a_petition, moved
from tests.law.matters import on, state
from yiwang.kernel.access.queries import forget_standings, standing_of
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.rules.data import BadData
from yiwang.kernel.orgs.actions import merge_unit

MERGED = date(2026, 4, 1)


def merged(county: County, *, name: str = "heping", into: str = "chengguan") -> None:
    merge_unit(county.unit(name), into=county.unit(into), on=MERGED, by_account_id=None)
    forget_standings()


def standing(county: County, name: str) -> Standing:
    return standing_of(county.accounts[name].pk, on=date(2026, 4, 3))


@pytest.fixture
def held(county: County) -> Case:
    case = a_petition(county, at=on("2026-03-02")).case
    unit_id = county.unit("heping").pk
    moved(case, "forward", by=county.standing("office.clerk"), at=on("2026-03-31"), unit_id=unit_id)
    return case


@pytest.mark.parametrize("who", ["chengguan.clerk", "heping.clerk"])
def test_the_successor_goes_on_where_the_unit_stopped(held: Case, county: County, who: str) -> None:
    merged(county)
    moved(held, "accept", by=standing(county, who), at=on("2026-04-03"))
    assert state(held)[0] == "handling"


def test_others_get_nothing_by_the_merger(held: Case, county: County) -> None:
    merged(county)
    with pytest.raises(Case.DoesNotExist):
        moved(held, "accept", by=standing(county, "water.clerk"), at=on("2026-04-03"))


def test_nothing_is_sent_to_a_unit_that_has_ended(county: County) -> None:
    merged(county)
    case = a_petition(county, at=on("2026-04-03")).case
    with pytest.raises(BadData) as told:
        moved(
            case,
            "forward",
            by=county.standing("office.clerk"),
            at=on("2026-04-03"),
            unit_id=county.unit("heping").pk,
        )
    assert set(told.value.faults) == {"unit_id"}
