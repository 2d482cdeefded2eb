"""The measures of GB/T 9704-2012 in millimetres: paper, type area, grid, sizes, and the two profiles."""

from dataclasses import dataclass
from typing import Final

PAGE_WIDTH: Final = 210.0
PAGE_HEIGHT: Final = 297.0
AREA_WIDTH: Final = 156.0
AREA_HEIGHT: Final = 225.0
LEFT: Final = 28.0
TOP: Final = 37.0
RIGHT: Final = PAGE_WIDTH - LEFT - AREA_WIDTH
BOTTOM: Final = PAGE_HEIGHT - TOP - AREA_HEIGHT
COLUMNS: Final = 28
ROWS: Final = 22

CELL: Final = AREA_WIDTH / COLUMNS
"""The height and width of one character of the third size: 28 of them fill 156 mm, and 22 lines 225 mm."""
PITCH: Final = CELL * (1 + 7 / 8)
GAP: Final = PITCH - CELL

SIZE_1: Final = 9.17
SIZE_2: Final = 7.76
SIZE_3: Final = 5.54
SIZE_4: Final = 4.94
POINT: Final = 25.4 / 72

LOGO_TOP: Final = 35.0
ORDER_LOGO_TOP: Final = 20.0
RED_LINE_BELOW: Final = 4.0
LETTER_LOGO_TOP: Final = 30.0
LETTER_LINE_WIDTH: Final = 170.0
LETTER_FOOT: Final = 20.0
PAGE_NUMBER_BELOW: Final = 7.0
SEAL_DIAMETER: Final = 42.0
IMPRINT_LINE: Final = 8.2
THICK: Final = 0.35
THIN: Final = 0.25


@dataclass(frozen=True)
class Profile:
    """Where the type area begins: at the ink of the first line, or with half the gap that software adds."""

    top: float
    bottom: float


STRICT: Final = Profile(TOP, BOTTOM)
"""For PDF and OFD, where each character is placed: 37 and 35 mm."""
SOFTWARE: Final = Profile(34.58, 32.58)
"""For word processors, which put half of the gap above the first line (GB/T 33476.2-2016 附录A)."""


def row_top(row: float) -> float:
    """The distance of a row's upper edge from the top of the paper, in the strict profile."""
    return TOP + row * PITCH
