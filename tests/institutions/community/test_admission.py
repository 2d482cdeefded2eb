"""A company applies, is verified, asked for more, admitted or declined."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from tests.builders import NOON, moved
from tests.institutions.community.builders import a_scene, an_order, fresh, verbs
from tests.institutions.community.company_builders import (
    accepted_with,
    an_admitted,
    an_application,
    an_applied,
)
from yiwang.institutions.community.company_actions import apply
from yiwang.institutions.community.company_models import (
    Certificate,
    Company,
    Contract,
    StaffMember,
    Verification,
)
from yiwang.institutions.community.company_rules import is_credit_code
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted
from yiwang.kernel.casework.models import ClockRecord, Letter, LetterCounter
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.people.models import Post

pytestmark = pytest.mark.django_db


def test_an_admitted_company_is_a_unit_under_the_centre_with_contract_papers_and_people() -> None:
    scene = a_scene()
    company = an_admitted(scene)
    assert (company.unit.kind, company.unit.parent_id) == (UnitKind.COMPANY, scene.county.unit("centre").pk)
    contract = Contract.objects.get(company=company)
    assert (str(contract.from_on), str(contract.until_on)) == ("2026-11-24", "2027-11-23")
    assert [one.kind for one in Certificate.objects.filter(company=company)] == ["business"]
    assert [one.name for one in StaffMember.objects.filter(company=company)] == ["郏水生"]
    verification = Verification.objects.get(company=company)
    assert (verification.how, verification.by_account) == ("register", scene.county.accounts["centre.clerk"])


def test_the_post_of_its_head_waits_for_the_security_officer() -> None:
    company = an_admitted(a_scene())
    post = Post.objects.get(unit=company.unit)
    assert (post.role, post.granted_at, post.account.must_change_password) == ("head", None, True)


def test_what_is_missing_is_asked_for_and_the_clock_begins_anew_when_it_comes() -> None:
    scene = a_scene()
    registered = apply(an_application(), at=NOON)
    case = registered.case
    moved(case, "ask", by=scene.standing("centre.clerk"), missing="缺少电工证复印件。")
    later = NOON + timedelta(days=3)
    moved(case, "complete", by=Standing.holder_of_receipt(case.pk), at=later, text="补交。")
    assert fresh(case).state == "received"
    with acting_as_system():
        clock = ClockRecord.objects.get(case=case, key="verification")
        assert (str(clock.start_on), clock.ended_on) == ("2026-11-26", None)
        assert sorted(Letter.objects.filter(case=case).values_list("kind", flat=True)) == [
            "completion",
            "receipt",
        ]


def test_whoever_verified_cannot_admit() -> None:
    scene = a_scene()
    case = an_applied(scene)
    moved(case, "verify", by=scene.standing("centre.head"), how="originals")
    with pytest.raises(GuardFailed):
        moved(case, "accept", by=scene.standing("centre.head"), **accepted_with())
    assert not Company.objects.exists()


def test_nobody_is_admitted_before_the_verification() -> None:
    scene = a_scene()
    case = an_applied(scene)
    with pytest.raises(NotAllowedNow):
        moved(case, "accept", by=scene.standing("centre.head"), **accepted_with())


def test_a_clerk_cannot_admit_nor_decline() -> None:
    scene = a_scene()
    case = an_applied(scene)
    moved(case, "verify", by=scene.standing("centre.clerk"), how="register")
    for verb, data in (("accept", accepted_with()), ("decline", {"reasons": "不符合。"})):
        with pytest.raises(NotPermitted):
            moved(case, verb, by=scene.standing("centre.clerk"), **data)


def test_an_expired_business_licence_admits_nobody() -> None:
    scene = a_scene()
    papers = [{"kind": "business", "number": "YY1", "holder": "", "until_on": "2026-11-01"}]
    case = an_applied(scene, certificates=papers)
    moved(case, "verify", by=scene.standing("centre.clerk"), how="register")
    with pytest.raises(GuardFailed):
        moved(case, "accept", by=scene.standing("centre.head"), **accepted_with())
    assert (fresh(case).state, Company.objects.count()) == ("verified", 0)


def test_a_company_is_a_member_once() -> None:
    scene = a_scene()
    company = an_admitted(scene)
    case = an_applied(scene, credit_code=company.credit_code)
    moved(case, "verify", by=scene.standing("centre.clerk"), how="register")
    with pytest.raises(GuardFailed):
        moved(case, "accept", by=scene.standing("centre.head"), **accepted_with())


def test_declined_with_reasons_the_applicant_gets_a_letter() -> None:
    scene = a_scene()
    case = an_applied(scene)
    moved(case, "decline", by=scene.standing("centre.head"), reasons="经营范围不含上门服务。")
    with acting_as_system():
        letter = Letter.objects.get(case=case, kind="refusal")
    assert letter.is_for_petitioner
    assert "经营范围不含上门服务。" in letter.content["paragraphs"]
    assert verbs(case) == ["register", "decline"]


def test_letters_are_numbered_by_their_mark_though_their_kinds_bear_one_name(
    as_owner: Callable[[], AbstractContextManager[None]],
) -> None:
    scene = a_scene()
    for _ in range(2):
        moved(
            an_applied(scene), "decline", by=scene.standing("centre.head"), reasons="经营范围不含上门服务。"
        )
    order = an_order(scene).case
    moved(order, "decline", by=scene.standing("centre.head"), reasons="不在服务范围。")
    with acting_as_system():
        numbers = Letter.objects.filter(kind="refusal").order_by("pk").values_list("number", flat=True)
        assert [number.rpartition("社")[2] for number in numbers] == [
            "拒〔2026〕1号",
            "拒〔2026〕2号",
            "不〔2026〕1号",
        ]
        counted = set(LetterCounter.objects.values_list("unit_id", "mark", "year", "last"))
        LetterCounter.objects.all().delete()
    migration = import_module("yiwang.kernel.casework.migrations.0008_letters_numbered_by_mark")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(migration.FOUND_ANEW)
    assert set(LetterCounter.objects.values_list("unit_id", "mark", "year", "last")) == counted


def test_an_applicant_may_withdraw_until_it_is_decided() -> None:
    case = an_applied(a_scene())
    moved(case, "withdraw", by=Standing.holder_of_receipt(case.pk))
    assert fresh(case).state == "withdrawn"


def test_a_credit_code_with_one_wrong_sign_is_noticed() -> None:
    code = an_application().credit_code
    wrong = code[:10] + ("A" if code[10] != "A" else "B") + code[11:]
    assert (is_credit_code(code), is_credit_code(wrong)) == (True, False)
