"""Periods of retention and categories of archives."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Period(models.TextChoices):
    """How long a file unit is kept; the codes stand in the archive number (DA/T 22-2015)."""

    PERMANENT = "Y", _("Permanent")
    THIRTY = "D30", _("30 years")
    TEN = "D10", _("10 years")


class Category(models.TextChoices):
    """The kind of archives; the code stands in the archive number."""

    DOCUMENTS = "WS", _("Documents")
    SPECIAL = "ZY", _("Special files")
    ACCOUNTS = "KU", _("Accounts")
    PHOTOGRAPHS = "ZP", _("Photographs")
