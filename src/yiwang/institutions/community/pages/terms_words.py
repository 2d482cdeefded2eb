"""What a company has set itself, in words: state, day, hours and places."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yiwang.institutions.community.company_models import OwnPrice, OwnVersion, TeamTerms
from yiwang.kernel.orgs.queries import tree, unit_name
from yiwang.kernel.ui import states


def what_follows(row: OwnVersion) -> str:
    """What whoever asked is told at once."""
    if row.needs_approval:
        return _("Kept. It holds once the centre has approved it.")
    return _("Kept. It holds from %(day)s.") % {"day": date_format(row.since_on)}


def state_of(row: OwnVersion) -> SafeString:
    """Where a version stands."""
    day = date_format(row.since_on)
    if row.is_waiting:
        return states.state("waiting", words=_("waits for the centre, from %(day)s") % {"day": day})
    if row.needs_approval and not row.is_approved:
        return states.state("late", words=_("turned down: %(reason)s") % {"reason": row.reason})
    return states.state(
        "done" if row.since_on <= timezone.localdate() else "soon", words=_("from %(day)s") % {"day": day}
    )


def places_of(areas: Iterable[int]) -> str:
    """The places that are served."""
    units = tree().units
    return _(", ").join(unit_name(units[pk]) for pk in areas if pk in units) or _("whole county")


def hours_of(hours: Iterable[list[int]]) -> str:
    """Days and hours."""
    words = [
        f"{WEEKDAYS_ABBR[day]} {first // 60}:{first % 60:02}–{last // 60}:{last % 60:02}"
        for day, first, last in hours
    ]
    return _(", ").join(words) or _("at any time")


@dataclass(frozen=True)
class TermsShown:
    """A version of a team's terms in words."""

    row: TeamTerms
    state: SafeString
    places: str
    hours: str


def terms_shown(rows: Iterable[TeamTerms]) -> list[TermsShown]:
    """Versions in words."""
    return [TermsShown(row, state_of(row), places_of(row.areas), hours_of(row.hours)) for row in rows]


@dataclass(frozen=True)
class PriceShown:
    """A version of a price in words."""

    row: OwnPrice
    state: SafeString
    price: str
