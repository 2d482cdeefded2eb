"""Fifty workers with connections of their own decide, answer and let run out at the same time: never two teams."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import Count, F, Q

from tests.builders import NOON, a_county
from tests.facilities.dispatch.builders import a_job, a_team
from yiwang.facilities.dispatch import actions
from yiwang.facilities.dispatch.enums import WITH_TEAM, JobState, OfferState
from yiwang.facilities.dispatch.faults import Refused
from yiwang.facilities.dispatch.models import Job, Offer, Team
from yiwang.kernel.access.rules import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS, ROUNDS = 50, 6
OPEN = (OfferState.OFFERED, OfferState.ACCEPTED)


def work(seed: int, barrier: Barrier) -> Counter[str]:
    """One worker: decides for any job, answers any offer, lets time pass; what is refused is refused."""
    chance, done = random.Random(seed), Counter[str]()
    try:
        barrier.wait(60)
        for round_ in range(ROUNDS):
            at = NOON + timedelta(minutes=round_)
            jobs = list(Job.objects.order_by("pk").values_list("pk", flat=True))
            offers = list(Offer.objects.filter(state=OfferState.OFFERED).values_list("pk", flat=True))
            act = chance.choice(("decide", "decide", "accept", "decline", "expire", "finish", "batch"))
            with suppress(Refused):
                if act == "decide":
                    actions.decide(chance.choice(jobs), at=at)
                elif act == "accept" and offers:
                    actions.accept(chance.choice(offers), by=SYSTEM, at=at)
                elif act == "decline" and offers:
                    actions.decline(chance.choice(offers), reason="忙", by=SYSTEM, at=at)
                elif act == "expire":
                    actions.expire(at=at + timedelta(minutes=chance.choice((0, 20))))
                elif act == "batch":
                    actions.decide_batch(at=at)
                elif act == "finish":
                    job = chance.choice(jobs)
                    actions.start(job, data={}, by=SYSTEM, at=at)
                    actions.finish(job, data={}, by=SYSTEM, at=at)
                done[act] += 1
    finally:
        connection.close()
    return done


def test_fifty_workers_never_give_a_job_two_teams() -> None:
    county = a_county()
    for place in range(8):
        a_team(county, x=300.0 * place, capacity=2)
    for place in range(24):
        a_job(county, x=100.0 * place)
    barrier = Barrier(WORKERS)
    with ThreadPoolExecutor(WORKERS) as pool:
        done = sum(pool.map(lambda seed: work(seed, barrier), range(WORKERS)), Counter[str]())
    assert done["decide"] > 0
    live = Job.objects.annotate(live=Count("offers", filter=Q(offers__state__in=OPEN)))
    assert list(live.filter(live__gt=1)) == []
    for job in live:
        has_one = job.state in (JobState.OFFERED, *WITH_TEAM)
        assert (job.pk, job.live) == (job.pk, int(has_one))
    accepted = Offer.objects.filter(state=OfferState.ACCEPTED)
    assert set(accepted.values_list("job_id", "team_id")) == set(
        Job.objects.filter(state__in=sorted(WITH_TEAM)).values_list("pk", "team_id")
    )
    loads = dict(
        Offer.objects.filter(state__in=OPEN)
        .exclude(job__state=JobState.DONE)
        .values_list("team_id")
        .annotate(number=Count("pk"))
    )
    assert {team.pk: team.load for team in Team.objects.filter(load__gt=0)} == loads
    assert not Team.objects.filter(load__gt=F("capacity")).exists()


def test_two_who_accept_and_expire_the_same_offer_agree() -> None:
    county = a_county()
    a_team(county)
    for _ in range(10):
        job = a_job(county)
        actions.decide(job.pk, at=NOON)
        offer = Offer.objects.get(job=job)
        barrier = Barrier(2)

        def answer(is_team: bool, offer_id: int = offer.pk, barrier: Barrier = barrier) -> bool:
            try:
                barrier.wait(30)
                if is_team:
                    actions.accept(offer_id, by=SYSTEM, at=NOON)
                    return True
                return actions.expire_one(offer_id, at=NOON + timedelta(hours=1))
            except Refused:
                return False
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            accepted, expired = pool.map(answer, (True, False))
        offer.refresh_from_db()
        assert (accepted, expired) in ((True, False), (False, True))
        assert offer.state == (OfferState.ACCEPTED if accepted else OfferState.EXPIRED)
        actions.withdraw(job.pk, reason="完", at=NOON)
