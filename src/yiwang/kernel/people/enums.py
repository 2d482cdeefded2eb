"""Roles of a post."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a post lets its holder do at its unit."""

    CLERK = "clerk", _("Clerk")
    HEAD = "head", _("Head of unit")
    AGENT = "agent", _("Hotline agent")
    DISPATCHER = "dispatcher", _("Dispatcher")
    WORKER = "worker", _("Service worker")
    LEADER = "leader", _("Leader")
    ADMINISTRATOR = "administrator", _("Administrator")
    SECURITY_OFFICER = "security_officer", _("Security officer")
    AUDITOR = "auditor", _("Auditor")


CASE_ROLES = frozenset({Role.CLERK, Role.HEAD, Role.AGENT, Role.DISPATCHER, Role.LEADER})
"""Roles that may see the cases of their unit. A service worker sees only the work offered to their team."""

SEPARATED_ROLES = frozenset({Role.ADMINISTRATOR, Role.SECURITY_OFFICER, Role.AUDITOR})
"""Roles of which nobody may hold two, and which may not be joined with a role that sees cases."""
