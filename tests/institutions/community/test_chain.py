"""From the order to the call-back: one journal, whatever facility moved it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.builders import NOON
from tests.institutions.community.builders import (
    Scene,
    a_scene,
    an_order,
    assigned_order,
    finished_order,
    fresh,
    job_of,
    offer_of,
    offered_order,
    step,
    verbs,
)
from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.enums import JobState
from yiwang.facilities.dispatch.faults import Refused
from yiwang.facilities.hotline.models import CallBack
from yiwang.institutions.community.casetypes.order_2026 import KEY
from yiwang.institutions.community.models import Order
from yiwang.institutions.community.places import describe_to_team
from yiwang.institutions.community.queries import team_of
from yiwang.institutions.community.rules import pin_of
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted
from yiwang.kernel.casework.models import ClockRecord, Letter
from yiwang.kernel.casework.verification import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    cache.clear()
    return a_scene()


def resident(case_id: int) -> Standing:
    return Standing.holder_of_receipt(case_id)


def test_the_whole_chain_stands_in_one_journal(scene: Scene) -> None:
    case = finished_order(scene).case
    step(case, "call_back", by=scene.standing("centre.agent"), way="call", outcome="solved", grade_office="5", grade_unit="4")  # fmt: skip
    assert verbs(case) == [
        "register", "verify", "offer", "accept", "start", "finish", "call_back", "evaluate", "conclude",
    ]  # fmt: skip
    now = fresh(case)
    assert (now.state, now.outcome, now.grade_office, now.grade_unit) == ("concluded", "solved", 5, 4)
    assert now.holder_unit_id == scene.county.unit("centre").pk
    assert now.unit_ids == [scene.county.unit("centre").pk, scene.county.unit("company").pk]
    with acting_as_system():
        assert verify().shown == []


def test_a_team_is_told_the_community_with_the_address(scene: Scene) -> None:
    with_community = assigned_order(scene, at=NOON).case
    without = an_order(scene, address="3号楼2单元").case
    told = describe_to_team(scene.worker, [with_community.pk, without.pk])
    with translation.override("zh-hans"):
        assert told[with_community.pk].place == "南关社区3号楼2单元"
        assert told[without.pk].place == "南关社区 3号楼2单元"


def test_verified_asks_for_a_team_in_the_same_transaction(scene: Scene) -> None:
    ordered = an_order(scene)
    assert verbs(ordered.case) == ["register"]
    step(ordered.case, "verify", by=scene.standing("centre.agent"), how="call", service_on=NOON.date())
    job = job_of(ordered.case)
    assert (job.state, job.skill, job.unit_id) == (JobState.WAITING, "plumbing", scene.county.unit("centre").pk)  # fmt: skip
    assert (job.x, job.y, job.area_unit_id) == (800.0, -400.0, scene.county.unit("nanguan").pk)


def test_while_the_company_has_it_its_office_sees_it_and_another_does_not(scene: Scene) -> None:
    case = assigned_order(scene).case
    assert fresh(case).holder_unit_id == scene.county.unit("company").pk
    step(case, "note", by=scene.standing("company.clerk"), text="已联系用户。")
    with pytest.raises(type(case).DoesNotExist):
        step(case, "note", by=scene.standing("water.clerk"), text="–")


def test_a_declined_offer_brings_it_back_and_says_so(scene: Scene) -> None:
    case = offered_order(scene).case
    dispatch.decline(offer_of(case).pk, reason="车坏了", by=scene.worker, at=NOON)
    assert verbs(case) == ["register", "verify", "offer", "refuse", "miss"]
    assert fresh(case).state == "verified"


def test_an_accepted_order_can_be_taken_back_by_the_dispatcher(scene: Scene) -> None:
    case = assigned_order(scene).case
    dispatch.take_back(job_of(case).pk, reason="换人", by=scene.standing("centre.dispatcher"), at=NOON)
    assert verbs(case)[-1] == "release"
    now = fresh(case)
    assert (now.state, now.holder_unit_id) == ("verified", scene.county.unit("centre").pk)


def missed(scene: Scene, job_id: int, pin: str, *, times: int) -> None:
    """The team's phone sends a wrong PIN so many times."""
    wrong = f"{(int(pin) + 1) % 10_000:04}"
    for _try in range(times):
        answer = dispatch.once(
            uuid4(),
            kind="start",
            subject_id=job_id,
            by=scene.worker,
            at=NOON,
            do=lambda: dispatch.start(job_id, data={"pin": wrong}, by=scene.worker, at=NOON),
        )
        assert not answer["ok"]


