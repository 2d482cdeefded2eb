"""Tables: columns that draw their own cells, rows, and a page by key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .parts import Link, Words

Cell = Callable[[Any], object]


@dataclass(frozen=True)
class Column:
    """One column: its heading and the function that draws a row's cell.

    `cell` may return text (escaped) or safe HTML from a component. The `main` column carries the row's
    link. `kind` is text, number or code (a number that stays on one line).
    """

    label: Words
    cell: Cell
    kind: str = "text"
    is_main: bool = False
    sort_url: str = ""
    sort: str = ""
    """ascending or descending when the table is sorted by this column."""


@dataclass(frozen=True)
class BulkAction:
    """Something that can be done with the chosen rows; the button's value is posted as `action`."""

    value: str
    label: Words
    icon: str = ""


@dataclass(frozen=True)
class Table:
    """A list that can be worked through with the keyboard.

    `row_url` makes the main cell a link and Enter open it; `row_key` with `bulk` gives each row a box
    posted as `row`. `previous_url` and `next_url` page by key. `total` is a word such as "1,204" or
    "over 10,000".
    """

    caption: Words
    columns: Sequence[Column]
    rows: Sequence[Any]
    row_url: Callable[[Any], str] | None = None
    row_key: Callable[[Any], object] | None = None
    bulk: Sequence[BulkAction] = ()
    bulk_url: str = ""
    previous_url: str = ""
    next_url: str = ""
    total: Words = ""
    empty_title: Words = ""
    empty_words: Words = ""
    empty_links: Sequence[Link] = field(default_factory=tuple)
    is_caption_hidden: bool = True

    @property
    def has_ticks(self) -> bool:
        """Whether rows can be chosen."""
        return bool(self.bulk and self.row_key)
