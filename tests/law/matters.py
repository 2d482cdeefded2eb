"""What the tests of the articles look at: days in China, and a case as its tables hold it."""

from datetime import UTC, date, datetime

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.models import Case, ClockRecord, Letter


def on(day: str, hour: int = 4) -> datetime:
    """Noon in China on a day."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def row(case: Case) -> Case:
    """The case as the database has it now."""
    with acting_as_system():
        return Case.objects.get(pk=case.pk)


def state(case: Case) -> tuple[str, int]:
    """Its state and the unit that holds it."""
    fresh = row(case)
    return fresh.state, fresh.holder_unit_id


def clock(case: Case, key: str, *, node: int = 0) -> ClockRecord:
    """One of its clocks."""
    with acting_as_system():
        return ClockRecord.objects.get(case=case, key=key, node=node)


def due(case: Case, key: str, *, node: int = 0) -> date | None:
    """The last day of one of its clocks."""
    return clock(case, key, node=node).due_on


def letter(case: Case, kind: str) -> Letter:
    """The newest letter of a kind."""
    with acting_as_system():
        return Letter.objects.filter(case=case, kind=kind).order_by("pk")[::-1][0]
