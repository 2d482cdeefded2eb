"""Clocks are derived: a pure function of journal, procedure and calendar returns every clock of a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from yiwang.kernel.calendar.rules import Counted, CountUnit, RollOver, WorkingCalendar, count_term, due_on
from yiwang.kernel.casework.rules.casetype import CaseType, ClockDef, ClockKind, ClockScope, Custody
from yiwang.kernel.casework.rules.progress import Entry, Node, Progress, advance, step_for

CHINA = ZoneInfo("Asia/Shanghai")


class ClockStatus(StrEnum):
    """How a clock stands on a day."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    LATE = "late"
    MET = "met"
    MET_LATE = "met_late"
    EXPIRED = "expired"
    VOID = "void"


@dataclass(frozen=True)
class TermSetting:
    """An office's own choice for a clock: a shorter term, or how a last day on a rest day is treated."""

    term: int | None = None
    roll_over: RollOver | None = None


@dataclass(frozen=True)
class Clock:
    """One running or finished term of a case.

    `node` is the unit's place in the chain that owes it. `due_on` is nothing while it is suspended without
    an end. `ended_on` is the day it was met or fell away.
    """

    definition: ClockDef
    node: int
    unit_id: int
    start_entry: int
    start_on: date
    term: int
    roll_over: RollOver
    extended_days: int
    due_on: date | None
    fixed_on: date | None
    suspended: tuple[tuple[date, date | None], ...]
    ended_on: date | None
    is_void: bool
    end_entry: int | None

    @property
    def key(self) -> str:
        """The clock's key within its procedure."""
        return self.definition.key

    def status(self, *, as_of: date) -> ClockStatus:
        """How the clock stands at the end of a day."""
        if self.is_void:
            return ClockStatus.VOID
        if self.ended_on is not None:
            is_late = self.due_on is not None and self.ended_on > self.due_on
            return ClockStatus.MET_LATE if is_late else ClockStatus.MET
        if self.due_on is None:
            return ClockStatus.SUSPENDED
        if as_of > self.due_on:
            return ClockStatus.LATE if self.definition.kind is ClockKind.DUTY else ClockStatus.EXPIRED
        return ClockStatus.RUNNING

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes or may use it."""
        return self.ended_on is None and not self.is_void

    def explained(self, calendar: WorkingCalendar) -> Counted | None:
        """Every day on the way to the last; nothing when an assignment set the day itself."""
        if self.fixed_on is not None:
            return None
        return count_term(
            self.start_on,
            term=self.term + self.extended_days,
            unit=self.definition.unit,
            roll_over=self.roll_over,
            calendar=calendar,
            suspended=self.suspended,
        )


def local_day(at: datetime) -> date:
    """The day an instant falls on in China."""
    return at.astimezone(CHINA).date()


def walk(entries: Sequence[Entry], case_type: CaseType) -> list[Progress]:
    """The standing after each entry of a journal."""
    standings: list[Progress] = []
    progress = Progress()
    for entry in entries:
        progress = advance(progress, entry, step_for(entry.verb, progress, case_type))
        standings.append(progress)
    return standings


def clocks(
    entries: Sequence[Entry],
    case_type: CaseType,
    calendar: WorkingCalendar,
    *,
    settings: Mapping[str, TermSetting] | None = None,
    standings: Sequence[Progress] | None = None,
) -> list[Clock]:
    """Every clock that a journal has started, in the order of the declaration.

    `settings` are an office's own choices by clock key; a longer term than the law's is ignored.
    `standings` may be given when the caller already walked the journal.
    """
    standings = standings if standings is not None else walk(entries, case_type)
    if not standings:
        return []
    found: list[Clock] = []
    for definition in case_type.clocks:
        if definition.scope is ClockScope.CASE:
            clock: Clock | None = None
            for begin in (entry for entry in entries if _starts(definition, entry)):
                if clock is None or (definition.is_renewed and _was_met(clock, before=begin)):
                    clock = _run(
                        definition,
                        case_type,
                        begin,
                        entries,
                        standings,
                        0 if definition.is_owed_by_root else begin.node,
                        None,
                        calendar,
                        settings,
                    )
            if clock is not None:
                found.append(clock)
            continue
        for node in standings[-1].nodes:
            if (definition.is_root_only and node.index) or (definition.is_below_root_only and not node.index):
                continue
            start = _start_at(definition, case_type, entries, node)
            if start is not None:
                found.append(
                    _run(
                        definition,
                        case_type,
                        start,
                        entries,
                        standings,
                        node.index,
                        node.index,
                        calendar,
                        settings,
                    )
                )
    return found


def _was_met(clock: Clock, *, before: Entry) -> bool:
    """Whether a clock was met by its last day, or fell away, before another start. A right is never missed."""
    if clock.definition.kind is ClockKind.WINDOW:
        return True
    if clock.end_entry is None or clock.end_entry >= before.number or clock.ended_on is None:
        return False
    return clock.is_void or clock.due_on is None or clock.ended_on <= clock.due_on


def _starts(definition: ClockDef, entry: Entry) -> bool:
    """Whether a step starts the clock; some do so only in certain states."""
    return entry.verb in definition.starts and (
        not definition.starts_in or entry.from_state in definition.starts_in
    )


def _start_at(
    definition: ClockDef, case_type: CaseType, entries: Sequence[Entry], node: Node
) -> Entry | None:
    """What starts a unit's clock: the step that gave it the case, or its own step that keeps the case there.

    A step by which the unit itself hands the case on starts the next unit's clock, never its own.
    """
    given = entries[node.entry_number - 1]
    if given.verb in definition.starts:
        return given
    own = definition.starts - {s.verb for s in case_type.steps if s.custody is Custody.HAND_ON}
    return next((entry for entry in entries if entry.node == node.index and entry.verb in own), None)


def _run(
    definition: ClockDef,
    case_type: CaseType,
    start: Entry,
    entries: Sequence[Entry],
    standings: Sequence[Progress],
    node: int,
    only_node: int | None,
    calendar: WorkingCalendar,
    settings: Mapping[str, TermSetting] | None,
) -> Clock:
    ended: Entry | None = None
    extended = 0
    pauses: list[tuple[date, date | None]] = []
    for entry in entries[start.number :]:
        is_mine = only_node is None or entry.node == only_node
        ends = entry.verb in definition.ended_by_anybody or (is_mine and entry.verb in definition.ends)
        if ends and ended is None:
            ended = entry
        elif entry.verb in definition.reopened_by and standings[entry.number - 1].holder == node:
            ended = None
        elif is_mine and definition.extended_by == entry.verb:
            extended += int(entry.data["days"])
        elif is_mine and definition.suspended_by == entry.verb:
            pauses.append((local_day(entry.at), None))
        elif is_mine and definition.resumed_by == entry.verb and pauses and pauses[-1][1] is None:
            pauses[-1] = (pauses[-1][0], local_day(entry.at))
    is_void = False
    if ended is None and definition.voided_by:
        ended = _voiding(definition, case_type, entries, standings, start, only_node)
        is_void = ended is not None
    start_on = _start_day(definition, start)
    term, roll_over = _chosen(definition, start, settings)
    fixed_on = _fixed_day(definition, start)
    if fixed_on is not None and extended:
        fixed_on = _due(definition.unit, roll_over, fixed_on, extended, (), calendar)
    return Clock(
        definition=definition,
        node=node,
        unit_id=standings[-1].nodes[node].unit_id,
        start_entry=start.number,
        start_on=start_on,
        term=term,
        roll_over=roll_over,
        extended_days=extended,
        due_on=fixed_on
        or _due(definition.unit, roll_over, start_on, term + extended, tuple(pauses), calendar),
        fixed_on=fixed_on,
        suspended=tuple(pauses),
        ended_on=local_day(ended.at) if ended else None,
        is_void=is_void,
        end_entry=ended.number if ended else None,
    )


def _voiding(
    definition: ClockDef,
    case_type: CaseType,
    entries: Sequence[Entry],
    standings: Sequence[Progress],
    start: Entry,
    only_node: int | None,
) -> Entry | None:
    """The step after which nobody owes this clock: for a unit, the one that took the case from it.

    Taking the case back from the next unit in the chain doesn't free whoever takes it back.
    """
    taking_back = {s.verb for s in case_type.steps if s.custody in (Custody.RELEASE, Custody.RECALL)}
    for entry in entries[start.number :]:
        if entry.verb not in definition.voided_by:
            continue
        if only_node is None or standings[entry.number - 1].nodes[only_node].outcome == entry.verb:
            return entry
        if entry.node == only_node and entry.verb not in taking_back:
            return entry
    return None


def _start_day(definition: ClockDef, start: Entry) -> date:
    named = start.data.get(definition.starts_on_field) if definition.starts_on_field else None
    return date.fromisoformat(named) if isinstance(named, str) and named else local_day(start.at)


def _fixed_day(definition: ClockDef, start: Entry) -> date | None:
    named = start.data.get(definition.due_on_field) if definition.due_on_field else None
    return date.fromisoformat(named) if isinstance(named, str) and named else None


def _chosen(
    definition: ClockDef, start: Entry, settings: Mapping[str, TermSetting] | None
) -> tuple[int, RollOver]:
    """The term and roll-over in force: the law's, the step's own, or the office's where the law lets it choose."""
    named = start.data.get(definition.term_field) if definition.term_field else None
    if named:
        return int(named), definition.roll_over
    own = settings.get(definition.key) if settings else None
    if own is None or definition.kind is not ClockKind.DUTY:
        return definition.term, definition.roll_over
    term = min(definition.term, own.term) if own.term is not None else definition.term
    may_roll = definition.roll_over_basis is not None or own.roll_over is RollOver.NONE
    return term, own.roll_over if own.roll_over is not None and may_roll else definition.roll_over


