"""What few documents have reaches the page: orders with 第×号, the red head, seals, attachments with their texts."""

from typing import Any

import pytest

from tests.builders import a_county
from tests.facilities.office.builders import a_draft, fresh
from tests.facilities.office.test_screens import page, post
from yiwang.facilities.office.content import cleaned, digest_of, whole
from yiwang.facilities.office.rendering import as_document, laid_out
from yiwang.facilities.office.rules.document import Form, Sealing, attachment_texts

CONTENT: dict[str, Any] = {
    "kind": "order", "urgency": "", "title": "云川县人民政府令", "issuer": "云川县人民政府", "main": "", "copy": "",
    "others": "", "attachments": ["目录", "图"], "note": "", "body": "现公布《云川县供水管理办法》，自公布之日起施行。",
}  # fmt: skip


def test_texts_of_attachments_begin_below_a_line_of_their_own() -> None:
    assert attachment_texts("附件1\n甲\n乙\n附件 2：\n丙") == {1: "甲\n乙", 2: "丙"}
    assert attachment_texts("附件\n甲见附件2。") == {1: "甲见附件2。"}
    assert attachment_texts("甲") == {1: "甲"}
    assert attachment_texts(" \n") == {}


def test_an_order_has_its_number_and_the_signature_seal_of_whoever_signs() -> None:
    official = as_document(
        {**CONTENT, "order_number": "3", "sealing": "signature", "signer_post": "县长", "signer": "沈若兰"}
    )
    assert (official.form, official.order_number, official.sealing) == (Form.ORDER, 3, Sealing.SIGNATURE)
    assert [(one.name, one.post) for one in official.signers] == [("沈若兰", "县长")]
    printed = [
        "".join(run.text for run in line.runs)
        for line in laid_out({**CONTENT, "order_number": "3"}).pages[0].lines
    ]
    assert "第3号" in printed


def test_the_head_is_the_one_typed_with_or_without_the_word_document() -> None:
    assert as_document(CONTENT).heads == ("云川县人民政府",)
    typed = as_document({**CONTENT, "letterhead": "云川县人民政府办公室文件"})
    assert (typed.heads, typed.has_word_document) == (("云川县人民政府办公室",), True)
    assert as_document({**CONTENT, "letterhead": "云川县人民政府"}).has_word_document is False


def test_minutes_bear_no_seal_whatever_was_chosen() -> None:
    assert as_document({**CONTENT, "kind": "minutes", "sealing": "seal"}).sealing is Sealing.NONE


def test_texts_go_to_their_attachments() -> None:
    official = as_document({**CONTENT, "attachment_texts": "附件2\n图略。"})
    assert [(one.title, one.body) for one in official.attachments] == [("目录", ""), ("图", "图略。")]


def test_a_document_without_them_keeps_its_digest() -> None:
    assert digest_of(cleaned({"body": "甲"})) == digest_of(
        {"body": "甲", "others": "", "attachments": [], "note": ""}
    )


@pytest.mark.django_db
def test_what_is_typed_in_the_form_is_kept_and_shown() -> None:
    county = a_county()
    out = a_draft(county, "chengguan")
    typed: dict[str, Any] = {
        "title": "云川县水务局令", "kind": "order", "body": "现予公布。", "order_number": "7", "sealing": "none",
        "letterhead": "云川县水务局", "attachments": "目录", "attachment_texts": "附件1\n第一项", "note": "此件公开发布",
    }  # fmt: skip
    post(county, "water.clerk", "text", out.pk, edition=1, **typed)
    official = as_document(whole(fresh(out).document))
    assert (official.order_number, official.letterhead, official.sealing) == (
        7,
        ("云川县水务局",),
        Sealing.NONE,
    )
    assert (official.note, official.attachments[0].body) == ("此件公开发布", "第一项")
    shown = page(county, "water.clerk", "document", out.pk)
    assert "第7号" in shown
    assert "第一项" in shown
    post(county, "water.clerk", "text", out.pk, edition=2, status=422, **{**typed, "order_number": "-1"})
