"""信访工作条例 28: who has a direct interest in the matter or the petitioner withdraws."""

import pytest

from tests.builders import ANSWER, County, a_petition, moved
from tests.law.matters import on, row
from yiwang.kernel.casework.faults import NotPermitted
from yiwang.kernel.casework.models import Case, JournalEntry, Letter
from yiwang.kernel.casework.policies import may_see, visible
from yiwang.kernel.casework.rules.data import BadData


@pytest.fixture
def recused(county: County) -> Case:
    """A petition at the water bureau whose clerk is the petitioner's brother."""
    case = a_petition(county, at=on("2026-03-02")).case
    office = county.standing("office.clerk")
    moved(case, "forward", by=office, at=on("2026-03-03"), unit_id=county.unit("water").pk)
    moved(
        case,
        "recuse",
        by=county.standing("water.head"),
        at=on("2026-03-04"),
        account_id=county.accounts["water.clerk"].pk,
        reasons="系信访人近亲属。",
    )
    return case


def test_whoever_withdraws_neither_sees_nor_moves_it(recused: Case, county: County) -> None:
    assert row(recused).excluded_accounts == [county.accounts["water.clerk"].pk]
    with pytest.raises(Case.DoesNotExist):
        moved(recused, "accept", by=county.standing("water.clerk"), at=on("2026-03-05"))
    with county.asking_as("water.clerk") as standing:
        assert Case.objects.filter(visible(standing)).count() == 0
        assert Case.objects.count() == JournalEntry.objects.count() == Letter.objects.count() == 0


def test_the_unit_goes_on_without_them(recused: Case, county: County) -> None:
    head = county.standing("water.head")
    moved(recused, "accept", by=head, at=on("2026-03-05"))
    moved(recused, "answer", by=head, at=on("2026-03-06"), **ANSWER)
    assert row(recused).state == "under_approval"


def test_it_is_recorded_with_reasons_and_only_by_those_who_act(county: County) -> None:
    case = a_petition(county, at=on("2026-03-02")).case
    who = county.accounts["office.head"].pk
    clerk = county.standing("office.clerk")
    with pytest.raises(BadData) as told:
        moved(case, "recuse", by=clerk, at=on("2026-03-03"), account_id=who)
    assert set(told.value.faults) == {"reasons"}
    with pytest.raises((NotPermitted, Case.DoesNotExist)):
        moved(
            case,
            "recuse",
            by=county.standing("county.leader"),
            at=on("2026-03-03"),
            account_id=who,
            reasons="x",
        )
    entry = moved(case, "recuse", by=clerk, at=on("2026-03-03"), account_id=who, reasons="系当事人。")
    assert entry.data == {"account_id": who, "reasons": "系当事人。"}


def test_nobody_shuts_out_those_who_watch_over_them(county: County) -> None:
    case = a_petition(county, at=on("2026-03-02")).case
    water = county.unit("water").pk
    moved(case, "forward", by=county.standing("office.clerk"), at=on("2026-03-03"), unit_id=water)
    for who in ("county.leader", "office.head"):
        with pytest.raises(BadData) as told:
            moved(
                case,
                "recuse",
                by=county.standing("water.clerk"),
                at=on("2026-03-04"),
                account_id=county.accounts[who].pk,
                reasons="x",
            )
        assert "own unit" in told.value.faults["account_id"].message
        assert may_see(county.standing(who), row(case))
