"""What a company keeps while it is a member: contract, licences, teams; who is told before something runs out."""

from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.institutions.community.builders import a_new_order, assigned_order, fresh, job_of, verbs
from tests.institutions.community.company_builders import TODAY, a_membership, somebody_of
from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.enums import JobState
from yiwang.facilities.dispatch.faults import Refused as DispatchRefused
from yiwang.facilities.dispatch.models import Team, TeamLicence
from yiwang.institutions.community.actions import order
from yiwang.institutions.community.company_actions import (
    Refused,
    add_certificate,
    check_certificate,
    renew,
    reverify,
    set_prices,
)
from yiwang.institutions.community.company_acts import say
from yiwang.institutions.community.company_alarms import stop_without_contract, tell_of_ends
from yiwang.institutions.community.company_dispatch import hand_over
from yiwang.institutions.community.company_models import Company
from yiwang.institutions.community.company_queries import coverage
from yiwang.institutions.community.models import ItemVersion
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told_days() -> list[tuple[str, str]]:
    """What was told of, with its last day."""
    rows = Notice.objects.filter(kind="runs_out").order_by("pk").values_list("facts", flat=True)
    return sorted({(facts["what"], facts["day"]) for facts in rows})


def test_company_and_centre_are_told_30_7_and_0_days_before_once_each() -> None:
    of = a_membership(until_on=TODAY + 30 * DAY)
    told = []
    with acting_as_system():
        for days in (-1, 0, 0, 1, 23, 24, 30, 31):
            tell_of_ends(TODAY + days * DAY, at=NOON + days * DAY)
            told.append(Notice.objects.count())
    assert told == [0, 4, 4, 4, 8, 8, 12, 12]
    assert told_days() == [("Contract", (TODAY + 30 * DAY).isoformat())]
    people = {
        of.scene.county.accounts[f"{unit}.{role}"].pk
        for unit in ("centre", "company")
        for role in ("clerk", "head")
    }
    assert set(Notice.objects.values_list("account_id", flat=True)) == people


def test_without_a_contract_its_teams_get_nothing_until_it_is_renewed() -> None:
    of = a_membership(until_on=TODAY)
    with acting_as_system():
        assert stop_without_contract(TODAY, at=NOON) == 0
        assert stop_without_contract(TODAY + DAY, at=NOON + DAY) == 1
        assert stop_without_contract(TODAY + DAY, at=NOON + DAY) == 0
    assert Team.objects.get(pk=of.scene.team.pk).is_suspended
    renew(of.company, from_on=TODAY + DAY, until_on=TODAY + 366 * DAY, by=None, at=NOON + DAY)
    assert not Team.objects.get(pk=of.scene.team.pk).is_suspended


def test_a_licence_counts_for_its_team_only_when_the_centre_has_checked_it() -> None:
    of = a_membership()
    one = add_certificate(
        of.company,
        kind="electrician",
        number="D1",
        until_on=TODAY + DAY,
        team_id=of.scene.team.pk,
        by=somebody_of(of, "company.clerk"),
        at=NOON,
    )
    assert not TeamLicence.objects.exists()
    check_certificate(one.pk, is_good=True, reason="", by=somebody_of(of, "centre.clerk"), at=NOON)
    licence = TeamLicence.objects.get()
    assert (licence.kind, licence.until_on) == ("electrician", TODAY + DAY)
    with pytest.raises(Refused):
        check_certificate(one.pk, is_good=False, reason="假", by=None, at=NOON)


def test_a_team_whose_licence_ran_out_is_not_offered_work_that_needs_it() -> None:
    of = a_membership()
    version = ItemVersion.objects.filter(licence="electrician").order_by("pk")[0]
    dispatch.change_team(of.scene.team.pk, {"skills": [version.skill]})
    dispatch.grant_licence(of.scene.team.pk, kind="electrician", until_on=TODAY - DAY)
    ordered = order(a_new_order(of.scene, name=version.name), at=NOON, how="code")
    with acting_as_system():
        dispatch.decide(job_of(ordered.case).pk, at=NOON)
    assert job_of(ordered.case).state == JobState.STUCK
    dispatch.grant_licence(of.scene.team.pk, kind="electrician", until_on=TODAY)
    with acting_as_system():
        assert dispatch.retry_stuck(at=NOON) == 1


def test_an_expired_licence_is_not_accepted() -> None:
    of = a_membership()
    one = add_certificate(of.company, kind="driver", number="1", until_on=TODAY - DAY, by=None, at=NOON)
    with pytest.raises(Refused):
        check_certificate(one.pk, is_good=True, reason="", by=None, at=NOON)
    with pytest.raises(Refused):
        check_certificate(one.pk, is_good=False, reason=" ", by=None, at=NOON)


