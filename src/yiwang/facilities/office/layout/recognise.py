"""Telling the elements of an official document apart on its pages, by their words and places."""

import re
from dataclasses import dataclass, field

from yiwang.facilities.office.layout.measures import LEFT
from yiwang.facilities.office.layout.seen import Seen, SeenLine, SeenPage, SeenStroke
from yiwang.facilities.office.rules.document import Form

NUMBER = re.compile(r"[^\s：:\d]{1,12}[〔\[【（(［]\s*\d{2,4}\s*[〕\]】）)］]\s*第?\s*\d+\s*号")
ORDER_NUMBER = re.compile(r"^第\s*[\d一二三四五六七八九十]+\s*号$")
DATE = re.compile(
    r"^[\d〇○零一二三四五六七八九十]{2,5}\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日$"
)
PAGE_NUMBER = re.compile(r"^[—－\-–]\s*\d+\s*[—－\-–]$|^\d{1,3}$")
LABELS = ("出席", "请假", "列席", "缺席")
Placed = tuple[int, SeenLine]


@dataclass
class Parts:
    """The elements that were recognised; each line with the number of its page."""

    seen: Seen
    form: Form = Form.GENERAL
    logo: list[SeenLine] = field(default_factory=list)
    copy_number: SeenLine | None = None
    urgency: SeenLine | None = None
    number: SeenLine | None = None
    signer: SeenLine | None = None
    title: list[SeenLine] = field(default_factory=list)
    recipients: list[SeenLine] = field(default_factory=list)
    body: list[Placed] = field(default_factory=list)
    attachment_list: list[Placed] = field(default_factory=list)
    unit: Placed | None = None
    date: Placed | None = None
    note: Placed | None = None
    attachments: list[tuple[int, list[SeenLine]]] = field(default_factory=list)
    imprint: list[Placed] = field(default_factory=list)
    numbers: dict[int, SeenLine] = field(default_factory=dict)
    red: list[SeenStroke] = field(default_factory=list)
    labels: list[Placed] = field(default_factory=list)
    text_pages: int = 0

    @property
    def first(self) -> SeenPage:
        """The first page."""
        return self.seen.pages[0]

    def title_text(self) -> str:
        """The title in one piece."""
        return "".join(line.text for line in self.title)

    def column(self, line: SeenLine) -> float:
        """How many characters of the third size a line is indented."""
        return (line.left - LEFT) / (156 / 28)


def recognise(seen: Seen) -> Parts:
    """Tell the elements of a file apart; an element that isn't found stays empty."""
    parts = Parts(seen)
    if not seen.pages:
        return parts
    rest: list[Placed] = []
    for place, page in enumerate(seen.pages, 1):
        for line in page.lines:
            if line.top > 255 and PAGE_NUMBER.match(line.text):
                parts.numbers[place] = line
            else:
                rest.append((place, line))
    rest = _without_imprint(parts, rest)
    rest = _without_attachments(parts, rest)
    parts.red = [stroke for stroke in parts.first.strokes if stroke.is_red]
    _head(parts, [line for place, line in rest if place == 1])
    _main(parts, rest)
    parts.text_pages = max(
        (place for place, _ in [*parts.body, *([parts.date] if parts.date else [])]), default=0
    )
    return parts


def _without_imprint(parts: Parts, rest: list[Placed]) -> list[Placed]:
    last = len(parts.seen.pages)
    starts = [
        at
        for at, (place, line) in enumerate(rest)
        if place == last
        and line.top > 130
        and re.match(r"^(抄\s*送|主\s*送|分\s*送)[：:]|.*\d日印发[。]?$", line.text)
    ]
    if not starts:
        return rest
    parts.imprint = rest[starts[0] :]
    return rest[: starts[0]]


def _without_attachments(parts: Parts, rest: list[Placed]) -> list[Placed]:
    found: list[Placed] = []
    inside = False
    begun: set[int] = set()
    for place, line in rest:
        if place not in begun:
            begun.add(place)
            if place > 1 and re.match(r"^附件\s*\d*$", line.text):
                parts.attachments.append((place, []))
                inside = True
        if inside:
            parts.attachments[-1][1].append(line)
        else:
            found.append((place, line))
    return found


