"""Reading notices: news to one person, announcements to many."""

from yiwang.kernel.notices.queries.announcements import (
    PAGE as ANNOUNCEMENTS_A_PAGE,
)
from yiwang.kernel.notices.queries.announcements import (
    Reader,
    board,
    on_screen,
    public_now,
    readers_of,
    stored_files,
    unnoted,
    worked_on,
)
from yiwang.kernel.notices.queries.news import NewsItem, news_of, staff_of, unread_count

__all__ = [
    "ANNOUNCEMENTS_A_PAGE",
    "NewsItem",
    "Reader",
    "board",
    "news_of",
    "on_screen",
    "public_now",
    "readers_of",
    "staff_of",
    "stored_files",
    "unnoted",
    "unread_count",
    "worked_on",
]
