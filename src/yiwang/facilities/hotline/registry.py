"""What institutions add to the hotline: what a call can become, and what is known of whoever calls.

The hotline knows no institution: each enters itself here when it is loaded.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch
from django.utils.functional import Promise

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.addresses import address


@dataclass(frozen=True)
class Outcome:
    """Something a call can become: a button of the console that opens a form in the work area.

    `url_name` is reversed without arguments; the console adds `?call=<id>&number=<number>`. The form calls
    `actions.note_outcome(call_id, outcome=key, …)` when it is handed in.
    """

    key: str
    label: str | Promise
    url_name: str
    icon: str = "clipboard-list"
    order: int = 100
    may_choose: Callable[[Standing], bool] = lambda standing: True

    @property
    def url(self) -> str:
        """The form's address; empty when there is no such page."""
        try:
            return address(self.url_name)
        except NoReverseMatch:
            return ""


@dataclass(frozen=True)
class PastMatter:
    """One earlier matter of a caller, as the console shows it on the first ring."""

    at: datetime
    number: str
    subject: str
    state: str
    url: str


History = Callable[[str, Standing, int], Sequence[PastMatter]]
"""Earlier matters of a telephone number that the person may see, newest first, at most so many; one query."""

_outcomes: dict[str, Outcome] = {}
_histories: dict[str, History] = {}


class OutcomeTwice(Exception):
    """Two modules claim the same outcome."""


def register_outcome(outcome: Outcome) -> Outcome:
    """Enter what a call can become. Raises `OutcomeTwice` when another one has its key."""
    if _outcomes.get(outcome.key, outcome).url_name != outcome.url_name:
        raise OutcomeTwice(outcome.key)
    _outcomes[outcome.key] = outcome
    return outcome


def outcomes_for(standing: Standing) -> list[Outcome]:
    """What a call can become in somebody's hands, in order; one without a page is left out."""
    chosen = (outcome for outcome in _outcomes.values() if outcome.may_choose(standing) and outcome.url)
    return sorted(chosen, key=lambda outcome: (outcome.order, outcome.key))


def outcome_label(key: str) -> str:
    """What an outcome is called, or its key when nobody has entered it."""
    return str(_outcomes[key].label) if key in _outcomes else key


Desk = Callable[[int], str]
"""The address where what was said in a call-back about a subject is noted."""

_desks: dict[str, Desk] = {}


def provide_desk(subject_kind: str, desk: Desk) -> None:
    """Have call-backs about a kind of subject noted on its institution's own page, which closes them too."""
    _desks[subject_kind] = desk


def desk_of(subject_kind: str, subject_id: int) -> str:
    """Where a call-back about that subject is noted; empty when the hotline's own form is the place."""
    desk = _desks.get(subject_kind)
    return desk(subject_id) if desk is not None and subject_id else ""


def provide_history(key: str, history: History) -> None:
    """Add an institution's matters to what the console shows of a caller."""
    _histories[key] = history


def past_matters(number: str, *, standing: Standing, limit: int = 5) -> list[PastMatter]:
    """Earlier matters of a number in every institution, newest first; one query for each institution."""
    if not number:
        return []
    found = [matter for history in _histories.values() for matter in history(number, standing, limit)]
    return sorted(found, key=lambda matter: matter.at, reverse=True)[:limit]
