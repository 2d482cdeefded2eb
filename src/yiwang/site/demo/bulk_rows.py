"""From lives to the lines that PostgreSQL's COPY reads: every table that the one door would have written."""

import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Model

from yiwang.kernel.casework import records
from yiwang.kernel.casework.letters import LetterContext, composers
from yiwang.kernel.casework.models import Case, Letter, Party
from yiwang.kernel.casework.rules.casetype import ClockKind
from yiwang.kernel.casework.rules.clocks import local_day
from yiwang.kernel.casework.rules.progress import Entry
from yiwang.kernel.search.models import Document
from yiwang.kernel.search.rules import keepable
from yiwang.site.demo.bulk_lives import Ground, Life, Teller

LetterKey = tuple[int, str, int]
"""Whose letters under which mark in which year are numbered together."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Chunk:
    """Some hundred lives as lines to copy.

    A letter waits for its number, which only the process that loads can give: it comes as key, the line up
    to the number and the line after it; a receipt bears its case's number and is complete.
    """

    lives: int = 0
    entries: int = 0
    lines: dict[str, list[str]] = field(default_factory=dict)
    letters: list[tuple[LetterKey | None, str, str]] = field(default_factory=list)


class Writer:
    """Turns lives into lines."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.kinds = {step.verb: step.letter for step in ground.case_type.steps}
        self.composers = composers()

    def chunk(self, numbers: range) -> Chunk:
        """Tell the lives of these numbers and write them down."""
        teller = Teller(self.ground, f"{self.ground.seed}/{numbers.start}")
        chunk = Chunk(lines={table: [] for table in COLUMNS})
        for number in numbers:
            self._write(teller.life(number), chunk)
        return chunk

    def _write(self, life: Life, chunk: Chunk) -> None:
        ground, case = self.ground, life.case
        self._letters(life, chunk)
        derived = records.derive(
            life.entries, life.standings, ground.case_type, calendar=ground.calendar, settings=ground.settings
        )
        for column, value in records.cached_fields(derived, ground.case_type).items():
            setattr(case, column, value)
        lines = chunk.lines
        lines["casework_case"].append(line_of(case))
        lines["casework_party"] += [line_of(party) for party in (life.petitioner, *life.accused)]
        lines["search_document"].append(line_of(self._document(life)))
        lines["casework_journalentry"] += self._journal(life)
        lines["casework_custodyrecord"] += [
            _line(
                (case.pk, node.index, node.parent, node.unit_id, node.given_at, node.given_by_verb)
                + (node.until_at, node.outcome, node.index == derived.progress.holder)
            )
            for node in derived.progress.nodes
        ]
        lines["casework_clockrecord"] += [
            _line(
                (case.pk, clock.key, clock.node, clock.unit_id, clock.start_on)
                + (clock.term + clock.extended_days, clock.due_on, clock.ended_on, clock.is_void)
                + (clock.definition.kind is ClockKind.DUTY, records.is_provisional(clock, ground.calendar))
            )
            for clock in derived.clocks
        ]
        chunk.lives += 1
        chunk.entries += len(life.entries)

    def _journal(self, life: Life) -> Iterator[str]:
        pk, before = life.case.pk, b""
        for entry in life.entries:
            data = jsonb_text(entry.data)
            before = journal_digest(pk, entry, data, before)
            yield _line(
                (pk, entry.number, entry.verb, entry.at, entry.node, entry.unit_id, entry.account_id)
                + (entry.from_state, entry.to_state, data, before)
            )

    def _letters(self, life: Life, chunk: Chunk) -> None:
        """Every step's letter, composed from the journal up to that step."""
        ground = self.ground
        for entry in life.entries:
            kind = self.kinds[entry.verb]
            if kind is None:
                continue
            length = entry.number
            derived = records.derive(
                life.entries[:length],
                life.standings[:length],
                ground.case_type,
                calendar=ground.calendar,
                settings=ground.settings,
            )
            definition = ground.case_type.letter(kind)
            unit_id = entry.unit_id or derived.progress.holding.unit_id
            if kind == "answer":
                unit_id = next(
                    derived.progress.nodes[e.node].unit_id
                    for e in reversed(derived.entries)
                    if e.verb == "answer"
                )
            is_receipt = kind == "receipt"
            letter = Letter(
                case_id=life.case.pk,
                entry_number=entry.number,
                kind=kind,
                number=life.case.number if is_receipt else "",
                unit_id=unit_id,
                to_unit_id=None if definition.is_for_petitioner else derived.progress.holding.unit_id,
                is_for_petitioner=definition.is_for_petitioner,
                issued_at=entry.at,
            )
            context = LetterContext(
                life.case,
                ground.case_type,
                definition,
                entry,
                derived,
                letter.number,
                unit_id,
                ground.tree,
                (life.petitioner.name,),
            )
            letter.content = self.composers[ground.case_type.key, kind](context)
            if is_receipt:
                chunk.letters.append((None, line_of(letter), ""))
                continue
            values = spelled(letter)
            place = COLUMNS["casework_letter"].index("number")
            key = (unit_id, definition.mark, local_day(entry.at).year)
            chunk.letters.append(
                (key, "\t".join([*values[:place], ""]), "\t".join(["", *values[place + 1 :]]))
            )

    def _document(self, life: Life) -> Document:
        case = life.case
        text = keepable(records.search_text(case, [life.petitioner.name], life.entries))
        return Document(
            kind="case",
            object_id=case.pk,
            at=case.received_at,
            is_restricted=case.is_confidential,
            unit_ids=case.unit_ids,
            excluded_units=case.excluded_units,
            excluded_accounts=case.excluded_accounts,
            text=unicodedata.normalize("NFKC", text).lower(),
        )

    def number_of(self, key: LetterKey, last: int) -> str:
        """A letter's number as the one door writes it."""
        unit_id, mark, year = key
        return f"{self.ground.tree.get(unit_id).short_name}{mark}〔{year}〕{last}号"


