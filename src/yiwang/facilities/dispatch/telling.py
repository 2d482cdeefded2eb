"""Open boards and phones hear that something changed; they fetch anew what they may see."""

from collections.abc import Iterable

from yiwang.facilities.dispatch.models import Job, TeamMember
from yiwang.kernel.base.live import CHANNEL, TELL, messages, tell_several

BOARD = "dispatch"
PHONE = "team"


def tell_of(job: Job, *, team_ids: Iterable[int] = ()) -> None:
    """Tell the boards of the dispatching unit, and the phones of teams."""
    members: Iterable[int] = ()
    if chosen := {*team_ids, *([job.team_id] if job.team_id else [])}:
        members = TeamMember.objects.filter(team_id__in=chosen).values_list("account_id", flat=True)
    phones = [f"account:{account_id}" for account_id in members]
    tell_several([([f"unit:{job.unit_id}"], BOARD), (phones, PHONE)])


def statements_to_tell(unit_id: int, account_ids: Iterable[int]) -> list[tuple[str, list[str]]]:
    """What `tell_of` would send for a board and certain people, to be sent with other statements."""
    told = [
        *messages([f"unit:{unit_id}"], BOARD),
        *messages([f"account:{account_id}" for account_id in account_ids], PHONE),
    ]
    return [(TELL, [CHANNEL, message]) for message in told]
