"""What happened to announcements."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AnnouncementPlanned:
    """An announcement was approved and is published at a moment that lies ahead."""

    announcement_id: int
    publish_at: datetime


@dataclass(frozen=True)
class AnnouncementPublished:
    """An announcement, or a new version of it, holds from now on; its audience can read it."""

    announcement_id: int
    version: int
    unit_id: int
    at: datetime


@dataclass(frozen=True)
class AnnouncementWithdrawn:
    """An announcement no longer holds; its audience sees the reason instead of the words."""

    announcement_id: int
    unit_id: int
    by: int | None
    at: datetime


@dataclass(frozen=True)
class AnnouncementArchived:
    """An announcement that is over was put away; it isn't changed any more."""

    announcement_id: int
    unit_id: int
    by: int | None
    at: datetime
