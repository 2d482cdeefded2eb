"""How long an offer stands, when a dispatcher is called, when many jobs are decided at once."""

from datetime import datetime, timedelta

MINUTES_TO_ANSWER = {"emergency": 2, "urgent": 5, "normal": 10, "planned": 60}
"""How long a team has to answer, by the urgency of the work: a service norm, declared, not a legal term."""

MOST_REFUSALS = 3
"""After so many refused or unanswered offers the machine stops and calls a dispatcher."""

AHEAD = timedelta(hours=2)
"""Work that begins later than this isn't offered by itself: the plan of its day does it."""

CROWDED = 20
"""With more jobs waiting than this they are decided together instead of one by one."""

BATCH_SECONDS = 30
"""How often the waiting jobs are decided together while it is crowded."""

BATCH_JOBS = 500
"""At most so many at once."""


def answer_by(urgency: str, *, at: datetime) -> datetime:
    """Until when an offer made at a moment stands."""
    return at + timedelta(minutes=MINUTES_TO_ANSWER[urgency])


def is_stuck(refusals: int) -> bool:
    """Whether a dispatcher must look at the work now."""
    return refusals >= MOST_REFUSALS


def is_crowded(waiting: int) -> bool:
    """Whether waiting jobs are to be decided together."""
    return waiting > CROWDED


def is_for_now(window_from_at: datetime, *, at: datetime) -> bool:
    """Whether work begins so soon that a team is looked for by itself."""
    return window_from_at <= at + AHEAD
