"""The screens of the office: what stands on them, and that what is done there is done."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import County, a_county
from tests.facilities.office.builders import (
    BODY,
    a_document_in_hand,
    a_document_to_sign,
    a_draft,
    a_released_document,
    a_series,
    do,
    fresh,
    received,
    state,
    text_of,
)
from yiwang.facilities.office import actions
from yiwang.facilities.office.models import Handling, Opinion, Reading
from yiwang.kernel.access.locks import acting_as_system

pytestmark = pytest.mark.django_db
BACKEND = "yiwang.kernel.people.backends.AccountBackend"


@pytest.fixture
def county() -> County:
    return a_county()


def browser(county: County, who: str) -> Client:
    client = Client()
    client.force_login(county.accounts[who], backend=BACKEND)
    return client


def page(county: County, who: str, name: str, *args: object, status: int = 200) -> str:
    response = browser(county, who).get(reverse(f"office:{name}", args=args))
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def post(county: County, who: str, name: str, *args: object, status: int = 303, **data: Any) -> str:
    response = browser(county, who).post(reverse(f"office:{name}", args=args), data)
    assert response.status_code == status, response.content.decode()[:4000]
    return response.content.decode()


def test_the_whole_way_through_the_pages(county: County) -> None:
    client = browser(county, "water.clerk")
    begun = client.post(reverse("office:new"), {"title": "关于防冻的通知", "kind": "notice"})
    with acting_as_system():
        out = Handling.objects.get()
    assert begun["Location"] == reverse("office:text", args=[out.pk])
    text = {"title": "关于防冻的通知", "kind": "notice", "body": BODY, "main": [county.unit("chengguan").pk]}
    post(county, "water.clerk", "text", out.pk, edition=1, **text)
    post(county, "water.clerk", "document", out.pk, act="submit")
    post(county, "water.head", "document", out.pk, act="pass")
    shown = page(county, "water.head", "document", out.pk)
    digest = text_of(out).digest
    assert digest in shown
    post(county, "water.head", "document", out.pk, act="sign", digest=digest, opinion="同意")
    post(county, "water.clerk", "document", out.pk, act="check")
    series = a_series(county)
    post(county, "water.clerk", "document", out.pk, act="enter", number=f"next-{series.pk}", copies=2)
    post(county, "water.clerk", "document", out.pk, act="print")
    post(county, "water.clerk", "document", out.pk, act="release")
    back = received(county, out, "chengguan")
    assert "云水发〔2026〕1号" in page(county, "chengguan.clerk", "incoming")
    post(county, "chengguan.clerk", "document", back.pk, act="sign_for")
    post(county, "chengguan.clerk", "document", back.pk, act="enter")
    post(county, "chengguan.clerk", "document", back.pk, act="examine")
    head = county.accounts["chengguan.head"]
    post(county, "chengguan.clerk", "document", back.pk, act="circulate", people=[head.pk], mode="parallel")
    assert "没有阅" not in page(county, "chengguan.head", "reading")
    post(county, "chengguan.head", "document", back.pk, act="read", text="请办。", is_instruction="on")
    with acting_as_system():
        assert Opinion.objects.get(handling=back).kind == "instruction"
    clerk = county.accounts["chengguan.clerk"]
    post(
        county,
        "chengguan.head",
        "document",
        back.pk,
        act="assign",
        account_id=clerk.name,
        account_id_key=clerk.pk,
    )
    post(county, "chengguan.clerk", "document", back.pk, act="answer", text="已办。")
    post(county, "chengguan.clerk", "document", back.pk, act="conclude")
    assert state(back) == "concluded"
    assert "已办。" in page(county, "water.clerk", "document", out.pk)


def test_a_stale_second_tab_loses_nothing(county: County) -> None:
    out = a_draft(county, "chengguan")
    text = {"title": "甲", "kind": "notice", "body": "第一页签", "main": [county.unit("chengguan").pk]}
    post(county, "water.clerk", "text", out.pk, edition=1, **text)
    said = post(county, "water.clerk", "text", out.pk, edition=1, status=409, **{**text, "body": "第二页签"})
    assert "第二页签" in said
    assert fresh(out).document.content["body"] == "第一页签"


def test_what_is_typed_is_saved_as_it_goes(county: County) -> None:
    out = a_draft(county, "chengguan")
    data = {"title": "甲", "kind": "notice", "body": "边写边存", "edition": 1}
    said = browser(county, "water.clerk").post(
        reverse("office:text", args=[out.pk]), data, headers={"HX-Request": "true"}
    )
    assert said.status_code == 200
    assert 'name="edition" value="2"' in said.content.decode()
    assert fresh(out).document.content["body"] == "边写边存"


def test_a_page_from_before_says_so_and_keeps_what_was_typed(county: County) -> None:
    back = a_document_in_hand(county)
    people = [county.accounts["chengguan.head"].pk]
    said = post(
        county, "chengguan.clerk", "document", back.pk,
        act="circulate", people=people, mode="parallel", note="请阅", seen_length=1, status=409,
    )  # fmt: skip
    assert "请阅" in said
    with acting_as_system():
        assert not Reading.objects.exists()


def test_whoever_has_not_read_stands_on_the_page_and_can_be_reminded(county: County) -> None:
    back = a_document_in_hand(county)
    head, clerk = county.accounts["chengguan.head"], county.accounts["chengguan.clerk"]
    do(county, "chengguan.clerk", actions.circulate, back, account_ids=[head.pk, clerk.pk])
    post(county, "chengguan.clerk", "document", back.pk, act="read")
    shown = page(county, "chengguan.clerk", "circulation", back.pk)
    assert head.name in shown
    post(county, "chengguan.clerk", "circulation", back.pk, act="urge_all", text="请尽快")
    assert "请尽快" in page(county, "chengguan.clerk", "document", back.pk)


def test_a_document_from_outside_is_registered_on_one_page_and_secrets_are_refused(county: County) -> None:
    data = {"title": "关于来访的函", "kind": "letter", "origin": "邻县水务局", "is_open": "on"}
    post(county, "water.clerk", "receive", **data)
    with acting_as_system():
        assert Handling.objects.get().register_number == "水务局收〔2026〕1号"
    said = post(county, "water.clerk", "receive", status=422, **{**data, "title": "机密★5年 关于来访的函"})
    assert "机密★5年" in said
    with acting_as_system():
        assert Handling.objects.count() == 1


def test_many_are_signed_with_one_confirmation_and_each_result_is_told(county: County) -> None:
    one, two = a_document_to_sign(county, "chengguan"), a_document_to_sign(county, "heping", title="第二件")
    rows = [f"{one.pk}:{text_of(one).digest}", f"{two.pk}:{'0' * 64}"]
    said = post(county, "water.head", "signing", status=200, row=rows, opinion="同意")
    assert [state(one), state(two)] == ["signed", "to_sign"]
    assert "第二件" in said


def test_numbers_are_kept_back_and_made_void_with_reasons(county: County) -> None:
    series = a_series(county)
    post(county, "water.clerk", "numbers", act="reserve", series=series.pk, reason="会议纪要")
    shown = page(county, "water.clerk", "numbers")
    assert "云水发〔2026〕1号" in shown
    assert "会议纪要" in shown
    assert post(county, "water.clerk", "numbers", act="reserve", series=series.pk, reason="", status=422)


def test_a_unit_outside_sees_nothing(county: County) -> None:
    out = a_released_document(county, "chengguan")
    back = received(county, out, "chengguan")
    for handling in (out, back):
        page(county, "heping.clerk", "document", handling.pk, status=404)
        page(county, "heping.clerk", "circulation", handling.pk, status=404)
    assert out.document.title not in page(county, "heping.clerk", "incoming")
    assert out.document.title in page(county, "county.leader", "incoming")


def test_every_list_opens(county: County) -> None:
    a_document_in_hand(county)
    for name in ("incoming", "outgoing", "reading", "astray", "away", "signing"):
        assert page(county, "chengguan.head", name)


def test_the_sheet_bears_the_head_of_the_pages_and_says_how_the_files_are_called(county: County) -> None:
    out = a_released_document(county, "chengguan")
    shown = page(county, "water.clerk", "document", out.pk)
    assert "水务局文件" in shown
    assert "水务局文件" not in page(
        county, "water.clerk", "text", a_draft(county, "chengguan", kind="letter").pk
    )
    name = f"{fresh(out).document.title}.pdf"
    assert f'"{name}" --signature "{name}.sig"' in shown
    served = browser(county, "water.clerk").get(reverse("office:file", args=[out.pk, "sig"]))
    assert quote(f"{name}.sig") in served["Content-Disposition"]
