"""The amending instruments in the lawbook, applied by machine: what each changed, and the proof of every text."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from yiwang.facilities.lawbook.models import ArticleChange, Passage, Version, Work
from yiwang.facilities.lawbook.rules.constitution import PREAMBLE
from yiwang.facilities.lawbook.rules.kinds import Rank
from yiwang.facilities.lawbook.rules.numerals import Number, chinese
from yiwang.facilities.lawbook.rules.proof import Instrument, Proof, law_changed_by, prove
from yiwang.facilities.lawbook.rules.structure import NodeKind


@dataclass(frozen=True)
class Proved:
    """A text and the instruments that made it out of the one before, with what came of applying them."""

    work: Work
    official: Version
    before: Version | None
    instruments: tuple[Version, ...]
    proof: Proof


def proofs(*, of: Collection[str] | None = None) -> Iterator[Proved]:
    """Every text that amending instruments in the lawbook lead to, one after another; `of` works by their keys only."""
    acts: dict[str, list[Version]] = {}
    # Some sources rank an amendment of the Constitution with the Constitution.
    is_act = Q(work__rank=Rank.AMENDMENT.value) | Q(work__title__contains="修正案")
    rows = Version.objects.filter(is_act, passed_on__isnull=False)
    for act in rows.select_related("work").order_by("passed_on", "pk"):
        law = law_changed_by(act.work.title)
        if law and (of is None or law in of):
            acts.setdefault(law, []).append(act)
    for work in Work.objects.filter(key__in=acts).order_by("pk"):
        yield from _of(work, acts[work.key])


def _of(work: Work, acts: list[Version]) -> Iterator[Proved]:
    """Between two texts of a work the instruments passed in between; for the first text all up to it.

    A consolidated text may hold more than the last day above it says: nothing newer at hand, it's compared
    with all instruments.
    """
    versions = list(work.versions.filter(passed_on__isnull=False).order_by("passed_on", "pk"))
    before: Version | None = None
    for version in versions:
        is_newest = version is versions[-1]
        chosen = [
            act
            for act in acts
            if act.passed_on
            and (before is None or (before.passed_on and act.passed_on > before.passed_on))
            and (is_newest or (version.passed_on and act.passed_on <= version.passed_on))
        ]
        if chosen:
            yield Proved(work, version, before, tuple(chosen), _proof(work, version, before, chosen))
        before = version


def _proof(work: Work, official: Version, before: Version | None, acts: Iterable[Version]) -> Proof:
    instruments = [
        Instrument(act.work.title, _text(act), act.passed_on or date.min, str(act.pk)) for act in acts
    ]
    return prove(
        work.short_title,
        instruments,
        official=_articles(official),
        before=_articles(before) if before else None,
    )


def _articles(version: Version) -> dict[Number, str]:
    """The articles by their numbers; a preamble as the article 0."""
    found: dict[Number, str] = {}
    heading = ""
    for kind, number, branch, head, text in version.passages.filter(annex=0).values_list(
        "kind", "number", "branch", "heading", "text"
    ):
        if kind == NodeKind.ARTICLE:
            found[Number(number or 0, branch)] = text
        elif kind == NodeKind.TEXT and heading == "序言":
            found[PREAMBLE] = text
        else:
            heading = head
    return found


def _text(act: Version) -> str:
    """The words of an instrument, its clauses numbered as it numbers them."""
    return "\n".join(_words(passage) for passage in act.passages.order_by("place"))


def _words(passage: Passage) -> str:
    words = "\n".join(filter(None, (passage.heading, passage.text)))
    if passage.kind == NodeKind.CLAUSE and passage.number is not None:
        return f"{chinese(passage.number)}、{words}"
    if passage.kind == NodeKind.ARTICLE and passage.number is not None:
        return f"{Number(passage.number, passage.branch).label()} {words}"
    return words


Key = tuple[int, int, int, int, str]
"""Work, instrument, number and branch of the article, label of the instruction."""


@transaction.atomic
def record_changes(written: Iterable[int] | None = None) -> int:
    """Work out which instrument changed which article, and write what differs; how many entries were written.

    `written` are the versions that a load wrote: only the works to which they or their instructions belong are
    worked out. Without it all are. Doesn't ask who may.
    """
    of = None if written is None else _keys_of(written)
    found: dict[Key, list[str]] = {
        (
            proved.work.pk,
            int(change.instrument.key),
            change.number.number,
            change.number.branch,
            change.label,
        ): [effect.value for effect in change.effects]
        for proved in proofs(of=of)
        for change in proved.proof.changes
        if change.number != PREAMBLE
    }
    held = ArticleChange.objects.all() if of is None else ArticleChange.objects.filter(work__key__in=of)
    known: dict[Key, list[str]] = {}
    stale = []
    for one in held:
        key = (one.work_id, one.instrument_id, one.number, one.branch, one.label)
        if found.get(key) == one.effects:
            known[key] = one.effects
        else:
            stale.append(one.pk)
    ArticleChange.objects.filter(pk__in=stale).delete()
    fresh = [
        ArticleChange(
            work_id=work,
            instrument_id=instrument,
            number=number,
            branch=branch,
            label=label,
            effects=effects,
        )
        for (work, instrument, number, branch, label), effects in found.items()
        if (work, instrument, number, branch, label) not in known
    ]
    ArticleChange.objects.bulk_create(fresh, batch_size=1000)
    return len(fresh)


def _keys_of(written: Iterable[int]) -> set[str]:
    """The keys of the works whose texts, or the instruments that change them, are among these versions."""
    works = Work.objects.filter(versions__in=list(written)).values_list("key", "title")
    return {key for key, _ in works} | {law for _, title in works if (law := law_changed_by(title))}
