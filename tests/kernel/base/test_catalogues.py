"""Merged catalogues give the words that Django's own order gives."""

import pytest
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.utils.translation import gettext, ngettext, override, pgettext
from django.utils.translation import trans_real as translation

from yiwang.kernel.base.catalogues import MergedCatalogues, merge_catalogues

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def _as_django_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "_translations", {})


@pytest.mark.usefixtures("_as_django_has_it")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_what_it_was(language: str) -> None:
    catalogue = translation.translation(language)._catalog
    asked = sorted({key for key in catalogue.keys() if key}, key=str)  # noqa: SIM118 - not a dictionary
    before = [catalogue.get(key) for key in asked]
    merge_catalogues()
    assert [catalogue.get(key) for key in asked] == before
    merge_catalogues()
    assert [catalogue.get(key) for key in asked] == before
    assert catalogue.get("no such words", "else") == "else"


@pytest.mark.usefixtures("_as_django_has_it")
def test_chinese_stands_in_one_catalogue() -> None:
    merge_catalogues()
    assert len(translation.translation("zh-hans")._catalog._catalogs) == 1


@pytest.mark.usefixtures("_as_django_has_it")
@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_and_contexts_are_what_they_were(language: str) -> None:
    def said() -> list[str]:
        with override(language):
            return [
                gettext("Sign out"),
                gettext("nothing of ours"),
                pgettext("day of the week", "Monday"),
                *(ngettext("%(days)s working day", "%(days)s working days", number) for number in (0, 1, 2)),
            ]

    before = said()
    merge_catalogues()
    assert said() == before


def test_catalogues_with_other_plurals_stay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def one(number: int) -> int:
        return 0

    def many(number: int) -> int:
        return int(number != 1)

    class Kept:
        _catalogs = [{"a": "1"}, {"a": "2", "b": "2"}, {"a": "3", "b": "3", "c": "3"}, {"d": "4", "c": "4"}]
        _plurals = [one, many, many, one]

    kept = Kept()
    monkeypatch.setattr(translation, "translation", lambda language: type("Language", (), {"_catalog": kept}))
    merge_catalogues()
    assert kept._catalogs == [{"a": "1"}, {"a": "2", "b": "2", "c": "3"}, {"d": "4", "c": "4"}]
    assert kept._plurals == [one, many, one]


def test_a_process_that_makes_pages_merges_them_and_no_request_passes_it() -> None:
    with pytest.raises(MiddlewareNotUsed):
        MergedCatalogues(lambda request: HttpResponse())
