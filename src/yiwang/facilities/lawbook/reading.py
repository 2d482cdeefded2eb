"""From texts as they were found to versions ready to be written: read, put together where one law lies in parts."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date

from yiwang.facilities.lawbook.rules.force import (
    EventKind,
    Force,
    ForceBasis,
    amended_by,
    events_of,
    force_of,
    passed_on,
    repealed_by,
    stated_force,
)
from yiwang.facilities.lawbook.rules.kinds import Rank, field_of, rank_of
from yiwang.facilities.lawbook.rules.numerals import Number
from yiwang.facilities.lawbook.rules.structure import (
    FATAL,
    HEADINGS,
    Finding,
    Node,
    NodeKind,
    Statute,
    parse,
)
from yiwang.facilities.lawbook.rules.titles import name_key, short_title, tidy
from yiwang.facilities.lawbook.sources import Held, bare_title

READER = "1"
"""Part of every digest: a reader that reads the same text otherwise makes it new."""

PLACED = (NodeKind.ARTICLE, NodeKind.CLAUSE, NodeKind.TEXT)


@dataclass(frozen=True, slots=True)
class Told:
    """Something about one file: what couldn't be read or what is missing in it, by the name of a reason."""

    name: str
    reason: str
    about: str = ""
    is_refused: bool = False


@dataclass(slots=True)
class Reading:
    """One version as read, not yet in the database."""

    key: str
    title: str
    rank: Rank
    field: str
    passed_on: date | None
    force: Force
    statutes: list[Statute]
    digest: str
    names: list[str]
    amended_on: tuple[date, ...] = ()
    amended_by: str = ""
    repeals: tuple[str, ...] = ()
    repeals_on: date | None = None
    is_repealed: bool = False
    told: list[Told] = dataclass_field(default_factory=list)

    def nodes(self) -> Iterator[tuple[Node, int]]:
        """Every node that gets a place of its own, with its depth in the table of contents."""
        for statute in self.statutes:
            base = 0
            if statute.part:
                yield Node(NodeKind.PART, None, statute.part, "", 0, 0), 0
                base = 1
            for node in statute.nodes:
                yield from _deep(node, base)


def _deep(node: Node, depth: int) -> Iterator[tuple[Node, int]]:
    yield node, depth
    deeper = depth + 1 if node.kind in HEADINGS else depth
    for child in node.children:
        yield from _deep(child, deeper)


def read(held: Held) -> Reading | Told:
    """Read one text as a version of a work, or tell why it can't be."""
    if held.refusal:
        return Told(held.name, held.refusal, is_refused=True)
    statute = parse(held.text, title=bare_title(held.name) if not held.text.lstrip().startswith("#") else "")
    fatal = next((finding for finding in statute.findings if finding.fault in FATAL), None)
    if fatal is not None:
        return Told(held.name, fatal.fault.value, is_refused=True)
    title = tidy(statute.title)
    passed = passed_on(statute, named=held.passed_on)
    events = [event for event in events_of(statute.preliminaries) if event.kind is not EventKind.IN_FORCE]
    force = force_of(statute, passed=passed, told=held.force_on)
    stated, is_on_publication = stated_force(statute)
    repeals = repealed_by(statute)
    first = events[0].on if events and is_on_publication else None
    return Reading(
        key=name_key(title),
        title=title,
        rank=Rank(held.rank) if held.rank else rank_of(title, folder=held.field),
        field=field_of(held.field),
        passed_on=passed,
        force=force,
        statutes=[statute],
        digest=hashlib.sha256(
            "\n".join((READER, str(held.passed_on), str(held.force_on), held.text)).encode()
        ).hexdigest(),
        names=[held.name],
        amended_on=tuple(event.on for event in events if event.kind is EventKind.AMENDED),
        amended_by=amended_by(statute, passed=passed) or "",
        repeals=repeals,
        repeals_on=(stated or first or force.on) if repeals else None,
        is_repealed=held.is_repealed,
        told=[_told(held.name, finding) for finding in statute.findings],
    )


def _told(name: str, finding: Finding) -> Told:
    return Told(name, finding.fault.value, finding.about)


def put_together(readings: Iterable[Reading]) -> tuple[list[Reading], list[Told]]:
    """One reading for each version: parts of one law become one text, a second text of a version is told."""
    grouped: dict[tuple[str, date | None], list[Reading]] = {}
    for reading in readings:
        grouped.setdefault((reading.key, reading.passed_on), []).append(reading)
    whole, told = [], []
    for group in grouped.values():
        parts = [reading for reading in group if reading.statutes[0].part]
        if len(parts) > 1:
            whole.append(_of_parts(parts))
            group = [reading for reading in group if not reading.statutes[0].part]
        else:
            whole.append(group[0])
            group = group[1:]
        told += [Told(one.names[0], "version_twice", one.title, is_refused=True) for one in group]
    return whole, told


def _of_parts(parts: list[Reading]) -> Reading:
    """The parts of a law in the order of their articles, as one version."""
    parts = sorted(parts, key=lambda part: min(n.number or Number(0) for n in part.statutes[0].articles()))
    surest = min(
        (part.force for part in parts), key=lambda force: (list(ForceBasis).index(force.basis), force.on)
    )
    repealing = next((part for part in parts if part.repeals), parts[0])
    return replace(
        parts[0],
        force=surest,
        statutes=[part.statutes[0] for part in parts],
        digest=hashlib.sha256("".join(part.digest for part in parts).encode()).hexdigest(),
        names=[part.names[0] for part in parts],
        repeals=repealing.repeals,
        repeals_on=repealing.repeals_on,
        told=[told for part in parts for told in part.told],
    )


def by_amendments(readings: Iterable[Reading], *, known: dict[tuple[str, date], date]) -> None:
    """Give a version the first day that its amending act names, when that act is among those loaded.

    `known` are acts that are in the database already: key of the act and when it was passed → first day.
    """
    readings = list(readings)
    acts = dict(known)
    for act in readings:
        if act.passed_on and act.force.on and act.force.basis is not ForceBasis.ASSUMED:
            acts[act.key, act.passed_on] = act.force.on
    for reading in readings:
        if reading.force.basis is ForceBasis.ASSUMED and reading.amended_by and reading.passed_on:
            on = acts.get((reading.amended_by, reading.passed_on))
            if on is not None:
                reading.force = Force(on, ForceBasis.AMENDMENT)


def short(reading: Reading) -> str:
    """The name by which people call the work."""
    return short_title(reading.title)


def count_of(reading: Reading) -> tuple[int, int]:
    """How many articles and characters a version has."""
    articles = characters = 0
    for node, _ in reading.nodes():
        articles += node.kind is NodeKind.ARTICLE
        characters += len(node.text) + len(node.heading)
    return articles, characters
