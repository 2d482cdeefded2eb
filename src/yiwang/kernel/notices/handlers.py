"""What people are told of: steps in matters they watch, answers that come back, last days that move."""

from django.utils import timezone

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.events import handles
from yiwang.kernel.casework.enums import Channel
from yiwang.kernel.casework.events import CaseMoved, ClockMoved
from yiwang.kernel.casework.models import Case, Watch
from yiwang.kernel.notices.actions import notify
from yiwang.kernel.notices.enums import NoticeKind
from yiwang.kernel.notices.queries import staff_of
from yiwang.kernel.orgs.events import UnitMerged

COMES_BACK = frozenset({"answer", "approve", "object", "return", "decline"})
UNHAPPY_UP_TO = 2


def watchers_of(case_id: int) -> list[int]:
    """The accounts that watch a case."""
    return list(Watch.objects.filter(case_id=case_id).values_list("account_id", flat=True))


@handles(CaseMoved)
def on_case_moved(event: CaseMoved) -> None:
    """Watchers hear of every step; a unit hears of what comes back to it; the root of an unhappy evaluation."""
    if event.entry_number == 1:
        return  # nobody can watch yet what has just come in
    with acting_as_system():
        case = Case.objects.get(pk=event.case_id)
        if case.channel == Channel.IMPORT and event.account_id is None:
            return  # history that is brought in is no news
        key = f"case {event.case_id} {event.entry_number}"
        told = {account_id for account_id in watchers_of(event.case_id) if account_id != event.account_id}
        facts = {"verb": event.verb, "type": case.type_key, "version": case.type_version}
        notify(told, NoticeKind.MOVED, key=key, at=event.at, case=case, facts=facts)
        if event.verb in COMES_BACK and event.from_unit_id != event.to_unit_id:
            others = {a for a in staff_of(event.to_unit_id) if a != event.account_id} - told
            notify(others, NoticeKind.CAME_BACK, key=key, at=event.at, case=case, facts=facts)
        if event.verb == "evaluate" and min(case.grade_office or 5, case.grade_unit or 5) <= UNHAPPY_UP_TO:
            notify(
                staff_of(case.root_unit_id), NoticeKind.UNHAPPY, key=key, at=event.at, case=case, facts=facts
            )


@handles(ClockMoved)
def on_clock_moved(event: ClockMoved) -> None:
    """Whoever owes the term, whoever holds the case and whoever watches it."""
    with acting_as_system():
        case = Case.objects.get(pk=event.case_id)
        people = {*staff_of(event.unit_id), *staff_of(event.holder_unit_id), *watchers_of(event.case_id)}
        facts = {
            "clock": event.key,
            "type": case.type_key,
            "version": case.type_version,
            "before": event.before_on.isoformat() if event.before_on else None,
            "after": event.after_on.isoformat() if event.after_on else None,
            "year": event.year,
        }
        key = f"clock {event.case_id} {event.key} {event.unit_id} {facts['after']}"
        notify(people, NoticeKind.CLOCK_MOVED, key=key, at=event.at, case=case, facts=facts)


@handles(UnitMerged)
def on_unit_merged(event: UnitMerged) -> None:
    """The successor's staff hears that matters have come to it."""
    with acting_as_system():
        facts = {"unit": event.unit_id, "on": event.on.isoformat()}
        key = f"merged {event.unit_id} {event.successor_id}"
        notify(staff_of(event.successor_id), NoticeKind.UNIT_MERGED, key=key, at=timezone.now(), facts=facts)
