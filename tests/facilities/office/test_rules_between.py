"""Every rule between offices: the forty documents keep it, and one that doesn't is told so."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.facilities.office.corpus import COUNTY, documents
from yiwang.facilities.office.rules.between import Offices, Relation, between, faults_between
from yiwang.facilities.office.rules.document import (
    Attachment,
    Direction,
    Form,
    Kind,
    Number,
    Sealing,
    Signer,
)

ALL = documents()
CITY, PROVINCE, TOWN = "江州市人民政府", "云岭省人民政府", "城关镇人民政府"
OFFICES = Offices(
    relations={
        CITY: Relation.SUPERIOR,
        PROVINCE: Relation.HIGHER,
        TOWN: Relation.SUBORDINATE,
        "清河县人民政府": Relation.EQUAL,
        "各乡镇人民政府": Relation.SUBORDINATE,
    },
    codes={"云川县教育局": "云教发", "云川县财政局": "云财发"},
)


def of(kind: Kind, form: Form = Form.GENERAL) -> Any:
    return next(each for each in ALL if each.kind is kind and each.form is form)


NOTICE, REQUEST, REPORT = of(Kind.NOTICE), of(Kind.REQUEST), of(Kind.REPORT)
LETTER, ORDER = of(Kind.LETTER, Form.LETTER), of(Kind.ORDER, Form.ORDER)
MINUTES, REPLY = of(Kind.MINUTES, Form.MINUTES), of(Kind.REPLY)
SINGLE = next(each for each in ALL if each.kind is Kind.REQUEST and len(each.units) == 1)
JOINT = next(each for each in ALL if len(each.units) == 2 and each.kind is Kind.NOTICE)

BAD: dict[str, tuple[Any, dict[str, Any]]] = {
    "secret-mark": (NOTICE, {"secrecy": "机密★1年"}),
    "kind-in-title": (NOTICE, {"title": "云川县人民政府关于防汛工作的报告"}),
    "title-subject": (NOTICE, {"title": "防汛工作通知"}),
    "title-twice": (NOTICE, {"title": "关于转发县防汛工作的通知的通知"}),
    "order-form": (ORDER, {"form": Form.GENERAL}),
    "minutes-form": (MINUTES, {"form": Form.GENERAL}),
    "number-missing": (NOTICE, {"number": None}),
    "number-year": (NOTICE, {"number": Number("云政发", 2025, 3)}),
    "number-serial": (NOTICE, {"number": Number("云政发", 2026, 0)}),
    "number-code": (NOTICE, {"number": Number("云政字", 2026, 3)}),
    "joint-number": (JOINT, {"number": Number("云财发", 2026, 3)}),
    "signer-missing": (SINGLE, {"signers": ()}),
    "signer-only-up": (NOTICE, {"signers": (Signer("周明远"),)}),
    "joint-signers": (REQUEST, {"signers": (Signer("周明远"),)}),
    "up-one-addressee": (SINGLE, {"recipients": (CITY, "江州市财政局")}),
    "up-not-down": (SINGLE, {"copies": (TOWN,)}),
    "request-one-matter": (SINGLE, {"body": "一、请求拨付资金\n二、请求核定编制\n妥否，请批示。"}),
    "request-closing": (SINGLE, {"body": "我县受灾严重。"}),
    "report-asks": (REPORT, {"body": "我县受灾严重，恳请市政府拨付救灾资金。"}),
    "skips-level": (SINGLE, {"recipients": (PROVINCE,)}),
    "to-a-person": (SINGLE, {"recipients": ("王县长",)}),
    "in-own-name": (SINGLE, {"units": ("云川县县长",)}),
    "kind-goes-up": (SINGLE, {"direction": Direction.DOWN, "signers": ()}),
    "kind-goes-down": (NOTICE, {"recipients": (CITY,)}),
    "up-to-superior": (SINGLE, {"recipients": ("清河县人民政府",)}),
    "reply-down": (REPLY, {"recipients": (CITY,)}),
    "letter-level": (LETTER, {"recipients": (TOWN,)}),
    "recipients-missing": (NOTICE, {"recipients": ()}),
    "recipient-copied": (NOTICE, {"copies": ("县政府各部门",)}),
    "to-itself": (NOTICE, {"copies": (COUNTY,)}),
    "named-twice": (NOTICE, {"copies": ("县法院", "县法院")}),
    "attachments-announced": (NOTICE, {"attachments": (), "body": "名单见附件。"}),
    "attachment-name": (NOTICE, {"attachments": (Attachment("名单。"),)}),
    "attachment-twice": (NOTICE, {"attachments": (Attachment("名单"), Attachment("名单"))}),
    "date-missing": (NOTICE, {"signed_on": None}),
    "printed-early": (NOTICE, {"printed_on": date(2026, 3, 1)}),
    "seal-missing": (LETTER, {"sealing": Sealing.NONE}),
    "minutes-no-seal": (MINUTES, {"sealing": Sealing.SEAL}),
    "unit-missing": (NOTICE, {"units": ()}),
    "section-outward": (NOTICE, {"units": ("云川县教育局基础教育科",)}),
    "joint-rank": (JOINT, {"units": (COUNTY, "云川县财政局")}),
    "department-orders": (JOINT, {"recipients": (TOWN,)}),
    "order-number": (ORDER, {"order_number": None}),
    "body-empty": (NOTICE, {"body": " \n"}),
    "levels-in-order": (NOTICE, {"body": "一、总体要求\n三、工作要求"}),
    "cited-brackets": (NOTICE, {"body": "根据云政发[2025]3号文件。"}),
    "cited-zero": (NOTICE, {"body": "根据云政发〔2025〕03号文件。"}),
    "body-date-zero": (NOTICE, {"body": "请于2026年03月05日前上报。"}),
    "no-text-note": (NOTICE, {"body": "现予印发。\n（此页无正文）"}),
    "head-names-units": (NOTICE, {"letterhead": ("清河县人民政府",)}),
}


def codes(document: Any) -> set[str]:
    return {fault.rule.code for fault in faults_between(document, offices=OFFICES)}


def test_every_rule_has_a_bad_example_and_there_are_enough() -> None:
    assert set(BAD) == set(between.checks)
    assert len(BAD) >= 25


@pytest.mark.parametrize("place", range(40))
def test_the_forty_keep_every_rule(place: int) -> None:
    assert faults_between(ALL[place], offices=OFFICES) == ()


@pytest.mark.parametrize("code", sorted(BAD))
def test_a_breach_is_named(code: str) -> None:
    document, changes = BAD[code]
    assert code not in codes(document)
    assert code in codes(replace(document, **changes))


def test_a_fault_says_clause_and_mend() -> None:
    (fault,) = [
        each
        for each in faults_between(replace(SINGLE, recipients=(CITY, "江州市财政局")), offices=OFFICES)
        if each.rule.code == "up-one-addressee"
    ]
    assert fault.sentence() == (
        "上行文主送了多个机关（江州市人民政府、江州市财政局）。依据：《党政机关公文处理工作条例》第十五条第（一）项。"
        "改法：只主送一个上级机关，其他需要知道的机关用抄送。"
    )


def test_an_office_that_nobody_knows_is_not_judged() -> None:
    assert faults_between(replace(SINGLE, recipients=("某某机关",))) == ()