def test_after_five_wrong_pins_only_the_centre_can_help(scene: Scene) -> None:
    ordered = assigned_order(scene)
    job = job_of(ordered.case)
    missed(scene, job.pk, ordered.pin, times=5)
    cache.clear()
    assert Order.objects.get(pk=ordered.case.pk).wrong_pins == 5
    step(ordered.case, "new_pin", by=resident(ordered.case.pk))
    second = pin_of(ordered.receipt_code, secret=settings.SECRET_KEY, number=1)
    with pytest.raises(Refused):
        dispatch.start(job.pk, data={"pin": second}, by=scene.worker, at=NOON)
    step(ordered.case, "new_pin", by=scene.standing("centre.agent"))
    third = pin_of(ordered.receipt_code, secret=settings.SECRET_KEY, number=2)
    dispatch.start(job.pk, data={"pin": third}, by=scene.worker, at=NOON)
    assert fresh(ordered.case).state == "under_way"


def test_four_misses_do_no_harm_and_each_counts_once(scene: Scene) -> None:
    ordered = assigned_order(scene)
    job = job_of(ordered.case)
    missed(scene, job.pk, ordered.pin, times=3)
    with pytest.raises(Refused):
        dispatch.start(job.pk, data={"pin": "nonsense"}, by=scene.worker, at=NOON)
    assert Order.objects.get(pk=ordered.case.pk).wrong_pins == 4
    dispatch.start(job.pk, data={"pin": ordered.pin}, by=scene.worker, at=NOON)


def test_a_new_pin_opens_and_the_old_one_does_not_until_none_is_left(scene: Scene) -> None:
    ordered = assigned_order(scene)
    job = job_of(ordered.case)
    for _time in range(4):
        step(ordered.case, "new_pin", by=resident(ordered.case.pk))
    with pytest.raises(GuardFailed):
        step(ordered.case, "new_pin", by=resident(ordered.case.pk))
    with pytest.raises(Refused):
        dispatch.start(job.pk, data={"pin": ordered.pin}, by=scene.worker, at=NOON)
    last = pin_of(ordered.receipt_code, secret=settings.SECRET_KEY, number=4)
    dispatch.start(job.pk, data={"pin": last}, by=scene.worker, at=NOON)


@pytest.mark.parametrize("data", [{"price_fen": 6001}, {"price_fen": -1}, {"price_fen": "4000"}, {}])
def test_a_price_over_the_ceiling_or_none_is_refused(scene: Scene, data: dict[str, object]) -> None:
    ordered = assigned_order(scene)
    job = job_of(ordered.case)
    dispatch.start(job.pk, data={"pin": ordered.pin}, by=scene.worker, at=NOON)
    with pytest.raises(Refused):
        dispatch.finish(job.pk, data=data, by=scene.worker, at=NOON)
    assert fresh(ordered.case).state == "under_way"
    dispatch.finish(job.pk, data={"price_fen": 6000}, by=scene.worker, at=NOON)
    assert Order.objects.get(pk=ordered.case.pk).paid_fen == 6000


def test_every_finished_order_gets_a_call_back_and_a_statement(scene: Scene) -> None:
    ordered = finished_order(scene)
    task = CallBack.objects.get(subject_kind=KEY, subject_id=ordered.case.pk)
    assert (task.reason, task.unit_id, task.done_at) == ("follow_up", scene.county.unit("centre").pk, None)
    with acting_as_system():
        letter = Letter.objects.get(case=ordered.case, kind="statement")
    assert letter.unit_id == scene.county.unit("company").pk
    assert "应付金额：40元。" in letter.content["paragraphs"]


@pytest.mark.parametrize("outcome", ["partly", "unsolved"])
def test_a_bad_outcome_opens_it_again_and_asks_for_a_team(scene: Scene, outcome: str) -> None:
    case = finished_order(scene).case
    first = job_of(case)
    step(
        case, "call_back", by=scene.standing("centre.agent"), way="call", outcome=outcome, comment="还在滴水"
    )
    assert verbs(case)[-2:] == ["call_back", "reopen"]
    assert fresh(case).state == "verified"
    again = job_of(case)
    assert (again.pk != first.pk, again.state) == (True, JobState.WAITING)
    assert CallBack.objects.get(subject_id=case.pk).done_at == NOON


