"""Several units issue one document (联合行文): all sign the same text, or one refuses; one number, seals of all."""

from typing import Any

import pytest
from django.urls import reverse

from tests.builders import NOON, County, a_county
from tests.facilities.office.builders import (
    a_document_to_sign,
    a_draft,
    a_series,
    do,
    fresh,
    received,
    state,
    take,
    text_of,
)
from tests.facilities.office.test_same_lines import lines_of_pdf
from tests.facilities.office.test_screens import browser
from yiwang.facilities.office import actions, queries
from yiwang.facilities.office.content import whole
from yiwang.facilities.office.faults import NotThese, TextMoved
from yiwang.facilities.office.layout.verifying import verify
from yiwang.facilities.office.models import Countersign, DocumentNumber, Handling, Signature
from yiwang.facilities.office.rendering import as_document, laid_out, rendered
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.casework.actions import take as take_step
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return a_county()


def a_joint_document(county: County, *others: str, **changes: Any) -> Handling:
    """A document that the water bureau has signed and that others issue with it."""
    joint = [county.unit(name).pk for name in others or ("housing", "office")]
    content = {"body": "一、请做好防冻工作。\n二、请于12月10日前反馈。", "joint_units": joint}
    out = a_document_to_sign(county, "chengguan", content=content, **changes)
    do(county, "water.head", actions.sign, out, digest=text_of(out).digest)
    return fresh(out)


def asked(county: County, out: Handling, unit: str) -> Countersign:
    with acting_as_system():
        return Countersign.objects.get(handling=out, unit=county.unit(unit), is_joint=True)


def answer(county: County, out: Handling, unit: str, *, who: str = "head", **changes: Any) -> None:
    fields = {"answer": "agrees", "digest": text_of(out).digest, **changes}
    with county.asking_as(f"{unit}.{who}") as by:
        actions.sign_jointly(asked(county, out, unit).pk, by=by, at=NOON, **fields)


def test_every_unit_signs_the_same_bytes_and_the_last_makes_it_signed(county: County) -> None:
    out = a_joint_document(county)
    assert state(out) == "joint_signing"
    answer(county, out, "housing")
    assert state(out) == "joint_signing"
    answer(county, out, "office", text="同意。")
    assert state(out) == "signed"
    with acting_as_system():
        made = list(Signature.objects.filter(document_id=out.document_id).order_by("pk"))
    assert [one.unit_id for one in made] == [county.unit(name).pk for name in ("water", "housing", "office")]
    assert {one.digest for one in made} == {text_of(out).digest}
    assert all(one.seal for one in made)


def test_a_signature_waits_for_whoever_may_give_it_and_for_nobody_else(county: County) -> None:
    a_joint_document(county)
    for who, number in (("housing.head", 1), ("housing.clerk", 0), ("water.head", 0)):
        with county.asking_as(who) as by:
            assert queries.number_waiting(by, cap=99) == number, who
            assert len(queries.to_countersign(by)) == number, who


def test_the_lead_unit_s_number_the_heads_and_signatures_of_all_in_their_order(county: County) -> None:
    out = a_joint_document(county)
    for unit in ("housing", "office"):
        answer(county, out, unit)
    series = a_series(county)
    take(county, "water.clerk", "check", out)
    do(county, "water.clerk", actions.enter, out, series_id=series.pk)
    take(county, "water.clerk", "print", out)
    released = do(county, "water.clerk", actions.release, out)
    with acting_as_system():
        assert list(DocumentNumber.objects.values_list("series__unit_id", flat=True)) == [
            county.unit("water").pk
        ]
    document = as_document(released.content)
    assert document.units == document.heads == ("水务局", "住建局", "信访局")
    sheet = laid_out(released.content)
    words = "".join(text for page in sheet.line_texts() for text in page).replace(" ", "")
    assert [words.count(name) for name in document.units] == [3, 2, 2]  # the lead unit printed it too
    assert sum(len(page.seals) for page in sheet.pages) == 3
    assert received(county, out, "chengguan").document_id == out.document_id


