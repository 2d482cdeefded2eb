"""An official document as a clerk fills it in: its kind, its form and the elements of GB/T 9704-2012."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """The fifteen kinds of official documents (条例第八条), by the word that ends a title."""

    RESOLUTION = "决议"
    DECISION = "决定"
    ORDER = "命令"
    COMMUNIQUE = "公报"
    PROCLAMATION = "公告"
    ANNOUNCEMENT = "通告"
    OPINION = "意见"
    NOTICE = "通知"
    CIRCULAR = "通报"
    REPORT = "报告"
    REQUEST = "请示"
    REPLY = "批复"
    BILL = "议案"
    LETTER = "函"
    MINUTES = "纪要"


class Form(StrEnum):
    """How the page looks: the general form, or one of the three special forms (GB/T 9704 第10章)."""

    GENERAL = "general"
    LETTER = "letter"
    ORDER = "order"
    MINUTES = "minutes"


class Direction(StrEnum):
    """Whether a document goes up to a superior, down to subordinates, or to equals."""

    UP = "up"
    DOWN = "down"
    LEVEL = "level"


class Sealing(StrEnum):
    """What stands at the end: the unit's seal, nothing, or the signature seal of whoever signs."""

    SEAL = "seal"
    NONE = "none"
    SIGNATURE = "signature"


class Urgency(StrEnum):
    """How soon it must arrive."""

    TOP = "特急"
    SPEEDY = "加急"


@dataclass(frozen=True)
class Number:
    """The document number 发文字号: the unit's code word, the year and the serial number."""

    code: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.code}〔{self.year}〕{self.serial}号"

    @classmethod
    def parse(cls, text: str) -> "Number | None":
        """Read a number as it is printed; nothing when it isn't written as the standard wants it."""
        found = re.fullmatch(r"([^\s〔〕\d]{1,12})〔(\d{4})〕([1-9]\d{0,4})号", text.strip())
        return cls(found[1], int(found[2]), int(found[3])) if found else None


@dataclass(frozen=True)
class Attachment:
    """An attachment by its title, with its text in the same plain markup as the body."""

    title: str
    body: str = ""


@dataclass(frozen=True)
class Attendance:
    """A list of people under minutes, such as 出席, with names in the order of the meeting."""

    label: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Signer:
    """Who signs: the name, the unit in a joint document, and the office held (for a signature seal)."""

    name: str
    unit: str = ""
    post: str = ""


@dataclass(frozen=True)
class OfficialDocument:
    """A whole official document (公文); what an element doesn't apply to is left empty.

    `units` are the issuing units, the lead unit first. `secrecy` is there only to be refused.
    `body` is plain text: a line is a paragraph, 一、 （一） 1. （1） begin the four levels, | draws a table.
    """

    kind: Kind
    title: str
    units: tuple[str, ...]
    body: str
    signed_on: date | None = None
    form: Form = Form.GENERAL
    direction: Direction = Direction.DOWN
    number: Number | None = None
    order_number: int | None = None
    copy_number: int | None = None
    secrecy: str = ""
    urgency: Urgency | None = None
    letterhead: tuple[str, ...] = ()
    has_word_document: bool = True
    signers: tuple[Signer, ...] = ()
    recipients: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    sealing: Sealing = Sealing.SEAL
    note: str = ""
    attendance: tuple[Attendance, ...] = ()
    copies: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: date | None = None
    is_duplex: bool = True

    @property
    def heads(self) -> tuple[str, ...]:
        """The names in the red head; the issuing units when none are given."""
        return self.letterhead or self.units

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text that somebody typed, with the Chinese name of its element."""
        yield "密级和保密期限", self.secrecy
        yield "标题", self.title
        yield "正文", self.body
        yield "附注", self.note
        yield "发文字号", str(self.number or "")
        for names, element in (
            (self.units, "发文机关署名"),
            (self.letterhead, "发文机关标志"),
            (self.recipients, "主送机关"),
            (self.copies, "抄送机关"),
            ((self.printed_by,), "印发机关"),
        ):
            yield from ((element, name) for name in names)
        for each in self.attachments:
            yield "附件", each.title
            yield "附件", each.body
        for signer in self.signers:
            yield "签发人", f"{signer.unit}{signer.post}{signer.name}"
        for people in self.attendance:
            yield "出席", "、".join((people.label, *people.names))


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body: its level (0 plain, 1 to 4) and how many characters are its heading."""

    text: str
    level: int = 0
    heading: int = 0


@dataclass(frozen=True)
class Table:
    """A simple table of the body: rows of equally many cells, the first row being its head."""

    rows: tuple[tuple[str, ...], ...] = field(default=())


_BEGINS = re.compile(r"^[ \t\u3000]*附件[ \t\u3000]*(\d{1,2})?[ \t\u3000]*[:：]?[ \t\u3000]*$")


def attachment_texts(text: str) -> dict[int, str]:
    """The texts of attachments out of one typed text: each begins below a line 附件1, 附件2; a lone 附件 is the first."""
    found: dict[int, list[str]] = {}
    place = 1
    for line in text.splitlines():
        if begins := _BEGINS.match(line):
            place = int(begins[1] or len(found) + 1)
            found.setdefault(place, [])
        else:
            found.setdefault(place, []).append(line)
    return {
        place: "\n".join(lines).strip("\n") for place, lines in found.items() if any(map(str.strip, lines))
    }


LEVELS = (
    re.compile(r"[一二三四五六七八九十百]+、"),
    re.compile(r"[（(][一二三四五六七八九十百]+[）)]"),
    re.compile(r"\d{1,2}[.．](?!\d)"),
    re.compile(r"[（(]\d{1,2}[）)]"),
)
LONGEST_HEADING = 56
"""A first sentence longer than two lines is text, not a heading."""


def blocks(body: str) -> tuple[Paragraph | Table, ...]:
    """Read the plain markup of a body: paragraphs with their levels, and tables."""
    found: list[Paragraph | Table] = []
    rows: list[tuple[str, ...]] = []
    for line in [*body.splitlines(), ""]:
        text = line.strip(" \t\u3000")
        if text.startswith("|"):
            cells = tuple(cell.strip() for cell in text.strip("|").split("|"))
            if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                rows.append(cells)
            continue
        if rows:
            width = max(len(row) for row in rows)
            found.append(Table(tuple(row + ("",) * (width - len(row)) for row in rows)))
            rows = []
        if text:
            found.append(_paragraph(text))
    return tuple(found)


def level_of(text: str) -> int:
    """The level that a paragraph's number gives it: 1 for 一、, 2 for （一）, 3 for 1., 4 for （1）."""
    return next((place for place, mark in enumerate(LEVELS, 1) if mark.match(text)), 0)


def _paragraph(text: str) -> Paragraph:
    level = level_of(text)
    if not level:
        return Paragraph(text)
    end = text.find("。")
    heading = len(text) if end < 0 else end + 1
    if level > 2 or heading > LONGEST_HEADING:
        heading = 0
    return Paragraph(text, level, heading)


def in_words(day: date) -> str:
    """A date as official documents write it: Arabic figures without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"
