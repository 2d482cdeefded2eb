"""Finding a unit, a colleague or a case by what somebody types: name, code, initials of its pinyin, number."""

from datetime import date
from functools import lru_cache

from django.db.models import Q
from django.utils import timezone

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.text import clean_line, fold
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.people.models import Account

MOST = 8


FIRST_OF_LETTER = (
    ("a", 0xB0A1), ("b", 0xB0C5), ("c", 0xB2C1), ("d", 0xB4EE), ("e", 0xB6EA), ("f", 0xB7A2), ("g", 0xB8C1),
    ("h", 0xB9FE), ("j", 0xBBF7), ("k", 0xBFA6), ("l", 0xC0AC), ("m", 0xC2E8), ("n", 0xC4C3), ("o", 0xC5B6),
    ("p", 0xC5BE), ("q", 0xC6DA), ("r", 0xC8BB), ("s", 0xC8F6), ("t", 0xCBFA), ("w", 0xCDDA), ("x", 0xCEF4),
    ("y", 0xD1B9), ("z", 0xD4D1), ("", 0xD7FA),
)  # fmt: skip
"""GB 2312 lists its 3,755 common characters in the order of their pinyin; here the first of each letter."""


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """The first letters of a name's pinyin: "cgz" for 城关镇; characters that aren't common are left out."""
    letters = []
    for character in fold(name):
        code = int.from_bytes(character.encode("gb2312", "ignore"), "big")
        if code < 0x80:
            letters.append(character if code else "")
        elif code >= FIRST_OF_LETTER[0][1]:
            letters.append(next(letter for letter, first in reversed(FIRST_OF_LETTER) if code >= first))
    return "".join(letters)


def units_like(text: str, *, on: date, most: int = MOST) -> list[Unit]:
    """The units of a day that fit what was typed, best first: by name, code or initials."""
    wanted = fold(text)
    if not wanted:
        return []
    ranked = [
        (rank, place, unit)
        for place, unit in enumerate(tree().valid(on=on))
        if (rank := _rank(unit, wanted)) is not None
    ]
    return [unit for _, _, unit in sorted(ranked, key=lambda one: one[:2])[:most]]


def unit_named(text: str, *, chosen: int | None = None) -> int | None:
    """The unit that was chosen, while its name stands there; else the one that fits the text best."""
    units = tree().units
    wanted = fold(text)
    if chosen in units and wanted in _names(units[chosen]):
        return chosen
    found = units_like(text, on=timezone.localdate(), most=2)
    if not found:
        return None
    is_clear = len(found) == 1 or _rank(found[0], wanted) != _rank(found[1], wanted)
    return found[0].pk if is_clear else None


def accounts_like(text: str, *, most: int = MOST) -> list[Account]:
    """Members of the staff whose name or sign-in name begins with what was typed."""
    wanted = clean_line(text)
    if not wanted:
        return []
    rule = Q(name__startswith=wanted) | Q(username__startswith=wanted.lower())
    return list(Account.objects.filter(rule, is_active=True).order_by("name", "pk")[:most])


def account_named(text: str, *, chosen: int | None = None) -> int | None:
    """The colleague who was chosen, while the name stands there; else the only one of exactly that name."""
    wanted = clean_line(text)
    rule = Q(name=wanted) | Q(username=wanted.lower())
    found = set(Account.objects.filter(rule, is_active=True).values_list("pk", flat=True)[:50])
    if chosen in found:
        return chosen
    return found.pop() if len(found) == 1 else None


def cases_like(text: str, *, standing: Standing, most: int = MOST) -> list[Case]:
    """The newest cases that somebody may see whose number holds what was typed."""
    digits = clean_line(text)
    if not digits:
        return []
    newest = Case.objects.filter(visible(standing)).only("number", "title").order_by("-pk")
    if digits.isdecimal() and len(digits) < 19:
        return list(newest.filter(Q(pk=int(digits)) | Q(number__endswith=digits))[:most])
    return list(newest.filter(number=digits.upper())[:most])


def case_numbered(text: str, *, standing: Standing) -> int | None:
    """The case of that number, if somebody may see it."""
    found = Case.objects.filter(visible(standing), number=clean_line(text)).values_list("pk", flat=True)
    return found.first()


def _names(unit: Unit) -> set[str]:
    return {fold(unit.name), fold(unit.short_name), fold(unit.name_en), fold(unit.code)} - {""}


def _rank(unit: Unit, wanted: str) -> int | None:
    """How well a unit fits: exactly, at the beginning, by initials, somewhere; nothing when it doesn't."""
    names = _names(unit)
    if wanted in names:
        return 0
    letters = initials(unit.short_name)
    if wanted == letters:
        return 1
    if any(name.startswith(wanted) for name in names):
        return 2
    if letters.startswith(wanted):
        return 3
    return 4 if any(wanted in name for name in names) else None
