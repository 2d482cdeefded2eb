"""The citations of a text against the lawbook: what they resolve to on a day, and those that are dead."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.builders import NOON
from yiwang.facilities.lawbook import actions, queries
from yiwang.facilities.lawbook.rules.binding import Standing
from yiwang.facilities.lawbook.sources import Held
from yiwang.facilities.lawbook.templatetags.lawbook import law_links
from yiwang.kernel.base.problems import Problem
from yiwang.site import database
from yiwang.site.command import main
from yiwang.site.commands.cite import _text

pytestmark = pytest.mark.django_db

OLD = """# 中华人民共和国养犬法

2010年1月1日 第十一届全国人民代表大会常务委员会第十次会议通过

<!-- INFO END -->

第一条 养犬应当登记。

第二条 有下列情形之一的，不予登记：

（一）烈性犬；

（二）大型犬。

第三条 本法自2010年5月1日起施行。
"""
NEW = OLD.replace("2010年1月1日 第十一届", "2020年1月1日 第十三届").replace(
    "第三条 本法自2010年5月1日起施行", "第二条之一 养犬人应当清理粪便。\n\n第三条 本法自2020年5月1日起施行"
)


@pytest.fixture
def lawbook() -> None:
    """One law in two versions."""
    texts = [Held(name="养犬法(2010-01-01).md", text=OLD), Held(name="养犬法(2020-01-01).md", text=NEW)]
    actions.load(texts, source="test", at=NOON)


@pytest.mark.usefixtures("lawbook")
def test_a_citation_leads_to_the_version_of_the_text_s_day() -> None:
    text = "依照《中华人民共和国养犬法》第二条第（一）项、养犬法第二条之一，《某某条例》第一条"
    then = queries.citations_of(text, on=date(2015, 1, 1))
    now = queries.citations_of(text, on=date(2021, 1, 1))
    assert [(each.text, each.bound.standing) for each in then] == [
        ("《中华人民共和国养犬法》第二条第（一）项", Standing.IN_FORCE),
        ("养犬法第二条之一", Standing.NO_ARTICLE),
        ("《某某条例》第一条", Standing.UNKNOWN_WORK),
    ]
    assert [each.bound.standing for each in now] == [
        Standing.IN_FORCE,
        Standing.IN_FORCE,
        Standing.UNKNOWN_WORK,
    ]
    assert [each.url for each in now] == [
        "/law/%E5%85%BB%E7%8A%AC%E6%B3%95@2020-05-01#art_2/para_1/item_1",
        "/law/%E5%85%BB%E7%8A%AC%E6%B3%95@2020-05-01#art_2.1",
        "",
    ]


@pytest.mark.usefixtures("lawbook")
def test_dead_citations_are_told_before_a_document_is_signed() -> None:
    text = "依照养犬法第一条和第九条处理。"
    assert [each.text for each in queries.dead_citations(text, on=date(2021, 1, 1))] == ["第九条"]
    assert [each.text for each in queries.dead_citations(text, on=date(2009, 1, 1))] == [
        "养犬法第一条",
        "第九条",
    ]


@pytest.mark.usefixtures("lawbook")
def test_many_citations_cost_no_more_questions_than_one(django_assert_max_num_queries: Any) -> None:
    queries.citations_of("养犬法第一条", on=date(2021, 1, 1))
    with django_assert_max_num_queries(6):
        queries.citations_of("养犬法第一条，" * 50 + "《某某条例》第三条", on=date(2021, 1, 1))


@pytest.mark.usefixtures("lawbook")
def test_a_statute_s_own_words_speak_of_it() -> None:
    own = queries.citations_of("违反本法第二条的", on=date(2021, 1, 1), title="中华人民共和国养犬法")
    assert [each.bound.standing for each in own] == [Standing.IN_FORCE]


@pytest.mark.usefixtures("lawbook")
def test_a_text_is_shown_with_links_and_nothing_else_of_it_becomes_markup() -> None:
    shown = law_links("<b>依照养犬法第一条</b>、第九条，《某某条例》", date(2021, 1, 1))
    start = '&lt;b&gt;依照<a class="peek-link" href="/law/%E5%85%BB%E7%8A%AC%E6%B3%95@2020-05-01/art_1#art_1"'
    assert shown.startswith(start)
    assert "养犬法第一条</a>&lt;/b&gt;、" in shown
    assert 'class="dead-link"' in shown
    assert shown.endswith("，《某某条例》")


@contextmanager
def ready() -> Iterator[None]:
    """The test's own database."""
    yield


@pytest.mark.usefixtures("lawbook")
def test_the_command_prints_every_citation_and_fails_for_dead_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(database, "ready", ready)
    file = tmp_path / "信.txt"
    file.write_text("依照养犬法第二条之一。", encoding="utf-8")
    assert main(["cite", str(file), "--as-of", "2021-01-01", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["counts"] == {"citations": 1, "dead": 0, "in_force": 1}
    (row,) = told["citations"]
    assert (row["start"], row["end"], row["text"], row["place"]) == (2, 10, "养犬法第二条之一", "art_2.1")
    assert (row["work"], row["version"], row["sentence"]) == (
        "中华人民共和国养犬法",
        "2020-01-01",
        "In force on that day",
    )
    assert main(["cite", str(file), "--as-of", "2015-01-01"]) == 1
    assert "The version of that day has no 第二条之一" in capsys.readouterr().out


def test_a_word_file_is_read_paragraph_by_paragraph(tmp_path: Path) -> None:
    file = tmp_path / "公文.docx"
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    paragraphs = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in ("依照刑法", "第三条"))
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}">{paragraphs}</w:document>')
    assert _text(file) == "依照刑法\n第三条"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00", "is neither a DOCX nor a text in UTF-8"),
        (None, "can't be read"),
    ],
)
def test_a_file_that_is_no_text_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Problem, match=words):
        _text(file)
    empty = tmp_path / "empty.docx"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("other.xml", "")
    with pytest.raises(Problem, match="is no sound DOCX"):
        _text(empty)
