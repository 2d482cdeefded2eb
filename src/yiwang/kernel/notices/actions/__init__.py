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
from yiwang.kernel.notices.actions.news import has_its_own_reminders, mark_read, notify, reminds_by_itself
from yiwang.kernel.notices.actions.reminders import remind

__all__ = [
    "Draft",
    "approve",
    "archive",
    "begin",
    "correct",
    "has_its_own_reminders",
    "mark_read",
    "note",
    "notify",
    "publish_due",
    "remind",
    "reminds_by_itself",
    "revise",
    "send_back",
    "submit",
    "withdraw",
]
