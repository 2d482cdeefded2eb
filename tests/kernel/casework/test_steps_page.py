"""Taking steps on the page of a case: by hand, twice, too late, wrongly, in the wrong unit."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.builders import ANSWER, a_county, a_petition, moved
from tests.kernel.casework.screens import fresh, signed_in, stepped, words
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.models import Attachment, JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return a_county()


def verbs(case):
    """What stands in the journal of a case."""
    with acting_as_system():
        return list(JournalEntry.objects.filter(case=case).order_by("number").values_list("verb", flat=True))


def test_three_hops_and_back_with_nothing_but_the_pages(client, county):
    case = a_petition(county).case
    hops = [
        ("office.clerk", "forward", {"unit_id": "水务局"}),
        ("water.clerk", "forward", {"unit_id": "城关镇"}),
        ("chengguan.clerk", "accept", {}),
        ("chengguan.clerk", "answer", ANSWER),
        ("water.head", "approve", ANSWER),
        ("office.head", "issue", ANSWER),
        ("office.clerk", "serve", {"how": "in_person", "served_on": str(timezone.localdate())}),
        ("office.clerk", "conclude", {}),
        ("office.clerk", "archive", {}),
    ]
    for seen, (name, verb, data) in enumerate(hops, start=1):
        answer = stepped(signed_in(client, county, name), case, verb, seen=seen, key=f"k{seen}", **data)
        assert (verb, answer.status_code) == (verb, 303)
    assert verbs(case) == ["register", *(verb for _, verb, _ in hops)]
    assert fresh(case).state == "archived"


def test_a_page_sent_twice_counts_once(client, county):
    case = a_petition(county).case
    signed_in(client, county, "office.clerk")
    answers = [stepped(client, case, "note", text="已电话核实。") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert verbs(case) == ["register", "note"]


def test_a_double_click_on_forward_counts_once_although_the_step_is_no_longer_open(client, county):
    case = a_petition(county).case
    signed_in(client, county, "office.clerk")
    answers = [stepped(client, case, "forward", unit_id="水务局") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert verbs(case) == ["register", "forward"]


def test_a_stale_page_says_who_moved_it_and_keeps_what_was_typed(client, county):
    case = a_petition(county).case
    moved(case, "note", by=county.standing("office.head"), text="我先看看。")
    signed_in(client, county, "office.clerk")
    typed = "写了很久的<b>一段</b>话"
    answer = stepped(client, case, "forward", unit_id="水务局", note=typed)
    page = words(answer)
    assert answer.status_code == 409
    assert "信访局head" in page
    assert "其间有人办理了这件事项" in page
    assert "写了很久的&lt;b&gt;一段&lt;/b&gt;话" in page
    assert 'name="seen_length" value="2"' in page
    assert verbs(case) == ["register", "note"]


def test_a_matter_taken_away_meanwhile_keeps_what_was_typed_too(client, county):
    case = a_petition(county).case
    moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
    answer = stepped(signed_in(client, county, "office.head"), case, "accept", note="我已写好的话")
    assert answer.status_code == 409
    assert "我已写好的话" in words(answer)
    assert verbs(case) == ["register", "forward"]


@pytest.mark.parametrize(
    ("verb", "data", "sentence"),
    [
        ("forward", {"unit_id": ""}, "请填写这一项。"),
        ("forward", {"unit_id": "没有这个局"}, "没有这个名称,请从列表中选择。"),
        ("forward", {"unit_id": "信访局"}, "事项已在该单位。"),
        ("assign", {"unit_id": "水务局", "due_on": "2020-01-01"}, "请选择今天以后的日期。"),
        ("assign", {"unit_id": "水务局", "due_on": "明天"}, "请按“年-月-日”填写日期。"),
        ("note", {"text": "长" * 4001}, "内容过长:最多 4000 字,现有 4001 字。"),
        ("link_repeat", {"earlier_case_id": "信访2026-999999", "reasons": "同一件事"}, "没有这个名称"),
    ],
)
def test_each_mistake_is_a_sentence_beside_its_field(client, county, verb, data, sentence):
    case = a_petition(county).case
    answer = stepped(signed_in(client, county, "office.clerk"), case, verb, **data)
    assert answer.status_code == 422
    assert sentence.replace(",", "，").replace(":", "：") in words(answer)
    assert "data-errors" in words(answer)
    assert verbs(case) == ["register"]


def test_a_changed_name_wins_over_the_key_picked_before(client, county):
    case = a_petition(county).case
    answer = stepped(
        signed_in(client, county, "office.clerk"),
        case,
        "forward",
        unit_id="和平乡",
        unit_id_key=str(county.unit("water").pk),
    )
    assert answer.status_code == 303
    assert fresh(case).holder_unit_id == county.unit("heping").pk


def test_an_accusation_isn_t_handed_to_the_unit_it_complains_of(client, county):
    case = a_petition(county, purpose="accusation", accused_unit_ids=(county.unit("water").pk,)).case
    answer = stepped(signed_in(client, county, "office.clerk"), case, "forward", unit_id="水务局")
    assert answer.status_code == 422
    assert "不得转给它" in words(answer)


def test_files_come_with_a_step_and_a_wrong_kind_is_refused_with_the_text_kept(client, county):
    case = a_petition(county).case
    signed_in(client, county, "office.clerk")
    bad = SimpleUploadedFile("x.exe", b"MZ\x90\x00\x03\x00" * 50)
    answer = stepped(client, case, "note", text="现场照片", files=bad)
    assert answer.status_code == 422
    assert "现场照片" in words(answer)
    good = SimpleUploadedFile("记录.txt", "到场核实".encode())
    assert stepped(client, case, "note", text="现场记录", files=good).status_code == 303
    with acting_as_system():
        attachment = Attachment.objects.get(case=case)
    address = f"/cases/{case.pk}/files/{attachment.pk}/"
    assert b"".join(client.get(address).streaming_content) == "到场核实".encode()
    assert signed_in(client, county, "water.clerk").get(address).status_code == 404


def test_whoever_wrote_the_answer_reads_why_they_can_t_issue_it(client, county):
    case = a_petition(county).case
    for verb, data in (("accept", {}), ("answer", ANSWER)):
        moved(case, verb, by=county.standing("office.head"), **data)
    signed_in(client, county, "office.head")
    assert "须由他人审批" in words(client.get(f"/cases/{case.pk}/"))
    answer = stepped(client, case, "issue", seen=3)
    assert answer.status_code == 422
    assert verbs(case) == ["register", "accept", "answer"]


def test_the_earlier_answer_stands_in_the_form_for_approval(client, county):
    case = a_petition(county).case
    moved(case, "accept", by=county.standing("office.clerk"))
    moved(case, "answer", by=county.standing("office.clerk"), **ANSWER)
    page = words(signed_in(client, county, "office.head").get(f"/cases/{case.pk}/"))
    assert f">\n{ANSWER['facts']}</textarea>".replace("\n", " ") in page


def test_the_days_asked_for_stand_in_the_form_for_the_extension(client, county):
    case = a_petition(county).case
    moved(case, "accept", by=county.standing("office.clerk"))
    moved(case, "request_extension", by=county.standing("office.clerk"), days=17, reasons="等鉴定结果。")
    page = words(signed_in(client, county, "office.head").get(f"/cases/{case.pk}/"))
    assert 'value="17"' in page
    assert "等鉴定结果。</textarea>" in page


def test_handing_on_can_be_undone_until_the_other_unit_acts(client, county):
    case = a_petition(county).case
    signed_in(client, county, "office.clerk")
    stepped(client, case, "forward", unit_id="水务局")
    assert f"/cases/{case.pk}/undo/2/" in words(client.get(f"/cases/{case.pk}/"))
    client.post(f"/cases/{case.pk}/undo/2/")
    assert fresh(case).holder_unit_id == county.unit("office").pk
    stepped(client, case, "forward", seen=3, key="k3", unit_id="水务局")
    moved(case, "accept", by=county.standing("water.clerk"))
    client.post(f"/cases/{case.pk}/undo/4/")
    assert fresh(case).holder_unit_id == county.unit("water").pk


def test_whoever_recuses_themselves_is_led_back_to_the_desk(client, county):
    case = a_petition(county).case
    account = county.accounts["office.clerk"]
    answer = stepped(
        signed_in(client, county, "office.clerk"), case, "recuse", account_id=account.name, reasons="亲属。"
    )
    assert (answer.status_code, answer["Location"]) == (303, "/desk/")
    assert client.get(f"/cases/{case.pk}/").status_code == 404


def test_a_step_s_form_comes_as_a_fragment_with_the_focus_in_its_first_field(client, county):
    case = a_petition(county).case
    signed_in(client, county, "office.clerk")
    address = f"/cases/{case.pk}/steps/assign/"
    assert client.get(address)["Location"] == f"/cases/{case.pk}/?step=assign#panel-assign"
    fragment = words(client.get(address, headers={"HX-Request": "true"}))
    assert "<html" not in fragment
    assert fragment.count("autofocus") == 1
    assert client.get(f"/cases/{case.pk}/?step=assign").context["moves"][1].is_open


def test_units_are_offered_by_name_code_and_initials_and_the_usual_one_stands_there(client, county):
    signed_in(client, county, "office.clerk")
    for typed in ("城关", "cgz", "CG", county.unit("chengguan").code):
        assert "城关镇" in words(client.get("/suggest/units/", {"q": typed}))
    assert "没有这个名称" in words(client.get("/suggest/units/", {"q": "<b>"}))
    for _ in range(2):
        earlier = a_petition(county).case
        moved(earlier, "forward", by=county.standing("office.clerk"), unit_id=county.unit("housing").pk)
    case = a_petition(county).case
    form = client.get(f"/cases/{case.pk}/").context["moves"][0].body
    assert 'value="住建局"' in form
