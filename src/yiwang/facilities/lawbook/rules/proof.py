"""The amendments of one statute, applied in their order and proved against the official text.

Where the text before the first of them is at hand the whole law is proved; where it isn't, as far as the
instruments themselves told it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from yiwang.facilities.lawbook.rules import amendments, constitution
from yiwang.facilities.lawbook.rules.consolidation import (
    Comparison,
    Effect,
    Outcome,
    Text,
    apply,
    compare,
    text_of,
)
from yiwang.facilities.lawbook.rules.numerals import Number
from yiwang.facilities.lawbook.rules.titles import short_title

_OF_ONE = re.compile(r"关于修改《(?P<law>[^《》]+)》的(?:决定|决议)$")
_AMENDMENT = re.compile(r"^(?P<law>[\u4e00-\u9fff]{2,40}?)修正案(?:（[一二三四五六七八九十\d年]+）)?$")


def law_changed_by(title: str) -> str:
    """The short title of the law that an instrument changes by its own title; nothing for any other text."""
    bare = short_title(title)
    found = _AMENDMENT.search(bare) or _OF_ONE.search(title.replace("〈", "《").replace("〉", "》"))
    return short_title(found["law"]) if found else ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """An amending instrument: its title, its words, the day it was passed, and what the caller knows it by."""

    title: str
    text: str
    passed_on: date
    key: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """An article that an instrument changed, under the number that it had afterwards, and what became of it."""

    instrument: Instrument
    number: Number
    label: str
    effects: tuple[Effect, ...]


@dataclass(slots=True)
class Proof:
    """What became of every instruction, every article touched, and how the outcome compares."""

    law: str
    is_complete: bool
    outcomes: list[tuple[Instrument, Outcome]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)

    @property
    def faults(self) -> list[tuple[Instrument, Outcome]]:
        """The instructions that couldn't be read or done."""
        return [(instrument, outcome) for instrument, outcome in self.outcomes if outcome.fault]

    @property
    def different(self) -> list[Comparison]:
        """The articles that aren't as the official text has them, though every instruction was done."""
        return [] if self._is_lacking else [each for each in self.comparisons if not each.is_equal]

    @property
    def unproved(self) -> list[Comparison]:
        """The articles that aren't as the official text has them where an instruction couldn't be done."""
        return [each for each in self.comparisons if not each.is_equal] if self._is_lacking else []

    @property
    def _is_lacking(self) -> bool:
        return self.is_complete and bool(self.faults)

    @property
    def figures(self) -> dict[str, int]:
        """The counts, for a report."""
        equal = [each for each in self.comparisons if each.is_equal]
        return {
            "instructions": len(self.outcomes),
            "applied": len(self.outcomes) - len(self.faults),
            "articles_touched": len({change.number for change in self.changes}),
            "articles_compared": len(self.comparisons),
            "equal": sum(each.is_whole for each in equal),
            "equal_as_far_as_known": sum(not each.is_whole for each in equal),
            "different": len(self.different),
            "unproved": len(self.unproved),
        }


def prove(
    law: str,
    instruments: Iterable[Instrument],
    *,
    official: Mapping[Number, str],
    before: Mapping[Number, str] | None = None,
) -> Proof:
    """Apply the instruments in the order of their days and compare with the official text.

    With the text before, every article is compared; without, those that an instrument touched.
    """
    proof = Proof(law, is_complete=before is not None)
    text: Text = text_of(before) if before else {}
    touched: set[Number] = set()
    for instrument in sorted(instruments, key=lambda each: each.passed_on):
        form = constitution if constitution.is_one(instrument.text) else amendments
        text, outcomes = apply(
            form.read(instrument.text), text, is_complete=proof.is_complete, followed=touched
        )
        for outcome in outcomes:
            proof.outcomes.append((instrument, outcome))
            label = outcome.amendment.label
            proof.changes += [
                Change(instrument, number, label, outcome.effects(number)) for number in outcome.touched
            ]
            touched.update(outcome.touched)
    numbers = {*text, *official} if proof.is_complete else touched
    if constitution.PREAMBLE not in official:
        numbers.discard(constitution.PREAMBLE)
    proof.comparisons = compare(text, official, numbers)
    return proof
