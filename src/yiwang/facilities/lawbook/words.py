"""Ranks, statuses, first days and faults in the reader's language."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.facilities.lawbook.models import Version, Work
from yiwang.facilities.lawbook.rules.amendments import Verb
from yiwang.facilities.lawbook.rules.binding import Bound, Standing
from yiwang.facilities.lawbook.rules.force import ForceBasis
from yiwang.facilities.lawbook.rules.kinds import Rank
from yiwang.facilities.lawbook.rules.numerals import Number


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def rank_words(rank: str) -> str:
    """What a work is."""
    return {
        Rank.CONSTITUTION: _("Constitution"),
        Rank.LAW: pgettext("rank of a work", "Law"),
        Rank.REGULATION: _("Administrative regulation"),
        Rank.INTERPRETATION: _("Interpretation"),
        Rank.RULE: _("Departmental rule"),
        Rank.LOCAL: _("Local regulation"),
        Rank.AMENDMENT: _("Amending act"),
        Rank.OTHER: _("Other text"),
    }[Rank(rank)]


def basis_words(basis: str) -> str:
    """How it is known from when a version is in force."""
    return {
        ForceBasis.STATED: _("as its own text says"),
        ForceBasis.PUBLISHED: _("its text says: from the day of publication"),
        ForceBasis.HEADED: _("as the lines above its text say"),
        ForceBasis.AMENDMENT: _("as the amending act says"),
        ForceBasis.TOLD: _("as its source says"),
        ForceBasis.ASSUMED: _(
            "its text doesn't name the first day of this version; the day it was passed stands in"
        ),
        ForceBasis.UNKNOWN: _("no day is named anywhere"),
    }[ForceBasis(basis)]


def fault_words(reason: str) -> str:
    """Why a text, or a place in it, couldn't be read."""
    return {
        "empty": _("The file holds no text."),
        "no_title": _("No title was found."),
        "no_text": _("There is a title and nothing below it."),
        "not_text": _("These bytes are no text in UTF-8 or GB 18030."),
        "article_missing": _("Articles are missing from the numbering."),
        "article_twice": _("An article's number stands there a second time."),
        "version_twice": _("The same version came a second time; the first one was taken."),
        "version_differs": _(
            "This version is there already with another text from elsewhere; that one stays."
        ),
    }.get(reason, reason)


def status(version: Version, *, work: Work, on: date) -> tuple[str, str]:
    """Where a version stands on a day: the look of the state and its words."""
    days = version.in_force
    if days is None:
        return "info", _("It isn't known from when this version is in force")
    if days.isempty:
        return "none", _("Replaced before it came into force")
    if on < days.lower:
        return "soon", _("Not yet in force; in force from %(day)s") % {"day": _day(days.lower)}
    if days.upper is not None and on >= days.upper:
        if work.repealed_on == days.upper:
            return "none", _("Repealed on %(day)s") % {"day": _day(days.upper)}
        return "none", _("Was in force from %(first)s until %(last)s") % {
            "first": _day(days.lower),
            "last": _day(days.upper),
        }
    if work.is_repealed and work.repealed_on is None:
        return "none", _("Repealed; its source doesn't say when")
    return "done", _("In force since %(day)s") % {"day": _day(days.lower)}


def verb_words(verbs: Sequence[str]) -> str:
    """What an instruction does to an article."""
    known = {
        Verb.REPLACE: _("rewritten"),
        Verb.INSERT: _("inserted"),
        Verb.DELETE: _("deleted"),
        Verb.RENAME: _("renumbered"),
        Verb.HEADING: _("put under a new heading"),
        Verb.MERGE: _("merged"),
        Verb.WORDS: _("words replaced"),
        Verb.ADD_WORDS: _("words added"),
    }
    return _(", ").join(known[Verb(verb)] for verb in dict.fromkeys(verbs))


def standing_words(bound: Bound) -> str:
    """How a citation stands on the day that it was asked for, in a sentence."""
    place = bound.citation.provision
    label = Number(place.article, place.branch).label() if place.article else ""
    day = _day(bound.day) if bound.day else ""
    if bound.standing is Standing.REPEALED and not day:
        return _("Repealed; its source doesn't say when")
    return {
        Standing.IN_FORCE: _("In force on that day"),
        Standing.NOT_YET: _("Not yet in force; in force from %(day)s") % {"day": day},
        Standing.REPEALED: _("Repealed on %(day)s") % {"day": day},
        Standing.NOT_HELD: _("The lawbook doesn't hold the version of that day"),
        Standing.NO_ARTICLE: _("The version of that day has no %(article)s") % {"article": label},
        Standing.NO_PARAGRAPH: _("%(article)s has no paragraph %(number)s on that day")
        % {"article": label, "number": place.paragraph},
        Standing.NO_ITEM: _("%(article)s has no item %(number)s there on that day")
        % {"article": label, "number": place.item},
        Standing.UNKNOWN_WORK: _("The lawbook doesn't know this statute"),
        Standing.UNPLACED: _("The text doesn't say of which statute it speaks"),
    }[bound.standing]
