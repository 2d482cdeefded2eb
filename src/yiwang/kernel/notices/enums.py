"""Kinds of notices."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """Why somebody is told."""

    MOVED = "moved", _("A matter you watch has moved")
    CAME_BACK = "came_back", _("A matter came back to your unit")
    CLOCK_MOVED = "clock_moved", _("A last day has moved")
    DUE_SOON = "due_soon", _("A term ends soon")
    LATE = "late", _("A term has passed")
    UNHAPPY = "unhappy", _("Somebody isn't satisfied with an answer")
    UNIT_MERGED = "unit_merged", _("Matters of a merged unit have come to yours")
    RUNS_OUT = "runs_out", _("Something runs out")
    WAITS = "waits", _("Something waits for you")
    MUST_READ = "must_read", _("An announcement wants to be read and noted")
    UNREAD = "unread", _("People of your unit have not read an announcement")
    TO_APPROVE = "to_approve", _("An announcement waits for approval")
    SENT_BACK = "sent_back", _("An announcement was sent back")
