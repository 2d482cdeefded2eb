"""What is found is exactly what LIKE finds, and only within the scope."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from yiwang.kernel.search import actions, queries
from yiwang.kernel.search.queries import Count
from yiwang.kernel.search.rules import Scope, Segment, keepable

pytestmark = pytest.mark.django_db

AsOwner = Callable[[], AbstractContextManager[None]]
NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)
EVERYTHING = Scope.everything()


def put(number: int, text: str, *, kind: str = "case", **columns: object) -> None:
    actions.index(kind, number, at=NOON + timedelta(minutes=number), text=text, **columns)  # type: ignore[arg-type]


def found(text: str, *, predicate: Scope = EVERYTHING, limit: int = 50) -> list[int]:
    return [hit.object_id for hit in queries.find(text, kind="case", predicate=predicate, limit=limit)]


def by_index(text: str) -> list[int]:
    """The ids that the word index returns without any scan of the newest."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "SELECT object_id FROM search_document WHERE search_tokens(text) @@ search_question(search_words(%s))"
            " AND text LIKE ALL (search_patterns(search_words(%s))) ORDER BY object_id DESC",
            [text, text],
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def three() -> None:
    put(1, "小区施工噪音扰民，ＡＢＣ大厦12号楼")
    put(2, "夜里噪声很大，月嫂预约不上")
    put(3, "施工队把噪音墙拆了")


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("噪音", [3, 1]),
        ("噪", [3, 2, 1]),
        ("施工噪音", [1]),
        ("施工 噪音", [3, 1]),
        ("abc大厦", [1]),
        ("Bc", [1]),
        ("12号", [1]),
        ("2号楼", [1]),
        ("1", [1]),
        ("，", [2, 1]),
        ("工把", []),
        ("   ", []),
        ("", []),
        ("%", []),
        ("_", []),
        ("噪_扰", []),
        ("\\", []),
        ("\x00", []),
        ("'", []),
        ("月嫂" * 400, []),
    ],
)
def test_words_are_found_by_any_part(question: str, expected: list[int]) -> None:
    assert found(question) == expected
    assert queries.count(question, kind="case", predicate=EVERYTHING) == Count(len(expected), is_more=False)


@pytest.mark.parametrize(
    "text",
    [
        "ئۇيغۇر تىلى",
        "བོད་སྐད་ཡིག",
        "ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ",
        "тест Ёлка straße",
        "😀👨‍👩‍👧‍👦🇨🇳好",
        "㐀𠀀𪚥龘",
        "100%_\\'\"&|!():*<->",
        "a'b\\c",
        "case-2026-00012345",
    ],
)
def test_every_substring_of_every_script_is_found(text: str) -> None:
    put(1, f"前文 {text} 后文")
    put(2, "别的事")
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM search_document WHERE object_id = 1")
        held = cursor.fetchone()[0]
    missed = []
    for start in range(len(held)):
        for end in range(start + 1, min(start + 9, len(held)) + 1):
            piece = held[start:end]
            if piece.strip() and (found(piece)[-1:] != [1] or by_index(piece)[-1:] != [1]):
                missed.append(piece)
    assert missed == []


