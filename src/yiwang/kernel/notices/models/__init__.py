"""Tables of the notices: news to one person, announcements to many."""

from yiwang.kernel.notices.models.announcements import (
    Announcement,
    AnnouncementFile,
    AnnouncementVersion,
    Reading,
)
from yiwang.kernel.notices.models.news import Notice

__all__ = ["Announcement", "AnnouncementFile", "AnnouncementVersion", "Notice", "Reading"]
