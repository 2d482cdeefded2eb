"""The words of dispatch: reasons, parts of a cost, sentences of refusal and of explanation."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.facilities.dispatch.rules.suitability import Refusal

REFUSALS = {
    Refusal.INACTIVE: _("doesn't work any more"),
    Refusal.SUSPENDED: _("is suspended"),
    Refusal.SKILL: _("doesn't do this kind of work"),
    Refusal.LICENCE: _("lacks the licence, or it runs out before"),
    Refusal.AREA: _("doesn't serve this place"),
    Refusal.HOURS: _("doesn't work in this window"),
    Refusal.CAPACITY: _("has as much work as it can do"),
    Refusal.STALE: _("hasn't said for half an hour where it is"),
    Refusal.UNWANTED: _("isn't wanted by the resident"),
    Refusal.ALREADY_REFUSED: _("has declined this work already or not answered"),
}
"""What speaks against a team, as the end of a sentence that begins with its name."""

PARTS = {
    "travel": pgettext_lazy("part of a cost", "Way"),
    "load": pgettext_lazy("part of a cost", "Work it has"),
    "fairness": pgettext_lazy("part of a cost", "Whose turn it is"),
    "quality": pgettext_lazy("part of a cost", "Marks"),
    "wish": pgettext_lazy("part of a cost", "The resident's wish"),
}
"""What makes up the cost of a team, in the order in which it is shown."""

SENTENCES = {
    "not_yours": _("This work is dispatched by another unit."),
    "not_your_team": _("This was offered to another team."),
    "under_way": _("The team has begun; the work can only be finished now."),
    "nothing_to_take_back": _("No team has this work."),
    "not_waiting": _("A team has been offered this work, or has it already."),
    "not_suitable": _("%(team)s %(reason)s."),
    "too_late": _("The offer isn't open any more."),
    "team_is_full": _("%(team)s has as much work as it can do."),
    "not_accepted": _("This work isn't waiting to be begun."),
    "not_begun": _("This work hasn't been begun."),
    "reason_needed": _("Please say why."),
    "ended": _("The matter has ended."),
}
