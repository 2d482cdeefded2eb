"""The citations of a text, each bound to what the lawbook holds of that statute on a day.

Four queries for a text, however many citations are in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from django.db.models import Max, Q
from django.urls import reverse

from yiwang.facilities.lawbook import models
from yiwang.facilities.lawbook.rules.addresses import ArticleId, Reference
from yiwang.facilities.lawbook.rules.binding import Bound, Standing, Version, bind
from yiwang.facilities.lawbook.rules.citations import Citation, find
from yiwang.facilities.lawbook.rules.numerals import Number
from yiwang.facilities.lawbook.rules.provisions import Provision
from yiwang.facilities.lawbook.rules.statute_names import NameBook
from yiwang.facilities.lawbook.rules.structure import NodeKind
from yiwang.facilities.lawbook.rules.titles import name_key


@dataclass(frozen=True)
class Cited:
    """A citation of a text with what it means; `work` and `version` where the lawbook has them."""

    text: str
    bound: Bound
    work: models.Work | None
    version: models.Version | None

    @property
    def citation(self) -> Citation:
        """Where it stands and what it says."""
        return self.bound.citation

    @property
    def reference(self) -> Reference | None:
        """The permanent name of the version that is meant."""
        if self.work is None or self.version is None:
            return None
        return Reference(self.work.short_title, self.version.force_on or self.version.passed_on)

    @property
    def url(self) -> str:
        """The permanent address of the place, or of the statute; empty where the lawbook has neither."""
        if self.reference is None:
            return ""
        place = _anchored(self.citation.provision).eid
        return reverse("lawbook:statute", args=[self.reference]) + (f"#{place}" if place else "")

    @property
    def article_url(self) -> str:
        """The page of the article itself; empty where there is none."""
        place = self.citation.provision
        if self.reference is None or not place.article or self.bound.standing is Standing.NO_ARTICLE:
            return ""
        return article_url(self.reference, place)


def article_url(reference: Reference, place: Provision) -> str:
    """The page of an article, down to the item; it opens without a script, and has a card."""
    eid = ArticleId(Number(place.article, place.branch))
    return f"{reverse('lawbook:article', args=[reference, eid])}#{_anchored(place).eid}"


def citations_of(text: str, *, on: date, title: str = "") -> list[Cited]:
    """Every citation in a text with what it means on a day, in the order of the text.

    `title` is that of the text itself where it is a statute or speaks of one; 本法 then means that one.
    """
    citations = find(text, names=_names(_newest_load()), is_own=True if title else None, about=title)
    own = name_key(title) if title else ""
    works = _works({each.title or own for each in citations} - {""})
    versions = _versions(works.values())
    words = _words(versions, citations)
    shelves = {
        key: [_on_shelf(work, one, words) for one in versions.get(work.pk, [])] for key, work in works.items()
    }
    bound = bind(citations, shelf=lambda asked: shelves.get(asked, ()), day=on, own=own)
    held = {str(one.pk): one for own_versions in versions.values() for one in own_versions}
    return [
        Cited(
            text[each.citation.start : each.citation.end],
            each,
            works.get(each.citation.title or own),
            held.get(each.version.key) if each.version else None,
        )
        for each in bound
    ]


def dead_citations(text: str, *, on: date, title: str = "") -> list[Cited]:
    """The citations of a text that the law doesn't bear out on a day: repealed, not yet in force, or no such place."""
    return [each for each in citations_of(text, on=on, title=title) if each.bound.is_dead]


def _newest_load() -> int:
    return models.Work.objects.aggregate(newest=Max("pk"))["newest"] or 0


@lru_cache(maxsize=2)
def _names(newest: int) -> NameBook:
    """The names of every work; made anew when a work has come in."""
    return NameBook(models.Work.objects.filter(pk__lte=newest).values_list("title", flat=True))


def _works(keys: Iterable[str]) -> dict[str, models.Work]:
    """The works that titles lead to, by the title as the text gives it."""
    by_key = {name_key(key): key for key in keys}
    rows = models.Work.objects.filter(Q(key__in=by_key) | Q(names__key__in=by_key)).prefetch_related("names")
    found: dict[str, models.Work] = {}
    for work in rows.order_by("pk").distinct():
        for key in {work.key, *(name.key for name in work.names.all())}:
            if key in by_key:
                found.setdefault(by_key[key], work)
    return found


def _versions(works: Iterable[models.Work]) -> dict[int, list[models.Version]]:
    found: dict[int, list[models.Version]] = {}
    for version in models.Version.objects.filter(work__in=list(works)).defer("preliminaries"):
        if version.in_force is not None and not version.in_force.isempty:
            found.setdefault(version.work_id, []).append(version)
    return found


Words = Mapping[tuple[int, Number], str]


def _words(versions: Mapping[int, Sequence[models.Version]], citations: Iterable[Citation]) -> Words:
    """The articles cited, in every version at hand."""
    numbers = {
        place.article
        for each in citations
        for place in (each.provision, each.until)
        if place and place.article
    }
    rows = models.Passage.objects.filter(
        version__in=[one.pk for own in versions.values() for one in own],
        kind=NodeKind.ARTICLE.value,
        annex=0,
        number__in=numbers,
    ).values_list("version_id", "number", "branch", "text")
    return {(version, Number(number or 0, branch)): text for version, number, branch, text in rows}


def _on_shelf(work: models.Work, version: models.Version, words: Words) -> Version:
    days = version.in_force
    return Version(
        title=work.short_title,
        since=days.lower if days else None,
        until=days.upper if days else None,
        words=partial(_article, words, version.pk),
        key=str(version.pk),
        is_original=not version.amended_on,
        is_ended=work.is_repealed and work.repealed_on is None,
    )


def _article(words: Words, version: int, number: Number) -> str | None:
    return words.get((version, number))


def _anchored(place: Provision) -> Provision:
    """A place as its anchor names it: an item always stands in a paragraph there."""
    return place._replace(paragraph=1) if place.item and not place.paragraph else place
