"""A letter on the screen: its paragraphs with the articles that they cite as links."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from yiwang.kernel.casework.lawlinks import linked

SINGLE = ("remedy", "closing")


def letter_words(content: Mapping[str, Any]) -> dict[str, Any]:
    """The frozen content of a letter, every text that may cite an article as HTML; linked as of the letter's day."""
    day = date.fromisoformat(content["day"]) if content.get("day") else None
    texts: list[str] = []

    def noted(text: str) -> str:
        texts.append(text)
        return text

    _each(content, noted)
    if day is None or not texts:
        return dict(content)
    shown = iter(linked(texts, on=day))
    return _each(content, lambda _text: next(shown))


def _each(content: Mapping[str, Any], turned: Callable[[str], str]) -> dict[str, Any]:
    """The content with each text turned, always in the same order."""
    return {
        **content,
        "paragraphs": [turned(str(text)) for text in content.get("paragraphs", ())],
        "sections": [
            {**section, "paragraphs": [turned(str(text)) for text in section["paragraphs"]]}
            for section in content.get("sections", ())
        ],
        "terms": [{**term, "basis": turned(str(term["basis"]))} for term in content.get("terms", ())],
        **{key: turned(str(content[key])) for key in SINGLE if content.get(key)},
    }
