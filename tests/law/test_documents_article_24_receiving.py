"""党政机关公文处理工作条例 24: signed for, registered, examined, handled, circulated, urged, answered."""

import pytest

from tests.builders import NOON, County
from tests.facilities.office.builders import (
    HOUR,
    a_document_in_hand,
    a_released_document,
    do,
    fresh,
    received,
    state,
    take,
)
from tests.law.matters import clock
from yiwang.facilities.office import actions
from yiwang.facilities.office.faults import NotThese
from yiwang.facilities.office.models import Delivery, Handling, Urging
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted
from yiwang.kernel.casework.models import Letter
from yiwang.kernel.casework.rules.progress import NotAllowedNow

pytestmark = pytest.mark.django_db


def test_item_1_the_hour_of_signing_for_it_is_noted_and_the_sender_sees_it(county: County) -> None:
    back = received(county, a_released_document(county, "chengguan"), "chengguan")
    do(county, "chengguan.clerk", actions.sign_for, back, at=NOON + HOUR)
    with county.asking_as("water.clerk"):
        assert Delivery.objects.get().signed_for_at == NOON + HOUR


def test_item_1_nobody_else_signs_for_it(county: County) -> None:
    back = received(county, a_released_document(county, "chengguan"), "chengguan")
    with pytest.raises(Handling.DoesNotExist):
        do(county, "heping.clerk", actions.sign_for, back)


def test_item_2_nothing_is_examined_before_it_is_registered(county: County) -> None:
    back = received(county, a_released_document(county, "chengguan"), "chengguan")
    with pytest.raises(NotAllowedNow):
        take(county, "chengguan.clerk", "examine", back)
    do(county, "chengguan.clerk", actions.sign_for, back)
    with pytest.raises(GuardFailed):
        take(county, "chengguan.clerk", "enter", back, number="假号")
    do(county, "chengguan.clerk", actions.enter_receipt, back)
    assert fresh(back).register_number == "城关镇收〔2026〕1号"


def test_item_3_what_breaks_the_rules_goes_back_with_reasons(county: County) -> None:
    back = received(county, a_released_document(county, "chengguan"), "chengguan")
    do(county, "chengguan.clerk", actions.sign_for, back)
    do(county, "chengguan.clerk", actions.enter_receipt, back)
    do(county, "chengguan.clerk", actions.return_document, back, reasons="文种使用不当，应为函。")
    assert state(back) == "returned"
    with acting_as_system():
        letter = Letter.objects.get(case_id=back.case_id)
        assert letter.content["to"] == "水务局"
        assert "文种使用不当，应为函。" in letter.content["paragraphs"]
    with county.asking_as("water.clerk"):
        assert Delivery.objects.get().return_reasons == "文种使用不当，应为函。"


def test_item_4_an_urgent_document_needs_a_day(county: County) -> None:
    back = a_document_in_hand(county, urgency="urgent")
    clerk = county.accounts["chengguan.clerk"].pk
    with pytest.raises(GuardFailed, match="needs a day"):
        do(county, "chengguan.head", actions.assign, back, account_id=clerk)
    due_on = NOON.date().replace(day=30)
    do(county, "chengguan.head", actions.assign, back, account_id=clerk, due_on=due_on)
    with acting_as_system():
        assert fresh(back).case is not None
        assert clock(fresh(back).case, "handling").due_on == due_on  # type: ignore[arg-type]


def test_item_5_it_can_be_sent_around_only_by_the_unit_that_has_it(county: County) -> None:
    back = a_document_in_hand(county)
    head = county.accounts["chengguan.head"].pk
    with pytest.raises(Handling.DoesNotExist):
        do(county, "heping.clerk", actions.circulate, back, account_ids=[head])
    with pytest.raises(NotPermitted):
        do(county, "county.leader", actions.circulate, back, account_ids=[head])


def test_item_6_whoever_is_behind_is_urged_and_it_is_kept(county: County) -> None:
    back = a_document_in_hand(county)
    head = county.accounts["chengguan.head"].pk
    do(county, "chengguan.clerk", actions.circulate, back, account_ids=[head])
    assert do(county, "chengguan.clerk", actions.urge, back, text="请今日阅毕") == [head]
    with acting_as_system():
        assert Urging.objects.get().text == "请今日阅毕"


def test_item_6_nobody_is_urged_who_isn_t_behind(county: County) -> None:
    back = a_document_in_hand(county)
    with pytest.raises(NotThese):
        do(county, "chengguan.clerk", actions.urge, back)


def test_item_7_a_request_is_answered_before_it_is_concluded(county: County) -> None:
    back = a_document_in_hand(county, kind="request", title="关于解决经费的请示")
    clerk = county.accounts["chengguan.clerk"].pk
    do(county, "chengguan.head", actions.assign, back, account_id=clerk)
    with pytest.raises(GuardFailed, match="answered before"):
        take(county, "chengguan.clerk", "conclude", back)
    do(county, "chengguan.clerk", actions.answer, back, text="同意。")
    take(county, "chengguan.clerk", "conclude", back)


def test_item_7_a_document_that_answers_another_closes_the_circle(county: County) -> None:
    request = a_released_document(county, "housing", kind="request", title="关于解决经费的请示")
    back = received(county, request, "housing")
    do(county, "housing.clerk", actions.sign_for, back)
    do(county, "housing.clerk", actions.enter_receipt, back)
    take(county, "housing.clerk", "examine", back)
    do(county, "housing.head", actions.assign, back, account_id=county.accounts["housing.clerk"].pk)
    reply = a_released_document(
        county,
        "water",
        unit="housing",
        kind="reply",
        title="关于解决经费的批复",
        reply_to=back,
        mark="云建发",
    )
    assert state(back) == "answered"
    with county.asking_as("water.clerk"):
        delivery = Delivery.objects.get(document_id=request.document_id)
        assert delivery.answer == fresh_number(reply)


def fresh_number(handling: Handling) -> str:
    """The number a document got."""
    return fresh(handling).document.number
