"""Where the order meets dispatch and hotline: each moves the other within one transaction.

Verified → a team is asked for. What dispatch tells of offers and work moves the case. Finished → a call-back is
asked for. What the call-back or a decision says concludes the order or opens it again, in the same writing.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from django.utils.translation import gettext as _

from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.events import (
    JobEvent,
    JobFinished,
    JobFinishing,
    JobStarted,
    JobStarting,
    NobodyFound,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
    TeamDeparted,
)
from yiwang.facilities.dispatch.faults import NotNow, Refused
from yiwang.facilities.dispatch.models import Job
from yiwang.facilities.hotline.actions import ask_call_back, close_call_back
from yiwang.facilities.hotline.enums import CallBackOutcome, CallBackReason
from yiwang.facilities.hotline.models import CallBack
from yiwang.institutions.community.actions import count_wrong_pin, is_right_pin, renew_pin
from yiwang.institutions.community.casetypes.order_2026 import (
    AGAIN,
    ASSIGNED,
    KEY,
    PARTLY,
    SOLVED,
    UNREACHED,
    UNSOLVED,
    VERIFIED,
)
from yiwang.institutions.community.company_terms import price_of
from yiwang.institutions.community.models import Order
from yiwang.institutions.community.queries import OVER, order_of
from yiwang.institutions.community.rules import CHINA, MOST_WRONG_PINS, total
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.base.events import handles, handles_within
from yiwang.kernel.calendar.queries import current as current_calendar
from yiwang.kernel.calendar.rules import CountUnit, RollOver, due_on
from yiwang.kernel.casework.actions import FileData, take
from yiwang.kernel.casework.basis import yuan
from yiwang.kernel.casework.events import CaseMoved
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.registry import Further, brings_about
from yiwang.kernel.casework.rules.progress import Entry, NotAllowedNow, Progress
from yiwang.kernel.channels.messages import send
from yiwang.kernel.files.actions import store_each

LARGEST_PHOTO = 20 * 1024 * 1024
MESSAGE_FIRST = timedelta(hours=20)
"""So long somebody may answer the message before an agent calls."""


# ------------------------------------------------------------------------------- what moves after a step


@handles_within(CaseMoved)
def on_order_moved(event: CaseMoved) -> None:
    """What a step of an order brings with it, in the same transaction."""
    follow = FOLLOWS.get(event.verb) if event.type_key == KEY else None
    if follow is not None:
        with acting_as_system():
            follow(event)


def _ask_for_team(event: CaseMoved) -> None:
    order = order_of(event.case_id)
    case = Case.objects.only("root_unit_id", "place_unit_id", "title").get(pk=event.case_id)
    begins_at, ends_at = _window(order, event)
    dispatch.ask_for_team(
        subject_kind=KEY,
        subject_id=event.case_id,
        unit_id=case.root_unit_id,
        title=case.title,
        skill=order.version.skill,
        licence=order.version.licence,
        area_unit_id=case.place_unit_id,
        x=order.x,
        y=order.y,
        window_from_at=begins_at,
        window_until_at=ends_at,
        minutes=min(order.version.minutes * order.quantity, 24 * 60),
        preferred_team_ids=order.preferred_team_ids,
        unwanted_team_ids=order.unwanted_team_ids,
        at=event.at,
    )


def _window(order: Order, event: CaseMoved) -> tuple[datetime, datetime]:
    """The booked window, on the day that the step agreed on."""
    agreed_on = datetime.fromisoformat(event.data["service_on"]).date()
    moved = agreed_on - order.window_from_at.astimezone(CHINA).date()
    if not moved:
        return order.window_from_at, order.window_until_at
    return order.window_from_at + moved, order.window_until_at + moved


@handles(CaseMoved)
def on_order_ended(event: CaseMoved) -> None:
    """An order that needs nobody any more: its work is withdrawn, once the step is committed.

    Not within the step's transaction: that holds the order, and dispatch takes the work first and then the
    order. Should the machine fail in between, dispatch's sweep asks `is_over` and withdraws it.
    """
    if event.type_key != KEY or event.verb not in ENDING:
        return
    with acting_as_system(), suppress(NotNow):
        jobs = Job.objects.filter(subject_kind=KEY, subject_id=event.case_id)
        for job_id in jobs.values_list("pk", flat=True):
            dispatch.withdraw(job_id, reason=_("The order was cancelled."), at=event.at)


def _ask_how_it_was(event: CaseMoved) -> None:
    """Every finished order: a message at once, and an agent calls when nobody has answered it."""
    order = order_of(event.case_id)
    case = Case.objects.only("number", "title", "root_unit_id").get(pk=event.case_id)
    words = _("Your service %(number)s is finished. Was it done well? Please tell us on your receipt's page.")
    is_told = send(order.phone_key, words % {"number": case.number}, at=event.at)
    ask_call_back(
        order.phone_key,
        reason=CallBackReason.FOLLOW_UP,
        unit_id=case.root_unit_id,
        at=event.at,
        due_at=event.at + (MESSAGE_FIRST if is_told else timedelta(0)),
        subject_kind=KEY,
        subject_id=event.case_id,
        words=f"{case.number} {case.title}",
    )


@brings_about(KEY, "call_back")
def what_a_call_back_brings(progress: Progress, entry: Entry) -> list[Further]:
    """Done well concludes the order; done badly opens it again. Nobody reached changes nothing."""
    said, further = entry.data, []
    if said["outcome"] == UNREACHED:
        return []
    if said.get("grade_unit") and said.get("grade_office") and "evaluate" not in progress.verbs:
        further.append(Further("evaluate", {key: said[key] for key in ("grade_office", "grade_unit")}))
    if said["outcome"] == SOLVED:
        further.append(Further("conclude"))
    elif said["outcome"] in (PARTLY, UNSOLVED):
        words = said.get("comment") or _("The call-back: the work wasn't done as agreed.")
        further.append(_reopening(entry, words))
    return further


@brings_about(KEY, "decide")
def what_a_decision_brings(progress: Progress, entry: Entry) -> list[Further]:
    """The centre has decided on a dispute: somebody goes again, or the order is concluded."""
    if entry.data["decision"] == AGAIN:
        return [_reopening(entry, str(entry.data["reasons"]))]
    return [Further("conclude")]


def _reopening(entry: Entry, reasons: str) -> Further:
    """The next working day is agreed on until the centre agrees on another."""
    today = entry.at.astimezone(CHINA).date()
    service_on = due_on(
        today, term=1, unit=CountUnit.WORKING_DAY, roll_over=RollOver.NONE, calendar=current_calendar()
    )
    data = {"service_on": (service_on or today).isoformat(), "reasons": reasons[:2000]}
    return Further("reopen", data)


def _after_call_back(event: CaseMoved) -> None:
    """Whoever was reached needn't be called again."""
    if event.data["outcome"] != UNREACHED:
        _close_call_backs(event, CallBackOutcome.REACHED, by=event.account_id)


