"""Writing notices: news to one person, announcements to many."""

from yiwang.kernel.notices.actions.announcements import (
    Draft,
    approve,
    archive,
    begin,
    correct,
    note,
    publish_due,
    revise,
    send_back,
    submit,
    withdraw,
)
from yiwang.kernel.notices.actions.news import mark_read, notify
from yiwang.kernel.notices.actions.reminders import remind

__all__ = [
    "Draft",
    "approve",
    "archive",
    "begin",
    "correct",
    "mark_read",
    "note",
    "notify",
    "publish_due",
    "remind",
    "revise",
    "send_back",
    "submit",
    "withdraw",
]
