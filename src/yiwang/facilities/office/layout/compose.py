"""The whole layout: head, running parts, end and imprint become pages with their numbers."""

from collections.abc import Iterator
from dataclasses import replace

from yiwang.facilities.office.layout.body import (
    Blocks,
    set_attachment_list,
    set_attachments,
    set_attendance,
    set_body,
    set_note,
    set_recipients,
    set_title,
)
from yiwang.facilities.office.layout.ends import set_end, set_imprint
from yiwang.facilities.office.layout.heads import Head, head_of
from yiwang.facilities.office.layout.lines import run_at, width_of
from yiwang.facilities.office.layout.measures import (
    AREA_HEIGHT,
    AREA_WIDTH,
    LEFT,
    PAGE_NUMBER_BELOW,
    PITCH,
    ROWS,
    SIZE_4,
    TOP,
)
from yiwang.facilities.office.layout.sheet import Element, Face, Line, Page, Sheet, Stroke
from yiwang.facilities.office.layout.slabs import BLANK, Slab, paginate, settled
from yiwang.facilities.office.rules.document import Form, OfficialDocument
from yiwang.facilities.office.rules.secrecy import refuse_secrets

LONGEST_END = 8
"""Lines of a list of attachments that still stay together with the units and the date."""


def lay_out(document: OfficialDocument) -> Sheet:
    """Lay a document out; the same document always gives the same pages.

    Raises `SecretRefused` when it bears a mark of secrecy.
    """
    refuse_secrets(document)
    blocks = Blocks()
    head = head_of(document, blocks=blocks)
    opened = paginate(_running(document, blocks=blocks), first_row=head.next_row)
    pages = [settled(page) for page in opened]
    lines, strokes, height = set_imprint(document, blocks=blocks)
    used = opened[-1].used()
    return Sheet(
        _numbered(
            _imprinted(
                pages, lines=lines, strokes=strokes, height=height, used=used, is_duplex=document.is_duplex
            ),
            head=head,
            form=document.form,
        ),
        title="".join(document.title.split()),
    )


def _running(document: OfficialDocument, *, blocks: Blocks) -> Iterator[Slab]:
    """Everything below the head, in the order of the page."""
    if document.form is not Form.ORDER:
        yield from set_title(document.title, element=Element.TITLE, blocks=blocks)
        yield BLANK
    yield from set_recipients(document.recipients, blocks=blocks)
    yield from set_body(document.body, element=Element.BODY, blocks_of=blocks)
    end = [
        *set_attachment_list(document.attachments, blocks=blocks),
        *set_end(document, blocks=blocks),
    ]
    yield from _together(end)
    yield from set_note(document.note, blocks=blocks)
    yield from set_attendance(document.attendance, blocks=blocks)
    yield from set_attachments(document, blocks=blocks)


def _together(slabs: list[Slab]) -> Iterator[Slab]:
    """Join the list of attachments, the blank rows, units and date, so that none of it turns a page alone.

    A list too long to be kept together goes by lines.
    """
    lists = [slab for slab in slabs if slab.lines and slab.lines[0].element is Element.ATTACHMENT_LIST]
    if len(lists) > LONGEST_END:
        place = slabs.index(lists[-3])
        yield from slabs[:place]
        slabs = slabs[place:]
    if all(slab.is_blank for slab in slabs):
        return
    whole = Slab(0, needs_company=True)
    for slab in slabs:
        down = whole.rows * PITCH
        whole = replace(
            whole,
            rows=whole.rows + slab.rows,
            lines=whole.lines + tuple(line.moved(down=down) for line in slab.lines),
            seals=whole.seals + tuple(replace(seal, y=seal.y + down) for seal in slab.seals),
        )
    yield whole


def _imprinted(
    pages: list[Slab],
    *,
    lines: tuple[Line, ...],
    strokes: tuple[Stroke, ...],
    height: float,
    used: int,
    is_duplex: bool,
) -> list[tuple[Slab, bool]]:
    """Put the imprint at the foot of the last page, an even one when the paper is printed on both sides.

    Each page with whether it bears a number: a blank page before the imprint and the imprint's don't (7.5).
    """
    if not lines:
        return [(page, True) for page in pages]
    imprint = Slab(ROWS, lines, strokes)
    room = AREA_HEIGHT - used * PITCH
    fits = height + 2 <= room
    is_even = len(pages) % 2 == 0
    if fits and (is_even or not is_duplex):
        last = pages[-1]
        both = replace(last, lines=last.lines + lines, strokes=last.strokes + strokes)
        return [(page, True) for page in (*pages[:-1], both)]
    if not is_duplex or not is_even:
        return [*((page, True) for page in pages), (imprint, True)]
    return [*((page, True) for page in pages), (Slab(ROWS), False), (imprint, False)]


def _numbered(pages: list[tuple[Slab, bool]], *, head: Head, form: Form) -> tuple[Page, ...]:
    found = []
    for place, (slab, is_numbered) in enumerate(pages, 1):
        lines, strokes = slab.lines, slab.strokes
        if place == 1:
            lines, strokes = (*head.lines, *lines), (*head.strokes, *strokes)
        number = place if is_numbered and not (form is Form.LETTER and place == 1) else None
        if number is not None:
            lines = (*lines, page_number(number))
        found.append(Page(lines, strokes, slab.seals, slab.grids, number))
    return tuple(found)


def page_number(number: int) -> Line:
    """— 1 — below the type area: odd pages at the right, even ones at the left, one character in."""
    text = f"— {number} —"
    width = width_of(text) * SIZE_4
    x = LEFT + AREA_WIDTH - SIZE_4 - width if number % 2 else LEFT + SIZE_4
    top = TOP + AREA_HEIGHT + PAGE_NUMBER_BELOW - SIZE_4 / 2
    run = run_at(text, x=x, size=SIZE_4, face=Face.SUN)
    return Line(round(top, 3), (run,), Element.PAGE_NUMBER, 0, "left" if number % 2 == 0 else "right")