def _renew_pin(event: CaseMoved) -> None:
    renew_pin(event.case_id, is_by_centre=event.account_id is not None)


def _close_needless(event: CaseMoved) -> None:
    _close_call_backs(event, CallBackOutcome.NOT_NEEDED)


def _close_call_backs(event: CaseMoved, outcome: str, *, by: int | None = None) -> None:
    waiting = CallBack.objects.filter(subject_kind=KEY, subject_id=event.case_id, done_at__isnull=True)
    for pk in list(waiting.values_list("pk", flat=True)):
        close_call_back(pk, outcome=outcome, by=by, at=event.at)


FOLLOWS = {
    "verify": _ask_for_team,
    "reopen": _ask_for_team,
    "cancel": _close_needless,
    "new_pin": _renew_pin,
    "decline": _close_needless,
    "finish": _ask_how_it_was,
    "call_back": _after_call_back,
    "dispute": _close_needless,
}
"""What follows a step, by its verb."""

ENDING = frozenset({"cancel", "decline"})
"""The steps after which nobody is to come."""


# ------------------------------------------------------------------------------------- what dispatch tells


@handles_within(OfferMade)
def on_offer_made(event: OfferMade) -> None:
    """The order stands as offered."""
    _move(event, "offer", team=event.team_name)


@handles_within(OfferAccepted)
def on_offer_accepted(event: OfferAccepted) -> None:
    """The team's company has the order now."""
    _move(event, "accept", team=event.team_name, unit_id=event.team_unit_id)
    if event.subject_kind == KEY:
        _agree_on_price(event)


def _agree_on_price(event: OfferAccepted) -> None:
    """What the team's company asked for it on the day of the order; the ceiling stays as it was booked."""
    with acting_as_system():
        order = order_of(event.subject_id)
        booked_on = Case.objects.values_list("received_on", flat=True).get(pk=event.subject_id)
        price = total(price_of(event.team_unit_id, order.version, on=booked_on), order.quantity)
        if price != order.price_fen:
            order.price_fen = min(price, order.ceiling_fen)
            order.save(update_fields=["price_fen"])


