"""Working kept decisions out again: from what a decision kept alone, by the rules of its version."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Count, F, Q

from yiwang.facilities.dispatch.enums import JobState, Mode
from yiwang.facilities.dispatch.models import Decision, Offer, Team
from yiwang.facilities.dispatch.records import job_from, weighed_from
from yiwang.facilities.dispatch.rules import RULES
from yiwang.facilities.dispatch.rules.cost import ranked, weigh


@dataclass
class Replayed:
    """What came of working everything out again."""

    decisions: int = 0
    teams: int = 0
    differing: list[int] = field(default_factory=list)
    wrong_loads: list[int] = field(default_factory=list)


def is_same(decision: Decision) -> bool:
    """Whether the same facts lead to the same parts, reasons and (alone, not together) the same choice.

    The choice of a batch or a plan depends on its neighbours; of those the parts and reasons are compared.
    A team may have been passed over because somebody else was just deciding about it, so the chosen one
    must be suitable and, when it isn't the first, no more than that can be said. A decision by rules of
    another version isn't judged by these.
    """
    if decision.rules != RULES:
        return True
    job = job_from(decision.facts)
    needs_position = decision.mode != Mode.PLAN
    again = []
    for kept in decision.candidates:
        old = weighed_from(kept)
        new = weigh(old.team, job, at=decision.at, needs_position=needs_position)
        if (new.metres, new.parts, new.refusals) != (old.metres, old.parts, old.refusals):
            return False
        again.append(new)
    if decision.mode == Mode.MANUAL:
        return True
    suitable = {each.team.team_id for each in ranked(again)}
    return decision.chosen_team_id in suitable if decision.chosen_team_id else not suitable


def verify(*, told: Callable[[int, int], None]) -> Replayed:
    """Work every decision out again and count every load; `told(done, whole)` hears how far it is."""
    found, whole = Replayed(), Decision.objects.count()
    for decision in Decision.objects.order_by("pk").iterator(chunk_size=500):
        found.decisions += 1
        if not is_same(decision):
            found.differing.append(decision.pk)
        if found.decisions % 500 == 0:
            told(found.decisions, whole)
    live = Q(offers__state="offered") | Q(
        offers__state="accepted", offers__job__state__in=(JobState.ACCEPTED, JobState.UNDER_WAY)
    )
    counted = Team.objects.annotate(
        counted=Count("offers", filter=live & Q(offers__job__planned_at__isnull=True))
    )
    found.teams = Offer.objects.values("team_id").distinct().count()
    wrong = counted.exclude(load=F("counted")).order_by("pk")
    found.wrong_loads = list(wrong.values_list("pk", flat=True))
    return found
