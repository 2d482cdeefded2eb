"""Names of what companies hold and are judged by, in the reader's language."""

from datetime import date

from django.utils.translation import gettext as _

from yiwang.institutions.community.company_enums import BUSINESS_LICENCE, BUSINESS_LICENCE_LABEL
from yiwang.institutions.community.company_rules import Rate
from yiwang.institutions.community.enums import Licence


def kind_label(kind: str) -> str:
    """What a licence is called; also contract and verification, which run out likewise."""
    if kind == "contract":
        return _("Contract")
    if kind == "verification":
        return _("Next verification")
    if kind == BUSINESS_LICENCE:
        return str(BUSINESS_LICENCE_LABEL)
    return str(dict(Licence.choices).get(kind, kind))


def licence_choices() -> list[tuple[str, str]]:
    """Every kind of licence that can be handed in."""
    return [
        (BUSINESS_LICENCE, str(BUSINESS_LICENCE_LABEL)),
        *((key, str(label)) for key, label in Licence.choices),
    ]


def percent(rate: Rate) -> str:
    """A share in whole percent with what it is made of; a dash where nothing was counted."""
    return "–" if rate.share is None else f"{rate.share:.0%} ({rate.good}/{rate.total})"


def month_words(first: date) -> str:
    """A month as people write it."""
    return _("%(year)s-%(month)s") % {"year": first.year, "month": f"{first.month:02}"}


def band_words(band: str) -> str:
    """A band, or that there were too few orders for one."""
    return _("Band %(band)s") % {"band": band} if band else _("too few orders for a band")
