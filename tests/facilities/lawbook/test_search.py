"""Searching statutes: every part of a text is found, and nothing else."""

from datetime import date

import pytest

from tests.facilities.lawbook.builders import a_lawbook
from yiwang.facilities.lawbook import queries
from yiwang.facilities.lawbook.models import Passage

pytestmark = pytest.mark.django_db
TODAY = date(2026, 12, 1)


def test_any_part_of_a_text_is_found_and_nothing_is_invented() -> None:
    a_lawbook()
    held = list(Passage.objects.values_list("pk", "text"))
    asked = {
        text[start : start + size]
        for _pk, text in held
        for size in (1, 2, 3, 5, 8)
        for start in range(len(text))
    }
    asked = {piece for piece in asked if piece == "".join(piece.split())}
    assert len(asked) > 200
    for piece in sorted(asked):
        found = queries.find(piece, on=None, limit=500)
        assert {hit.id for hit in found.hits} >= {pk for pk, text in held if piece in text}, piece
        assert all(any(segment.is_hit for segment in hit.segments) for hit in found.hits), piece
    assert queries.find("会灯法", on=None).hits == []


def test_only_the_version_of_the_day_is_found() -> None:
    a_lawbook()
    assert [hit.version_on for hit in queries.find("应当有灯", on=date(2010, 1, 1)).hits] == [
        date(2001, 5, 1)
    ]
    assert [
        hit.version_on for hit in queries.find("应当有灯", on=TODAY, work=queries.work_named("灯会法")).hits
    ] == [date(2020, 10, 1)]
    assert queries.find("看守", on=date(2010, 1, 1)).hits == []
    assert queries.find("应当登记", on=TODAY).hits == []
    assert len(queries.find("应当登记", on=date(2027, 1, 1)).hits) == 1


def test_laws_stand_before_regulations_and_pages_follow_one_another() -> None:
    a_lawbook()
    whole = queries.find("灯会", on=None, limit=500)
    ranks = [hit.order for hit in whole.hits]
    assert ranks == sorted(ranks)
    paged, after = [], ""
    while True:
        part = queries.find("灯会", on=None, after=after, limit=3)
        if not part.hits:
            break
        paged += part.hits
        after = part.hits[-1].key
    assert [hit.id for hit in paged] == [hit.id for hit in whole.hits]
    assert whole.count == len(whole.hits)


@pytest.mark.parametrize("on", [None, TODAY])
def test_words_that_stand_everywhere_are_shown_in_the_same_order_and_counted_to_the_cap(
    on: date | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_lawbook()
    for words in ("灯", "灯会", "会"):
        whole = queries.find(words, on=on, limit=500)
        with monkeypatch.context() as patch:
            patch.setattr(queries, "MOST_COUNTED", 2)
            cut = queries.find(words, on=on, limit=4)
            behind = queries.find(words, on=on, limit=500, after=cut.hits[-1].key)
        assert (cut.count, cut.is_more_than_counted, len(cut.hits)) == (2, True, 4)
        assert [*cut.hits, *behind.hits] == whole.hits


def test_a_work_can_be_searched_alone() -> None:
    a_lawbook()
    work = queries.work_named("灯会暂行条例")
    assert [hit.short_title for hit in queries.find("条例", on=None, work=work).hits] == ["灯会暂行条例"]


def test_a_question_without_words_finds_nothing() -> None:
    a_lawbook()
    assert queries.find("   ", on=None).hits == []