def test_a_request_upwards_names_who_signed_for_each_unit(county: County) -> None:
    out = a_joint_document(county, "housing", kind="request", title="关于防冻经费的请示")
    answer(county, out, "housing")
    series = a_series(county)
    take(county, "water.clerk", "check", out)
    do(county, "water.clerk", actions.enter, out, series_id=series.pk)
    take(county, "water.clerk", "print", out)
    released = do(county, "water.clerk", actions.release, out)
    signers = as_document(released.content).signers
    assert [(one.unit, one.name) for one in signers] == [("水务局", "水务局head"), ("住建局", "住建局head")]


def test_one_refuses_and_it_goes_back_with_the_reasons_while_nobody_else_is_asked(county: County) -> None:
    out = a_joint_document(county)
    with pytest.raises(NotThese):
        answer(county, out, "housing", answer="objects")
    answer(county, out, "housing", answer="objects", text="第二项与现行规定不符。")
    assert state(out) == "drafting"
    assert asked(county, out, "office").cancelled_at is not None
    with pytest.raises(NotThese):
        answer(county, out, "office")
    shown = browser(county, "water.clerk").get(reverse("office:document", args=[out.pk])).content.decode()
    assert "第二项与现行规定不符。" in shown
    with acting_as_system():
        document = fresh(out).document
    text = actions.Text(
        document.kind, document.title, main_units=document.main_units,
        content={"body": "一、请做好防冻工作。", "joint_units": [county.unit("housing").pk]},
    )  # fmt: skip
    do(county, "water.clerk", actions.save_text, out, text=text, edition=document.edition)
    do(county, "water.clerk", actions.submit, out)
    take(county, "water.head", "pass", out)
    do(county, "water.head", actions.sign, out, digest=text_of(out).digest)
    with county.asking_as("housing.head") as by:
        again = Countersign.objects.get(handling=out, unit=county.unit("housing"), answered_at=None)
        actions.sign_jointly(again.pk, answer="agrees", digest=text_of(out).digest, by=by, at=NOON)
    assert state(out) == "signed"


def test_only_whoever_signs_for_the_unit_and_only_the_text_shown(county: County) -> None:
    out = a_joint_document(county)
    with pytest.raises(NotPermitted):
        answer(county, out, "housing", who="clerk")
    with pytest.raises(TextMoved):
        answer(county, out, "housing", digest="0" * 64)
    with county.asking_as("housing.head") as by, pytest.raises(Handling.DoesNotExist):
        actions.countersign(asked(county, out, "housing").pk, answer="agrees", by=by, at=NOON)
    with pytest.raises(GuardFailed):
        do_all_signed_early(county, out)


def do_all_signed_early(county: County, out: Handling) -> None:
    with acting_as_system():
        take_step(out.case_id or 0, "all_signed", by=SYSTEM, at=NOON)


def test_opened_again_asks_nobody_any_more(county: County) -> None:
    out = a_joint_document(county)
    take(county, "water.clerk", "reopen", out, reasons="改一处。")
    assert state(out) == "drafting"
    assert {asked(county, out, unit).cancelled_at is not None for unit in ("housing", "office")} == {True}


def test_the_page_asks_the_unit_to_sign_or_refuse_without_a_script(county: County) -> None:
    out = a_joint_document(county, "housing")
    head, address = browser(county, "housing.head"), reverse("office:document", args=[out.pk])
    shown = head.get(address).content.decode()
    assert 'value="joint"' in shown
    assert 'value="joint"' not in browser(county, "housing.clerk").get(address).content.decode()
    assert address in head.get(reverse("office:reading")).content.decode()
    fields = {"act": "joint", "countersign": asked(county, out, "housing").pk, "digest": text_of(out).digest}
    assert head.post(address, {**fields, "answer": "objects"}).status_code == 422
    assert head.post(address, {**fields, "answer": "agrees"}).status_code == 303
    assert state(out) == "signed"


