"""Choices about companies that no procedure declares."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HowVerified(models.TextChoices):
    """How the centre looks whether what a company handed in holds."""

    REGISTER = "register", _("Compared with the public register of companies")
    ORIGINALS = "originals", _("Originals seen")
    ISSUER = "issuer", _("Asked the authority that issued it")
    VISIT = "visit", _("Visited on the spot")


class ActKind(models.TextChoices):
    """What the centre can say to a company."""

    COMMENDATION = "commendation", _("Commendation")
    WARNING = "warning", pgettext_lazy("to a company", "Warning")
    REMOVAL = "removal", pgettext_lazy("of a company", "Removal")


class Figure(models.TextChoices):
    """What a company's mark is made of; each is a share of its orders."""

    RESPONSE = "response", _("Offers answered in time")
    ON_TIME = "on_time", _("Begun in the agreed time")
    SOLVED = "solved", _("Done well at the call-back")
    SATISFIED = "satisfied", _("Content with the team")
    UNDISPUTED = "undisputed", _("Without a dispute")


BUSINESS_LICENCE = "business"
BUSINESS_LICENCE_LABEL = _("Business licence")