def test_a_reopened_order_runs_through_again_and_is_in_time(scene: Scene) -> None:
    case = finished_order(scene).case
    step(case, "call_back", by=scene.standing("centre.agent"), way="call", outcome="unsolved")
    due = {c.key: c for c in ClockRecord.objects.filter(case=case)}
    assert due["service"].ended_on is None
    assert due["service"].due_on == NOON.date() + timedelta(days=1)


def test_nobody_reached_leaves_it_waiting_for_another_call(scene: Scene) -> None:
    case = finished_order(scene).case
    step(case, "call_back", by=scene.standing("centre.agent"), way="call", outcome="unreached")
    assert fresh(case).state == "done"
    assert CallBack.objects.get(subject_id=case.pk).done_at is None


def test_an_order_is_not_concluded_before_somebody_asked(scene: Scene) -> None:
    case = finished_order(scene).case
    with pytest.raises(GuardFailed):
        step(case, "conclude", by=scene.standing("centre.head"))


def test_the_resident_answers_the_message_and_needs_no_call(scene: Scene) -> None:
    case = finished_order(scene).case
    step(case, "call_back", by=resident(case.pk), way="message", outcome="solved")
    assert fresh(case).state == "concluded"
    assert CallBack.objects.get(subject_id=case.pk).done_at == NOON


def test_a_dispute_is_decided_by_the_head_and_can_mean_the_work_is_done_again(scene: Scene) -> None:
    case = finished_order(scene).case
    step(case, "dispute", by=resident(case.pk), wish="again", reasons="换的龙头还是漏。")
    assert fresh(case).state == "disputed"
    with pytest.raises(NotPermitted):
        step(case, "decide", by=scene.standing("centre.agent"), decision="again", reasons="属实。")
    step(case, "decide", by=scene.standing("centre.head"), decision="again", reasons="属实。")
    assert verbs(case)[-3:] == ["dispute", "decide", "reopen"]
    assert job_of(case).state == JobState.WAITING


def test_a_dispute_over_a_concluded_order_can_end_with_money_back(scene: Scene) -> None:
    case = finished_order(scene).case
    step(case, "call_back", by=resident(case.pk), way="message", outcome="solved")
    step(case, "dispute", by=resident(case.pk), wish="refund", reasons="多收了钱。")
    step(case, "decide", by=scene.standing("centre.head"), decision="refund", refund="20", reasons="属实。")
    now = fresh(case)
    assert (now.state, now.ended_at) == ("concluded", NOON)
    with acting_as_system():
        decision = Letter.objects.get(case=case, kind="decision")
    assert any("退还费用，金额20元" in words for words in decision.content["paragraphs"])


def test_after_seven_days_there_is_no_dispute(scene: Scene) -> None:
    case = finished_order(scene).case
    with pytest.raises(GuardFailed):
        step(case, "dispute", by=resident(case.pk), at=NOON + timedelta(days=8), wish="again", reasons="漏。")


def test_cancelling_withdraws_the_work_and_frees_the_team(
    scene: Scene, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    case = assigned_order(scene).case
    with django_capture_on_commit_callbacks(execute=True):
        step(case, "cancel", by=resident(case.pk))
    now = fresh(case)
    assert (now.state, now.holder_unit_id) == ("cancelled", scene.county.unit("centre").pk)
    assert job_of(case).state == JobState.WITHDRAWN
    scene.team.refresh_from_db()
    assert (scene.team.load, verbs(case)[-1]) == (0, "cancel")


def test_the_resident_learns_of_the_team_only_once_it_is_assigned(scene: Scene) -> None:
    ordered = offered_order(scene)
    assert team_of(ordered.case.pk) is None
    dispatch.accept(offer_of(ordered.case).pk, by=scene.worker, at=NOON)
    team = team_of(ordered.case.pk)
    assert team is not None
    assert (team.name, team.company) == ("一队", "安居修缮公司")


def test_sent_twice_it_is_one_order(scene: Scene) -> None:
    first = an_order(scene, source="counter", source_key="k1", phone="13900001111")
    second = an_order(scene, source="counter", source_key="k1", phone="13900001111")
    assert (first.is_new, second.is_new, second.case.pk) == (True, False, first.case.pk)
