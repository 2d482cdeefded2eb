"""Why this team, why nobody: a kept decision told in words and as a table."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.facilities.dispatch.models import Decision
from yiwang.facilities.dispatch.records import weighed_from
from yiwang.facilities.dispatch.rules.cost import Weighed
from yiwang.facilities.dispatch.rules.suitability import Refusal
from yiwang.facilities.dispatch.shown import distance, signed
from yiwang.facilities.dispatch.words import PARTS, REFUSALS


@dataclass(frozen=True)
class Line:
    """One team of a decision: how far, what it cost part by part, or what spoke against it."""

    team_id: int
    name: str
    distance: str
    parts: list[str]
    total: str
    against: str
    is_chosen: bool


@dataclass(frozen=True)
class Told:
    """A decision as people read it: a headline, sentences, the heads of the parts, the teams."""

    headline: str
    sentences: list[str]
    heads: list[str]
    suitable: list[Line]
    unsuitable: list[Line]


def told(decision: Decision) -> Told:
    """Everything a decision knows, in the reader's language."""
    weighed = [weighed_from(each) for each in decision.candidates]
    lines = [_line(each, decision.chosen_team_id) for each in weighed]
    chosen = next((each for each in weighed if each.team.team_id == decision.chosen_team_id), None)
    return Told(
        headline=_headline(decision, chosen),
        sentences=_why_this(weighed, chosen, decision) if chosen else _why_nobody(decision.shortfall),
        heads=[str(words) for words in PARTS.values()],
        suitable=[line for line in lines if not line.against or line.is_chosen],
        unsuitable=[line for line in lines if line.against and not line.is_chosen],
    )


def _headline(decision: Decision, chosen: Weighed | None) -> str:
    if chosen is None:
        return _("Nobody could be sent")
    return _("%(team)s was chosen") % {"team": chosen.team.name}


def _why_this(weighed: list[Weighed], chosen: Weighed, decision: Decision) -> list[str]:
    """Why the chosen team, against the next best, and why nearer ones weren't."""
    said = []
    if decision.reason:
        said.append(_("A dispatcher chose it: %(reason)s") % {"reason": decision.reason})
    away = {"distance": distance(chosen.metres), "minutes": round(chosen.parts.travel)}
    said.append(_("It is %(distance)s away, about %(minutes)s minutes.") % away)
    others = [each for each in weighed if each.is_suitable and each is not chosen]
    if others and chosen.is_suitable:
        second = min(others, key=lambda each: each.parts.total)
        gap = second.parts.total - chosen.parts.total
        words = {"team": second.team.name, "gap": f"{abs(gap):.1f}"}
        if gap >= 0:
            said.append(_("The next best, %(team)s, would cost %(gap)s minutes more.") % words)
        else:
            said.append(
                _("%(team)s alone would cost %(gap)s minutes less; together it is better so.") % words
            )
    elif not others:
        said.append(_("No other team near was suitable."))
    nearer = [each for each in weighed if each.refusals and each.metres < chosen.metres]
    for each in sorted(nearer, key=lambda one: one.metres)[:3]:
        words = {"team": each.team.name, "reason": _reasons(each)}
        said.append(_("Nearer, but %(team)s %(reason)s.") % words)
    return said


def _why_nobody(shortfall: dict[str, Any]) -> list[str]:
    """The count of reasons, and who came nearest to being sent."""
    looked_at = shortfall.get("looked_at", 0)
    if not looked_at:
        return [_("There are no teams near.")]
    said = [
        ngettext("%(number)s team was looked at.", "%(number)s teams were looked at.", looked_at)
        % {"number": looked_at}
    ]
    for reason, number in shortfall["by_reason"].items():
        said.append(
            ngettext("%(number)s team %(reason)s.", "%(number)s teams: %(reason)s.", number)
            % {"number": number, "reason": REFUSALS[Refusal(reason)]}
        )
    if nearest := shortfall.get("nearest_miss"):
        miss = weighed_from(nearest)
        words = {"team": miss.team.name, "distance": distance(miss.metres), "reason": _reasons(miss)}
        said.append(_("Nearest to it came %(team)s, %(distance)s away, but it %(reason)s.") % words)
    return said


def _reasons(weighed: Weighed) -> str:
    return _(", ").join(str(REFUSALS[reason]) for reason in weighed.refusals)


def _line(weighed: Weighed, chosen_id: int | None) -> Line:
    parts = weighed.parts
    return Line(
        weighed.team.team_id,
        weighed.team.name,
        distance(weighed.metres),
        [signed(value) for value in (parts.travel, parts.load, parts.fairness, parts.quality, parts.wish)],
        f"{parts.total:.1f}",
        _reasons(weighed),
        weighed.team.team_id == chosen_id,
    )
