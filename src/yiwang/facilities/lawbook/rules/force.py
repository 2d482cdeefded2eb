"""From when a version is in force, what it repeals, and for which days each version of one work holds.

The words of a statute name the day of its first text (自…起施行); an amended text usually still says that old
day. A day that the text doesn't state is never made up: the basis says how each day was found.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yiwang.facilities.lawbook.rules.numerals import NUMERAL, value
from yiwang.facilities.lawbook.rules.structure import NodeKind, Statute, cleaned
from yiwang.facilities.lawbook.rules.titles import name_key


class ForceBasis(StrEnum):
    """How it is known from when a version is in force."""

    STATED = "stated"  # its own words name the day
    PUBLISHED = "published"  # its own words: from the day of publication
    HEADED = "headed"  # the lines above the text name the day
    AMENDMENT = "amendment"  # the amending act, which is loaded too, names the day
    TOLD = "told"  # whoever gave the text named the day
    ASSUMED = "assumed"  # nobody names it: the day on which the version was passed stands in
    UNKNOWN = "unknown"  # not even that is known


class EventKind(StrEnum):
    """What a line above the text tells."""

    PASSED = "passed"
    AMENDED = "amended"
    IN_FORCE = "in_force"


@dataclass(frozen=True, slots=True)
class Event:
    """A dated line above the text: who passed, published or amended it, or when it began to hold."""

    on: date
    kind: EventKind
    text: str


@dataclass(frozen=True, slots=True)
class Force:
    """From which day a version is in force, and how that is known."""

    on: date | None
    basis: ForceBasis


_DATE = rf"(?P<year>{NUMERAL})\s*年\s*(?P<month>{NUMERAL})\s*月\s*(?P<day>{NUMERAL})\s*日"
_LINE = re.compile(rf"[（(]?\s*(?:自)?{_DATE}\s*(?P<words>.*)", re.DOTALL)
_STATED = re.compile(rf"(?:[自从于]|自从)\s*{_DATE}\s*(?:零时)?(?:起)?(?:施行|实施|生效|执行)")
_ON_PUBLICATION = re.compile(
    r"(?:[自从](?:修订)?(?:公布|发布|颁布|批准|通过|印发)|[自从]国务院批准)之日(?:起)?(?:施行|实施|生效|执行)|本\w{1,6}公布施行"
)
_SELF = re.compile(r"^(?:本|《|第)")
_REPEALED = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》(?!\s*(?:第|中|的(?:规定|有关)|有关|规定))")


def day_of(found: re.Match[str]) -> date | None:
    """The day that a match of year, month and day names, or nothing when there's no such day."""
    try:
        return date(value(found["year"]), value(found["month"]), value(found["day"]))
    except ValueError:
        return None


def events_of(preliminaries: Sequence[str]) -> tuple[Event, ...]:
    """The dated lines above a text, in their order."""
    found = []
    for line in preliminaries:
        match = _LINE.match(cleaned(line).strip())
        on = day_of(match) if match else None
        if match is None or on is None:
            continue
        words = match["words"].strip(" 　（）()")
        if re.fullmatch(r"起?(?:公布)?(?:施行|实施|生效)", words):
            kind = EventKind.IN_FORCE
        elif re.search(r"修正|修订|修改|》$", words):
            kind = EventKind.AMENDED
        else:
            kind = EventKind.PASSED
        found.append(Event(on, kind, words))
    return tuple(found)


def passed_on(statute: Statute, *, named: date | None = None) -> date | None:
    """When this version was passed: as the file's name says, else the last dated line that isn't about force."""
    if named is not None:
        return named
    days = [event.on for event in events_of(statute.preliminaries) if event.kind is not EventKind.IN_FORCE]
    return days[-1] if days else None


def _closing_words(statute: Statute) -> list[str]:
    """The articles or clauses that may say from when it is in force: the last ones first."""
    kinds = (NodeKind.ARTICLE, NodeKind.CLAUSE, NodeKind.TEXT)
    return [node.text for node in statute.walk() if node.kind in kinds and node.annex == 0][::-1]


