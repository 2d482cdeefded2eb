"""What a step writes: only what changed, in one message, and with it what it brings about."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import ANSWER, NOON, County, a_county, a_petition
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.casework import records, registry
from yiwang.kernel.casework.actions import take
from yiwang.kernel.casework.faults import GuardFailed
from yiwang.kernel.casework.models import Case, JournalEntry
from yiwang.kernel.casework.registry import Further
from yiwang.kernel.casework.rules.data import BadData
from yiwang.kernel.casework.rules.progress import Entry, NotAllowedNow, Progress
from yiwang.kernel.casework.verification import verify

pytestmark = pytest.mark.django_db

NOTE = {"text": "已电话联系来访人"}


@pytest.fixture
def county() -> County:
    return a_county()


def verbs_of(case: Case) -> list[str]:
    with acting_as_system():
        return list(JournalEntry.objects.filter(case_id=case.pk).values_list("verb", flat=True))


def indexed(case: Case) -> tuple[Any, ...]:
    """What the search index has of a case."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT text, unit_ids, excluded_accounts FROM search_document WHERE kind = 'case' AND object_id = %s",
            [case.pk],
        )
        text, *others = cursor.fetchone()
    return sorted(text.splitlines()), *others


def expected(case: Case) -> tuple[Any, ...]:
    """What it must have of it, from the case's row, its parties and its whole journal."""
    now = Case.objects.get(pk=case.pk)
    names = list(now.parties.exclude(name="").values_list("name", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT search_text(%s)", [records.search_text(now, names, records.entries_of(now.pk))]
        )
        (text,) = cursor.fetchone()
    return sorted(text.splitlines()), now.unit_ids, now.excluded_accounts


def places_of(case: Case) -> list[list[tuple[int, str]]]:
    """Where the rows of a case's chain and clocks stand in their tables: a row that is written again moves."""
    found = []
    with connection.cursor() as cursor:
        for words in (
            "SELECT id, ctid::text FROM casework_custodyrecord WHERE case_id = %s ORDER BY id",
            "SELECT id, ctid::text FROM casework_clockrecord WHERE case_id = %s ORDER BY id",
        ):
            cursor.execute(words, [case.pk])
            found.append(cursor.fetchall())
    return found


STEPS = (
    "forward", "assign", "accept", "answer", "approve", "return", "recall", "object", "insist", "note", "issue",
    "serve", "conclude", "suspend", "resume", "recuse", "request_extension", "extend", "withdraw", "archive",
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.sampled_from(STEPS), st.sampled_from(("water", "chengguan", "heping"))), max_size=14
    )
)
def test_what_was_written_is_what_the_journal_says(county: County, drawn: list[tuple[str, str]]) -> None:
    case = a_petition(county).case
    with acting_as_system():
        for number, (verb, unit) in enumerate(drawn, start=1):
            at = NOON + timedelta(hours=7 * number)
            data: Mapping[str, Any] = {
                **ANSWER, **NOTE,
                "unit_id": county.unit(unit).pk,
                "account_id": county.accounts["water.clerk"].pk, "due_on": at.date() + timedelta(days=20),
                "served_on": at.date(), "how": "in_person", "reasons": "理由", "days": 10,
            }  # fmt: skip
            try:
                take(case.pk, verb, by=SYSTEM, at=at, data=data)
            except (NotAllowedNow, BadData, GuardFailed):
                continue
        assert verify().shown == []
        assert indexed(case) == expected(case)


def test_a_step_reads_once_and_writes_once(county: County) -> None:
    first, second = a_petition(county).case, a_petition(county).case
    with acting_as_system():
        take(first.pk, "note", by=SYSTEM, at=NOON, data=NOTE)  # prepares what both need
        with CaptureQueriesContext(connection) as sent:
            take(second.pk, "note", by=SYSTEM, at=NOON, data=NOTE)
    assert len([one for one in sent if "EXECUTE" in one["sql"]]) == 2
    assert [one["sql"] for one in sent if "casework_" in one["sql"] and "EXECUTE" not in one["sql"]] == []


def test_a_step_that_moves_nothing_leaves_chain_and_clocks_alone(county: County) -> None:
    case = a_petition(county).case
    with acting_as_system():
        before = places_of(case)
        take(case.pk, "note", by=SYSTEM, at=NOON + timedelta(hours=1), data=NOTE)
        after = places_of(case)
    assert [len(rows) > 0 for rows in before] == [True, True]
    assert after == before


def test_what_a_step_brings_about_is_written_with_it(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(progress: Progress, entry: Entry) -> list[Further]:
        return [] if len(entry.data["text"]) > 20 else [Further("note", {"text": entry.data["text"] * 2})]

    case = a_petition(county).case
    monkeypatch.setitem(registry._consequences, (case.type_key, "note"), again)
    with acting_as_system(), CaptureQueriesContext(connection) as sent:
        line = take(case.pk, "note", by=SYSTEM, at=NOON, data=NOTE)
        assert (line.number, line.data) == (2, NOTE)
        assert len([one for one in sent if "EXECUTE insert_casework_journalentry" in one["sql"]]) == 1
        assert verify().shown == []
        assert indexed(case) == expected(case)
    assert verbs_of(case) == ["register", "note", "note", "note"]


def test_what_can_t_follow_leaves_nothing_of_the_step(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_petition(county).case
    monkeypatch.setitem(registry._consequences, (case.type_key, "note"), lambda *_: [Further("archive")])
    with acting_as_system(), pytest.raises(NotAllowedNow):
        take(case.pk, "note", by=SYSTEM, at=NOON, data=NOTE)
    assert verbs_of(case) == ["register"]
