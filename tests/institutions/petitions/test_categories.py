"""The list of content classes: our own at first, a county's own when it is loaded."""

import json

import pytest

from yiwang.institutions.petitions.actions import import_categories
from yiwang.institutions.petitions.categories import LONGEST_PATH, own_list
from yiwang.institutions.petitions.models import Category
from yiwang.institutions.petitions.queries import category_of, classes_like, fields_of_life, groups_in


def line(*names: str) -> str:
    """One line of a county's list."""
    return json.dumps(dict(zip(("level1", "level2", "level3"), names, strict=False)), ensure_ascii=False)


def test_our_own_list_has_three_levels_and_fits_its_column() -> None:
    paths = [one.path for one in own_list()]
    assert len(paths) == len(set(paths))
    assert (len(paths) >= 200, max(map(len, paths)) <= LONGEST_PATH) == (True, True)


@pytest.mark.django_db
def test_the_table_begins_with_our_own_list_in_its_order() -> None:
    assert [c.path for c in Category.objects.all()] == [one.path for one in own_list()]
    assert fields_of_life() == list(dict.fromkeys(one.level1 for one in own_list()))
    assert [group.name for group in groups_in("教育")] == ["义务教育", "学前与高中", "教师", "校外培训"]


@pytest.mark.django_db
def test_a_word_finds_its_class_the_closest_first() -> None:
    assert [c.level3 for c in classes_like("水管")] == ["水管漏水"]
    assert classes_like("农民工工资")[0].path == "劳动和社会保障/劳动报酬/农民工工资"
    assert [classes_like(words) for words in ("", "  ", "火星", "%", "'; --")] == [[], [], [], [], []]


@pytest.mark.django_db
def test_a_countys_list_replaces_ours_and_what_cases_carry_stays_known() -> None:
    before = Category.objects.count()
    lines = [line("城乡", "供水", "漏水"), line("城乡", "供水", "漏水"), "{", line("城乡"), "", '["x"]']
    summary = import_categories(lines)
    assert (summary.read, summary.new, summary.known, summary.refused) == (5, 1, 1, 3)
    assert [error["line"] for error in summary.errors] == [3, 4, 6]
    assert (summary.retired, category_of("城乡/供水/漏水")) == (before, "城乡/供水/漏水")
    assert Category.objects.count() == before + 1
    assert category_of("教育/教师/教师待遇") == ""


@pytest.mark.django_db
def test_importing_twice_changes_nothing_and_a_list_without_a_good_line_neither() -> None:
    import_categories([line("城乡", "供水", "漏水")])
    again = import_categories([line("城乡", "供水", "漏水")])
    assert (again.new, again.known, again.retired) == (0, 1, 0)
    empty = import_categories(["{"])
    assert (empty.refused, empty.retired, Category.objects.filter(is_valid=True).count()) == (1, 0, 1)


@pytest.mark.django_db
def test_a_slash_in_a_name_does_not_make_a_fourth_level() -> None:
    import_categories([line("城乡", "供水/排水", "漏水")])
    assert Category.objects.get(is_valid=True).path == "城乡/供水／排水/漏水"
