"""Ranks, statuses, first days and faults in the reader's language."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from yiwang.facilities.lawbook.models import Version, Work
from yiwang.facilities.lawbook.rules.binding import Bound, Standing
from yiwang.facilities.lawbook.rules.consolidation import Effect
from yiwang.facilities.lawbook.rules.force import ForceBasis
from yiwang.facilities.lawbook.rules.kinds import Rank
from yiwang.facilities.lawbook.rules.numerals import Number, chinese


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


def effect_words(effects: Sequence[str]) -> str:
    """What an instruction did to an article: whether the article is new, or a paragraph or an item in it."""
    told = Counter(map(Effect, effects))
    return _(", ").join(_effect_words(effect, count) for effect, count in told.items())


def _effect_words(effect: Effect, count: int) -> str:
    several = {
        Effect.PARAGRAPH_REWRITTEN: ngettext("paragraph rewritten", "%(count)s paragraphs rewritten", count),
        Effect.PARAGRAPH_NEW: ngettext("paragraph added", "%(count)s paragraphs added", count),
        Effect.PARAGRAPH_DELETED: ngettext("paragraph deleted", "%(count)s paragraphs deleted", count),
        Effect.ITEM_REWRITTEN: ngettext("item rewritten", "%(count)s items rewritten", count),
        Effect.ITEM_NEW: ngettext("item added", "%(count)s items added", count),
        Effect.ITEM_DELETED: ngettext("item deleted", "%(count)s items deleted", count),
    }
    if effect in several:
        is_chinese = (get_language() or "").startswith("zh")
        return several[effect] % {"count": chinese(count) if is_chinese else count}
    return {
        Effect.REWRITTEN: _("article rewritten"),
        Effect.NEW: _("article added"),
        Effect.DELETED: _("article deleted"),
        Effect.RENUMBERED: _("renumbered"),
        Effect.MERGED: _("merged"),
        Effect.WORDS_REPLACED: _("words replaced"),
        Effect.WORDS_ADDED: _("words added"),
    }[effect]


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
