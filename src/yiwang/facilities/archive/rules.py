"""Archive numbers, days of expiry and transfer, page counts: without database and clock."""

import re
import zlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

PERMANENT = "Y"
YEARS = {"D30": 30, "D10": 10}
TRANSFER_YEARS = 10
"""档案法实施条例第二十条第二款: to the county archives ten years after the archives came about."""
ROLES = (
    "letter",
    "receipt_slip",
    "original",
    "rendition",
    "original_signature",
    "attachment",
    "final",
    "earlier",
    "text_signature",
    "issue_slip",
    "certificate",
)
"""The parts of a file unit in their order (DA/T 22-2015, 5.1): an answer before what it answers, the slip before what
came in; the original before its attachments; the original before the text that was signed and its slip."""
WITHOUT_PAGES = frozenset({"rendition", "original_signature", "text_signature", "certificate"})
"""The same pages once more, or none."""
GROUP = re.compile(r"[A-Z0-9]{1,12}")


class Stage(StrEnum):
    """How far a file unit is; worked out from its facts."""

    COMPOSED = "composed"
    CLASSIFIED = "classified"
    NUMBERED = "numbered"
    DISPOSED = "disposed"


@dataclass(frozen=True)
class Place:
    """Where a file unit stands: its group and its number in it."""

    fonds: str
    category: str
    year: int
    period: str
    section: str
    item: int

    @property
    def archive_number(self) -> str:
        """档号: 全宗号-门类代码·年度-保管期限代码-机构(问题)代码-件号."""
        return f"{self.fonds}-{self.category}·{self.year}-{self.period}-{self.section}-{self.item:04d}"


def parsed(archive_number: str) -> Place | None:
    """The place that an archive number names; nothing when it is none."""
    match = re.fullmatch(
        r"([A-Za-z0-9]+)-([A-Z]{2})·(\d{4})-(Y|D30|D10)-([A-Z0-9]{1,12})-(\d{4,})", archive_number
    )
    if match is None:
        return None
    fonds, category, year, period, section, item = match.groups()
    return Place(fonds, category, int(year), period, section, int(item))


def stage_of(*, is_classified: bool, item: int | None, is_disposed: bool) -> Stage:
    """How far a file unit is."""
    if is_disposed:
        return Stage.DISPOSED
    if item is not None:
        return Stage.NUMBERED
    return Stage.CLASSIFIED if is_classified else Stage.COMPOSED


def expires_on(year: int, period: str) -> date | None:
    """The first day after the period; it runs from the end of the year. Nothing for what is kept for ever."""
    years = YEARS.get(period)
    return None if years is None else date(year + years + 1, 1, 1)


def transfer_on(dated_on: date) -> date:
    """The day on which ten years are full."""
    try:
        return dated_on.replace(year=dated_on.year + TRANSFER_YEARS)
    except ValueError:  # 29 February
        return date(dated_on.year + TRANSFER_YEARS, 3, 1)


def suggested_period(retention_years: int) -> str:
    """The shortest period that keeps a matter at least as long as its procedure says."""
    if retention_years <= 10:
        return "D10"
    return "D30" if retention_years <= 30 else PERMANENT


def gaps(items: list[int]) -> list[int]:
    """The numbers that are missing between one and the highest."""
    return sorted(set(range(1, max(items, default=0) + 1)) - set(items))


_OBJECTS = re.compile(rb"/Type\s*/ObjStm.*?stream\r?\n(.*?)endstream", re.DOTALL)
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")


def pages_in(content: bytes, media_type: str) -> int | None:
    """How many pages a file has: a picture one, a PDF as many as it says; nothing when it can't be told."""
    if media_type.startswith("image/"):
        return 1
    if media_type != "application/pdf":
        return None
    number = len(_PAGE.findall(content))
    for packed in _OBJECTS.findall(content):
        try:
            number += len(_PAGE.findall(zlib.decompressobj().decompress(packed)))
        except zlib.error:
            continue
    return number or None