ALPHABET = "噪音施工月a1Ａ，。 b%_\\'é\u0301ي😀ab123456789"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.text(alphabet=ALPHABET, max_size=40), min_size=1, max_size=6),
    st.one_of(
        st.text(alphabet=ALPHABET, max_size=8),
        st.tuples(st.integers(0, 5), st.integers(0, 39), st.integers(1, 12)),
    ),
)
@example(["a" * 30, "1234567", "12345號"], "2345號")
@example(["ab 噪音"], "b 噪")
def test_find_is_like(texts: list[str], asked: str | tuple[int, int, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_document")
    for number, text in enumerate(texts):
        put(number, text)
    if isinstance(asked, tuple):
        which, start, length = asked
        asked = texts[which % len(texts)][start : start + length]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT object_id FROM search_document AS d WHERE NOT EXISTS (SELECT FROM unnest(search_words(%s)) AS w"
            " WHERE strpos(d.text, w) = 0) AND cardinality(search_words(%s)) > 0 ORDER BY object_id DESC",
            [asked, asked],
        )
        expected = [row[0] for row in cursor.fetchall()]
    assert found(asked) == expected
    assert by_index(asked) == expected
    page = queries.page_of(asked, kind="case", predicate=EVERYTHING, limit=2, cap=3)
    assert (page.ids, page.count) == (tuple(expected[:2]), Count(min(len(expected), 3), len(expected) > 3))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.text(max_size=10))
def test_no_text_and_no_question_is_too_hostile(text: str, asked: str) -> None:
    put(1, text)
    assert found(asked) in ([], [1])
    put(1, keepable(text) + " " + asked)
    assert found(asked) == ([1] if keepable(asked).split() and found(asked) else [])


def test_pages_follow_by_key_without_gap_or_repetition() -> None:
    for number in range(130):
        put(number, "噪音" if number % 2 else "安静")
    seen: list[int] = []
    before = None
    while hits := queries.find("噪音", kind="case", predicate=EVERYTHING, before=before, limit=7):
        seen += [hit.object_id for hit in hits]
        before = hits[-1].key
    assert seen == list(range(129, 0, -2))


def test_a_word_that_stands_only_far_back_is_found_by_the_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_document (kind, object_id, at, text) SELECT 'case', n,"
            " timestamptz '2026-01-01' + n * interval '1 minute', CASE WHEN n < 60 THEN '月嫂' ELSE '安静' END"
            " FROM generate_series(1, 2600) AS n"
        )
    assert found("月嫂") == list(range(59, 9, -1))
    assert queries.count("安静", kind="case", predicate=EVERYTHING) == Count(1000, is_more=True)
    assert str(queries.count("安静", kind="case", predicate=EVERYTHING)) == "1,000+"


SOWN = {
    "everywhere": "true",
    "one in twenty": "n % 20 = 0",
    "one in a hundred": "n % 100 = 0",
    "long ago": "n < 700",
    "once": "n = 77",
    "never": "false",
    "only of late": "n > 11400",
}


@pytest.mark.parametrize("where", SOWN)
@pytest.mark.parametrize("question", ["月嫂", "月", "月嫂预约", "月嫂 预约", "预约1"])
def test_page_and_number_are_those_of_like_however_often_the_words_stand(where: str, question: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_document (kind, object_id, at, text) SELECT 'case', n,"  # noqa: S608 - our own words
            " timestamptz '2026-01-01' + n * interval '1 minute',"
            f" CASE WHEN {SOWN[where]} THEN '请问月嫂预约' || n ELSE '月亮和嫂子' END"
            " FROM generate_series(1, 12000) AS n"
        )
        cursor.execute("ANALYZE search_document")
        cursor.execute(
            "SELECT object_id FROM search_document WHERE text LIKE ALL (search_patterns(search_words(%s)))"
            " ORDER BY at DESC",
            [question],
        )
        expected = [row[0] for row in cursor.fetchall()]
    page = queries.page_of(question, kind="case", predicate=EVERYTHING)
    assert page.ids == tuple(expected[:50])
    assert page.count == Count(min(len(expected), 1000), len(expected) > 1000)
    assert (page.end is not None) == (len(page.ids) == 50)
    if page.end is not None:
        after = queries.page_of(question, kind="case", predicate=EVERYTHING, before=page.end)
        assert (after.ids, after.count) == (tuple(expected[50:100]), None)


def test_a_word_less_frequent_among_the_newest_is_found_by_scanning_on() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_document (kind, object_id, at, text) SELECT 'case', n,"
            " timestamptz '2026-01-01' + n * interval '1 minute', CASE WHEN n % 100 = 0 THEN '月嫂' ELSE '安静' END"
            " FROM generate_series(1, 9000) AS n"
        )
    assert found("月嫂") == list(range(9000, 4000, -100))


