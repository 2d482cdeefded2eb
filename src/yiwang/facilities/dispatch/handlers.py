"""The worker is told in the same transaction: new work wants a team, an offer has an end."""

from datetime import timedelta

from yiwang.facilities.dispatch.events import JobAsked, OfferMade
from yiwang.facilities.dispatch.tasks import attend, expire_offer
from yiwang.kernel.base.events import handles_within


@handles_within(JobAsked)
def on_job_asked(event: JobAsked) -> None:
    """Have the worker find a team."""
    if event.is_automatic:
        attend.defer(job_id=event.job_id)


@handles_within(OfferMade)
def on_offer_made(event: OfferMade) -> None:
    """Have the worker look at the offer a second after its time has run out."""
    due = event.answer_by_at + timedelta(seconds=1)
    expire_offer.configure(schedule_at=due).defer(offer_id=event.offer_id)
