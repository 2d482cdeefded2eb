"""Tables and first lines in Markdown."""

from collections.abc import Iterable, Sequence
from typing import Any


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; bars inside a cell are escaped."""
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def page(title: str, *parts: str) -> str:
    """A whole page: title, the note that it is generated, and its parts with an empty line between."""
    from scripts.docs import NOTE

    return "\n\n".join([f"# {title}", NOTE, *parts]) + "\n"


def first_line(thing: Any) -> str:
    """The first sentence of a docstring."""
    text = (getattr(thing, "__doc__", "") or "").strip()
    return " ".join(text.split("\n\n")[0].split())
