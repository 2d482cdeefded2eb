"""The clocks: every case recomputed from its journal and compared with the tables."""

import multiprocessing
import os
from collections.abc import Iterator
from typing import Any

from yiwang.site.checks import Outcome, Progress

name = "clocks"
help = "recompute every case and clock from the journals and name those that differ"
mends = True
"""`--mend` writes what differs anew from its journal."""

ALONE = 5000
"""Up to so many cases one process is quicker than several."""
PART = 10_000
"""Cases that a process takes at a time."""
SHOWN = 50


def check(progress: Progress, *, is_mending: bool = False) -> Outcome:
    """Recompute everything; on a machine with several processors in two processes."""
    from yiwang.kernel.casework.verification import ClockVerification

    whole = ClockVerification()
    number = _number_of_cases()
    for part in _parts(number, is_mending=is_mending):
        whole.add(part)
        progress(whole.cases, max(number, whole.cases))
    lines = [
        f"{whole.cases:,} cases with {whole.entries:,} entries and {whole.clocks:,} clocks; "
        f"{whole.different:,} differ, {whole.mended:,} of them mended.",
        *whole.shown[:SHOWN],
    ]
    figures = {
        "cases": whole.cases,
        "entries": whole.entries,
        "clocks": whole.clocks,
        "different": whole.different,
        "mended": whole.mended,
        "shown": whole.shown[:SHOWN],
    }
    return Outcome(whole.is_sound, figures, lines)


def _number_of_cases() -> int:
    from yiwang.kernel.access.locks import acting_as_system
    from yiwang.kernel.casework.models import Case

    with acting_as_system():
        return Case.objects.count()


def _parts(number: int, *, is_mending: bool) -> Iterator[Any]:
    if number <= ALONE:
        yield _verify((0, None, is_mending))
        return
    from django.db import connections

    ranges = [(first, last, is_mending) for first, last in _ranges()]
    # The processes must not share this one's connection.
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(min(2, os.cpu_count() or 1)) as pool:
        yield from pool.imap_unordered(_verify, ranges)


def _ranges() -> Iterator[tuple[int, int]]:
    from django.db.models import Max, Min

    from yiwang.kernel.access.locks import acting_as_system
    from yiwang.kernel.casework.models import Case

    with acting_as_system():
        ends = Case.objects.aggregate(first=Min("pk"), last=Max("pk"))
    for first in range(ends["first"] or 0, (ends["last"] or 0) + 1, PART):
        yield first, first + PART - 1


def _verify(asked: tuple[int, int | None, bool]) -> Any:
    from yiwang.kernel.access.locks import acting_as_system
    from yiwang.kernel.casework.verification import verify

    first_id, last_id, is_mending = asked
    with acting_as_system():
        return verify(first_id=first_id, last_id=last_id, is_mending=is_mending)
