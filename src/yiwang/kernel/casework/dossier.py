"""One case as its page shows it: read with a fixed number of queries, whatever the length of its journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext

from yiwang.kernel.access.rules import WORKING_ROLES, Standing
from yiwang.kernel.casework import records
from yiwang.kernel.casework.enums import PartyRole
from yiwang.kernel.casework.faults import GuardFailed
from yiwang.kernel.casework.guards import check_guards
from yiwang.kernel.casework.models import Attachment, Case, Letter, Party, Watch
from yiwang.kernel.casework.papers import Papers, case_with_papers, papers_of
from yiwang.kernel.casework.policies import may_take, roles_for, visible
from yiwang.kernel.casework.queries import names_of_accounts
from yiwang.kernel.casework.registry import case_type_of
from yiwang.kernel.casework.rules.casetype import STAY, CaseType, Custody, FieldKind, StepDef
from yiwang.kernel.casework.rules.clocks import local_day, walk
from yiwang.kernel.casework.rules.data import Fault
from yiwang.kernel.casework.rules.progress import Entry, Progress, open_steps
from yiwang.kernel.orgs.queries import UnitTree, tree

SOURCES = {
    "approve": ("answer", "approve"),
    "issue": ("answer", "approve"),
    "answer": ("answer", "approve"),
    "extend": ("request_extension",),
}
"""Where the words that a step proposes again were entered, by its verb."""


@dataclass(frozen=True)
class Choice:
    """A step that somebody may take now; `fault` says why a rule forbids it all the same."""

    step: StepDef
    is_main: bool
    fault: Fault | None

    @property
    def is_move(self) -> bool:
        """Whether the case stands elsewhere afterwards."""
        return self.step.to != STAY or self.step.custody is not Custody.KEEP


class Dossier:
    """A case with its journal, what follows from it, and who is looking at it."""

    def __init__(self, case: Case, standing: Standing, *, at: datetime, papers: Papers | None = None) -> None:
        self.case = case
        self.standing = standing
        self.at = at
        self.today: date = local_day(at)
        self.case_type: CaseType = case_type_of(case.type_key, case.type_version)
        papers = papers or papers_of(case)
        self.entries: list[Entry] = papers.entries
        self.principals: dict[int, int] = papers.principals
        self.parties: list[Party] = papers.parties
        self.attachments: list[Attachment] = papers.attachments
        self.letters: list[Letter] = papers.letters
        self.standings: Sequence[Progress] = walk(self.entries, self.case_type)
        self.derived = records.derive(self.entries, self.standings, self.case_type)

    @property
    def progress(self) -> Progress:
        """Where the case stands now."""
        return self.derived.progress

    @cached_property
    def is_ours(self) -> bool:
        """Whether the person works for the unit that holds the case."""
        return bool(roles_for(self.standing, self.case.holder_unit_id) & WORKING_ROLES)

    @cached_property
    def related(self) -> list[Case]:
        """The matter it repeats and those that repeat it, as far as the person may see them."""
        if self.case.repeat_of_id is None and not getattr(self.case, "has_repeats", True):
            return []
        rule = Q(repeat_of_id=self.case.pk)
        if self.case.repeat_of_id is not None:
            rule |= Q(pk=self.case.repeat_of_id)
        return list(Case.objects.filter(visible(self.standing), rule).only("number", "title", "received_on"))

    @cached_property
    def linked(self) -> Mapping[int, str]:
        """The numbers of the matters it was said to repeat, as far as the person may see them; often no query."""
        named = {int(e.data["earlier_case_id"]) for e in self.entries if e.verb == "link_repeat"}
        if not named:
            return {}
        return dict(Case.objects.filter(visible(self.standing), pk__in=named).values_list("pk", "number"))

    @cached_property
    def is_watched(self) -> bool:
        """Whether the person keeps an eye on it."""
        known: bool | None = getattr(self.case, "is_watched", None)
        if known is not None:
            return known
        return Watch.objects.filter(case=self.case, account_id=self.standing.account_id or 0).exists()

    @cached_property
    def names(self) -> dict[int, str]:
        """The names of the members of the staff in the journal and among the parties."""
        accounts = {entry.account_id for entry in self.entries} | set(self.principals.values())
        accounts |= {party.account_id for party in self.parties}
        accounts |= {int(entry.data["account_id"]) for entry in self.entries if "account_id" in entry.data}
        return names_of_accounts(account for account in accounts if account is not None)

    @cached_property
    def language(self) -> str:
        """The reader's language."""
        return get_language() or ""

    @cached_property
    def _units(self) -> UnitTree:
        return tree()

    def unit_name(self, unit_id: int | None) -> str:
        """A unit's name in the reader's language."""
        return self._units.name(unit_id, language=self.language)

    @cached_property
    def choices(self) -> list[Choice]:
        """The steps open to the person; the first is the one most likely wanted."""
        steps = [
            step
            for step in open_steps(self.progress, self.case_type)
            if may_take(self.standing, step, self.progress, self.case)
        ]
        main = self._main(steps)
        found = [Choice(step, step is main, self._forbidding(step)) for step in steps]
        found = [choice for choice in found if choice.fault is None or choice.is_move]
        return sorted(found, key=lambda choice: (not choice.is_main, not choice.is_move))

    def _main(self, steps: Sequence[StepDef]) -> StepDef | None:
        """The one main step: below the root a unit first handles what it was given."""
        mains = [step for step in steps if step.is_main]
        if not self.progress.is_at_root:
            mains.sort(key=lambda step: step.custody is Custody.HAND_ON)
        return mains[0] if mains else None

    def _forbidding(self, step: StepDef) -> Fault | None:
        try:
            check_guards(self.case, step, {}, self.derived, by=self.standing, on=self.today)
        except GuardFailed as forbidden:
            return forbidden.fault
        return None

    def choice(self, verb: str) -> Choice | None:
        """The open step of that verb, if there is one."""
        return next((choice for choice in self.choices if choice.step.verb == verb), None)

    def before(self, step: StepDef, *, until: int | None = None) -> Mapping[str, Any]:
        """What was entered earlier and is proposed again: the answer for approval, the days asked for.

        With `until` only what was entered before the entry of that number.
        """
        sources = SOURCES.get(step.verb)
        if sources is None:
            return {}
        wanted = {
            need.key
            for need in step.needs
            if need.kind in (FieldKind.TEXT, FieldKind.DAYS, FieldKind.CHOICE) and need.key != "note"
        }
        found: dict[str, Any] = {}
        for entry in self.entries:
            if entry.verb in sources and (until is None or entry.number < until):
                found |= {key: value for key, value in entry.data.items() if key in wanted}
        return found


def dossier_of(case_id: int, standing: Standing, *, at: datetime | None = None) -> Dossier:
    """The dossier of a case that somebody may see; raises `Case.DoesNotExist`."""
    case, papers = case_with_papers(case_id, standing)
    return Dossier(case, standing, at=at or timezone.now(), papers=papers)


def role_label(role: str) -> str:
    """What a party is to the case, in words."""
    return gettext(str(PartyRole(role).label)) if role in PartyRole.values else role
