"""The windows by which passages are found, made in Python: the same that the search makes in SQL.

Loading many passages is several times quicker so. `search_windows` in kernel/search says what a window is; a
test compares both.
"""

import re
import unicodedata
from operator import add
from struct import pack

# Characters whose folding is the same in every edition of Unicode. Any other makes the database do the work.
_FAMILIAR = re.compile(
    "[\t\n\x20-\x7e\u00b7\u00d7\u2014-\u2026\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e]*"
)
_RUN = re.compile("[^\x00-\x20]+")
_NARROW = re.compile("[\x21-\u2e7f]")
_NARROW_WINDOW = re.compile("(?=([\x21-\u2e7f]{6}|[\x21-\u2e7f]{1,5}[\u2e80-\U0010ffff]?))")
WIDE = "\u2e80"
NO_POSITIONS = "\0\0\0"
"""Behind each window in the binary form: the end of its words, and that it has no positions."""


def is_familiar(text: str) -> bool:
    """Whether `windows` folds this text as the database does; for any other text ask the database."""
    return _FAMILIAR.fullmatch(text) is not None


def windows(text: str) -> set[str]:
    """The windows of a text that is familiar, each once."""
    folded = unicodedata.normalize("NFKC", text).lower()
    found: set[str] = set()
    for run in _RUN.findall(folded):
        found.update(map(add, run, run[1:]))
        found.add(run[-1])
    if _NARROW.search(folded):
        found = {window for window in found if window[0] >= WIDE}
        found.update(_NARROW_WINDOW.findall(folded))
    return found


def as_tsvector(text: str) -> bytes | None:
    """The windows as PostgreSQL receives a tsvector; nothing for a text that isn't familiar."""
    if not is_familiar(text):
        return None
    found = windows(text)
    return pack("!I", len(found)) + "".join([window + NO_POSITIONS for window in found]).encode()