def stated_force(statute: Statute) -> tuple[date | None, bool]:
    """The day that the text itself names, and whether it says "from the day of publication" instead."""
    for text in _closing_words(statute)[:40]:
        for line in text.split("\n")[::-1]:
            if "自" not in line and "从" not in line and "施行" not in line or not _SELF.match(line):
                continue
            match = _STATED.search(line)
            if match and not re.search(r"《[^》]*》[^。，]*$", line[: match.start()]):
                return day_of(match), False
            if _ON_PUBLICATION.search(line):
                return None, True
    return None, False


def force_of(statute: Statute, *, passed: date | None, told: date | None = None) -> Force:
    """From when this version is in force. `told` is the day that whoever gave the text names."""
    events = events_of(statute.preliminaries)
    stated, is_on_publication = stated_force(statute)
    if stated is not None and (passed is None or stated >= passed):
        return Force(stated, ForceBasis.STATED)
    if told is not None and (passed is None or told >= passed) and told != stated:
        return Force(told, ForceBasis.TOLD)
    headed = [event.on for event in events if event.kind is EventKind.IN_FORCE]
    if headed and (passed is None or headed[-1] >= passed):
        return Force(headed[-1], ForceBasis.HEADED)
    if passed is None:
        return Force(None, ForceBasis.UNKNOWN)
    told_of = [event for event in events if event.kind is not EventKind.IN_FORCE]
    is_amended = bool(told_of) and told_of[-1].kind is EventKind.AMENDED and "修订" not in told_of[-1].text
    if is_on_publication and not is_amended:
        return Force(passed, ForceBasis.PUBLISHED)
    return Force(passed, ForceBasis.ASSUMED)


def repealed_by(statute: Statute) -> tuple[str, ...]:
    """The keys of the works that a statute ends when it begins to be in force."""
    own = name_key(statute.title)
    found: list[str] = []
    for text in _closing_words(statute)[:3]:
        for sentence in text.replace("\n", "。").split("。"):
            if "废止" not in sentence or not re.search(r"(?:同时|即行|即)\s*废止|予以废止", sentence):
                continue
            found += [name_key(match[1]) for match in _REPEALED.finditer(sentence)]
    return tuple(dict.fromkeys(key for key in found if key != own))


def amended_by(statute: Statute, *, passed: date | None) -> str | None:
    """The key of the act that made this version out of the one before, when the lines above name it."""
    for event in events_of(statute.preliminaries)[::-1]:
        if event.kind is EventKind.AMENDED and event.on == passed:
            match = re.search(r"《((?:[^《》]|《[^《》]*》)+)》", event.text)
            return name_key(match[1]) if match else None
    return None


@dataclass(frozen=True, slots=True)
class Span:
    """A version of one work for the purpose of its range: when passed, from when in force, its own history."""

    key: int
    passed_on: date | None
    force_on: date | None
    amended_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Range:
    """The days for which a version holds, the last one excluded; `until` None is "until further notice"."""

    key: int
    from_on: date
    until_on: date | None


def ranges(spans: Sequence[Span], *, repealed_on: date | None = None) -> list[Range]:
    """For which days each version of one work holds: never two on one day, and none where a text is missing.

    A version ends when the next begins. When the next tells of an amendment between both whose text isn't
    there, it ends on that day, and the days until the next belong to nobody. Versions whose day isn't known get no range.
    """
    known = sorted(
        (span for span in spans if span.force_on is not None),
        key=lambda span: (span.force_on or date.min, span.passed_on or date.min, span.key),
    )
    found = []
    for place, span in enumerate(known):
        assert span.force_on is not None
        ends = [repealed_on] if repealed_on and repealed_on > span.force_on else []
        if place + 1 < len(known):
            following = known[place + 1]
            assert following.force_on is not None
            ends.append(following.force_on)
            ends += [
                day
                for day in following.amended_on
                if span.passed_on and following.passed_on and span.passed_on < day < following.passed_on
            ]
        until = min(ends) if ends else None
        if until is not None and until < span.force_on:
            until = span.force_on
        found.append(Range(span.key, span.force_on, until))
    return found