def test_the_form_of_the_text_chooses_the_units_that_issue_it_too(county: County) -> None:
    draft = a_draft(county, "chengguan")
    address = reverse("office:text", args=[draft.pk])
    typed = {"kind": "notice", "title": "关于防冻的通知", "body": "请办理。", "edition": "1"}
    typed |= {"main": [county.unit("chengguan").pk], "joint": [county.unit("housing").pk]}
    assert browser(county, "water.clerk").post(address, typed).status_code == 303
    assert fresh(draft).document.content["joint_units"] == [county.unit("housing").pk]
    page = browser(county, "water.clerk").get(address).content.decode()
    assert '<span class="joint-names"><span>水务局</span><span>住建局</span></span><span>文件</span>' in page


def order_of(county: County, *names: str, **places: int) -> list[str]:
    """The order in which units stand after somebody chose some, saved, and then typed places."""
    draft = a_draft(county, "chengguan")
    address, clerk = reverse("office:text", args=[draft.pk]), browser(county, "water.clerk")
    typed: dict[str, Any] = {"kind": "notice", "title": "关于防冻的通知", "body": "请办理。", "stay": "1"}
    typed["joint"] = [county.unit(name).pk for name in names]
    assert clerk.post(address, {**typed, "edition": "1"}).status_code == 303
    moved = {f"joint_place_{county.unit(name).pk}": place for name, place in places.items()}
    edition = fresh(draft).document.edition
    assert clerk.post(address, {**typed, **moved, "edition": str(edition)}).status_code == 303
    by_id = {county.unit(name).pk: name for name in names}
    return [by_id[unit_id] for unit_id in fresh(draft).document.content["joint_units"]]


def test_the_order_of_the_other_units_is_chosen_and_kept(county: County) -> None:
    three = ("office", "housing", "heping")
    given = order_of(county, *three)
    first, second, third = given
    assert order_of(county, *three, **{third: 2}) == [third, first, second]
    assert order_of(county, *three, **{first: 4}) == [second, third, first]
    assert order_of(county, *three, **{first: 3, second: 2, third: 4}) == [second, first, third]
    assert order_of(county, *three, **{first: 2, second: 3, third: 4}) == given


def test_the_chosen_order_stands_on_the_page_in_all_formats_without_a_fault(county: County) -> None:
    joint = [county.unit(name).pk for name in ("office", "housing")]
    for order in (joint, joint[::-1]):
        content = {"body": "一、请做好防冻工作。", "joint_units": order}
        draft = a_draft(county, "chengguan", content=content)
        with acting_as_system():
            said = whole(fresh(draft).document)
        names = ["水务局", *(county.unit(name).name for name in ("office", "housing"))]
        if order is not joint:
            names = [names[0], names[2], names[1]]
        assert list(as_document(said).heads) == names
        data = rendered({**said, "number": "云水发〔2026〕1号", "written_on": "2026-11-23", "signer": ""})
        assert verify_faults(data) == []
        heads = [line for line in first_lines(data) if line.replace("文件", "").strip() in names][:3]
        assert [line.replace("文件", "").strip() for line in heads] == names


def first_lines(pdf: bytes) -> list[str]:
    """The lines of the first page from the top, without blanks."""
    return ["".join(line.split()) for line in lines_of_pdf(pdf)[0]]


def test_the_verifier_finds_no_fault_in_the_layout_of_a_joint_document(county: County) -> None:
    out = a_joint_document(county, "housing")
    answer(county, out, "housing")
    series = a_series(county)
    take(county, "water.clerk", "check", out)
    do(county, "water.clerk", actions.enter, out, series_id=series.pk)
    take(county, "water.clerk", "print", out)
    released = do(county, "water.clerk", actions.release, out)
    assert verify_faults(rendered(released.content)) == []


def verify_faults(data: bytes) -> list[str]:
    return [f"{one.clause} {one.says}" for one in verify(data).faults]
