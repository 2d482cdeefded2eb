"""The catalogue as a file: a class a paragraph, an item a line; the house's own stands beside this module."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

OWN_CATALOGUE = Path(__file__).with_name("catalogue.txt")


class BadLine(ValueError):
    """A line of a catalogue can't be read; the message says why."""


@dataclass(frozen=True)
class ClassLine:
    """A class of services: key, name, English name."""

    key: str
    name: str
    name_en: str


@dataclass(frozen=True)
class ItemLine:
    """A service: its unit in Chinese and English, what one costs and at most may cost (in fen), how long it takes, what it needs."""

    class_key: str
    name: str
    name_en: str
    unit_word: str
    unit_word_en: str
    price_fen: int
    ceiling_fen: int
    minutes: int
    skill: str
    licence: str
    from_hour: int
    until_hour: int


def own_lines() -> list[str]:
    """The lines of the catalogue that comes with the house."""
    return OWN_CATALOGUE.read_text(encoding="utf-8").splitlines()


def parsed(lines: Iterable[str]) -> Iterator[tuple[int, ClassLine | ItemLine | BadLine]]:
    """Each line with its number: a class, an item of the class above it, or why it can't be read."""
    current = ""
    for number, raw in enumerate(lines, start=1):
        line = raw.strip()
        if not line:
            continue
        try:
            if line.startswith("#"):
                found = _class(line[1:])
                current = found.key
                yield number, found
            else:
                yield number, _item(line, class_key=current)
        except BadLine as bad:
            yield number, bad


def _class(line: str) -> ClassLine:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 3 or not all(parts):
        raise BadLine("a class needs key, name and English name")
    if not parts[0].replace("_", "").isalnum() or not parts[0].isascii():
        raise BadLine("the key of a class has letters, figures and _ only")
    return ClassLine(*parts)


def _item(line: str, *, class_key: str) -> ItemLine:
    if not class_key:
        raise BadLine("an item stands before its class")
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 9:
        raise BadLine(f"an item has 9 fields, here there are {len(parts)}")
    name, name_en, unit, price, ceiling, minutes, skill, licence, hours = parts
    unit_word, _, unit_word_en = (word.strip() for word in unit.partition(" "))
    if not name or not unit_word or not skill:
        raise BadLine("name, unit and skill are needed")
    first, _, last = hours.partition("-")
    item = ItemLine(
        class_key, name, name_en, unit_word, unit_word_en, _fen(price), _fen(ceiling), _whole(minutes), skill, licence,
        _whole(first), _whole(last),
    )  # fmt: skip
    if item.ceiling_fen < item.price_fen:
        raise BadLine("the ceiling is below the price")
    if not 0 <= item.from_hour < item.until_hour <= 24:
        raise BadLine("the hours aren't within a day")
    return item


def _fen(text: str) -> int:
    try:
        exact = Decimal(text) * 100
    except InvalidOperation:
        raise BadLine(f"{text!r} isn't a price") from None
    if not exact.is_finite() or exact < 0 or exact != exact.to_integral_value():
        raise BadLine(f"{text!r} isn't a price")
    return int(exact)


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise BadLine(f"{text!r} isn't a whole number")
    return int(text)
