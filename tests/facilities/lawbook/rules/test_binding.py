"""A citation bound to the version in force on a day, and what is wrong with a dead one."""

from datetime import date

import pytest

from yiwang.facilities.lawbook.rules.binding import Standing, Version, bind
from yiwang.facilities.lawbook.rules.citations import find
from yiwang.facilities.lawbook.rules.numerals import Number

OLD = {
    Number(1): "养犬应当登记。",
    Number(2): "有下列情形之一的，不予登记：\n（一）烈性犬；\n（二）大型犬。\n具体办法另定。",
}
NEW = {**OLD, Number(2, 1): "养犬人应当清理粪便。"}
VERSIONS = [
    Version("养犬条例", date(2010, 1, 1), date(2020, 5, 1), OLD.get, "2010"),
    Version("养犬条例", date(2020, 5, 1), None, NEW.get, "2020"),
]
SHELF = {
    "养犬条例": VERSIONS,
    "旧办法": [Version("旧办法", date(1990, 1, 1), date(2000, 1, 1), OLD.get)],
    "新办法": [Version("新办法", date(2030, 1, 1), None, OLD.get)],
}


@pytest.mark.parametrize(
    ("text", "day", "standing", "key"),
    [
        ("《养犬条例》第一条", date(2015, 1, 1), Standing.IN_FORCE, "2010"),
        ("《养犬条例》第一条", date(2020, 4, 30), Standing.IN_FORCE, "2010"),
        ("《养犬条例》第一条", date(2020, 5, 1), Standing.IN_FORCE, "2020"),
        ("《养犬条例》第二条之一", date(2015, 1, 1), Standing.NO_ARTICLE, "2010"),
        ("《养犬条例》第二条之一", date(2021, 1, 1), Standing.IN_FORCE, "2020"),
        ("《养犬条例》第一条至第三条", date(2021, 1, 1), Standing.NO_ARTICLE, "2020"),
        ("《养犬条例》第二条第二款", date(2021, 1, 1), Standing.IN_FORCE, "2020"),
        ("《养犬条例》第二条第三款", date(2021, 1, 1), Standing.NO_PARAGRAPH, "2020"),
        ("《养犬条例》第二条第（二）项", date(2021, 1, 1), Standing.IN_FORCE, "2020"),
        ("《养犬条例》第二条第一款第（三）项", date(2021, 1, 1), Standing.NO_ITEM, "2020"),
        ("《养犬条例》第二条第二款第（一）项", date(2021, 1, 1), Standing.NO_ITEM, "2020"),
        ("《养犬条例》", date(2021, 1, 1), Standing.IN_FORCE, "2020"),
        ("《某某条例》第一条", date(2021, 1, 1), Standing.UNKNOWN_WORK, None),
    ],
)
def test_the_day_decides_which_version_is_meant(
    text: str, day: date, standing: Standing, key: str | None
) -> None:
    (bound,) = bind(find(text), shelf=lambda title: SHELF.get(title, []), day=day)
    assert (bound.standing, bound.version.key if bound.version else None) == (standing, key)


def test_what_was_repealed_or_isnt_in_force_yet_says_since_when() -> None:
    text = "《旧办法》第一条和《新办法》第一条"
    bounds = bind(find(text), shelf=lambda title: SHELF.get(title, []), day=date(2024, 1, 1))
    assert [(each.standing, each.day, each.is_dead) for each in bounds] == [
        (Standing.REPEALED, date(2000, 1, 1), True),
        (Standing.NOT_YET, date(2030, 1, 1), True),
    ]


def test_before_an_amended_text_another_one_was_in_force_that_isnt_held() -> None:
    amended = Version("养犬条例", date(2020, 5, 1), None, NEW.get, is_original=False)
    (bound,) = bind(find("《养犬条例》第一条"), shelf=lambda title: [amended], day=date(2019, 1, 1))
    assert (bound.standing, bound.is_dead) == (Standing.NOT_HELD, False)


def test_a_statute_that_its_source_calls_repealed_is_dead_on_any_day() -> None:
    ended = Version("养犬条例", date(2010, 1, 1), None, NEW.get, is_ended=True)
    (bound,) = bind(find("《养犬条例》第一条"), shelf=lambda title: [ended], day=date(2019, 1, 1))
    assert (bound.standing, bound.day) == (Standing.REPEALED, None)


def test_a_text_whose_statute_is_told_speaks_of_it() -> None:
    text = "违反本条例第二条的"
    citations = find(text, is_own=True)
    (alone,) = bind(citations, shelf=lambda title: SHELF.get(title, []), day=date(2024, 1, 1))
    (told,) = bind(citations, shelf=lambda title: SHELF.get(title, []), day=date(2024, 1, 1), own="养犬条例")
    assert (alone.standing, told.standing) == (Standing.UNPLACED, Standing.IN_FORCE)
