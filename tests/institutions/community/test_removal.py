"""A company is removed by a procedure: evidence, notice, statement, decision, service, notice in public, objection."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.architecture.world import BACKEND
from tests.builders import NOON, a_post, an_account, moved
from tests.institutions.community.builders import assigned_order, fresh, job_of, offered_order, verbs
from tests.institutions.community.company_builders import Membership, a_membership, somebody_of
from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.enums import JobState
from yiwang.facilities.dispatch.models import Team
from yiwang.institutions.community.company_actions import Refused
from yiwang.institutions.community.company_acts import end_memberships, seek_again
from yiwang.institutions.community.company_models import Company, CompanyAct
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.queries import standing_of
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted
from yiwang.kernel.casework.lists import petitioners_of
from yiwang.kernel.casework.models import Case, Letter
from yiwang.kernel.casework.policies import may_see
from yiwang.kernel.casework.rules.progress import NotAllowedNow

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def step(of: Membership, case: Case, verb: str, who: str, *, at: datetime = NOON, **data: Any) -> None:
    """One step of the removal, by somebody of the scene."""
    moved(case, verb, by=of.scene.standing(who), at=at, **data)


def decided(of: Membership, *, decision: str = "removed", at: datetime = NOON) -> Case:
    """A removal that was stated against and decided."""
    case = of.removal(at=at)
    step(of, case, "notify", "centre.clerk", at=at, grounds="三次爽约。")
    step(of, case, "state", "company.head", at=at + DAY, text="车辆故障，已整改。")
    step(of, case, "decide", "centre.head", at=at + 2 * DAY, decision=decision, reasons="情节严重。")
    seek_again(at=at + 2 * DAY)  # the commit begins it; this test's transaction never ends
    return case


def served(of: Membership, *, decision: str = "removed", at: datetime = NOON) -> Case:
    """A removal that was decided and served."""
    case = decided(of, decision=decision, at=at)
    day = (at + 2 * DAY).date().isoformat()
    step(of, case, "serve", "centre.clerk", at=at + 2 * DAY, way="house", served_on=day)
    return case


def is_suspended(of: Membership) -> bool:
    return Team.objects.get(pk=of.scene.team.pk).is_suspended


def test_the_company_sees_the_matter_from_the_notice_on() -> None:
    of = a_membership()
    case = of.removal()
    assert not may_see(of.scene.standing("company.head"), fresh(case))
    step(of, case, "notify", "centre.clerk", grounds="三次爽约。")
    assert may_see(of.scene.standing("company.head"), fresh(case))
    with acting_as_system():
        assert Letter.objects.get(case=case).content["title"] == "拟清理告知书"


def test_the_company_is_named_in_full_on_the_page_and_in_lists_and_a_person_is_not(client: Client) -> None:
    of = a_membership()
    case = of.removal()
    step(of, case, "notify", "centre.clerk", grounds="三次爽约。")
    client.force_login(somebody_of(of, "company.head"), backend=BACKEND)
    with translation.override("zh-hans"):
        page = client.get(reverse("casework:case", args=[case.pk])).content.decode()
    assert "<dt>企业</dt>" in " ".join(page.split())
    assert of.company.unit.name in page
    order = assigned_order(of.scene).case
    with acting_as_system():
        assert petitioners_of([case.pk, order.pk]) == {case.pk: of.company.unit.name, order.pk: "闻**"}


def test_without_a_statement_it_goes_on_only_after_the_term() -> None:
    of = a_membership()
    case = of.removal()
    step(of, case, "notify", "centre.clerk", grounds="三次爽约。")
    with pytest.raises(GuardFailed):
        step(of, case, "lapse", "centre.clerk", at=NOON + 5 * DAY)
    step(of, case, "lapse", "centre.clerk", at=NOON + 20 * DAY)
    assert fresh(case).state == "stated"


def test_nothing_is_decided_before_the_company_was_heard() -> None:
    of = a_membership()
    case = of.removal()
    with pytest.raises(NotAllowedNow):
        step(of, case, "decide", "centre.head", decision="removed", reasons="情节严重。")


def test_whoever_began_it_does_not_decide_it() -> None:
    of = a_membership()
    a_post(of.scene.county.accounts["centre.clerk"], of.scene.county.unit("centre"), "head")
    case = of.removal()
    step(of, case, "notify", "centre.clerk", grounds="三次爽约。")
    step(of, case, "state", "company.head", text="车辆故障。")
    with pytest.raises(GuardFailed):
        step(of, case, "decide", "centre.clerk", decision="removed", reasons="情节严重。")


def test_removed_its_teams_get_nothing_and_what_has_not_begun_is_sought_anew() -> None:
    of = a_membership()
    other = dispatch.found_team(
        unit_id=of.scene.county.unit("centre").pk,
        name="直属队",
        skills=["plumbing"],
        base_x=0,
        base_y=0,
        at=NOON,
    )
    decided_at = NOON + 2 * DAY
    dispatch.report_position(of.scene.team.pk, x=500, y=0, at=decided_at)
    ordered = assigned_order(of.scene, at=decided_at)
    dispatch.report_position(other.pk, x=0, y=0, at=decided_at)
    assert job_of(ordered.case).team_id == of.scene.team.pk
    decided(of)
    job = job_of(ordered.case)
    assert (is_suspended(of), job.state) == (True, JobState.OFFERED)
    assert [offer.team_id for offer in job.offers.filter(state="offered")] == [other.pk]
    assert verbs(ordered.case)[-2:] == ["release", "offer"]


def test_work_under_way_is_finished() -> None:
    of = a_membership()
    ordered = assigned_order(of.scene, at=NOON)
    dispatch.start(job_of(ordered.case).pk, data={"pin": ordered.pin}, by=of.scene.worker, at=NOON)
    decided(of)
    assert job_of(ordered.case).state == JobState.UNDER_WAY


def test_an_offer_that_waits_is_taken_back_too() -> None:
    of = a_membership()
    dispatch.report_position(of.scene.team.pk, x=500, y=0, at=NOON + 2 * DAY)
    ordered = offered_order(of.scene, at=NOON + 2 * DAY)
    decided(of)
    assert job_of(ordered.case).state == JobState.STUCK
    assert verbs(ordered.case)[-2:] == ["refuse", "miss"]


def test_kept_nothing_happens_and_nothing_can_be_published() -> None:
    of = a_membership()
    case = served(of, decision="kept")
    assert not is_suspended(of)
    with pytest.raises(GuardFailed):
        step(of, case, "publish", "centre.clerk", at=NOON + 3 * DAY, words="公示。")


def test_it_is_concluded_only_when_it_is_public_and_nobody_can_object_any_more() -> None:
    of = a_membership()
    case = served(of)
    later = NOON + 40 * DAY
    with pytest.raises(GuardFailed):
        step(of, case, "conclude", "centre.clerk", at=later)
    step(of, case, "publish", "centre.clerk", at=NOON + 3 * DAY, words="该公司多次爽约，清理出加盟队伍。")
    with pytest.raises(GuardFailed):
        step(of, case, "conclude", "centre.clerk", at=NOON + 4 * DAY)
    step(of, case, "conclude", "centre.clerk", at=later)
    act = CompanyAct.objects.get()
    assert (act.kind, act.is_public, act.case_id) == ("removal", True, case.pk)


def test_an_objection_is_decided_by_somebody_else_and_can_take_the_removal_back() -> None:
    of = a_membership()
    case = served(of)
    step(of, case, "publish", "centre.clerk", at=NOON + 3 * DAY, words="清理公告。")
    step(of, case, "object", "company.head", at=NOON + 4 * DAY, text="证据不实。")
    data = {"decision": "warned", "reasons": "两次爽约不成立。"}
    with pytest.raises(GuardFailed):
        step(of, case, "review", "centre.head", at=NOON + 5 * DAY, **data)
    another = an_account("副主任")
    a_post(another, of.scene.county.unit("centre"), "head")
    moved(case, "review", by=standing_of(another.pk), at=NOON + 5 * DAY, **data)
    company = Company.objects.get(pk=of.company.pk)
    assert (is_suspended(of), company.is_suspended, company.ends_on) == (False, False, None)
    assert CompanyAct.objects.get().lifted_at is not None


def test_after_the_term_nobody_can_object() -> None:
    of = a_membership()
    case = served(of)
    with pytest.raises(GuardFailed):
        step(of, case, "object", "company.head", at=NOON + 40 * DAY, text="证据不实。")


def test_the_unit_ends_on_the_day_with_its_posts_and_its_matters_go_to_the_centre() -> None:
    of = a_membership()
    case = served(of)
    day = (NOON + 32 * DAY).date()
    with acting_as_system():
        assert end_memberships(day - DAY, at=NOON + 31 * DAY) == 0
        assert end_memberships(day, at=NOON + 32 * DAY) == 1
    company = Company.objects.select_related("unit").get(pk=of.company.pk)
    assert (company.ended_on, company.unit.valid_until_on) == (day, day)
    assert company.unit.successor_id == of.scene.county.unit("centre").pk
    assert [post.until_on for post in company.unit.posts.all()] == [day, day, day]
    assert fresh(case).state == "served"


def test_while_an_objection_waits_the_unit_stays() -> None:
    of = a_membership()
    case = served(of)
    step(of, case, "object", "company.head", at=NOON + 4 * DAY, text="证据不实。")
    with acting_as_system():
        assert end_memberships((NOON + 60 * DAY).date(), at=NOON + 60 * DAY) == 0


def test_one_removal_at_a_time() -> None:
    of = a_membership()
    of.removal()
    with pytest.raises(Refused):
        of.removal()


def test_a_company_cannot_begin_or_decide_one() -> None:
    of = a_membership()
    case = of.removal()
    step(of, case, "notify", "centre.clerk", grounds="三次爽约。")
    step(of, case, "state", "company.head", text="车辆故障。")
    with pytest.raises(NotPermitted):
        step(of, case, "decide", "company.head", decision="kept", reasons="无。")
