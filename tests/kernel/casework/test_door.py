"""The one door: a petition goes in, down to a township, and comes back answered."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from tests.builders import ANSWER, NOON, County, a_county, a_petition, an_answered_petition, moved
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.access.rules import SYSTEM, Standing
from yiwang.kernel.casework.actions import PartyData, take
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted, StalePage
from yiwang.kernel.casework.models import Case, ClockRecord, CustodyRecord, JournalEntry, Letter
from yiwang.kernel.casework.rules.data import BadData
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.casework.verification import verify
from yiwang.kernel.search.queries import find
from yiwang.kernel.search.rules import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return a_county()


def fresh(case: Case) -> Case:
    with acting_as_system():
        return Case.objects.get(pk=case.pk)


def test_a_petition_starts_with_one_line_one_holder_and_one_clock(county: County) -> None:
    case = a_petition(county).case
    with acting_as_system():
        assert case.number == f"信访2026-{case.pk:06d}"
        assert list(JournalEntry.objects.filter(case=case).values_list("verb", "to_state")) == [
            ("register", "registered")
        ]
        assert list(CustodyRecord.objects.filter(case=case).values_list("unit_id", "is_holding")) == [
            (county.unit("office").pk, True)
        ]
        assert list(ClockRecord.objects.filter(case=case).values_list("key", "due_on")) == [
            ("registration", date(2026, 12, 8))
        ]
        assert list(Letter.objects.filter(case=case).values_list("kind", "number")) == [
            ("receipt", case.number)
        ]


def test_the_chain_goes_down_two_hops_and_the_answer_comes_back_up(county: County) -> None:
    case = an_answered_petition(county)
    names = ["office", "water", "chengguan"]
    assert case.state == "answered"
    assert case.outcome == "supported"
    assert case.unit_ids == [county.unit(name).pk for name in names]
    assert case.holder_unit_id == county.unit("office").pk
    with acting_as_system():
        assert list(
            CustodyRecord.objects.filter(case=case).values_list("unit_id", "outcome", "is_holding")
        ) == [
            (county.unit("office").pk, "", True),
            (county.unit("water").pk, "approve", False),
            (county.unit("chengguan").pk, "answer", False),
        ]
        answer = Letter.objects.get(case=case, kind="answer")
        assert answer.unit_id == county.unit("chengguan").pk
        assert verify().shown == []


def test_conclusion_waits_for_service_and_archive_ends_it(county: County) -> None:
    case = an_answered_petition(county)
    clerk = county.standing("office.clerk")
    later = NOON + timedelta(days=12)
    with pytest.raises(GuardFailed):
        moved(case, "conclude", by=clerk, at=later)
    moved(case, "serve", by=clerk, at=later, how="in_person", served_on=later.date())
    moved(case, "conclude", by=clerk, at=later)
    moved(case, "archive", by=clerk, at=later)
    assert fresh(case).state == "archived"
    with pytest.raises(NotAllowedNow):
        moved(case, "note", by=clerk, at=later, text="x")


def test_only_the_holder_moves_it(county: County) -> None:
    case = a_petition(county).case
    moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
    with pytest.raises(NotPermitted):
        moved(case, "accept", by=county.standing("office.clerk"))
    with pytest.raises(Case.DoesNotExist):
        moved(case, "accept", by=county.standing("housing.clerk"))


def test_an_objection_returns_only_when_the_sender_agrees(county: County) -> None:
    case = a_petition(county).case
    office, water = county.standing("office.clerk"), county.standing("water.clerk")
    moved(case, "forward", by=office, unit_id=county.unit("water").pk)
    moved(case, "object", by=water, reasons="属住建局职责。")
    assert fresh(case).holder_unit_id == county.unit("office").pk
    moved(case, "refuse_objection", by=office, reasons="管网归水务局。")
    assert (fresh(case).state, fresh(case).holder_unit_id) == ("transferred", county.unit("water").pk)
    moved(case, "object", by=water, reasons="管网已移交住建局。")
    moved(case, "agree_objection", by=office)
    assert (fresh(case).state, fresh(case).holder_unit_id) == ("registered", county.unit("office").pk)
    moved(case, "forward", by=office, unit_id=county.unit("housing").pk)
    with acting_as_system():
        assert verify().shown == []


def test_an_answer_can_be_returned_down_the_chain(county: County) -> None:
    case = a_petition(county).case
    moved(
        case,
        "assign",
        by=county.standing("office.clerk"),
        unit_id=county.unit("water").pk,
        due_on="2027-01-05",
    )
    moved(case, "forward", by=county.standing("water.clerk"), unit_id=county.unit("heping").pk)
    moved(case, "accept", by=county.standing("heping.clerk"))
    moved(case, "answer", by=county.standing("heping.clerk"), **ANSWER)
    moved(case, "approve", by=county.standing("water.clerk"))
    moved(case, "return", by=county.standing("office.clerk"), reasons="请补充依据。")
    assert (fresh(case).state, fresh(case).holder_unit_id) == ("under_approval", county.unit("water").pk)
    moved(case, "return", by=county.standing("water.clerk"), reasons="请补充依据。")
    assert (fresh(case).state, fresh(case).holder_unit_id) == ("handling", county.unit("heping").pk)
    moved(case, "answer", by=county.standing("heping.clerk"), **ANSWER)
    moved(case, "approve", by=county.standing("water.clerk"))
    moved(case, "issue", by=county.standing("office.head"))
    with acting_as_system():
        assert verify().shown == []


def test_whoever_wrote_the_answer_cannot_approve_it(county: County) -> None:
    case = a_petition(county).case
    head = county.standing("office.head")
    moved(case, "accept", by=head)
    moved(case, "answer", by=head, **ANSWER)
    with pytest.raises(GuardFailed):
        moved(case, "issue", by=head)


def test_a_page_sent_twice_counts_once_and_a_stale_one_is_told(county: County) -> None:
    case = a_petition(county).case
    office = county.standing("office.clerk")
    data = {"unit_id": county.unit("water").pk}
    with acting_as(office):
        first = take(case.pk, "forward", by=office, at=NOON, data=data, request_key="k1", seen_length=1)
        again = take(case.pk, "forward", by=office, at=NOON, data=data, request_key="k1", seen_length=1)
        assert (first.case_id, first.number) == (again.case_id, again.number)
        with pytest.raises(StalePage) as told:
            take(case.pk, "recall", by=office, at=NOON, request_key="k2", seen_length=1)
    assert told.value.length == 2


def test_bad_data_is_told_field_by_field(county: County) -> None:
    case = a_petition(county).case
    office = county.standing("office.clerk")
    with pytest.raises(BadData) as told:
        moved(case, "assign", by=office, unit_id="abc", due_on="2026-02-30")
    assert set(told.value.faults) == {"unit_id", "due_on"}
    with pytest.raises(BadData) as told:
        moved(case, "assign", by=office, unit_id=county.unit("office").pk, due_on="2026-11-01")
    assert set(told.value.faults) == {"unit_id", "due_on"}


def test_a_petition_never_goes_to_the_unit_it_complains_of(county: County) -> None:
    case = a_petition(county, purpose="accusation", accused_unit_ids=(county.unit("water").pk,)).case
    with pytest.raises(BadData):
        moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)


def test_the_journal_cannot_be_changed_or_removed(county: County) -> None:
    case = a_petition(county).case
    refused = pytest.raises(Exception, match="append-only|permission denied")
    for statement in (
        "UPDATE casework_journalentry SET verb = 'x' WHERE case_id = %s",
        "DELETE FROM casework_journalentry WHERE case_id = %s",
    ):
        with acting_as_system(), refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [case.pk])


def test_the_holder_of_the_receipt_evaluates_once(county: County) -> None:
    case = an_answered_petition(county)
    citizen = Standing.holder_of_receipt(case.pk)
    moved(case, "evaluate", by=citizen, grade_office=5, grade_unit=2, comment="修好了。")
    assert (fresh(case).grade_office, fresh(case).grade_unit) == (5, 2)
    with pytest.raises(NotAllowedNow):
        moved(case, "evaluate", by=citizen, grade_office=1, grade_unit=1)


def test_verification_finds_and_mends_a_changed_cache(county: County) -> None:
    case = an_answered_petition(county)
    with acting_as_system():
        Case.objects.filter(pk=case.pk).update(due_on=date(2030, 1, 1))
        assert verify().different == 1
        assert verify(is_mending=True).mended == 1
        assert verify().different == 0
        ClockRecord.objects.filter(case=case, key="handling").update(due_on=date(2030, 1, 1))
        assert verify().different == 1


def test_an_instant_before_the_last_entry_does_not_turn_time_back(county: County) -> None:
    case = a_petition(county, at=NOON).case
    entry = moved(case, "note", by=SYSTEM, at=datetime(2020, 1, 1, tzinfo=UTC), text="迟到的记录")
    assert entry.at == NOON


def test_a_name_given_in_confidence_is_no_word_to_search_for(county: County) -> None:
    named = a_petition(county, parties=(PartyData(name="慕容清"),)).case
    a_petition(county, parties=(PartyData(name="慕容清"),), facts={"signing": "confidential"})
    a_petition(county, parties=(PartyData(name="慕容清"),), purpose="accusation")
    hits = find("慕容清", kind="case", predicate=Scope.everything())
    assert [hit.object_id for hit in hits] == [named.pk]


def test_a_key_of_signs_that_no_database_keeps_does_no_harm(county: County) -> None:
    case = a_petition(county).case
    clerk = county.standing("office.clerk")
    for key in ("\x00", "\ud800", "\x00" + "长" * 60):
        with acting_as(clerk):
            take(case.pk, "note", by=clerk, at=NOON, data={"text": "好"}, request_key=key)
    with acting_as_system():
        keys = JournalEntry.objects.filter(case=case, verb="note").values_list("request_key", flat=True)
        assert list(keys) == [None, "?", "长" * 40]


def test_verification_finds_an_accused_who_is_let_in(county: County) -> None:
    water = county.unit("water").pk
    case = a_petition(county, purpose="accusation", accused_unit_ids=(water,)).case
    clerk = county.accounts["office.clerk"].pk
    moved(case, "recuse", by=county.standing("office.head"), account_id=clerk, reasons="近亲属")
    with acting_as_system():
        assert verify().shown == []
        Case.objects.filter(pk=case.pk).update(excluded_units=[], excluded_accounts=[])
        assert verify().different == 1
        assert verify(is_mending=True).mended == 1
        case.refresh_from_db()
        assert (case.excluded_units, case.excluded_accounts) == ([water], [clerk])
