"""Choices of the office: kinds of documents, how urgent they are, ways to circulate, opinions, numbers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DocumentKind(models.TextChoices):
    """The fifteen kinds of official documents (党政机关公文处理工作条例 8)."""

    RESOLUTION = "resolution", _("Resolution")
    DECISION = "decision", pgettext_lazy("kind of document", "Decision")
    ORDER = "order", pgettext_lazy("kind of document", "Order")
    COMMUNIQUE = "communique", _("Communiqué")
    ANNOUNCEMENT = "announcement", _("Announcement")
    PUBLIC_NOTICE = "public_notice", pgettext_lazy("kind of document", "Public notice")
    OPINIONS = "opinions", pgettext_lazy("kind of document", "Opinions")
    NOTICE = "notice", pgettext_lazy("kind of document", "Notice")
    CIRCULAR = "circular", _("Circular")
    REPORT = "report", pgettext_lazy("kind of document", "Report")
    REQUEST = "request", _("Request for instructions")
    REPLY = "reply", pgettext_lazy("kind of document", "Reply to a request")
    PROPOSAL = "proposal", _("Proposal to the congress")
    LETTER = "letter", pgettext_lazy("kind of document", "Official letter")
    MINUTES = "minutes", _("Minutes of a meeting")


class Urgency(models.TextChoices):
    """How urgent a document is; empty for an ordinary one."""

    ORDINARY = "", _("Ordinary")
    URGENT = "urgent", _("Urgent")
    MOST_URGENT = "most_urgent", _("Most urgent")


class Direction(models.TextChoices):
    """Whether a unit sends a document out or received it."""

    OUT = "out", _("Outgoing document")
    IN = "in", _("Incoming document")


class Mode(models.TextChoices):
    """How a document goes around."""

    PARALLEL = "parallel", _("All at once")
    SEQUENTIAL = "sequential", _("One after the other, in this order")
    FREE = "free", _("Freely: each reader may pass it on")


class OpinionKind(models.TextChoices):
    """What somebody wrote on a document."""

    INSTRUCTION = "instruction", _("Instruction")
    TICK = "tick", _("Read and ticked")
    COMMENT = "comment", _("Comment")
    COUNTERSIGN = "countersign", _("Countersigning")
    SIGNING = "signing", _("Signing")


class Answer(models.TextChoices):
    """What a department says that is asked to countersign."""

    AGREES = "agrees", _("Agrees")
    WITH_CHANGES = "with_changes", _("Agrees, with changes")
    OBJECTS = "objects", _("Doesn't agree")


class NumberState(models.TextChoices):
    """What became of a number of the register."""

    ISSUED = "issued", _("Issued")
    RESERVED = "reserved", _("Kept back")
    VOID = "void", _("Void")


class SignatureKind(models.TextChoices):
    """What somebody signed: the text that is to go out, or the document as it went out."""

    TEXT = "text", _("Signed the text")
    RELEASE = "release", _("Released")


class Part(models.TextChoices):
    """Why a unit gets a document."""

    MAIN = "main", _("Addressee")
    COPY = "copy", _("Copy to")


class ReportTopic(models.TextChoices):
    """What a report is about; kept, counted and shown under its Chinese name, as content classes are."""

    ECONOMY = "经济运行", _("Economy")
    LIVELIHOOD = "民生保障", _("Livelihood")
    STABILITY = "社会稳定", _("Public order")
    SAFETY = "安全生产", _("Safety at work")
    FARMING = "农业农村", _("Farming and villages")
    ENVIRONMENT = "生态环境", _("Environment")
    PRACTICE = "经验做法", _("What proved itself")
    ADVICE = "问题建议", _("Problems and proposals")
    EMERGENCY = "突发情况", _("Emergencies")
