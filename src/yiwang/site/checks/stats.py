"""`yiwang verify stats`: every kept tally against a fresh count."""

from yiwang.site.checks import Outcome, Progress

name = "stats"
help = "count every kept tally of the statistics again"


def check(progress: Progress) -> Outcome:
    """Count what a page would believe again, for today."""
    from django.utils import timezone

    from yiwang.kernel.access.locks import acting_as_system
    from yiwang.kernel.stats.upkeep import verify

    with acting_as_system():
        found = verify(as_of=timezone.localdate(), told=lambda done: progress(done, done))
    lines = [f"{found.tallies} tallies counted again, {found.different} differ", *found.shown]
    return Outcome(found.is_sound, {"tallies": found.tallies, "different": found.different}, lines)