def test_a_licence_for_somebody_else_s_team_is_not_taken_in() -> None:
    of = a_membership()
    other = dispatch.found_team(
        unit_id=of.scene.county.unit("centre").pk,
        name="他队",
        skills=["plumbing"],
        base_x=0,
        base_y=0,
        at=NOON,
    )
    with pytest.raises(Refused):
        add_certificate(
            of.company, kind="driver", number="1", until_on=TODAY, team_id=other.pk, by=None, at=NOON
        )


def test_a_year_after_the_last_verification_the_next_is_due() -> None:
    of = a_membership()
    reverify(of.company, how="visit", note="现场核验", by=somebody_of(of, "centre.clerk"), at=NOON)
    assert Company.objects.get(pk=of.company.pk).reverify_on == TODAY + 365 * DAY


def test_no_price_is_over_the_ceiling() -> None:
    of = a_membership()
    version = ItemVersion.objects.select_related("item").order_by("pk")[0]
    assert set_prices(of.company, {version.item.code: version.ceiling_fen}, on=TODAY) == 1
    with pytest.raises(Refused):
        set_prices(of.company, {version.item.code: version.ceiling_fen + 1}, on=TODAY)


def test_a_company_sends_another_of_its_teams() -> None:
    of = a_membership()
    second = dispatch.found_team(
        unit_id=of.company.pk, name="二队", skills=["plumbing"], base_x=0, base_y=0, at=NOON
    )
    dispatch.report_position(second.pk, x=0, y=0, at=NOON)
    ordered = assigned_order(of.scene)
    head = of.scene.standing("company.head")
    job = hand_over(job_of(ordered.case).pk, to_team_id=second.pk, company=of.company, by=head, at=NOON)
    assert (job.state, job.team_id) == (JobState.ACCEPTED, second.pk)
    assert fresh(ordered.case).holder_unit_id == of.company.pk
    assert verbs(ordered.case)[-3:] == ["release", "offer", "accept"]
    assert [team.load for team in Team.objects.filter(unit_id=of.company.pk).order_by("pk")] == [0, 1]


def test_it_cannot_send_a_team_without_the_skill_nor_somebody_else_s() -> None:
    of = a_membership()
    cleaners = dispatch.found_team(
        unit_id=of.company.pk, name="保洁队", skills=["cleaning"], base_x=0, base_y=0, at=NOON
    )
    strangers = dispatch.found_team(
        unit_id=of.scene.county.unit("centre").pk,
        name="他队",
        skills=["plumbing"],
        base_x=0,
        base_y=0,
        at=NOON,
    )
    ordered = assigned_order(of.scene)
    job, head = job_of(ordered.case), of.scene.standing("company.head")
    with pytest.raises(DispatchRefused):
        hand_over(job.pk, to_team_id=cleaners.pk, company=of.company, by=head, at=NOON)
    with pytest.raises(Refused):
        hand_over(job.pk, to_team_id=strangers.pk, company=of.company, by=head, at=NOON)
    assert job_of(ordered.case).team_id == of.scene.team.pk
    assert verbs(ordered.case)[-1] == "accept"


def test_what_the_centre_says_is_numbered_by_kind_and_year() -> None:
    of = a_membership()
    kinds = ("commendation", "warning", "commendation")
    acts = [say(of.company, kind, title="一", words="二", is_public=True, by=None, at=NOON) for kind in kinds]
    assert [act.number for act in acts] == ["社表〔2026〕1号", "社警〔2026〕1号", "社表〔2026〕2号"]


def test_a_class_that_nobody_near_serves_is_a_gap() -> None:
    of = a_membership()
    place = of.scene.county.unit("nanguan")
    found = coverage(on=TODAY)
    plumbing = next(one for one in found.classes if one.key == "plumbing")
    other = next(one for one in found.classes if one.key != "plumbing")
    assert (found.number(plumbing, place), [unit.pk for unit in found.gaps_of(other)]) == (1, [place.pk])
    dispatch.suspend(of.scene.team.pk, reason="停", by=of.scene.standing("centre.head"), at=NOON)
    assert [unit.pk for unit in coverage(on=TODAY).gaps_of(plumbing)] == [place.pk]


def test_a_team_counts_for_a_class_only_with_the_licence_that_the_class_needs() -> None:
    of = a_membership()
    version = (
        ItemVersion.objects.filter(licence="gas_fitter")
        .select_related("item__service_class")
        .order_by("pk")[0]
    )
    one, place = version.item.service_class, of.scene.county.unit("nanguan")
    ItemVersion.objects.filter(item__service_class=one, licence="").update(licence="gas_fitter")
    dispatch.change_team(of.scene.team.pk, {"skills": [version.skill]})
    dispatch.grant_licence(of.scene.team.pk, kind="gas_fitter", until_on=TODAY - DAY)
    assert coverage(on=TODAY).number(one, place) == 0
    dispatch.grant_licence(of.scene.team.pk, kind="gas_fitter", until_on=TODAY)
    assert coverage(on=TODAY).number(one, place) == 1
