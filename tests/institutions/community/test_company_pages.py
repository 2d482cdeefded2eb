"""The pages about companies: an application without an account, the company's own pages, the office's, the public ones."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture.world import BACKEND
from tests.builders import NOON, moved
from tests.institutions.community.builders import a_scene, assigned_order, finished_order, fresh, job_of, step
from tests.institutions.community.company_builders import (
    Membership,
    a_credit_code,
    a_membership,
    an_application,
)
from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.models import Team
from yiwang.institutions.community.company_actions import apply
from yiwang.institutions.community.company_acts import say
from yiwang.institutions.community.company_marks import count_month
from yiwang.institutions.community.company_models import Certificate, CompanyAct, CompanySetting, StaffMember
from yiwang.institutions.community.models import ItemVersion
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.models import Case
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.models import Account

pytestmark = pytest.mark.django_db


def signed_in(account: Account) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def of_member(of: Membership, name: str) -> Client:
    """A browser of somebody of the scene."""
    return signed_in(of.scene.county.accounts[name])


def answered(client: Client, question: str, **data: object) -> str:
    """Answer a question of the application; returns where it leads."""
    response = client.post(reverse("community:apply_question", args=[question]), data)
    assert response.status_code == 303, response.context["form"].errors
    return str(response["Location"])


def applied(client: Client) -> None:
    """Answer every question up to the files."""
    version = ItemVersion.objects.filter(item__service_class__key="plumbing").order_by("pk")[0]
    answered(
        client,
        "company",
        name="云川县清泉管道有限公司",
        credit_code=a_credit_code(),
        address="东街8号",
        contact="郏水生",
        phone="13900000001",
    )
    answered(client, "services", classes=["plumbing"])
    answered(client, "prices", **{f"price_{version.item.code}": f"{version.price_fen / 100:g}"})
    answered(client, "papers", business_number="YY1", business_until="2036-01-01")
    target = answered(client, "staff", staff="郏水生，管道维修\n璩开元 疏通")
    assert target == reverse("community:apply_files")


def test_a_company_applies_without_an_account_and_gets_a_receipt() -> None:
    a_scene()
    client = Client()
    applied(client)
    assert client.post(reverse("community:apply_files"), {"go": "next"}).status_code == 303
    without = client.post(reverse("community:apply_check"), {})
    assert (without.status_code, Case.objects.count()) == (422, 0)
    sent = client.post(reverse("community:apply_check"), {"is_agreed": "on"})
    assert sent["Location"] == reverse("community:applied")
    with acting_as_system():
        case = Case.objects.get(type_key="company_admission")
    assert [one["name"] for one in case.facts["staff"]] == ["郏水生", "璩开元"]
    shown = client.get(reverse("community:applied"))
    receipt = client.get(reverse("casework:receipt", args=[shown.context["code"]]))
    assert case.number in receipt.content.decode()
    again = client.post(reverse("community:apply_check"), {"is_agreed": "on"})
    assert again["Location"] == reverse("community:applied")


def test_what_is_missing_is_handed_in_on_the_page_of_the_receipt() -> None:
    scene = a_scene()
    registered = apply(an_application(), at=NOON)
    case, code = registered.case, registered.receipt_code
    moved(case, "ask", by=scene.standing("centre.clerk"), missing="缺少电工证复印件。")
    client = Client()
    page = client.get(reverse("casework:receipt", args=[code])).content.decode()
    assert "缺少电工证复印件。" in page
    sent = client.post(reverse("casework:receipt_act", args=[code, "complete"]), {"text": "已补交。"})
    assert (sent.status_code, fresh(case).state) == (303, "received")


def test_a_question_is_not_reached_before_those_in_front_of_it() -> None:
    a_scene()
    response = Client().get(reverse("community:apply_question", args=["staff"]))
    assert response["Location"] == reverse("community:apply_question", args=["company"])


def test_a_price_over_the_ceiling_and_a_wrong_code_are_refused() -> None:
    a_scene()
    client = Client()
    wrong = {"name": "甲", "credit_code": "123", "address": "乙", "contact": "丙", "phone": "1"}
    refused = client.post(reverse("community:apply_question", args=["company"]), wrong)
    assert list(refused.context["form"].errors) == ["credit_code"]
    answered(client, "company", **{**wrong, "credit_code": a_credit_code()})
    answered(client, "services", classes=["plumbing"])
    version = ItemVersion.objects.filter(item__service_class__key="plumbing").order_by("pk")[0]
    field = f"price_{version.item.code}"
    over = {field: f"{version.ceiling_fen / 100 + 1:g}"}
    refused = client.post(reverse("community:apply_question", args=["prices"]), over)
    assert list(refused.context["form"].errors) == [field]


def test_a_private_warning_is_read_by_its_company_and_the_office_only() -> None:
    of = a_membership()
    act = say(of.company, "warning", title="未按时", words="请整改。", is_public=False, by=None, at=NOON)
    url = reverse("community:company_act", args=[act.pk])
    assert Client().get(url).status_code == 404
    for name in ("company.head", "centre.clerk"):
        response = of_member(of, name).get(url)
        assert (response.status_code, response.content[:5]) == (200, b"%PDF-")
    assert of_member(of, "chengguan.clerk").get(url).status_code == 404


def test_the_public_list_shows_who_was_commended_and_warned_and_no_resident() -> None:
    of = a_membership()
    finished_order(of.scene)
    say(of.company, "commendation", title="优质服务", words="好。", is_public=True, by=None, at=NOON)
    say(of.company, "warning", title="只给公司", words="改。", is_public=False, by=None, at=NOON)
    page = Client().get(reverse("community:public_companies")).content.decode()
    assert ("优质服务" in page, "只给公司" in page, "闻春生" in page) == (True, False, False)


def test_the_order_of_the_public_list_is_by_name_until_the_head_switches_it() -> None:
    of = a_membership()
    url = reverse("community:companies")
    assert of_member(of, "centre.clerk").post(url, {"ranking": "1"}).status_code == 403
    assert not CompanySetting.objects.exists()
    of_member(of, "centre.head").post(url, {"ranking": "1"})
    assert CompanySetting.objects.get().shows_ranking


def test_a_clerk_of_the_centre_checks_but_neither_commends_nor_renews() -> None:
    of = a_membership()
    clerk, url = of_member(of, "centre.clerk"), reverse("community:company", args=[of.company.pk])
    one = Certificate.objects.create(company=of.company, kind="driver", number="1", added_at=NOON)
    assert clerk.post(url, {"do": "commend", "title": "好", "words": "好。"}).status_code == 403
    assert (
        clerk.post(url, {"do": "renew", "from_on": "2027-01-01", "until_on": "2027-12-31"}).status_code == 403
    )
    clerk.post(url, {"do": "good", "certificate": one.pk})
    one.refresh_from_db()
    assert (one.verified_by, CompanyAct.objects.count()) == (of.scene.county.accounts["centre.clerk"], 0)


def test_a_removal_is_begun_on_the_page_of_the_company() -> None:
    of = a_membership()
    url = reverse("community:company", args=[of.company.pk])
    sent = of_member(of, "centre.clerk").post(
        url, {"do": "remove", "title": "多次爽约", "text": "三户居民投诉。"}
    )
    with acting_as_system():
        case = Case.objects.get(type_key="company_removal")
    assert sent["Location"] == reverse("casework:case", args=[case.pk])


def test_a_company_is_called_by_its_english_name_in_english() -> None:
    of = a_membership()
    unit = of.company.unit
    Unit.objects.filter(pk=unit.pk).update(name_en="Anju Repairs")
    client = of_member(of, "company.head")
    for language, name in (("zh-hans", unit.short_name), ("en", "Anju Repairs")):
        client.cookies["django_language"] = language
        page = client.get(reverse("community:own_company")).content.decode()
        assert f"<h1>{name}</h1>" in page


def test_a_company_enters_a_licence_people_and_a_team() -> None:
    of = a_membership()
    head = of_member(of, "company.head")
    head.post(
        reverse("community:own_certificates"), {"kind": "driver", "number": "J1", "until_on": "2030-01-01"}
    )
    head.post(reverse("community:own_staff"), {"name": "璩开元", "work": "疏通"})
    place = of.scene.county.unit("nanguan").pk
    team = {
        "name": "二队",
        "skills": ["plumbing"],
        "base": place,
        "days": [0, 1],
        "begin": "08:00",
        "end": "18:00",
        "capacity": 2,
    }
    sent = head.post(reverse("community:own_teams"), team)
    made = Team.objects.get(name="二队")
    assert sent["Location"] == reverse("community:own_team", args=[made.pk])
    assert (made.unit_id, made.hours) == (of.company.pk, [[0, 480, 1080], [1, 480, 1080]])
    assert Certificate.objects.get(number="J1").verified_at is None
    assert StaffMember.objects.filter(company=of.company, name="璩开元").count() == 1


def test_a_team_of_another_company_is_not_there() -> None:
    of = a_membership()
    other = dispatch.found_team(
        unit_id=of.scene.county.unit("centre").pk,
        name="他队",
        skills=["plumbing"],
        base_x=0,
        base_y=0,
        at=NOON,
    )
    assert (
        of_member(of, "company.head").get(reverse("community:own_team", args=[other.pk])).status_code == 404
    )


def test_a_company_hands_work_over_and_appeals_on_its_pages() -> None:
    of = a_membership()
    second = dispatch.found_team(
        unit_id=of.company.pk, name="二队", skills=["plumbing"], base_x=0, base_y=0, at=NOON
    )
    bad = finished_order(of.scene).case
    step(bad, "call_back", by=of.scene.standing("centre.agent"), way="call", outcome="unsolved")
    count_month(NOON.date().replace(day=1), at=NOON + timedelta(days=1))
    head = of_member(of, "company.head")
    head.post(reverse("community:own_figure", args=["solved"]), {"order": bad.pk, "reasons": "居民不在家。"})
    with acting_as_system():
        raised = Case.objects.get(type_key="mark_appeal")
    assert raised.facts["order"] == bad.pk
    moved(raised, "decide", by=of.scene.standing("centre.head"), decision="rejected", reasons="不成立。")
    ordered = assigned_order(of.scene)
    head.post(reverse("community:own_orders"), {"job": job_of(ordered.case).pk, "team": second.pk})
    assert job_of(ordered.case).team_id == second.pk


def test_the_list_says_how_far_each_application_is_and_what_is_to_be_checked() -> None:
    scene = a_scene()
    apply(an_application(), at=NOON)
    page = (
        signed_in(scene.county.accounts["centre.head"]).get(reverse("community:companies")).content.decode()
    )
    assert ("待核实" in page, "期限" in page) == (True, True)


def test_an_application_is_not_headed_with_the_words_of_petitions() -> None:
    scene = a_scene()
    case = apply(an_application(), at=NOON).case
    client = signed_in(scene.county.accounts["centre.head"])
    page = client.get(reverse("casework:case", args=[case.pk])).content.decode()
    assert [words for words in ("反映内容", "信访人", "申请内容", "申请人") if words in page] == [
        "申请内容",
        "申请人",
    ]
