"""The thinnest whole path: draft, review, sign, number, release; received by a township, circulated, answered."""

import pytest

from tests.builders import NOON, a_county
from tests.facilities.office.builders import (
    HOUR,
    a_draft,
    a_series,
    do,
    fresh,
    received,
    state,
    take,
    text_of,
)
from yiwang.facilities.office import actions
from yiwang.facilities.office.models import Delivery, Opinion, Reading
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.casework.models import JournalEntry, Letter

pytestmark = pytest.mark.django_db


def test_from_a_draft_to_an_answer() -> None:
    county = a_county()
    out = a_draft(county, "chengguan")
    do(county, "water.clerk", actions.submit, out)
    take(county, "water.head", "pass", out)
    do(county, "water.head", actions.sign, out, digest=text_of(out).digest, opinion="同意。")
    take(county, "water.clerk", "check", out)
    do(county, "water.clerk", actions.enter, out, series_id=a_series(county).pk, copies=3)
    take(county, "water.clerk", "print", out)
    do(county, "water.clerk", actions.release, out)
    assert state(out) == "released"
    assert fresh(out).document.number == "云水发〔2026〕1号"

    back = received(county, out, "chengguan")
    do(county, "chengguan.clerk", actions.sign_for, back, at=NOON + HOUR)
    do(county, "chengguan.clerk", actions.enter_receipt, back, at=NOON + HOUR)
    take(county, "chengguan.clerk", "examine", back, at=NOON + HOUR)
    assert fresh(back).register_number == "城关镇收〔2026〕1号"
    head = county.accounts["chengguan.head"].pk
    do(county, "chengguan.clerk", actions.circulate, back, account_ids=[head], at=NOON + HOUR)
    with county.asking_as("chengguan.head") as standing:
        reading = Reading.objects.get(account_id=head)
        actions.mark_read([reading.pk], text="请速办。", is_instruction=True, by=standing, at=NOON + 2 * HOUR)
    clerk = county.accounts["chengguan.clerk"].pk
    do(county, "chengguan.head", actions.assign, back, account_id=clerk, at=NOON + 2 * HOUR)
    do(county, "chengguan.clerk", actions.answer, back, text="已完成防冻。", at=NOON + 3 * HOUR)
    take(county, "chengguan.clerk", "conclude", back, at=NOON + 3 * HOUR)
    assert state(back) == "concluded"

    with acting_as_system():
        told = [entry.verb for entry in JournalEntry.objects.filter(case_id=back.case_id)]
        assert told == [
            "deliver",
            "sign_for",
            "enter",
            "examine",
            "circulate",
            "assign",
            "answer",
            "conclude",
        ]
        letter = Letter.objects.get(case_id=back.case_id)
        assert (letter.number, letter.content["to"]) == ("城关镇复〔2026〕1号", "水务局")
    with acting_as(county.standing("water.clerk")):
        delivery = Delivery.objects.get(document_id=out.document_id)
        assert (delivery.signed_for_at, delivery.answered_at) == (NOON + HOUR, NOON + 3 * HOUR)
        assert delivery.answer == "已完成防冻。"
        assert list(Opinion.objects.values_list("kind", "text")) == [("signing", "同意。")]
