"""The texts of the statutes as data for tests: found beside the checkout, read into articles and paragraphs."""

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from yiwang.kernel.base.text import chinese_number
from yiwang.kernel.casework.rules.casetype import Citation, Law

FOLDERS = {
    "petition-work-2022": "行政法规/信访工作条例(2022-02-25).md",
    "civil-code-general": "民法典/总则.md",
    "civil-code-contracts": "民法典/合同编.md",
    "e-commerce-2018": "民法商法/电子商务法(2018-08-31).md",
    "consumers-2013": "民法商法/消费者权益保护法(2013-10-25).md",
    "personal-information-2021": "行政法/个人信息保护法(2021-08-20).md",
    "prices-1997": "经济法/价格法(1997-12-29).md",
}
"""The file of each statute (or of its part), by the key of the declaration."""
KEPT_HERE = {"official-documents-2012": "official_documents_2012.md"}
"""Regulations that the collection lacks: the articles that are cited stand beside the tests, as published."""
_ARTICLE = re.compile(r"^第([零一二三四五六七八九十百千]+)条[\s　]*(.*)")
_ITEM = re.compile(r"^（([零一二三四五六七八九十百]+)）(.*)")


@dataclass
class Paragraph:
    """One paragraph (款): its own words and those of its items (项)."""

    text: str
    items: list[str]


def folder() -> Path:
    """Where the statutes lie; the test is skipped where they don't."""
    named = os.environ.get("YIWANG_SHARED_DATA")
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    laws = (Path(named) if named else beside) / "laws"
    if not laws.is_dir():
        pytest.skip("the law texts aren't here; name their folder in YIWANG_SHARED_DATA")
    return laws


@cache
def _articles(path: Path) -> dict[str, list[Paragraph]]:
    found: dict[str, list[Paragraph]] = {}
    current: list[Paragraph] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if not line or line.startswith(("#", "<!--")):
            continue
        if begins := _ARTICLE.match(line):
            current = found.setdefault(begins[1], [])
            current.append(Paragraph(begins[2], []))
        elif current is not None and (item := _ITEM.match(line)):
            current[-1].items.append(item[2])
        elif current is not None:
            current.append(Paragraph(line, []))
    return found


def _file(key: str) -> Path:
    return Path(__file__).parent / KEPT_HERE[key] if key in KEPT_HERE else folder() / FOLDERS[key]


def article(law: Law, number: int) -> list[Paragraph]:
    """The paragraphs of an article; fails when the statute has no such article."""
    paragraphs = _articles(_file(law.key)).get(chinese_number(number))
    assert paragraphs is not None, f"{law.title} has no article {number}"
    return paragraphs


def cited(citation: Citation) -> str:
    """The words a citation points to; fails when there is no such paragraph or item."""
    paragraphs = article(citation.law, citation.article)
    if citation.paragraph is not None:
        assert citation.paragraph <= len(paragraphs), f"{citation.text()}: no such paragraph"
        paragraphs = [paragraphs[citation.paragraph - 1]]
    if citation.item is None:
        return "\n".join(text for paragraph in paragraphs for text in (paragraph.text, *paragraph.items))
    with_items = [paragraph for paragraph in paragraphs if paragraph.items]
    assert len(with_items) == 1, f"{citation.text()}: which paragraph's items?"
    assert citation.item <= len(with_items[0].items), f"{citation.text()}: no such item"
    return with_items[0].items[citation.item - 1]
