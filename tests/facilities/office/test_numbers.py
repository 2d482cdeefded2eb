"""Numbers follow one another without a gap or a twin, whoever draws them and whatever is undone."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import NOON, a_county
from tests.facilities.office.builders import a_released_document, a_series, a_signed_document, do, take
from yiwang.facilities.office import actions, queries
from yiwang.facilities.office.actions.numbering import draw
from yiwang.facilities.office.faults import NoNumber
from yiwang.facilities.office.models import DocumentNumber, NumberSeries
from yiwang.facilities.office.rules.numbering import is_mark, number_text
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.casework.faults import NotPermitted

PARALLEL = 200
NEW_YEAR = datetime(2026, 12, 31, 16, 0, 1, tzinfo=UTC)
"""A second past midnight in China."""


def drawn(series: NumberSeries, *, year: int = 2026) -> list[int]:
    """The numbers of a year in order."""
    return list(
        DocumentNumber.objects.filter(series=series, year=year)
        .order_by("number")
        .values_list("number", flat=True)
    )


@pytest.mark.django_db(transaction=True)
def test_two_hundred_at_once_leave_no_gap_and_no_twin() -> None:
    series = a_series(a_county())

    def issue(place: int) -> bool:
        """Draw one in a transaction of its own connection; every fifth is undone."""
        try:
            with transaction.atomic():
                draw(series, document=None, reason=f"第{place}件", by=None, at=NOON)
                if place % 5 == 4:
                    raise Undone
        except Undone:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(20) as pool:
        kept = sum(pool.map(issue, range(PARALLEL * 5 // 4)))
    assert kept == PARALLEL
    assert drawn(series) == list(range(1, PARALLEL + 1))


class Undone(Exception):
    """Something else in the transaction failed."""


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(st.sampled_from(["draw", "undo", "void", "next year"]), max_size=25),
    seed=st.integers(0, 99),
)
def test_whatever_is_done_every_year_counts_from_one_without_a_gap(acts: list[str], seed: int) -> None:
    dice = random.Random(seed)
    with transaction.atomic():
        series = a_series(a_county(), mark="云水发")
        at, years = NOON, {2026}
        for act in acts:
            if act == "next year":
                at, years = at.replace(year=at.year + 1), {*years, at.year + 1}
            elif act == "void":
                kept = list(DocumentNumber.objects.filter(series=series, state="reserved"))
                if kept:
                    actions.void(dice.choice(kept).pk, reason="不用", by=SYSTEM, at=at)
            else:
                try:
                    with transaction.atomic():
                        actions.reserve(series.pk, reason="留号", by=SYSTEM, at=at)
                        if act == "undo":
                            raise Undone
                except Undone:
                    pass
        for year in years:
            numbers = drawn(series, year=year)
            assert numbers == list(range(1, len(numbers) + 1))
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_year_turns_at_midnight_in_china_and_a_number_kept_back_is_not_carried_over() -> None:
    county = a_county()
    series = a_series(county)
    kept = actions.reserve(series.pk, reason="年末文件", by=SYSTEM, at=NOON)
    out = a_signed_document(county, "chengguan")
    take(county, "water.clerk", "check", out)
    with pytest.raises(NoNumber):
        do(county, "water.clerk", actions.enter, out, series_id=series.pk, reserved_id=kept.pk, at=NEW_YEAR)
    number = do(county, "water.clerk", actions.enter, out, series_id=series.pk, at=NEW_YEAR)
    assert (number.year, number.number) == (2027, 1)
    actions.void(kept.pk, reason="年度已过", by=SYSTEM, at=NEW_YEAR)
    assert DocumentNumber.objects.get(pk=kept.pk).reason == "年度已过"


@pytest.mark.django_db
def test_a_number_kept_back_is_used_by_the_document_it_was_kept_for() -> None:
    county = a_county()
    series = a_series(county)
    kept = actions.reserve(series.pk, reason="会议", by=SYSTEM, at=NOON)
    a_released_document(county, "chengguan")
    out = a_signed_document(county, "heping")
    take(county, "water.clerk", "check", out)
    number = do(county, "water.clerk", actions.enter, out, series_id=series.pk, reserved_id=kept.pk)
    assert (number.number, number.state) == (1, "issued")


@pytest.mark.django_db
def test_a_document_given_up_leaves_its_number_void_with_the_reason() -> None:
    county = a_county()
    series = a_series(county)
    out = a_signed_document(county, "chengguan")
    take(county, "water.clerk", "check", out)
    do(county, "water.clerk", actions.enter, out, series_id=series.pk)
    do(county, "water.clerk", actions.withdraw, out, reasons="会议取消")
    with acting_as_system():
        row = DocumentNumber.objects.get(series=series)
        assert (row.number, row.state, row.reason) == (1, "void", "会议取消")
        another = a_signed_document(county, "heping")
    take(county, "water.clerk", "check", another)
    assert do(county, "water.clerk", actions.enter, another, series_id=series.pk).number == 2


@pytest.mark.django_db
def test_the_database_refuses_gaps_twins_and_removals(
    as_owner: Callable[[], AbstractContextManager[None]],
) -> None:
    series = a_series(a_county())
    draw(series, document=None, reason="一", by=None, at=NOON)
    with as_owner():
        for sql in (
            "INSERT INTO office_documentnumber (series_id, year, number, state, reason, drawn_at) VALUES (%s, 2026, 3, 'void', '跳号', now())",
            "INSERT INTO office_documentnumber (series_id, year, number, state, reason, drawn_at) VALUES (%s, 2026, 1, 'void', '重号', now())",
            "DELETE FROM office_documentnumber WHERE series_id = %s",
            "UPDATE office_documentnumber SET number = 2 WHERE series_id = %s",
        ):
            with (
                pytest.raises((DatabaseError, IntegrityError)),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql, [series.pk])
    assert drawn(series) == [1]


@pytest.mark.django_db
def test_nobody_draws_numbers_of_another_unit() -> None:
    county = a_county()
    series = a_series(county)
    with pytest.raises(NotPermitted):
        actions.reserve(series.pk, reason="借号", by=county.standing("heping.clerk"), at=NOON)
    with pytest.raises(NotPermitted):
        actions.open_series(county.unit("water").pk, mark="云水函", by=county.standing("water.clerk"))


def test_a_number_is_written_without_noughts() -> None:
    assert number_text("云政发", year=2026, number=3) == "云政发〔2026〕3号"
    assert [is_mark(mark) for mark in ("云政发", "YZF", "", "云政发1")] == [True, False, False, False]


@pytest.mark.django_db
def test_a_year_with_numbers_is_named_once_the_latest_first() -> None:
    series = a_series(a_county())
    with acting_as_system():
        for at in (NOON, NOON, NEW_YEAR):
            draw(series, document=None, reason="补登", by=None, at=at)
        assert queries.years_of(series.pk) == [2027, 2026]
