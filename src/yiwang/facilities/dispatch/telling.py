"""Open boards and phones hear that something changed; they fetch anew what they may see."""

from collections.abc import Iterable

from yiwang.facilities.dispatch.models import Job, TeamMember
from yiwang.kernel.base.live import tell

BOARD = "dispatch"
PHONE = "team"


def tell_of(job: Job, *, team_ids: Iterable[int] = ()) -> None:
    """Tell the boards of the dispatching unit, and the phones of teams."""
    tell([f"unit:{job.unit_id}"], BOARD)
    if chosen := {*team_ids, *([job.team_id] if job.team_id else [])}:
        members = TeamMember.objects.filter(team_id__in=chosen).values_list("account_id", flat=True)
        tell([f"account:{account_id}" for account_id in members], PHONE)
