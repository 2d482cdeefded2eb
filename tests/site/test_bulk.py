"""A great many matters: told in bulk, they stand in the tables as if every step had gone through the one door."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unicodedata import normalize

import pytest
from django.db import connection, models

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.base.problems import Problem
from yiwang.kernel.casework.actions import take
from yiwang.kernel.casework.models import Case, JournalEntry, Letter, LetterCounter, Party
from yiwang.kernel.casework.registry import declared
from yiwang.kernel.casework.rules.data import clean
from yiwang.kernel.casework.verification import verify
from yiwang.kernel.orgs.actions import found_unit
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.search.models import Document
from yiwang.site import database
from yiwang.site.command import main
from yiwang.site.demo import bulk, fill
from yiwang.site.demo.bulk_lives import Ground
from yiwang.site.demo.bulk_rows import COLUMNS, Writer, jsonb_text

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
NUMBER = 150
BEFORE = 2 + 40 + 4 + 31
"""Petitions, orders, matters of companies, and what the office and the archive have before the bulk."""
WRITTEN_BY_THE_DATABASE = {"recorded_at", "principal_id", "request_key"}
"""Columns of the journal that are left to their defaults."""


@pytest.fixture
def ground() -> Ground:
    """The demo county with its further departments, before any matter of the bulk."""
    fill(at=AT, number=2)
    bulk.found_more(at=AT)
    with acting_as_system():
        return bulk.ground_of(number=NUMBER, at=AT, seed=8)


@pytest.fixture
def loaded(ground: Ground, as_owner: Callable[[], AbstractContextManager[None]]) -> Ground:
    """The same with its matters loaded."""
    writer = Writer(ground)
    with as_owner(), acting_as_system():
        bulk.load(ground, [writer.chunk(range(0, 100)), writer.chunk(range(100, NUMBER))], told=_nobody)
    return ground


def _nobody(what: str, done: int, whole: int) -> None:
    """Nobody listens."""


@pytest.mark.django_db
def test_cases_clocks_and_custody_follow_from_the_journals(loaded: Ground) -> None:
    with acting_as_system():
        outcome = verify()
        assert (outcome.cases, outcome.shown) == (NUMBER + BEFORE, [])
        lengths = sorted(
            Case.objects.filter(pk__gte=loaded.first_id).values_list("journal_length", flat=True)
        )
    assert (lengths[0], lengths[-1]) == (1, 15)


@pytest.mark.django_db
def test_the_chain_of_digests_is_the_databases_own(loaded: Ground) -> None:
    with connection.cursor() as cursor, acting_as_system():
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE digest IS DISTINCT FROM wanted), count(*) FROM (
              SELECT digest, casework_journal_digest(case_id, number, verb, at, node, unit_id, account_id, principal_id,
                       from_state, to_state, data, lag(digest) OVER (PARTITION BY case_id ORDER BY number)) AS wanted
              FROM casework_journalentry) AS lines
            """
        )
        wrong, lines = cursor.fetchone()
    assert wrong == 0
    assert lines > 3 * NUMBER


@pytest.mark.django_db
def test_every_line_stands_in_the_log_once(loaded: Ground) -> None:
    with connection.cursor() as cursor, acting_as_system():
        cursor.execute(
            """
            SELECT count(*), count(a.id), count(DISTINCT a.id) FROM casework_journalentry AS j
            LEFT JOIN audit_entry AS a ON a.action = 'journal.appended' AND a.subject_kind = 'case'
              AND (a.subject_id, a.actor, a.actor_unit, a.details) IS NOT DISTINCT FROM
                  (j.case_id, j.account_id, j.unit_id,
                   jsonb_build_object('entry', j.number, 'digest', encode(j.digest, 'hex')))
            """
        )
        lines, entries, once = cursor.fetchone()
    assert lines == entries == once


@pytest.mark.django_db
def test_what_steps_need_is_in_the_journal_as_the_door_cleans_it(loaded: Ground) -> None:
    with acting_as_system():
        for entry in JournalEntry.objects.filter(case_id__gte=loaded.first_id).exclude(verb="register"):
            (step, *_) = [
                s for s in loaded.case_type.variants(entry.verb) if entry.from_state in s.from_states
            ]
            assert clean(step.needs, entry.data) == entry.data


