"""What every event of a piece of work tells; the events themselves are in `events`."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class JobEvent:
    """The job, the subject of whoever asked for a team, and when."""

    job_id: int
    subject_kind: str
    subject_id: int
    at: datetime
