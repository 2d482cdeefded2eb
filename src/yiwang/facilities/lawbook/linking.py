"""What others cite, as places in the lawbook: the articles of case types, and the citations in any text."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from yiwang.facilities.lawbook.citing import Cited, article_url, citations_of
from yiwang.facilities.lawbook.models import Passage
from yiwang.facilities.lawbook.rules.addresses import Reference
from yiwang.facilities.lawbook.rules.provisions import Provision
from yiwang.facilities.lawbook.rules.structure import NodeKind
from yiwang.facilities.lawbook.rules.titles import name_key
from yiwang.facilities.lawbook.words import standing_words
from yiwang.kernel.base.remembering import Remembered
from yiwang.kernel.casework.registry import declared
from yiwang.kernel.casework.rules.casetype import Citation
from yiwang.kernel.ui.tags.words import peek_link

BETWEEN = "\n"
"""Stands between texts that are looked through together; no link goes across it."""


@dataclass(frozen=True)
class _Text:
    """A version of a law that somebody cites: for which days it holds, and its articles."""

    reference: Reference
    since: date | None
    until: date | None
    articles: frozenset[int]

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


Shelf = Mapping[str, Sequence[_Text]]
_shelves: Remembered[frozenset[str], Shelf] = Remembered()
_laws: set[str] = set()
"""The keys of the laws that case types cite, and of those that somebody asked for besides."""


def forget_texts() -> None:
    """Read anew which articles there are."""
    _shelves.forget()


def place_of(citation: Citation, on: date) -> str:
    """Where a cited article stands in the version of a day; empty where the lawbook doesn't have it.

    One query for all laws that are cited anywhere, relied on for some seconds.
    """
    key = name_key(citation.law.title)
    if key not in _laws:
        _laws.update(name_key(one.law.title) for kind in declared() for _, one in kind.citations())
        _laws.add(key)
    laws = frozenset(_laws)
    shelf = _shelves.get(laws, lambda: _read(laws))
    text = next((one for one in shelf.get(key, ()) if one.holds(on)), None)
    if text is None or citation.article not in text.articles:
        return ""
    place = Provision(citation.article, 0, citation.paragraph or 0, citation.item or 0)
    return article_url(text.reference, place)


def _read(laws: frozenset[str]) -> Shelf:
    rows = (
        Passage.objects.filter(
            version__work__names__key__in=laws,
            version__in_force__isempty=False,
            kind=NodeKind.ARTICLE.value,
            annex=0,
            branch=0,
        )
        .order_by()
        .values_list(
            "version__work__names__key",
            "version__work__short_title",
            "version__force_on",
            "version__passed_on",
            "version__in_force",
        )
        .annotate(articles=ArrayAgg("number"))
    )
    found: dict[str, list[_Text]] = defaultdict(list)
    for key, title, force_on, passed_on, days, articles in rows:
        reference = Reference(title, force_on or passed_on)
        found[key].append(_Text(reference, days.lower, days.upper, frozenset(articles)))
    return found


def linked(texts: Sequence[str], on: date, *, title: str = "") -> list[SafeString]:
    """Texts as HTML with their citations as links; a dead one says what is wrong with it, for ears too.

    One place of a text is one link. What the lawbook doesn't know stays as it is. `title` is that of the
    statute which the texts are from.
    """
    whole = BETWEEN.join(texts)
    found = [each for each in citations_of(whole, on=on, title=title) if _leads_on(each)]
    shown, begin = [], 0
    for text in texts:
        end = begin + len(text)
        own = [each for each in found if begin <= each.citation.start and each.citation.end <= end]
        shown.append(_with_links(whole, begin, end, own))
        begin = end + len(BETWEEN)
    return shown


def _leads_on(cited: Cited) -> bool:
    """Words in which 本法 stands alone would only lead back to the page on which one is."""
    return bool(cited.url) and bool(cited.citation.title or cited.citation.provision.article)


def _with_links(whole: str, begin: int, end: int, found: Sequence[Cited]) -> SafeString:
    pieces: list[str] = []
    for cited in found:
        pieces += [escape(whole[begin : cited.citation.start]), _link(cited)]
        begin = cited.citation.end
    return format_html_join("", "{}", ((piece,) for piece in (*pieces, escape(whole[begin:end]))))


def _link(cited: Cited) -> SafeString:
    if not cited.bound.is_dead:
        url = cited.article_url
        return peek_link(cited.text, url) if url else _plain_link(cited)
    told = standing_words(cited.bound)
    return format_html(
        '<a class="dead-link" href="{}" title="{}">{}<span class="hidden-words"> ({})</span></a>',
        cited.article_url or cited.url,
        told,
        cited.text,
        told,
    )


def _plain_link(cited: Cited) -> SafeString:
    return format_html('<a href="{}">{}</a>', cited.url, cited.text)