def _head(parts: Parts, lines: list[SeenLine]) -> None:
    parts.logo = [line for line in lines if line.is_red and line.size > 7]
    if not parts.logo:
        return
    words = "".join(line.text for line in parts.logo)
    if parts.logo[0].top < 36:
        parts.form = Form.LETTER
    elif words.endswith("纪要"):
        parts.form = Form.MINUTES
    elif words.endswith("令"):
        parts.form = Form.ORDER


def _main(parts: Parts, rest: list[Placed]) -> None:
    """Everything between the head and the end, in the order of the page."""
    state = "head"
    previous: SeenLine | None = None
    for place, line in rest:
        text = line.text
        if line in parts.logo:
            continue
        if state == "head":
            state = _in_head(parts, line)
            if state == "head":
                continue
        if state == "title" and _is_title(parts, line):
            parts.title.append(line)
            continue
        if state == "title":
            state = "recipients"
        if state == "recipients":
            state = "body"
            if place == 1 and line.left < LEFT + 3 and not re.match(r"^[一二三四五六七八九十]+、", text):
                parts.recipients.append(line)
                state = "recipients" if not text.endswith(("：", ":")) else "body"
                continue
        previous = _in_body(parts, place, line, previous)


def _in_head(parts: Parts, line: SeenLine) -> str:
    text = line.text
    is_head = False
    if (
        re.match(r"^\d{1,10}(?=$|[^\d年.．])", text)
        and parts.copy_number is None
        and line.size < 7
        and len(text) < 30
    ):
        parts.copy_number, is_head = line, True
    if re.match(r"^(特急|加急|急件|平急|特提)", text):
        parts.urgency, is_head = line, True
    if NUMBER.search(text) and line.size < 7 or ORDER_NUMBER.match(text):
        parts.number, is_head = line, True
    if re.search(r"签\s*发\s*人", text):
        parts.signer, is_head = line, True
    if is_head or (line.size < 7 and parts.signer is not None and parts.number is None):
        return "head"
    return "recipients" if parts.form is Form.ORDER else "title"


def _is_title(parts: Parts, line: SeenLine) -> bool:
    if parts.title and line.top - parts.title[-1].bottom > 9:
        return False
    return line.size > 6.6 or (not parts.title and abs(line.middle - 106) < 12 and line.left > LEFT + 8)


def _in_body(parts: Parts, place: int, line: SeenLine, previous: SeenLine | None) -> SeenLine | None:
    text = line.text
    label = re.match(rf"^({'|'.join(LABELS)})[：:]", text)
    if label:
        parts.labels.append((place, line))
    elif parts.labels:
        return line
    elif re.match(r"^附件[：:]", text) or (
        parts.attachment_list and not parts.unit and _goes_on(parts, line)
    ):
        parts.attachment_list.append((place, line))
    elif DATE.match(text) and parts.date is None and line.left > LEFT + 40:
        parts.date = (place, line)
        while parts.body and _is_unit(parts, parts.body[-1], place, line):
            parts.unit = parts.body.pop()
    elif (
        parts.date is not None
        and re.match(r"^[（(].*[）)]$", text)
        or parts.date is not None
        and parts.note is None
        and re.match(r"^[（(]|^此件|^联系人", text)
    ):
        parts.note = (place, line)
    elif parts.date is None:
        parts.body.append((place, line))
    return line


def _is_unit(parts: Parts, found: Placed, place: int, day: SeenLine) -> bool:
    """Whether a line above the date is the office that issues the document, or a row of several."""
    other, line = found
    least = 1.2 if len(line.texts) > 1 else 2.6
    stands_apart = parts.column(line) > least and line.text[-1] not in "。；：，、！？"
    return other == place and stands_apart and day.top - line.top < 100 and line.size > 5.2


def _goes_on(parts: Parts, line: SeenLine) -> bool:
    """Whether a line still belongs to the list of attachments."""
    above = parts.attachment_list[-1][1]
    near = line.top - above.top < 13 or line.top < 45
    return (
        near and LEFT + 14 < line.left < LEFT + 60 and not re.search(r"(政府|局|委员会|办公室)$", line.text)
    )