def journal_digest(case_id: int, entry: Entry, data: str, before: bytes) -> bytes:
    """What the database's `casework_journal_digest` computes; `data` is the entry's, spelled as `jsonb`."""
    parts = (
        case_id,
        entry.number,
        entry.verb,
        (entry.at - _EPOCH) // _MICROSECOND,
        entry.node,
        entry.unit_id or 0,
        entry.account_id or 0,
        0,
        entry.from_state,
        entry.to_state,
        data,
        before.hex(),
    )
    return hashlib.sha256("|".join(map(str, parts)).encode()).digest()


_MICROSECOND = datetime.resolution


def jsonb_text(data: Any) -> str:
    """A flat object as PostgreSQL spells its `jsonb`: shorter keys first, then by bytes."""
    ordered = {key: data[key] for key in sorted(data, key=lambda k: (len(k.encode()), k.encode()))}
    return json.dumps(ordered, ensure_ascii=False)


def _columns_of(model: type[Model]) -> list[str]:
    """All columns of a table but the numbers that the database gives."""
    fields = [field for field in model._meta.concrete_fields if field.column]
    return [field.attname for field in fields if model is Case or not field.primary_key]


COLUMNS: dict[str, list[str]] = {
    "casework_case": _columns_of(Case),
    "casework_journalentry": [
        *("case_id", "number", "verb", "at", "node", "unit_id", "account_id"),
        *("from_state", "to_state", "data", "digest"),
    ],
    "casework_custodyrecord": [
        *("case_id", "node", "parent_node", "unit_id", "given_at", "given_by_verb"),
        *("until_at", "outcome", "is_holding"),
    ],
    "casework_clockrecord": [
        *("case_id", "key", "node", "unit_id", "start_on"),
        *("term", "due_on", "ended_on", "is_void", "is_duty", "is_provisional"),
    ],
    "casework_party": _columns_of(Party),
    "casework_letter": _columns_of(Letter),
    "search_document": _columns_of(Document),
}
"""What is copied into each table, in this order: cases first, then what hangs on them."""


def spelled(row: Model) -> list[str]:
    """A row's values as COPY's text format spells them."""
    values = row.__dict__
    names = COLUMNS[row._meta.db_table]
    return [_SPELLINGS[type(value)](value) for value in map(values.__getitem__, names)]


def line_of(row: Model) -> str:
    """A row as a line of COPY's text format, without its end."""
    return "\t".join(spelled(row))


def _line(values: tuple[Any, ...]) -> str:
    return "\t".join([_SPELLINGS[type(value)](value) for value in values])


def _text(value: str) -> str:
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return value


_SPELLINGS: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: "\\N",
    str: _text,
    bool: lambda value: "t" if value else "f",
    int: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
    bytes: lambda value: "\\\\x" + value.hex(),
    list: lambda value: "{" + ",".join(map(str, value)) + "}",
    dict: lambda value: _text(json.dumps(value, ensure_ascii=False)),
}