@pytest.fixture
def guarded() -> None:
    put(1, "噪音", unit_ids=[1, 10], institution_id=100)
    put(2, "噪音", unit_ids=[2, 10], institution_id=100, excluded_units=[5])
    put(3, "噪音", unit_ids=[1], institution_id=200, excluded_accounts=[7])
    put(4, "噪音", unit_ids=[1], institution_id=100, is_restricted=True)


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope.nothing(), []),
        (Scope.everything(), [4, 3, 2, 1]),
        (Scope.of(units=[1], accounts=[8]), [3, 1]),
        (Scope.of(units=[1], accounts=[7]), [1]),
        (Scope.of(institutions=[100], accounts=[8]), [2, 1]),
        (Scope.of(institutions=[100], accounts=[8], member_units=[5]), [1]),
        (Scope.of(units=[10], institutions=[200], accounts=[8]), [3, 2, 1]),
        (Scope.of(units=[1], accounts=[8], restricted_units=[1]), [4, 3, 1]),
        (Scope.of(units=[1], accounts=[8]) & Scope.of(institutions=[200]), [3]),
        (Scope.of(units=[2]) | Scope.of(institutions=[200]), [3, 2]),
    ],
)
def test_only_what_the_scope_lets_through_is_found_or_counted(scope: Scope, expected: list[int]) -> None:
    assert found("噪音", predicate=scope) == expected
    assert queries.count("噪音", kind="case", predicate=scope).number == len(expected)


def test_kinds_are_apart() -> None:
    put(1, "噪音", kind="notice")
    assert found("噪音") == []


def test_indexing_again_puts_right_and_forgetting_takes_out() -> None:
    put(1, "噪音")
    put(1, "安静", unit_ids=[4])
    assert (found("噪音"), found("安静", predicate=Scope.of(units=[4]))) == ([], [1])
    actions.forget("case", 1)
    assert found("安静") == []


def test_indexing_the_same_again_writes_nothing() -> None:
    put(1, "噪音")
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid FROM search_document")
        before = cursor.fetchone()
        put(1, "噪音")
        cursor.execute("SELECT ctid FROM search_document")
        assert cursor.fetchone() == before


def test_a_very_long_text_is_found_by_its_first_forty_thousand_characters() -> None:
    put(1, "".join(chr(0x4E00 + place % 20000) for place in range(39990)) + "噪音噪声月嫂" + "拖" * 100_000)
    assert (found("噪声月嫂"), found("拖拖拖拖拖")) == ([1], [])


def test_tibetan_fills_the_index_without_bursting_it() -> None:
    put(1, "".join(chr(0x0F40 + place * 7 % 100) + chr(0x0F00 + place % 211) for place in range(50_000)))
    assert found(chr(0x0F40)) == [1]


def test_a_hit_shows_where_the_word_stands() -> None:
    put(1, "<b>施工</b>噪音")
    (hit,) = queries.find("噪音", kind="case", predicate=EVERYTHING)
    assert hit.segments == [Segment("<b>施工</b>", is_hit=False), Segment("噪音", is_hit=True)]
    assert queries.highlight("ＡＢ", "b") == [Segment("Ａ", is_hit=False), Segment("Ｂ", is_hit=True)]


def test_a_page_of_hits_costs_one_query(django_assert_num_queries: object) -> None:
    for number in range(60):
        put(number, "噪音")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(found("噪音")) == 50


def test_bulk_loading_leaves_the_same_index(as_owner: AsOwner) -> None:
    put(1, "噪音")
    with as_owner(), actions.bulk_load(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_document (kind, object_id, at, text) VALUES ('case', 2, %s, search_text('月嫂Ａ'))",
            [NOON],
        )
    assert (by_index("月嫂a"), by_index("噪音")) == ([2], [1])


def test_the_check_finds_a_document_that_the_index_lost(as_owner: AsOwner) -> None:
    put(1, "噪音扰民")
    assert queries.unfindable() == []
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('search_tokens'::regproc)")
        (definition,) = cursor.fetchone()
        cursor.execute(
            "CREATE OR REPLACE FUNCTION search_tokens(p_text text) RETURNS tsvector LANGUAGE sql"
            " IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT ''::tsvector $$"
        )
        put(2, "月嫂预约")
        cursor.execute(definition)
    assert queries.unfindable() == [("case", 2)]