def _due(
    unit: CountUnit,
    roll_over: RollOver,
    start_on: date,
    term: int,
    pauses: tuple[tuple[date, date | None], ...],
    calendar: WorkingCalendar,
) -> date | None:
    if pauses:
        return due_on(
            start_on,
            term=term,
            unit=unit,
            roll_over=roll_over,
            calendar=calendar,
            suspended=pauses,
        )
    return _due_quickly(unit.value, roll_over.value, start_on, term, calendar)


@lru_cache(maxsize=65536)
def _due_quickly(
    unit: str, roll_over: str, start_on: date, term: int, calendar: WorkingCalendar
) -> date | None:
    """The same day for the same start and term; the calendar is compared by identity."""
    return due_on(start_on, term=term, unit=CountUnit(unit), roll_over=RollOver(roll_over), calendar=calendar)


def next_due(found: Sequence[Clock], progress: Progress) -> Clock | None:
    """The duty that presses most: the earliest open one of the case or of the unit that holds it."""
    pressing = [
        clock
        for clock in found
        if clock.is_open
        and clock.definition.kind is ClockKind.DUTY
        and clock.due_on is not None
        and (clock.definition.scope is ClockScope.CASE or clock.node == progress.holder)
    ]
    return min(pressing, key=lambda clock: (clock.due_on, clock.key), default=None)
