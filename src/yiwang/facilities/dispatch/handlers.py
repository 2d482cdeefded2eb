"""New work is told to the worker, and what people decide about teams to the log, in the same transaction."""

from django.utils.translation import gettext_lazy as _

from yiwang.facilities.dispatch.events import (
    ChosenByHand,
    JobAsked,
    OfferWithdrawn,
    TeamRestored,
    TeamSuspended,
)
from yiwang.facilities.dispatch.tasks import attend
from yiwang.kernel.audit.actions import record
from yiwang.kernel.audit.labels import name_action
from yiwang.kernel.base.events import handles_within

name_action("team.suspended", _("Suspended a team"))
name_action("team.restored", _("Offered a team work again"))
name_action("team.chosen_by_hand", _("Chose a team by hand"))
name_action("team.taken_from", _("Took work back from a team"))


@handles_within(JobAsked)
def on_job_asked(event: JobAsked) -> None:
    """Have the worker find a team."""
    if event.is_automatic:
        attend.defer(job_id=event.job_id)


@handles_within(TeamSuspended)
def on_team_suspended(event: TeamSuspended) -> None:
    """A team is offered nothing: the log says why."""
    details = {"reason": event.reason}
    record(
        "team.suspended",
        at=event.at,
        actor=event.by_account_id,
        subject_kind="team",
        subject_id=event.team_id,
        details=details,
    )


@handles_within(TeamRestored)
def on_team_restored(event: TeamRestored) -> None:
    """A team is offered work again."""
    record(
        "team.restored",
        at=event.at,
        actor=event.by_account_id,
        subject_kind="team",
        subject_id=event.team_id,
    )


@handles_within(ChosenByHand)
def on_chosen_by_hand(event: ChosenByHand) -> None:
    """A dispatcher chose otherwise than the rules, or without them."""
    _of_work("team.chosen_by_hand", event)


@handles_within(OfferWithdrawn)
def on_taken_back(event: OfferWithdrawn) -> None:
    """Somebody took work back from a team; what the house withdraws by itself stands with the matter."""
    if event.by_account_id is not None:
        _of_work("team.taken_from", event)


def _of_work(action: str, event: ChosenByHand | OfferWithdrawn) -> None:
    details = {
        "job": event.job_id,
        "subject_kind": event.subject_kind,
        "subject_id": event.subject_id,
        "reason": event.reason,
    }
    record(
        action,
        at=event.at,
        actor=event.by_account_id,
        subject_kind="team",
        subject_id=event.team_id,
        details=details,
    )
