"""From parts of a document to pages: a slab is so many rows of the grid that stay together."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from yiwang.facilities.office.layout.measures import CELL, PITCH, ROWS, row_top
from yiwang.facilities.office.layout.sheet import Grid, Line, SealPlace, Stroke

COMPANY = 2
"""Lines of text that go along when the end of a document moves to a new page: never an end alone."""


@dataclass(frozen=True)
class Slab:
    """Rows that stay together, with places counted from the top of the paper as if it began at row 0."""

    rows: int = 1
    lines: tuple[Line, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    seals: tuple[SealPlace, ...] = ()
    grids: tuple[Grid, ...] = ()
    is_text: bool = False
    is_heading: bool = False
    begins_page: bool = False
    needs_company: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing is printed on it."""
        return not self.lines


@dataclass
class OpenPage:
    """A page that is being filled."""

    row: int = 0
    slabs: list[tuple[int, Slab]] = field(default_factory=list)

    def take(self, slab: Slab) -> None:
        """Put a slab on the next rows."""
        self.slabs.append((self.row, slab))
        self.row += slab.rows

    def give_back(self, count: int) -> list[Slab]:
        """Take the last slabs off again, from the text line that is `count`-th from the end."""
        texts = [place for place, (_, slab) in enumerate(self.slabs) if slab.is_text]
        if len(texts) <= count:
            return []
        place = texts[-count]
        while place > 0 and self.slabs[place - 1][1].is_heading:
            place -= 1
        taken = [slab for _, slab in self.slabs[place:]]
        self.row = self.slabs[place][0]
        del self.slabs[place:]
        return taken

    def used(self) -> int:
        """The first row below everything printed."""
        return max((row + slab.rows for row, slab in self.slabs if not slab.is_blank), default=0)


def paginate(slabs: Iterable[Slab], *, first_row: int) -> list[OpenPage]:
    """Fill pages of 22 rows; the first begins below the head."""
    pages = [OpenPage(first_row)]
    for slab in slabs:
        page = pages[-1]
        if slab.begins_page:
            pages.append(OpenPage())
            page = pages[-1]
        elif page.row + slab.rows > ROWS:
            moved = page.give_back(COMPANY) if slab.needs_company else []
            pages.append(OpenPage())
            page = pages[-1]
            for each in moved:
                page.take(each)
            if slab.is_blank:
                continue
        page.take(slab)
    return pages


def settled(page: OpenPage) -> Slab:
    """Everything of a page in one slab, each thing at its place on the paper."""
    found = Slab(ROWS)
    for row, slab in page.slabs:
        down = row * PITCH
        found = replace(
            found,
            lines=found.lines + tuple(line.moved(down=down) for line in slab.lines),
            strokes=found.strokes + tuple(replace(each, y=each.y + down) for each in slab.strokes),
            seals=found.seals + tuple(replace(each, y=each.y + down) for each in slab.seals),
            grids=found.grids
            + tuple(replace(each, ys=tuple(y + down for y in each.ys)) for each in slab.grids),
        )
    return found


def text_top(size: float, *, row: float = 0) -> float:
    """The upper edge of characters of a size that stand in the middle of a row."""
    return row_top(row) + (CELL - size) / 2


BLANK = Slab()
