"""The questions of the public form: their order, and which are still open. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

PETITION = "petition"
MAILBOX = "mailbox"

MOST_SUBMISSIONS = 20
WITHIN = timedelta(hours=1)


class Signing(StrEnum):
    """Under whose name somebody writes."""

    SIGNED = "signed"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


def questions(kind: str, told: Mapping[str, Any]) -> list[str]:
    """The questions that somebody is asked, in the order in which people tell it, the check at the end."""
    if kind == MAILBOX:
        order = ["what", "accused", "files", "signing"]
    else:
        order = ["what", "purpose"]
        if told.get("purpose") == "accusation":
            order.append("accused")
        order += ["topic", "place", "files", "signing"]
    if told.get("signing") != Signing.ANONYMOUS:
        order += ["contact", "letters"]
    return [*order, "check"]


def is_answered(question: str, told: Mapping[str, Any]) -> bool:
    """Whether a question has been answered; an answer that may be empty counts once its page was sent."""
    if question in ("topic", "place", "files"):
        return question in told.get("seen", ())
    needed = {
        "what": ("title", "text"),
        "purpose": ("purpose",),
        "signing": ("signing",),
        "contact": ("name", "address"),
        "letters": ("letters",),
    }
    if question == "accused":
        return bool(told.get("accused_units") or told.get("accused_name"))
    return all(told.get(key) for key in needed.get(question, ()))


def first_open(kind: str, told: Mapping[str, Any]) -> str:
    """The first question without an answer; the check when there is none."""
    order = questions(kind, told)
    return next((question for question in order[:-1] if not is_answered(question, told)), "check")


def neighbours(kind: str, question: str, told: Mapping[str, Any]) -> tuple[str | None, str]:
    """The question before and the one after."""
    order = questions(kind, told)
    at = order.index(question)
    return (order[at - 1] if at else None), order[min(at + 1, len(order) - 1)]