@handles_within(OfferDeclined)
def on_offer_declined(event: OfferDeclined) -> None:
    """The order waits for the next team."""
    _move_unless_over(event, "refuse", team=event.team_name, reasons=event.reason)


@handles_within(OfferExpired)
def on_offer_expired(event: OfferExpired) -> None:
    """The order waits for the next team."""
    _move_unless_over(event, "refuse", team=event.team_name, reasons=_("Not answered in time."))


@handles_within(OfferWithdrawn)
def on_offer_withdrawn(event: OfferWithdrawn) -> None:
    """The order waits again; a company that had it has it no longer."""
    if event.subject_kind != KEY:
        return
    state = _state(event.subject_id)
    verb = {ASSIGNED: "release", "offered": "refuse"}.get(state)
    if verb is not None:
        _move_unless_over(event, verb, team=event.team_name, reasons=event.reason or "–")


@handles_within(NobodyFound)
def on_nobody_found(event: NobodyFound) -> None:
    """A dispatcher must look: it stands in the journal that no team was found."""
    if event.subject_kind == KEY and _state(event.subject_id) == VERIFIED:
        _move_unless_over(event, "miss", note=_("%(number)s teams refused.") % {"number": event.refusals})


@handles_within(TeamDeparted)
def on_team_departed(event: TeamDeparted) -> None:
    """The resident sees that somebody is coming."""
    _move(event, "depart")


@handles_within(JobStarting)
def on_job_starting(event: JobStarting) -> None:
    """The team shows by the resident's PIN that it stands at the right door."""
    if event.subject_kind != KEY:
        return
    with acting_as_system():
        order = order_of(event.subject_id)
    if order.wrong_pins >= MOST_WRONG_PINS:
        raise Refused(_("Too many wrong PINs. Please call the centre: it can have a new PIN made."))
    if not is_right_pin(order, str(event.data.get("pin", ""))):
        raise Refused(
            _("This isn't the resident's PIN. It stands on the page of their receipt."),
            keep=partial(count_wrong_pin, event.subject_id),
        )


@handles_within(JobStarted)
def on_job_started(event: JobStarted) -> None:
    """The work is under way."""
    _move(event, "start", team=event.team_name)


@handles_within(JobFinishing)
def on_job_finishing(event: JobFinishing) -> None:
    """Nobody pays more than the ceiling that the catalogue showed when it was booked."""
    if event.subject_kind != KEY:
        return
    with acting_as_system():
        order = order_of(event.subject_id)
    price = event.data.get("price_fen")
    if not isinstance(price, int) or price < 0:
        raise Refused(_("Please give the price."))
    if price > order.ceiling_fen:
        raise Refused(
            _("The price is over the ceiling of %(most)s that was agreed.")
            % {"most": yuan(order.ceiling_fen)}
        )


@handles_within(JobFinished)
def on_job_finished(event: JobFinished) -> None:
    """The centre has the order again, and asks how it was."""
    if event.subject_kind != KEY:
        return
    price = int(event.data["price_fen"])
    brought = store_each(event.data.get("photos") or (), at=event.at, limit_bytes=LARGEST_PHOTO)
    if brought.refused:
        raise Refused(" ".join(brought.refused))
    with acting_as_system():
        Order.objects.filter(pk=event.subject_id).update(paid_fen=price)
    _move(
        event,
        "finish",
        files=[FileData(blob, name) for blob, name in brought.kept],
        team=event.team_name,
        price=price,
        materials=str(event.data.get("materials", "")),
        note=str(event.data.get("words", "")),
    )


def _move(event: JobEvent, verb: str, *, files: Sequence[FileData] = (), **data: object) -> None:
    """Move the order with its work; one that was cancelled meanwhile refuses what dispatch is about to do."""
    if event.subject_kind != KEY:
        return
    with acting_as_system():
        try:
            take(event.subject_id, verb, by=SYSTEM, at=event.at, data=data, files=files)
        except NotAllowedNow:
            if _state(event.subject_id) in OVER:
                raise Refused(_("The order was cancelled.")) from None
            raise


def _move_unless_over(event: JobEvent, verb: str, **data: str) -> None:
    """Move the order back; one that was cancelled meanwhile stays as it is."""
    with suppress(Refused):
        _move(event, verb, files=(), **data)


def _state(case_id: int) -> str:
    with acting_as_system():
        return Case.objects.values_list("state", flat=True).get(pk=case_id)
