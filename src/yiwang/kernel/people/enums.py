"""Roles of a post."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a post lets its holder do at its unit."""

    CLERK = "clerk", _("Clerk")
    HEAD = "head", _("Head of unit")
    LEADER = "leader", _("Leader")
    ADMINISTRATOR = "administrator", _("Administrator")
    SECURITY_OFFICER = "security_officer", _("Security officer")
    AUDITOR = "auditor", _("Auditor")


CASE_ROLES = frozenset({Role.CLERK, Role.HEAD, Role.LEADER})
"""Roles that may see cases."""

SEPARATED_ROLES = frozenset({Role.ADMINISTRATOR, Role.SECURITY_OFFICER, Role.AUDITOR})
"""Roles of which nobody may hold two, and which may not be joined with a role that sees cases."""
