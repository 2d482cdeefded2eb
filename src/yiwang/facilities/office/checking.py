"""What is wrong with a document before it goes on: the rules between offices, and those of the laid-out page.

Asked when it is handed in, reviewed and signed. A few breaches forbid the step; the others are shown with
clause and mend, and whoever goes on all the same confirms it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from yiwang.facilities.office.content import digest_of, whole
from yiwang.facilities.office.faults import OfficeFault
from yiwang.facilities.office.layout.read_pdf import Unreadable
from yiwang.facilities.office.layout.recognise import recognise
from yiwang.facilities.office.layout.verifying import PAGE_RULES, see
from yiwang.facilities.office.models import NumberSeries, OfficialDocument
from yiwang.facilities.office.rendering import as_document, rendered
from yiwang.facilities.office.rules import document as rules
from yiwang.facilities.office.rules.between import Offices, Relation, faults_between
from yiwang.facilities.office.rules.ruling import Fault
from yiwang.kernel.orgs.queries import tree

LATER = frozenset({"number-missing", "date-missing", "signer-missing", "signer-with-kind", "joint-signers"})
"""What a document gets only when it is signed and registered; nobody can have it before."""

TOLD_ALREADY = frozenset({"title-kind"})
"""Rules of the page that a rule between offices says with more knowledge."""
FORBIDDING = frozenset(
    {
        "secret-mark",
        "body-empty",
        "unit-missing",
        "order-form",
        "minutes-form",
        "minutes-no-seal",
        "up-not-down",
        "kind-goes-down",
        "to-itself",
        "joint-number",
    }
)
"""Breaches that the regulation forbids outright and that can be told without doubt.

Who is nobody's superior in the tree of units may still be the competent authority: that is for people to judge.
"""


@dataclass(frozen=True)
class Finding:
    """One breach as the page tells it, in the reader's language; the clause is cited as it is written."""

    code: str
    says: str
    found: str
    clause: str
    mend: str
    is_forbidding: bool
    words: str
    """The whole in one Chinese sentence, as it is kept in the history."""


def findings(document: OfficialDocument, *, on: date) -> list[Finding]:
    """Every breach that can be mended before signing, those that forbid a step first."""
    content = whole(document)
    official = as_document(content)
    if not official.body.strip():
        return []
    faults = [
        *faults_between(official, offices=offices_around(document, official, on=on)),
        *page_faults(content),
    ]
    told = [_finding(fault) for fault in faults if fault.rule.code not in LATER | TOLD_ALREADY]
    return sorted(dict.fromkeys(told), key=lambda one: not one.is_forbidding)


def page_faults(content: Mapping[str, Any]) -> tuple[Fault, ...]:
    """What the verifier of files finds on the laid-out pages of a text; the same text is looked at once."""
    return _on_pages(digest_of(content), _Held(content))


class _Held:
    """A content that takes no part in the key of the cache: its digest stands for it."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=256)
def _on_pages(digest: str, held: _Held) -> tuple[Fault, ...]:
    try:
        return PAGE_RULES.faults(recognise(see(rendered(held.content))))
    except (Unreadable, OfficeFault):
        return ()


def offices_around(document: OfficialDocument, official: rules.OfficialDocument, *, on: date) -> Offices:
    """What every unit of the house is to the one that writes, by its full name."""
    units, mine = tree(), document.origin_unit_id
    if mine is None:
        return Offices()
    above, below = units.ancestors(mine), units.subtree(mine)
    relations = {}
    for unit in units.valid(on=on):
        if unit.pk == mine:
            continue
        if unit.pk in above:
            relations[unit.name] = Relation.SUPERIOR if unit.pk == above[-1] else Relation.HIGHER
        else:
            relations[unit.name] = Relation.SUBORDINATE if unit.pk in below else Relation.EQUAL
    return Offices(relations=relations, codes=_codes(mine, official))


def _codes(unit_id: int, official: rules.OfficialDocument) -> dict[str, str]:
    """The code word of the lead unit; one that it really has is right, whichever of several."""
    if len(official.units) < 2 or official.number is None:
        return {}
    marks = list(NumberSeries.objects.filter(unit_id=unit_id).values_list("mark", flat=True))
    code = official.number.code
    return {official.units[0]: code if code in marks or not marks else marks[0]}


def _finding(fault: Fault) -> Finding:
    rule, is_english = fault.rule, (get_language() or "").startswith("en")
    return Finding(
        rule.code,
        rule.english if is_english else rule.says,
        fault.found,
        rule.clause,
        "" if is_english else rule.mend,
        rule.code in FORBIDDING,
        fault.sentence(),
    )


def accepted(found: Iterable[Finding]) -> str:
    """What somebody went on in spite of, as it stands in the history."""
    return "\n".join(one.words for one in found if not one.is_forbidding)[:2000]
