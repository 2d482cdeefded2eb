"""Builders of the office: a document at any place of its way, made through the actions."""

from datetime import datetime, timedelta
from typing import Any

from tests.builders import NOON, County
from yiwang.facilities.office import actions
from yiwang.facilities.office.actions import Text
from yiwang.facilities.office.enums import Direction
from yiwang.facilities.office.models import DocumentVersion, Handling, NumberSeries
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.casework import actions as casework
from yiwang.kernel.casework.models import Case

HOUR = timedelta(hours=1)
BODY = "一、请做好今冬供水管网防冻工作。\n二、有关情况请于12月10日前书面反馈。"


def a_text(county: County, *to: str, **changes: Any) -> Text:
    """A notice to some units of the county."""
    fields: dict[str, Any] = {
        "kind": "notice",
        "title": "关于做好今冬供水管网防冻工作的通知",
        "main_units": tuple(county.unit(name).pk for name in to),
        "content": {"body": BODY},
    }
    return Text(**{**fields, **changes})


def a_draft(
    county: County,
    *to: str,
    unit: str = "water",
    at: datetime = NOON,
    reply_to: Handling | None = None,
    **changes: Any,
) -> Handling:
    """A document that the clerk of a unit has begun."""
    by = county.standing(f"{unit}.clerk")
    with acting_as(by):
        text, unit_id = a_text(county, *to, **changes), county.unit(unit).pk
        return actions.draft(text, unit_id=unit_id, by=by, at=at, reply_to=reply_to)


def a_series(county: County, unit: str = "water", mark: str = "云水发") -> NumberSeries:
    """The series of a unit's outgoing documents."""
    return actions.open_series(county.unit(unit).pk, mark=mark, by=SYSTEM)


def do(county: County, who: str, act: Any, handling: Handling, *, at: datetime = NOON, **data: Any) -> Any:
    """One act with a document, as somebody."""
    by = county.standing(who)
    with acting_as(by):
        return act(handling.pk, by=by, at=at, **data)


def take(county: County, who: str, verb: str, handling: Handling, *, at: datetime = NOON, **data: Any) -> Any:
    """A step that needs nothing of the office, as somebody."""
    by = county.standing(who)
    assert handling.case_id is not None
    with acting_as(by):
        return casework.take(handling.case_id, verb, by=by, at=at, data=data)


def text_of(handling: Handling) -> DocumentVersion:
    """The newest kept text of a document."""
    with acting_as_system():
        return DocumentVersion.objects.filter(document_id=handling.document_id).order_by("-place")[0]


def a_document_to_sign(
    county: County, *to: str, unit: str = "water", at: datetime = NOON, **changes: Any
) -> Handling:
    """A document that was reviewed and waits for the signature of its unit's head."""
    handling = a_draft(county, *to, unit=unit, at=at, **changes)
    do(county, f"{unit}.clerk", actions.submit, handling, at=at)
    take(county, f"{unit}.head", "pass", handling, at=at)
    return handling


def a_signed_document(
    county: County, *to: str, unit: str = "water", at: datetime = NOON, **changes: Any
) -> Handling:
    """A document that the head of its unit has signed."""
    handling = a_document_to_sign(county, *to, unit=unit, at=at, **changes)
    do(county, f"{unit}.head", actions.sign, handling, digest=text_of(handling).digest, at=at)
    return handling


def a_released_document(
    county: County, *to: str, unit: str = "water", at: datetime = NOON, mark: str = "云水发", **changes: Any
) -> Handling:
    """A document that was numbered and sent to its addressees."""
    handling = a_signed_document(county, *to, unit=unit, at=at, **changes)
    series = a_series(county, unit, mark)
    take(county, f"{unit}.clerk", "check", handling, at=at)
    do(county, f"{unit}.clerk", actions.enter, handling, series_id=series.pk, at=at)
    take(county, f"{unit}.clerk", "print", handling, at=at)
    do(county, f"{unit}.clerk", actions.release, handling, at=at)
    return handling


def received(county: County, handling: Handling, unit: str) -> Handling:
    """The same document in the hands of a unit that it was sent to."""
    with acting_as_system():
        return Handling.objects.get(
            document_id=handling.document_id, unit=county.unit(unit), direction=Direction.IN
        )


def a_document_in_hand(
    county: County, *, unit: str = "chengguan", at: datetime = NOON, **changes: Any
) -> Handling:
    """A document that a unit has signed for, registered and examined."""
    handling = received(county, a_released_document(county, unit, at=at, **changes), unit)
    do(county, f"{unit}.clerk", actions.sign_for, handling, at=at)
    do(county, f"{unit}.clerk", actions.enter_receipt, handling, at=at)
    take(county, f"{unit}.clerk", "examine", handling, at=at)
    return handling


def state(handling: Handling) -> str:
    """Where the handling stands."""
    with acting_as_system():
        return Case.objects.values_list("state", flat=True).get(pk=handling.case_id or 0)


def fresh(handling: Handling) -> Handling:
    """The handling as the database has it now."""
    with acting_as_system():
        return Handling.objects.select_related("document").get(pk=handling.pk)
