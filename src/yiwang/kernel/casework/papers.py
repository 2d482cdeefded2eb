"""Everything that lies in the dossier of a case, read in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigIntegerField, Exists, Func, JSONField, Model, OuterRef, QuerySet

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.statements import Given, rows_of
from yiwang.kernel.casework.models import Attachment, Case, JournalEntry, Letter, Party, Watch
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.casework.rules.progress import Entry

ENTRY = (
    "number",
    "verb",
    "at",
    "node",
    "unit_id",
    "account_id",
    "from_state",
    "to_state",
    "data",
    "principal_id",
)
LETTER = ("id", "case_id", "entry_number", "kind", "number", "is_for_petitioner", "issued_at")
"""What the page of a case says of a letter; its contents are read where the letter is shown."""


@dataclass(frozen=True)
class Papers:
    """The journal of a case, its people, its files and its letters, each in order."""

    entries: list[Entry]
    principals: dict[int, int]
    parties: list[Party]
    attachments: list[Attachment]
    letters: list[Letter]


def case_with_papers(case_id: int, standing: Standing) -> tuple[Case, Papers]:
    """A case that somebody may see, with its papers; raises `Case.DoesNotExist`.

    The case knows besides whether the person watches it (`is_watched`) and whether another one repeats it
    (`has_repeats`).
    """
    found = rows_of(("dossier", standing), lambda: _dossiers(standing), case=case_id)
    if not found:
        raise Case.DoesNotExist
    *columns, is_watched, has_repeats, journal, parties, attachments, letters = found[0]
    case = Case.from_db(DEFAULT_DB_ALIAS, columns_of(Case), columns)
    case.is_watched, case.has_repeats = is_watched, has_repeats  # type: ignore[attr-defined]
    return case, _papers(journal, parties, attachments, letters)


def papers_of(case: Case) -> Papers:
    """The papers of a case that was read already."""
    found = rows_of("papers", lambda: _with_papers(_the_case()).values_list(*PAPERS), case=case.pk)
    return _papers(*found[0]) if found else Papers([], {}, [], [], [])


PAPERS = ("papers_journal", "papers_parties", "papers_attachments", "papers_letters")


@cache
def columns_of(model: type[Model], /) -> tuple[str, ...]:
    """The names of a model's columns in their order."""
    return tuple(field.attname for field in model._meta.concrete_fields)


def _the_case() -> QuerySet[Case]:
    return Case.objects.filter(pk=Given("case", of=BigIntegerField())).order_by()


def _dossiers(standing: Standing) -> QuerySet[Case, Any]:
    watches = Watch.objects.filter(case=OuterRef("pk"), account_id=standing.account_id or 0)
    repeats = Case.objects.filter(repeat_of=OuterRef("pk"))
    cases = _the_case().filter(visible(standing))
    cases = _with_papers(cases.annotate(is_watched=Exists(watches), has_repeats=Exists(repeats)))
    return cases.values_list(*columns_of(Case), "is_watched", "has_repeats", *PAPERS)


def _with_papers(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.annotate(
        papers_journal=_lines(JournalEntry, ENTRY, order="number"),
        papers_parties=_lines(Party, columns_of(Party), order="pk"),
        papers_attachments=_lines(Attachment, columns_of(Attachment), order="pk"),
        papers_letters=_lines(Letter, LETTER, order="pk"),
    )


def _lines(model: type[Model], columns: Sequence[str], *, order: str) -> Func:
    """The rows of a table that belong to the case, as one value."""
    rows = model._default_manager.filter(case=OuterRef("pk")).order_by(order)
    line = Func(*columns, function="jsonb_build_array", output_field=JSONField())
    return Func(ArraySubquery(rows.values_list(line)), function="to_jsonb", output_field=JSONField())


def _papers(
    journal: list[list[Any]],
    parties: list[list[Any]],
    attachments: list[list[Any]],
    letters: list[list[Any]],
) -> Papers:
    principals = {}
    entries = []
    for number, verb, at, *rest, principal_id in journal:
        entries.append(Entry(number, verb, datetime.fromisoformat(at), *rest))
        if principal_id is not None:
            principals[number] = principal_id
    return Papers(
        entries,
        principals,
        _rows(Party, columns_of(Party), parties),
        _rows(Attachment, columns_of(Attachment), attachments),
        _rows(Letter, LETTER, letters),
    )


def _rows(model: type[Any], columns: Sequence[str], lines: list[list[Any]]) -> list[Any]:
    places = [place for place, column in enumerate(columns) if column.endswith("_at")]
    for line in lines:
        for place in places:
            line[place] = line[place] and datetime.fromisoformat(line[place])
    return [model.from_db(DEFAULT_DB_ALIAS, columns, line) for line in lines]
