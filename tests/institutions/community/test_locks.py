"""Dispatch and the order move one another: two connections at once never wait for each other in a circle."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from tests.builders import NOON
from tests.institutions.community.builders import (
    Scene,
    a_scene,
    assigned_order,
    fresh,
    job_of,
    offer_of,
    offered_order,
    step,
    verbs,
)
from tests.institutions.community.company_builders import Membership, a_membership
from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.enums import JobState, OfferState
from yiwang.facilities.dispatch.faults import Refused
from yiwang.facilities.dispatch.models import Job, Offer, Team
from yiwang.institutions.community.company_acts import seek_again, stop
from yiwang.institutions.community.company_dispatch import hand_over
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM, Standing
from yiwang.kernel.casework.faults import NotPermitted
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.casework.verification import verify

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30


def aside(pool: ThreadPoolExecutor, do: Callable[[], Any]) -> "Future[Any]":
    """Do something in a thread with a connection of its own."""

    def run() -> Any:
        try:
            with acting_as_system():
                return do()
        finally:
            connection.close()

    return pool.submit(run)


def until_somebody_waits(done: "Future[Any]") -> None:
    """Wait until another connection waits for a lock, or the other thread has ended without waiting."""
    for _ in range(PATIENCE * 100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] or done.done():
                return
        time.sleep(0.01)
    raise AssertionError("nobody waited")


@pytest.fixture
def scene() -> Scene:
    cache.clear()
    return a_scene()


@pytest.fixture
def of() -> Membership:
    """The scene with a company that is a member."""
    cache.clear()
    with transaction.atomic():
        return a_membership()


def while_the_team_answers(
    case: Case, answer: Callable[[], Any], meanwhile: Callable[[], Any]
) -> "tuple[Future[Any], Exception | None]":
    """One connection holds the work and is about to answer, another does something meanwhile."""
    job_id, held = job_of(case).pk, Event()
    with ThreadPoolExecutor(2) as pool:
        others: list[Future[Any]] = []

        def team() -> None:
            with transaction.atomic():
                Job.objects.select_for_update(no_key=True).get(pk=job_id)
                held.set()
                while not others:
                    time.sleep(0.01)
                until_somebody_waits(others[0])
                answer()

        mine = aside(pool, team)
        assert held.wait(PATIENCE)
        others.append(aside(pool, meanwhile))
    return others[0], mine.exception()


def test_a_team_accepts_while_the_resident_cancels(scene: Scene) -> None:
    case = offered_order(scene).case
    offer = offer_of(case)
    cancelled, refused = while_the_team_answers(
        case,
        lambda: dispatch.accept(offer.pk, by=scene.worker, at=NOON),
        lambda: step(case, "cancel", by=Standing.holder_of_receipt(case.pk)),
    )
    assert cancelled.exception() is None
    assert isinstance(refused, Refused)
    assert (fresh(case).state, job_of(case).state) == ("cancelled", JobState.WITHDRAWN)
    assert (offer_of(case).state, Team.objects.get(pk=scene.team.pk).load) == (OfferState.WITHDRAWN, 0)


def test_a_team_declines_while_the_centre_cancels(scene: Scene) -> None:
    case = offered_order(scene).case
    offer = offer_of(case)
    cancelled, refused = while_the_team_answers(
        case,
        lambda: dispatch.decline(offer.pk, reason="忙", by=scene.worker, at=NOON),
        lambda: step(case, "cancel", by=scene.standing("centre.agent")),
    )
    assert (cancelled.exception(), refused) == (None, None)
    assert (fresh(case).state, verbs(case)[-1]) == ("cancelled", "cancel")
    assert job_of(case).state == JobState.WITHDRAWN


def test_a_team_declines_while_its_company_is_removed(of: Membership) -> None:
    case, other = offered_order(of.scene).case, offered_order(of.scene).case
    offer = offer_of(case)
    removed, refused = while_the_team_answers(
        case,
        lambda: dispatch.decline(offer.pk, reason="忙", by=of.scene.worker, at=NOON),
        lambda: stop(of.company, ends_on=None, by=SYSTEM, at=NOON),
    )
    assert (removed.exception(), refused) == (None, None)
    assert [job_of(each).state for each in (case, other)] == [JobState.STUCK, JobState.STUCK]
    assert (verbs(case)[-2:], verbs(other)[-2:]) == (["refuse", "miss"], ["refuse", "miss"])


def test_two_teams_of_a_company_hand_work_to_one_another(of: Membership) -> None:
    first = of.scene.team
    second = dispatch.found_team(
        unit_id=of.company.pk, name="二队", skills=["plumbing"], base_x=0, base_y=0, at=NOON
    )
    cases = [assigned_order(of.scene).case]
    dispatch.report_position(second.pk, x=801.0, y=-400.0, at=NOON)
    cases.append(offered_order(of.scene).case)
    assert offer_of(cases[1]).team_id == second.pk
    dispatch.accept(offer_of(cases[1]).pk, by=SYSTEM, at=NOON)
    barrier, jobs = Barrier(2), [job_of(case).pk for case in cases]

    def swap(job_id: int, to: int) -> None:
        for _ in range(10):
            barrier.wait(PATIENCE)
            job = Job.objects.get(pk=job_id)
            to = second.pk if job.team_id == first.pk else first.pk
            hand_over(job_id, to_team_id=to, company=of.company, by=SYSTEM, at=NOON)

    with ThreadPoolExecutor(2) as pool:
        both = [aside(pool, lambda job_id=job_id: swap(job_id, 0)) for job_id in jobs]
    assert [each.exception() for each in both] == [None, None]
    assert list(Job.objects.order_by("pk").values_list("team_id", flat=True)) == [first.pk, second.pk]


def test_what_was_left_when_the_machine_failed_is_withdrawn_by_the_sweep(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered = assigned_order(scene)
    case = ordered.case
    with transaction.atomic():
        step(case, "cancel", by=Standing.holder_of_receipt(case.pk))
        connection.run_on_commit.clear()  # the machine fails right after the commit
    assert (fresh(case).state, job_of(case).state) == ("cancelled", JobState.ACCEPTED)
    with pytest.raises(Refused, match="已取消"):
        dispatch.start(job_of(case).pk, data={"pin": ordered.pin}, by=scene.worker, at=NOON)
    with acting_as_system():
        assert [dispatch.withdraw_ended(at=NOON) for _ in range(2)] == [1, 0]
    assert (job_of(case).state, Team.objects.get(pk=scene.team.pk).load) == (JobState.WITHDRAWN, 0)
    assert verbs(case)[-1] == "cancel"


def test_what_a_removal_left_when_the_machine_failed_is_sought_anew_by_the_sweep(of: Membership) -> None:
    case = assigned_order(of.scene).case
    with transaction.atomic():
        stop(of.company, ends_on=None, by=SYSTEM, at=NOON)
        connection.run_on_commit.clear()
    assert job_of(case).state == JobState.ACCEPTED
    assert [seek_again(at=NOON) for _ in range(2)] == [1, 0]
    assert (job_of(case).state, verbs(case)[-2:]) == (JobState.STUCK, ["release", "miss"])


# ----------------------------------------------------------------------------------------------- all at once

WORKERS, ROUNDS = 12, 8


def anything(seed: int, barrier: Barrier, cases: list[int]) -> Counter[str]:
    """One worker: answers, cancels, lets run out, decides, withdraws what ended; what is refused is refused."""
    chance, done = random.Random(seed), Counter[str]()
    barrier.wait(PATIENCE)
    for round_ in range(ROUNDS):
        at, case_id = NOON + timedelta(minutes=round_), chance.choice(cases)
        job = Job.objects.filter(subject_id=case_id).order_by("-pk")[0]
        offer = Offer.objects.filter(job=job).order_by("-pk").first()
        act = chance.choice(("accept", "decline", "cancel", "expire", "decide", "batch", "sweep"))
        with suppress(Refused, NotAllowedNow, NotPermitted):
            if act == "cancel":
                step(Case.objects.get(pk=case_id), "cancel", by=Standing.holder_of_receipt(case_id), at=at)
            elif act == "expire":
                dispatch.expire(at=at + timedelta(minutes=chance.choice((0, 20))))
            elif act == "decide":
                dispatch.decide(job.pk, at=at)
            elif act == "batch":
                dispatch.decide_batch(at=at)
            elif act == "sweep":
                dispatch.withdraw_ended(at=at)
            elif act == "accept" and offer:
                dispatch.accept(offer.pk, by=SYSTEM, at=at)
            elif act == "decline" and offer:
                dispatch.decline(offer.pk, reason="忙", by=SYSTEM, at=at)
            done[act] += 1
    return done


def test_a_dozen_do_anything_at_once_and_order_and_work_agree(of: Membership) -> None:
    for place in range(4):
        team = dispatch.found_team(
            unit_id=of.company.pk, name=f"{place}号队", skills=["plumbing"], base_x=0, base_y=0, capacity=2, at=NOON
        )  # fmt: skip
        dispatch.report_position(team.pk, x=100.0 * place, y=0.0, at=NOON)
    cases = [offered_order(of.scene).case for _ in range(10)]
    barrier, ids = Barrier(WORKERS), [case.pk for case in cases]
    with ThreadPoolExecutor(WORKERS) as pool:
        workers = [aside(pool, lambda seed=seed: anything(seed, barrier, ids)) for seed in range(WORKERS)]
    done = sum((each.result() for each in workers), Counter[str]())
    assert done["cancel"] > 0
    with acting_as_system():
        dispatch.withdraw_ended(at=NOON)
        assert verify().shown == []
    stands = {
        JobState.WAITING: "verified", JobState.STUCK: "verified", JobState.OFFERED: "offered",
        JobState.ACCEPTED: "assigned", JobState.WITHDRAWN: "cancelled",
    }  # fmt: skip
    assert [fresh(case).state for case in cases] == [stands[JobState(job_of(case).state)] for case in cases]
    live = Offer.objects.filter(state__in=(OfferState.OFFERED, OfferState.ACCEPTED))
    assert Counter(live.values_list("team_id", flat=True)) == Counter(
        {team.pk: team.load for team in Team.objects.filter(load__gt=0)}
    )
