"""Announcements without database and clock: the status, who is meant, who is reminded when, pages of the screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class Status(StrEnum):
    """Where an announcement stands; worked out from what happened to it."""

    DRAFT = "draft"
    WAITING = "waiting"
    RETURNED = "returned"
    PLANNED = "planned"
    PUBLISHED = "published"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Life:
    """The facts of an announcement and its newest version on which the status depends."""

    submitted_at: datetime | None = None
    returned_at: datetime | None = None
    published_at: datetime | None = None
    until_on: date | None = None
    withdrawn_at: datetime | None = None
    archived_at: datetime | None = None


def status_of(life: Life, *, at: datetime, today: date) -> Status:
    """The status at a moment; `today` is the day on which `at` lies here. The last day itself still counts."""
    if life.archived_at is not None:
        return Status.ARCHIVED
    if life.withdrawn_at is not None:
        return Status.WITHDRAWN
    if life.published_at is not None:
        if life.until_on is not None and today > life.until_on:
            return Status.EXPIRED
        return Status.PLANNED if life.published_at > at else Status.PUBLISHED
    return writing_status(life)


def writing_status(life: Life) -> Status:
    """How far the writing of a version is: being written, handed in, or sent back."""
    if life.submitted_at is None:
        return Status.DRAFT
    if life.returned_at is not None and life.returned_at >= life.submitted_at:
        return Status.RETURNED
    return Status.WAITING


# ------------------------------------------------------------------------------------------- who is meant


class AudienceKind(StrEnum):
    """Whom an announcement is for; `UNIT`, `BELOW` and `ROLE` carry which one."""

    EVERYBODY = "everybody"
    PUBLIC = "public"
    UNIT = "unit"
    BELOW = "below"
    ROLE = "role"


def audience_key(kind: AudienceKind, which: int | str = "") -> str:
    """The key of a part of an audience: "everybody", "unit:5", "role:head"."""
    return f"{kind}:{which}" if which != "" else str(kind)


def parts_of(keys: Iterable[str]) -> list[tuple[AudienceKind, str]]:
    """The parts that keys stand for, in a fixed order."""
    order = list(AudienceKind)
    parts = [(AudienceKind(key.partition(":")[0]), key.partition(":")[2]) for key in set(keys)]
    return sorted(parts, key=lambda part: (order.index(part[0]), part[1].zfill(12)))


# --------------------------------------------------------------------------------------- who is reminded


class Tells(StrEnum):
    """Whom a rung of the ladder speaks to."""

    READER = "reader"
    HEAD = "head"


@dataclass(frozen=True)
class Rung:
    """One reminder: so many working days after the last day for reading (before it, when negative)."""

    key: str
    after: int
    tells: Tells


LADDER = (
    Rung("soon", -1, Tells.READER),
    Rung("due", 0, Tells.READER),
    Rung("late", 1, Tells.HEAD),
)
"""A day before the last one and on it, whoever has not read is reminded; a day after it, the head of the unit."""


class Calendar(Protocol):
    """What the ladder asks of a working calendar."""

    def add_working_days(self, day: date, number: int) -> date:
        """The day so many working days later."""


def read_by_on(published_on: date, within: int, *, calendar: Calendar) -> date:
    """The last day for reading; the day of publication isn't counted."""
    return calendar.add_working_days(published_on, within)


def rung_on(published_on: date, within: int, today: date, *, calendar: Calendar) -> Rung | None:
    """The highest rung that is reached on a day; none on the day of publication itself."""
    reached = [
        rung
        for rung in LADDER
        if within + rung.after > 0 and calendar.add_working_days(published_on, within + rung.after) <= today
    ]
    return reached[-1] if reached else None


# ------------------------------------------------------------------------------------ the lobby's screen

SCREEN_CHARACTERS = 132
"""So many Chinese characters fit on the screen at a size that is read from two metres."""


def screens_of(text: str, *, most: int = SCREEN_CHARACTERS) -> list[str]:
    """A text cut into pages of the screen, at the ends of paragraphs and sentences where there are any."""
    pages: list[str] = []
    page = ""
    for piece in _pieces(text, most=most):
        if page and _width(page) + _width(piece) > most:
            pages.append(page.strip())
            page = ""
        page += piece
    if page.strip():
        pages.append(page.strip())
    return pages or [""]


def _pieces(text: str, *, most: int) -> list[str]:
    """Sentences and line ends; a sentence longer than a page is cut."""
    pieces: list[str] = []
    piece = ""
    for character in text:
        piece += character
        if character in "。！？；\n" or _width(piece) >= most:
            pieces.append(piece)
            piece = ""
    return [*pieces, piece] if piece else pieces


def _width(text: str) -> float:
    """The width of a text in Chinese characters; a line end takes the rest of its line, half of one on average."""
    return sum(8 if c == "\n" else 1 if ord(c) > 0x2E7F else 0.5 for c in text)


@dataclass(frozen=True)
class Turn:
    """One page of the screen: which announcement, which of its pages, and where it goes on."""

    announcement: int
    page: int
    next: int


def turn_of(pages: Sequence[int], number: int) -> Turn | None:
    """What stands on page `number` of the screen when the announcements have so many pages each; it goes round."""
    total = sum(pages)
    if total == 0:
        return None
    place = number % total
    for announcement, count in enumerate(pages):
        if place < count:
            return Turn(announcement, place, (number + 1) % total)
        place -= count
    return None
