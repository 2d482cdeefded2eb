"""What work is for: institutions say what their subjects are called, where they lead, and what the door needs.

Dispatch knows no institution. Whoever asks for teams registers a `SubjectKind` in its `handlers.py` or
`places.py`; what it describes to somebody it must itself check against their standing.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django import forms

from yiwang.kernel.access.rules import Standing


@dataclass(frozen=True)
class Described:
    """A subject as somebody may know it: a dispatcher its title and page, a team the address and telephone."""

    title: str
    url: str = ""
    place: str = ""
    contact: str = ""
    phone: str = ""
    words: str = ""


Describing = Callable[[Standing, Sequence[int]], Mapping[int, Described]]
Ending = Callable[[Sequence[int]], Collection[int]]
"""Says which of some subjects need nobody any more."""


@dataclass(frozen=True)
class SubjectKind:
    """One kind of subject.

    `describe` is asked for boards, `describe_to_team` only for a team that has accepted the work; both get
    the numbers of many subjects at once and may leave any out. The forms are drawn on the team's phone;
    their cleaned data come back in `JobStarting` and `JobFinishing`, whose handlers may refuse. `ended` is
    asked every minute for the subjects of work that hasn't begun: whoever ends a subject withdraws its work
    after the commit, and what a failure in between has left is found so.
    """

    kind: str
    describe: Describing
    describe_to_team: Describing
    start_form: type[forms.Form] | None = None
    finish_form: type[forms.Form] | None = None
    ended: Ending | None = None


Names = Callable[[], Mapping[str, str]]
"""Gives the names of skills or licences in the reader's language, by the keys that teams and work bear."""

_skill_names: list[Names] = []
_licence_names: list[Names] = []


def provide_skill_names(function: Names) -> None:
    """Name the skills; several institutions may each name their own."""
    if function not in _skill_names:
        _skill_names.append(function)


def skill_names() -> dict[str, str]:
    """Every named skill; a key that nobody names is shown as it is."""
    return {key: words for function in _skill_names for key, words in function().items()}


def provide_licence_names(function: Names) -> None:
    """Name the kinds of licences; several institutions may each name their own."""
    if function not in _licence_names:
        _licence_names.append(function)


def licence_names() -> dict[str, str]:
    """Every named kind of licence; a key that nobody names is shown as it is."""
    return {key: words for function in _licence_names for key, words in function().items()}


class KindTwice(Exception):
    """Two institutions claim the same kind of subject."""


_kinds: dict[str, SubjectKind] = {}


def register(kind: SubjectKind) -> SubjectKind:
    """Enter a kind of subject; raises `KindTwice` for a second one of its name."""
    if _kinds.get(kind.kind, kind) != kind:
        raise KindTwice(kind.kind)
    _kinds[kind.kind] = kind
    return kind


def kind_of(name: str) -> SubjectKind | None:
    """The kind of that name, or nothing when nobody registered it."""
    return _kinds.get(name)


def described(
    standing: Standing, pairs: Sequence[tuple[str, int]], *, to_team: bool = False
) -> dict[tuple[str, int], Described]:
    """Many subjects at once, each kind asked once."""
    found: dict[tuple[str, int], Described] = {}
    for name in sorted({kind for kind, _ in pairs}):
        kind = _kinds.get(name)
        if kind is None:
            continue
        ask = kind.describe_to_team if to_team else kind.describe
        ids = [subject_id for each, subject_id in pairs if each == name]
        found |= {(name, subject_id): one for subject_id, one in ask(standing, ids).items()}
    return found
