"""Choices of the hotline."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Direction(models.TextChoices):
    """Who called whom."""

    INBOUND = "inbound", _("Incoming")
    OUTBOUND = "outbound", _("Outgoing")


class CallState(models.TextChoices):
    """Where a call is."""

    OFFERED = "offered", _("Coming in")
    QUEUED = "queued", _("Waiting")
    RINGING = "ringing", _("Ringing")
    TALKING = "talking", _("Talking")
    HELD = "held", _("On hold")
    ENDED = "ended", _("Ended")


LIVE_STATES = (CallState.OFFERED, CallState.QUEUED, CallState.RINGING, CallState.TALKING, CallState.HELD)
"""States of a call in which somebody is on the line."""

WAITING_STATES = (CallState.OFFERED, CallState.QUEUED, CallState.RINGING)
"""States of a call in which the caller hasn't been spoken to."""


class EventKind(models.TextChoices):
    """One kind of thing that happens to a call; the order here decides between two of the same instant."""

    OFFERED = "offered", _("Came in")
    QUEUED = "queued", _("Joined the queue")
    CHOSEN = "chosen", _("Given to an agent")
    RINGING = "ringing", _("Rang at an agent")
    RETURNED = "returned", _("Went back to the queue")
    ANSWERED = "answered", _("Picked up")
    HELD = "held", _("Put on hold")
    RESUMED = "resumed", _("Taken up again")
    ASKED = "asked", _("An agent was asked")
    JOINED = "joined", _("Somebody joined")
    PARTED = "parted", _("Somebody left")
    LISTENED = "listened", _("A supervisor listened in")
    UNLISTENED = "unlistened", _("Listening in ended")
    TRANSFERRED = "transferred", _("Passed on")
    LOST = "lost", _("The line was lost")
    ENDED = "ended", _("Ended")
    RECORDED = "recorded", _("Recording kept")


class AgentState(models.TextChoices):
    """What an agent is doing."""

    OFF = "off", _("Signed off")
    READY = "ready", _("Ready")
    RINGING = "ringing", _("Phone rings")
    TALKING = "talking", _("In a call")
    WRAP_UP = "wrap_up", _("After-call work")
    PAUSED = "paused", _("Pause")


class CallBackReason(models.TextChoices):
    """Why somebody is to be called back."""

    MISSED = "missed", _("Nobody answered")
    LOST = "lost", _("The line was lost")
    PROMISED = "promised", _("Promised to the caller")
    FOLLOW_UP = "follow_up", _("To ask whether it helped")


class CallBackOutcome(models.TextChoices):
    """What came of calling somebody back."""

    REACHED = "reached", _("Reached")
    NOT_REACHED = "not_reached", _("Not reached")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    CALLED_AGAIN = "called_again", _("Called again by themselves")
    NOT_NEEDED = "not_needed", _("No longer needed")


class ListenMode(models.TextChoices):
    """Who hears a supervisor who is in a call that goes on."""

    LISTEN = "listen", _("Listen only")
    WHISPER = "whisper", _("Whisper to the agent")
    BARGE = "barge", _("Speak with both")


class ListenPurpose(models.TextChoices):
    """Why a member of the staff listens, live or to a recording; kept in the log with every listening."""

    HANDLING = "handling", _("Handling the matter")
    COMPLAINT = "complaint", _("Looking into a complaint")
    QUALITY = "quality", _("Quality of service")
    TRAINING = "training", _("Training")
