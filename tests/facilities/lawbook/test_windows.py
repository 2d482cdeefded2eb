"""The windows of a passage are the same, whoever makes them: Python at a load, the database at any other row."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.facilities.lawbook.builders import NOW, a_lawbook, held
from yiwang.facilities.lawbook import actions, queries
from yiwang.facilities.lawbook.models import Passage
from yiwang.facilities.lawbook.rules.windows import as_tsvector, is_familiar, windows

pytestmark = pytest.mark.django_db

AsOwner = Callable[[], AbstractContextManager[None]]
SHORT = st.text(st.sampled_from("第一条A b9，。（1）Ｂ\n\t　—…'\\0:%_☃㎡"), max_size=24)
FAMILIAR = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.characters(min_codepoint=0x2014, max_codepoint=0x2026),
        st.characters(min_codepoint=0x3000, max_codepoint=0x303F),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.characters(min_codepoint=0xFF01, max_codepoint=0xFF5E),
    ),
    max_size=40,
)


def by_the_database(text: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM search_windows(search_normalise(%s))", [text])
        return {token for (token,) in cursor.fetchall()}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(SHORT, FAMILIAR))
@example("")
@example("\n第一条")
@example("ABCDEFG法")
@example("12345法 1")
@example("Ａｂ９…—")
def test_python_and_the_database_cut_the_same_windows(text: str) -> None:
    if is_familiar(text):
        assert windows(text) == by_the_database(text)
    else:
        assert as_tsvector(text) is None


def test_every_familiar_character_is_folded_as_the_database_folds_it() -> None:
    for first in range(0x20, 0x10000, 0x100):
        held = [chr(code) for code in range(first, first + 0x100) if not 0xD800 <= code < 0xE000]
        known = " ".join(filter(is_familiar, held))
        assert windows(known) == by_the_database(known), hex(first)


@pytest.mark.parametrize("is_rebuilding", [True, False])
def test_a_load_keeps_the_windows_that_the_database_would(
    is_rebuilding: bool, as_owner: AsOwner, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = "# 测量办法\n\n2020年1月1日 公布\n\n<!-- INFO END -->\n\n第一条 ５㎡、40℃以上的ΣΑΣ，İ型。\n"
    with as_owner():
        monkeypatch.setattr(actions, "MANY_PASSAGES", 1 if is_rebuilding else 1_000_000)
        actions.load(held({"测量办法.md": strange}), source="试验", at=NOW)
        a_lawbook()
    assert Passage.objects.count() > 10
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM lawbook_passage WHERE tokens <> search_tokens(folded)")
        assert cursor.fetchone() == (0,)
    assert [hit.heading or hit.text for hit in queries.find("5m2、40°c", on=None).hits] == [
        "５㎡、40℃以上的ΣΑΣ，İ型。"
    ]


def test_a_passage_that_is_written_or_changed_alone_is_found_too() -> None:
    a_lawbook()
    passage = Passage.objects.get(text__startswith="火应当有人看守")
    passage.text = "火应当熄灭。"
    passage.save()
    passage.pk, passage.place, passage.branch, passage.text = None, 999, 7, "烟花另行规定。"
    passage.save(force_insert=True)
    assert [len(queries.find(words, on=None).hits) for words in ("看守", "应当熄灭", "烟花")] == [1, 1, 1]
