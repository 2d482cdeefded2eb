"""Choices of casework that aren't declared by a case type."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The way a matter came in."""

    WEB = "web", _("Online")
    COUNTER = "counter", _("In person")
    PHONE = "phone", _("By telephone")
    LETTER = "letter", _("By letter")
    MAILBOX = "mailbox", _("Supervision mailbox")
    IMPORT = "import", _("Imported")


class PartyRole(models.TextChoices):
    """What somebody is to a case."""

    PETITIONER = "petitioner", _("Petitioner")
    REPRESENTATIVE = "representative", _("Representative")
    AGENT = "agent", _("Agent")
    ACCUSED = "accused", _("Person or unit complained of")
    RESPONDENT = "respondent", _("Party to the proceedings")


class ReadPurpose(models.TextChoices):
    """Why a member of the staff reads personal data; recorded with every read."""

    HANDLING = "handling", _("Handling the matter")
    REGISTERING = "registering", _("Registering a matter")
    SUPERVISING = "supervising", _("Supervising the work")
    ANSWERING = "answering", _("Answering a question of the person")
    STATISTICS = "statistics", _("Statistics without names")
