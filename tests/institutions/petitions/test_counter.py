"""The counter registers for somebody: once, by the right unit, with nothing lost and names recorded."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.builders import LONG_AGO, County, a_county, a_petition, a_post
from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions import hear, open_line
from yiwang.facilities.hotline.models import Call, CallOutcome
from yiwang.facilities.hotline.registry import outcomes_for
from yiwang.institutions.petitions import identity
from yiwang.institutions.petitions.telling import Named, people_in
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.audit.models import Entry
from yiwang.kernel.casework.actions import PartyData
from yiwang.kernel.casework.models import Attachment, Case, JournalEntry, Party
from yiwang.kernel.orgs.actions import found_unit
from yiwang.kernel.orgs.enums import UnitKind

pytestmark = pytest.mark.django_db

TEXT = "村口主水管漏水已有半月,路面结冰,老人小孩出行摔倒,请尽快派人修理。"


@pytest.fixture
def county() -> Iterator[County]:
    """A county with its petition office."""
    with acting_as_system():
        yield a_county()


def signed_in(county: County, name: str = "office.clerk") -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(county.accounts[name], backend="yiwang.kernel.people.backends.AccountBackend")
    return client


def told(**changes: Any) -> dict[str, Any]:
    """What a clerk sends for a typical visit."""
    fields = {
        "go": "register",
        "key": uuid4().hex,
        "channel": "counter",
        "received_on": timezone.localdate().isoformat(),
        "signing": "signed",
        "name": "欧阳建华",
        "phone": "139 0000 0001",
        "title": "村口水管漏水",
        "text": TEXT,
        "purpose": "claim",
    }
    return {**fields, **changes}


def test_registers_and_shows_the_code_once(county: County) -> None:
    client = signed_in(county)
    answer = client.post("/counter/", told())
    assert answer.status_code == 303
    case = Case.objects.get(source="counter")
    assert answer["Location"] == f"/counter/{case.pk}/"
    assert (case.channel, case.root_unit_id, case.state) == (
        "counter",
        county.unit("office").pk,
        "registered",
    )
    page = client.get(answer["Location"]).content.decode()
    assert case.number in page
    assert len(re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page)) == 1
    client.get("/counter/")
    again = client.get(answer["Location"]).content.decode()
    assert re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", again) == []


def test_a_double_click_registers_once(county: County) -> None:
    client = signed_in(county)
    once = told()
    first, second = client.post("/counter/", once), client.post("/counter/", once)
    assert first["Location"] == second["Location"]
    assert Case.objects.filter(source="counter").count() == 1


def test_links_what_the_clerk_chose_and_keeps_what_was_left_aside(county: County) -> None:
    earlier = a_petition(county, text=TEXT, parties=(PartyData(name="欧阳建华", phone="13900000001"),)).case
    other = a_petition(county, parties=(PartyData(name="欧阳建华", phone="13900000001"),)).case
    answer = signed_in(county).post(
        "/counter/", told(**{f"verdict-{earlier.pk}": "is", f"verdict-{other.pk}": "not"})
    )
    case = Case.objects.get(source="counter")
    assert (answer.status_code, case.repeat_of_id, case.is_repeat) == (303, earlier.pk, True)
    assert case.facts["not_repeat_of"] == [other.pk]
    entry = JournalEntry.objects.get(case=case, verb="link_repeat")
    assert "同名同电话" in entry.data["reasons"]
    assert Case.objects.count() == 3


def test_nothing_typed_is_lost_and_each_fault_says_how_to_mend_it(county: County) -> None:
    hostile = '<script>alert(1)</script>"\u202e'
    answer = signed_in(county).post(
        "/counter/",
        told(
            name="阿" * 81,
            phone="call me",
            identity_number="110101199003070071",
            received_on="2999-01-01",
            title="题" * 61,
            text=hostile,
            category_words="不存在的分类",
            category="7",
            place_words="没有的村",
            place_unit="99999999999999999999",
            purpose="accusation",
            representatives="13900000001",
            number_of_people="many",
        ),
    )
    page = answer.content.decode()
    assert (answer.status_code, Case.objects.count()) == (422, 0)
    for kept in ("阿" * 81, "call me", "题" * 61, "不存在的分类", "没有的村", "110101199003070071"):
        assert kept in page
    assert "<script>alert" not in page
    for sentence in (
        "这一天还没到。",
        "末位校验码不符",
        "这不像电话号码",
        "没有符合的分类",
        "请选择单位或写出姓名",
        "第 1 行没有姓名。",
        "请填写整数。",
    ):
        assert sentence in page


def test_an_empty_form_asks_for_what_is_needed(county: County) -> None:
    answer = signed_in(county).post("/counter/", {"go": "register"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.findall(r'id="counter-(\w+)-error"', page) == [
        "channel",
        "received_on",
        "name",
        "signing",
        "title",
        "text",
        "purpose",
    ]


def test_a_chosen_unit_and_class_come_back_chosen(county: County) -> None:
    place = county.unit("chengguan")
    answer = signed_in(county).post(
        "/counter/", told(title="", place_words=place.short_name, place_unit=str(place.pk))
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'name="place_unit" value="{place.pk}"' in page
    assert f'value="{place.short_name}"' in page


def test_files_brought_once_survive_a_mistake_elsewhere(county: County) -> None:
    client = signed_in(county)
    scan = SimpleUploadedFile("来信.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF")
    wrong = told(title="", scans=scan)
    page = client.post("/counter/", wrong).content.decode()
    kept = re.search(r'name="kept" value="([^"]+)"', page)
    assert kept is not None
    assert "来信.pdf" in page
    again = told(key=wrong["key"], kept=kept[1])
    assert client.post("/counter/", again).status_code == 303
    assert list(Attachment.objects.values_list("name", flat=True)) == ["来信.pdf"]
    forged = told(kept=kept[1])
    assert client.post("/counter/", forged).status_code == 303
    assert Attachment.objects.count() == 1


def test_several_visitors_choose_at_most_five(county: County) -> None:
    client = signed_in(county)
    six = "\n".join(f"代表{number},1380000000{number}" for number in range(6))
    answer = client.post("/counter/", told(representatives=six))
    assert answer.status_code == 422
    assert "代表不得超过 5 人，现在有 6 人" in answer.content.decode()
    five = "\n".join(six.splitlines()[:5])
    assert (
        client.post(
            "/counter/", told(representatives=five, others="赵六\n钱七", number_of_people="30")
        ).status_code
        == 303
    )
    case = Case.objects.get(source="counter")
    roles = list(Party.objects.filter(case=case).values_list("role", flat=True))
    assert (roles.count("representative"), roles.count("petitioner")) == (5, 3)
    assert case.facts["number_of_people"] == 30


def test_a_letter_may_be_older_and_its_term_runs_from_then(county: County) -> None:
    day = timezone.localdate() - timedelta(days=9)
    signed_in(county).post("/counter/", told(channel="letter", received_on=day.isoformat()))
    case = Case.objects.get(source="counter")
    assert (case.received_on, case.due_on) == (day, day + timedelta(days=15))


def test_a_report_about_the_own_unit_is_not_taken_in(county: County) -> None:
    office, water = county.unit("office"), county.unit("water")
    about = {"purpose": "accusation", "signing": "anonymous", "name": ""}
    own = told(**about, accused_words=office.short_name, accused_unit=str(office.pk))
    answer = signed_in(county).post("/counter/", own)
    assert answer.status_code == 422
    assert "不得由本单位经手" in answer.content.decode()
    other = told(**about, accused_words=water.short_name, accused_unit=str(water.pk))
    assert signed_in(county).post("/counter/", other).status_code == 303
    case = Case.objects.get(source="counter")
    assert (case.is_confidential, case.excluded_units) == (True, [water.pk])


def test_only_units_that_register_may(county: County) -> None:
    for name, status in (
        ("office.head", 303),
        ("inspection.clerk", 303),
        ("water.clerk", 403),
        ("chengguan.head", 403),
        ("county.leader", 403),
        ("auditor", 403),
    ):
        assert signed_in(county, name).post("/counter/", told()).status_code == status
    assert Case.objects.count() == 2
    page = signed_in(county, "water.clerk").get("/counter/").content.decode()
    assert "本单位不登记信访" in page
    assert 'href="/counter/"' not in page
    assert signed_in(county, "water.clerk").post("/counter/compare/", told()).status_code == 403


def test_comparing_shows_only_the_typed_name_and_records_it_once(county: County) -> None:
    other = PartyData(role="agent", name="周小明", phone="13800000000")
    case = a_petition(
        county, text=TEXT, parties=(PartyData(name="欧阳建华", phone="13900000001"), other)
    ).case
    client = signed_in(county)
    typed = told()
    page = client.post("/counter/compare/", typed).content.decode()
    assert "欧阳建华" in page
    assert "周**" in page
    assert "周小明" not in page
    noted = re.search(r'name="noted" value="([^"]+)"', page)
    assert noted is not None
    client.post("/counter/compare/", {**typed, "noted": noted[1]})
    reads = Entry.objects.filter(action="case.read", subject_id=case.pk)
    assert [(read.purpose, read.actor) for read in reads] == [
        ("registering", county.accounts["office.clerk"].pk)
    ]
    client.post("/counter/compare/", {**typed, "key": uuid4().hex, "noted": noted[1]})
    assert reads.all().count() == 2


def test_one_petition_repeats_one(county: County) -> None:
    first, second = (a_petition(county, text=TEXT).case for _ in range(2))
    answer = signed_in(county).post(
        "/counter/", told(**{f"verdict-{first.pk}": "is", f"verdict-{second.pk}": "is"})
    )
    assert answer.status_code == 422
    assert "请只选一件" in answer.content.decode()


def test_a_case_that_isn_t_to_be_seen_can_t_be_linked(county: County) -> None:
    hidden = a_petition(county, text=TEXT, accused_unit_ids=(county.unit("office").pk,)).case
    answer = signed_in(county).post("/counter/", told(**{f"verdict-{hidden.pk}": "is"}))
    assert answer.status_code == 303
    assert Case.objects.get(source="counter").is_repeat is False


def test_the_receipt_prints_while_the_code_is_at_hand(county: County) -> None:
    client = signed_in(county)
    address = client.post("/counter/", told())["Location"]
    answer = client.get(f"{address}receipt/")
    assert answer.content[:5] == b"%PDF-"
    assert answer["Cache-Control"] == "no-store"
    colleague = signed_in(county, "office.head")
    colleague.cookies["counter_receipt"] = client.cookies["counter_receipt"].value
    assert colleague.get(f"{address}receipt/")["Location"] == address
    assert signed_in(county, "water.clerk").get(address).status_code == 404


def test_beside_a_case_the_office_links_and_others_learn_nothing(county: County) -> None:
    first = a_petition(county, text=TEXT).case
    case = a_petition(county, text=TEXT).case
    client = signed_in(county)
    assert first.number in client.get(f"/cases/{case.pk}/repeats/").content.decode()
    part = client.get(f"/cases/{case.pk}/repeats/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert first.number in part
    assert signed_in(county, "water.clerk").get(f"/cases/{case.pk}/repeats/").status_code == 404
    answer = client.post(f"/cases/{case.pk}/repeats/", {"earlier": first.pk})
    case.refresh_from_db()
    assert (answer.status_code, case.repeat_of_id) == (303, first.pk)
    client.post(f"/cases/{first.pk}/repeats/", {"earlier": case.pk})
    first.refresh_from_db()
    assert first.is_repeat is False


def test_places_are_townships_and_villages_by_initials(county: County) -> None:
    page = signed_in(county).get("/counter/places/?q=cg").content.decode()
    assert re.findall(r'data-words="([^"]+)"', page) == ["城关镇"]
    assert signed_in(county).get("/counter/places/?q=水务").content == b""


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("张三,13800000000,110101199003070070", Named("张三", "13800000000", "110101199003070070")),
        ("110101199003070070 张三 0931-1234567", Named("张三", "0931-1234567", "110101199003070070")),
        ("张三13800000000", Named("张三", "13800000000")),
        ("阿拉坦·其木格", Named("阿拉坦·其木格")),
        ("Ann van der Berg, +86 138 0000 0000", Named("Ann van der Berg", "+86 138 0000 0000")),
    ],
)
def test_a_line_names_somebody_in_any_order(line: str, named: Named) -> None:
    assert people_in(f"\n{line}\n  \n") == [named]


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("11010519491231002X", ""),
        ("110105491231002", ""),
        ("110105194912310021", identity.CHECK),
        ("11010519491331002X", identity.BIRTHDAY),
        ("1101051949123100", identity.LENGTH),
        ("11010519491231AA2X", identity.FIGURES),
        ("１1010519491231002X", identity.FIGURES),
    ],
)
def test_identity_numbers(number: str, fault: str) -> None:
    assert identity.fault_of(number) == fault


def test_an_identity_number_is_read_as_people_write_it() -> None:
    assert identity.plain(" １10105 19491231-002x ") == "11010519491231002X"


def test_a_colleague_complained_of_by_name_never_sees_it(county: County) -> None:
    head = county.accounts["office.head"]
    head.name = "诸葛长青"
    head.save()
    words = told(purpose="accusation", accused_name="办公室的诸葛长青")
    assert signed_in(county).post("/counter/", words).status_code == 303
    case = Case.objects.get()
    assert case.excluded_accounts == [head.pk]
    assert signed_in(county, "office.head").get(f"/cases/{case.pk}/").status_code == 404
    assert signed_in(county).get(f"/cases/{case.pk}/").status_code == 200


def test_nobody_registers_a_report_about_themselves_or_a_part_of_their_unit(county: County) -> None:
    section = found_unit(
        code="officesection",
        name="来访接待科",
        kind=UnitKind.SECTION,
        valid_from_on=LONG_AGO,
        parent=county.unit("office"),
    )
    own = {"accused_name": county.accounts["office.clerk"].name}
    part = {"accused_words": section.name, "accused_unit": str(section.pk)}
    for words in (own, part):
        answer = signed_in(county).post("/counter/", told(purpose="accusation", **words))
        assert answer.status_code == 422
        assert "监督信箱" in answer.content.decode()
    assert Case.objects.count() == 0


@pytest.mark.parametrize(("owner", "noted"), [("office", 1), ("water", 0)])
def test_a_call_becomes_a_petition_only_where_it_was_taken(county: County, owner: str, noted: int) -> None:
    a_post(county.accounts["office.clerk"], county.unit("office"), "agent")
    open_line("96519", name="热线", unit_id=county.unit(owner).pk)
    hear(port.CallOffered("cti", "k1", timezone.now(), "inbound", "13900004444", "96519"))
    call = Call.objects.get()
    client = signed_in(county)
    page = client.get(f"/counter/?call={call.pk}&number=13900004444").content.decode()
    assert ('value="13900004444"' in page, 'name="call"' in page) == (True, bool(noted))
    assert client.post("/counter/", told(channel="phone", call=call.pk)).status_code == 303
    found = CallOutcome.objects.filter(call=call, key="petition", subject_id=Case.objects.get().pk)
    assert found.count() == noted


def test_the_console_offers_a_petition_to_whoever_may_register_one(county: County) -> None:
    offered = {
        name: "petition" in {one.key for one in outcomes_for(county.standing(name))}
        for name in ("office.clerk", "water.clerk")
    }
    assert offered == {"office.clerk": True, "water.clerk": False}