@pytest.mark.django_db
def test_every_step_made_its_letter_under_a_number_without_gaps(loaded: Ground) -> None:
    kinds = {(one.key, step.verb): step.letter for one in declared() for step in one.steps}
    with acting_as_system():
        wanted = {
            (entry.case_id, entry.number, kinds[entry.case.type_key, entry.verb])
            for entry in JournalEntry.objects.select_related("case")
            if kinds[entry.case.type_key, entry.verb]
        }
        assert set(Letter.objects.values_list("case_id", "entry_number", "kind")) == wanted
        for counter in LetterCounter.objects.all():
            stem = f"{tree().get(counter.unit_id).short_name}{counter.mark}〔{counter.year}〕"
            numbers = Letter.objects.filter(number__startswith=stem).values_list("number", flat=True)
            assert sorted(numbers) == sorted(f"{stem}{n}号" for n in range(1, counter.last + 1))


@pytest.mark.django_db
def test_texts_are_found_as_the_index_keeps_them(loaded: Ground) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_document WHERE text <> search_text(text)")
        assert cursor.fetchone() == (0,)
    with acting_as_system():
        for case in Case.objects.all():
            document = Document.objects.get(kind="case", object_id=case.pk)
            names = [party.name for party in Party.objects.filter(case=case) if party.name]
            assert (document.unit_ids, document.at) == (case.unit_ids, case.received_at)
            assert all(
                normalize("NFKC", word).lower() in document.text for word in (case.number, case.title, *names)
            )


@pytest.mark.django_db
def test_a_case_of_the_bulk_goes_on_through_the_one_door(loaded: Ground) -> None:
    with acting_as_system():
        case = Case.objects.filter(pk__gte=loaded.first_id, state="transferred").first()
        assert case is not None
        entry = take(case.pk, "accept", by=SYSTEM, at=AT + timedelta(hours=1))
        assert entry.number == case.journal_length + 1
        assert verify().shown == []


@pytest.mark.django_db
def test_the_same_seed_tells_the_same_lives(ground: Ground) -> None:
    one, two = Writer(ground).chunk(range(20)), Writer(ground).chunk(range(20))
    assert (one.lines, one.letters) == (two.lines, two.letters)


@pytest.mark.django_db
def test_everything_the_tables_need_is_copied() -> None:
    for model in (Case, JournalEntry, Letter, Party):
        needed = {
            field.attname
            for field in model._meta.concrete_fields
            if not field.primary_key and field.db_default is models.NOT_PROVIDED
        }
        assert needed - set(COLUMNS[model._meta.db_table]) <= WRITTEN_BY_THE_DATABASE


@pytest.mark.django_db
def test_invented_matters_never_stand_beside_real_units() -> None:
    found_unit(code="real", name="某县", kind="county", valid_from_on=AT.date())
    with pytest.raises(Problem):
        bulk.found_more(at=AT)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [{}, {"reasons": '他说"不行"\n第二行\\', "days": 30}, {"unit_id": 7, "due_on": "2026-01-02", "é": 1}],
)
def test_objects_are_spelled_as_the_database_spells_them(data: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb::text", [json.dumps(data)])
        assert cursor.fetchone() == (jsonb_text(data),)


@pytest.mark.django_db
def test_verify_clocks_finds_and_mends_what_differs(
    loaded: Ground,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    @contextmanager
    def ready(**_: Any) -> Iterator[None]:
        yield

    monkeypatch.setattr(database, "ready", ready)
    with acting_as_system():
        Case.objects.filter(pk=loaded.first_id).update(state="archived", due_on=None, breach_on=AT.date())
    assert main(["verify", "clocks", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["checks"]["clocks"]
    assert (found["cases"], found["different"], found["mended"]) == (NUMBER + BEFORE, 1, 0)
    assert main(["verify", "clocks", "--mend"]) == 0
    assert "1 differ, 1 of them mended" in capsys.readouterr().out
    assert main(["verify", "clocks"]) == 0
