"""How an institution speaks of its figures: who "the office" and "the unit" are, and what it never counts.

An institution enters its words when it is loaded; without any the figures bear the plain words of `indicators`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wording:
    """The words of one institution's figures, as msgids by the figure's key.

    A dimension bears the key `by_<dimension>`, the title of its table `title_<dimension>`. Figures in `without`
    have no meaning here and are shown on no page and in no export. With `counts_where_it_came_in` the figures by
    unit are those of the units where the matters came in, not of those that they were handed on to last.
    """

    institution: str
    labels: Mapping[str, str] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    counts_where_it_came_in: bool = False


_wordings: dict[str, Wording] = {}


class SpeaksTwice(ValueError):
    """Two sets of words claim the same institution."""


def register_wording(wording: Wording) -> Wording:
    """Enter how an institution speaks of its figures; raises `SpeaksTwice` for a second set."""
    if _wordings.get(wording.institution, wording) != wording:
        raise SpeaksTwice(wording.institution)
    _wordings[wording.institution] = wording
    return wording


def wording_of(institution: str) -> Wording:
    """How an institution speaks of its figures; the plain words when it has entered none."""
    return _wordings.get(institution) or Wording(institution)


def counted_where_they_came_in() -> list[str]:
    """The institutions whose matters are counted at the unit where they came in."""
    return sorted(one.institution for one in _wordings.values() if one.counts_where_it_came_in)


REPORTS = frozenset({"sent_up", "adopted", "adoption_rate"})
"""Figures that only reports going up have."""
