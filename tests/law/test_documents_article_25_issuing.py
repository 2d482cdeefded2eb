"""党政机关公文处理工作条例 19 to 22 and 25: reviewed, countersigned, signed, checked, numbered, printed, released."""

import pytest

from tests.builders import NOON, County, a_post, an_account
from tests.facilities.office.builders import (
    BODY,
    HOUR,
    a_document_to_sign,
    a_draft,
    a_released_document,
    a_series,
    a_signed_document,
    a_text,
    do,
    fresh,
    state,
    take,
    text_of,
)
from yiwang.facilities.office import actions
from yiwang.facilities.office.faults import NotDraftable, TextMoved
from yiwang.facilities.office.models import Countersign, DocumentNumber, Handling, Opinion
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.casework.faults import GuardFailed
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.people.models import Account

pytestmark = pytest.mark.django_db


def test_article_19_departments_are_asked_and_every_answer_is_kept(county: County) -> None:
    out = a_draft(county, "chengguan")
    do(county, "water.clerk", actions.submit, out)
    units = [county.unit("housing").pk, county.unit("office").pk]
    asked = do(county, "water.head", actions.ask_countersign, out, unit_ids=units)
    assert state(out) == "countersigning"
    with pytest.raises(NotAllowedNow):
        take(county, "water.head", "pass", out)
    for one, who, answer in zip(asked, ("housing.head", "office.head"), ("agrees", "objects"), strict=True):
        by = county.standing(who)
        with acting_as(by):
            actions.countersign(
                one.pk, answer=answer, text="" if answer == "agrees" else "不妥", by=by, at=NOON + HOUR
            )
    assert state(out) == "reviewing"
    with county.asking_as("water.head"):
        assert [one.answer for one in Countersign.objects.order_by("pk")] == ["agrees", "objects"]
        assert Opinion.objects.filter(kind="countersign").count() == 2


def test_article_20_whoever_wrote_it_does_not_review_it(county: County) -> None:
    out = a_draft(county, "chengguan")
    do(county, "water.clerk", actions.submit, out)
    with pytest.raises(GuardFailed, match="somebody else must"):
        take(county, "water.clerk", "pass", out)


def test_article_20_what_is_under_review_is_not_changed(county: County) -> None:
    out = a_draft(county, "chengguan")
    do(county, "water.clerk", actions.submit, out)
    with pytest.raises(NotDraftable):
        do(county, "water.clerk", actions.save_text, out, text=a_text(county, "heping"), edition=1)


def test_article_21_it_goes_back_with_reasons(county: County) -> None:
    out = a_draft(county, "chengguan")
    do(county, "water.clerk", actions.submit, out)
    take(county, "water.head", "return_draft", out, reasons="请补充依据。")
    assert state(out) == "drafting"


def test_article_22_where_a_unit_has_a_leader_the_leader_signs(county: County) -> None:
    for role in ("clerk", "head"):
        county.accounts[f"county.{role}"] = an_account(f"县政府办{role}")
        a_post(county.accounts[f"county.{role}"], county.unit("county"), role)
    out = a_document_to_sign(county, "chengguan", unit="county")
    digest = text_of(out).digest
    with pytest.raises(GuardFailed, match="signed by its leader"):
        do(county, "county.head", actions.sign, out, digest=digest)
    do(county, "county.leader", actions.sign, out, digest=digest)
    assert state(out) == "signed"


def test_article_22_exactly_what_was_seen_is_signed(county: County) -> None:
    out = a_document_to_sign(county, "chengguan")
    with pytest.raises(TextMoved):
        do(county, "water.head", actions.sign, out, digest="0" * 64)
    assert state(out) == "to_sign"


def test_article_25_item_1_a_change_of_substance_goes_back_to_the_signer(county: County) -> None:
    out = a_signed_document(county, "chengguan")
    take(county, "water.clerk", "reopen", out, reasons="附件有误")
    changed = a_text(county, "chengguan", content={"body": BODY + "\n三、附件已更正。"})
    do(county, "water.clerk", actions.save_text, out, text=changed, edition=1)
    do(county, "water.clerk", actions.submit, out)
    other = county.accounts["water.other"] = _another_head(county)
    take(county, "water.head", "pass", out)
    with pytest.raises(GuardFailed, match="goes back to whoever signed"):
        do(county, "water.other", actions.sign, out, digest=text_of(out).digest)
    do(county, "water.head", actions.sign, out, digest=text_of(out).digest)
    assert (state(out), other.is_active) == ("signed", True)


def test_article_25_item_1_a_text_changed_behind_the_signature_goes_no_further(county: County) -> None:
    out = a_signed_document(county, "chengguan")
    with acting_as_system():
        document = fresh(out).document
        document.title = "关于别的事的通知"
        document.save()
    with pytest.raises(GuardFailed, match="isn't the one that was signed"):
        take(county, "water.clerk", "check", out)


def test_article_25_item_2_the_number_is_drawn_with_the_registration(county: County) -> None:
    out = a_signed_document(county, "chengguan")
    take(county, "water.clerk", "check", out)
    series = a_series(county)
    with pytest.raises(GuardFailed):
        take(county, "water.clerk", "enter", out, number="云水发〔2026〕9号", recipients="城关镇", copies=1)
    do(county, "water.clerk", actions.enter, out, series_id=series.pk, copies=5)
    with acting_as_system():
        row = DocumentNumber.objects.get(series=series)
        assert (row.number, row.state, row.document_id) == (1, "issued", out.document_id)


def test_article_25_item_4_it_reaches_every_addressee_once(county: County) -> None:
    out = a_released_document(
        county, "chengguan", "heping", copy_units=(county.unit("housing").pk, county.unit("heping").pk)
    )
    with acting_as_system():
        sent = Handling.objects.filter(document_id=out.document_id, direction="in").order_by("pk")
        assert [(one.unit.name, one.part) for one in sent] == [
            ("城关镇", "main"),
            ("和平乡", "main"),
            ("住建局", "copy"),
        ]


def _another_head(county: County) -> Account:
    account = an_account("另一位局长")
    a_post(account, county.unit("water"), "head")
    return account
