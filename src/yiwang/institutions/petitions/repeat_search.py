"""Finding the earlier petitions that a new one may repeat, among those that whoever asks may see.

Looks people up by the comparison columns of `Party`, compares the texts in Python, links nothing: that is a
person's decision (`take(…, "link_repeat")`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import F, IntegerField, Q, Value, When
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.institutions.petitions.repeats import (
    PERHAPS_SAME_MATTER,
    EarlierMatter,
    Likeness,
    NewMatter,
    Person,
    common_stretches,
    likeness,
    strongest_first,
)
from yiwang.institutions.petitions.rules import Signing
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.text import fold, mask_name
from yiwang.kernel.casework.enums import PartyRole
from yiwang.kernel.casework.models import Case, Party
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.casework.registry import case_type_of
from yiwang.kernel.orgs.queries import tree

INSTITUTION = "petitions"
MOST_CANDIDATES = 50
MOST_PARTIES = 200
MOST_SHOWN = 8

PRINCIPALS = (PartyRole.PETITIONER, PartyRole.REPRESENTATIVE)
FEWEST_FOR_PHONE = 5
"""Figures; shorter numbers are still being typed and would fit anybody."""


@dataclass(frozen=True)
class Candidate:
    """An earlier petition as it is shown beside the new one; names are masked unless they were typed."""

    likeness: Likeness
    case: Case
    state: str
    is_ended: bool
    holder: str
    names: tuple[str, ...]
    is_named: bool
    reasons: tuple[str, ...]

    @property
    def pk(self) -> int:
        """The case's id."""
        return self.case.pk

    @property
    def is_suggested(self) -> bool:
        """Whether the rule takes it for a repeat."""
        return self.likeness.is_suggested

    @property
    def words(self) -> str:
        """The reasons in one sentence, as the journal keeps them."""
        return _("; ").join(self.reasons)


def person(*, name: str = "", phone: str = "", identity_number: str = "", address: str = "") -> Person:
    """Somebody as typed, brought into the form of the comparison columns."""
    return Person(
        name=fold(name)[:80],
        phone="".join(c for c in phone if c.isdigit())[-11:],
        identity_number=fold(identity_number)[:30].upper(),
        address=fold(address),
    )


def accused_keys(*, unit_ids: Iterable[int | None] = (), names: Iterable[str] = ()) -> frozenset[str]:
    """Whoever is complained of, in the form in which two matters are compared."""
    units = {f"unit:{unit_id}" for unit_id in unit_ids if unit_id is not None}
    return frozenset(units | {f"name:{fold(name)}" for name in names if fold(name)})


def candidates(new: NewMatter, standing: Standing, *, before: Case | None = None) -> list[Likeness]:
    """Earlier petitions that share a person with the new one, the strongest first; three queries.

    Of very many the fifty that share most of a person are compared, newest first.
    """
    return [found.likeness for found in _found(new, standing, before=before)]


def shown(new: NewMatter, standing: Standing, *, before: Case | None = None) -> list[Candidate]:
    """The candidates worth a look, ready for a page; three queries."""
    return [_candidate(found, new) for found in _found(new, standing, before=before)[:MOST_SHOWN]]


def suggestions_for(case: Case, standing: Standing) -> list[Candidate]:
    """What a registered petition may repeat, for the office that registered it; nothing once it is linked.

    Only earlier ones of a like matter, and none that the registrar already looked at and left aside.
    """
    if case.institution != INSTITUTION or case.is_repeat:
        return []
    parties = list(Party.objects.filter(case=case))
    new = _as_new(case, parties)
    aside = {int(one) for one in case.facts.get("not_repeat_of", ())}
    return [
        one
        for one in shown(new, standing, before=case)
        if one.pk not in aside and one.likeness.share >= PERHAPS_SAME_MATTER
    ]


@dataclass(frozen=True)
class _Found:
    likeness: Likeness
    case: Case
    parties: Sequence[Party]


def _found(new: NewMatter, standing: Standing, *, before: Case | None) -> list[_Found]:
    ids = _ids_of_same_people(new, before=before)
    if not ids:
        return []
    cases = {
        case.pk: case for case in Case.objects.filter(visible(standing), pk__in=ids, institution=INSTITUTION)
    }
    parties: dict[int, list[Party]] = {}
    for party in Party.objects.filter(case_id__in=cases.keys()) if cases else ():
        parties.setdefault(party.case_id, []).append(party)
    likely = (likeness(new, _matter(case, parties.get(case.pk, []))) for case in cases.values())
    return [
        _Found(one, cases[one.matter.case_id], parties.get(one.matter.case_id, []))
        for one in strongest_first(one for one in likely if one is not None)
    ]


def _ids_of_same_people(new: NewMatter, *, before: Case | None) -> list[int]:
    people = (*new.people, *new.agents)
    identities = {p.identity_number for p in people if len(p.identity_number) >= 15}
    phones = {p.phone for p in people if len(p.phone) >= FEWEST_FOR_PHONE}
    names = {p.name for p in people if len(p.name) >= 2}
    who = Q()
    if identities:
        who |= Q(identity_number__in=identities)
    if phones:
        who |= Q(phone_key__in=phones)
    if names:
        who |= Q(name_key__in=names)
    rule = who & Q(role__in=(*PRINCIPALS, PartyRole.AGENT)) if who else None
    if new.is_unsigned and new.accused:
        accused = _accused_rule(new.accused)
        rule = accused if rule is None else rule | accused
    if rule is None:
        return []
    if before is not None:
        rule &= Q(case_id__lt=before.pk)
    addresses = {p.address for p in people if p.address}
    closest_first = (
        Q(identity_number__in=identities),
        Q(name_key__in=names, phone_key__in=phones),
        Q(name_key__in=names, address__in=addresses),
        Q(phone_key__in=phones),
    )
    rank = models.Case(
        *(When(how, then=Value(place)) for place, how in enumerate(closest_first)),
        default=Value(len(closest_first)),
        output_field=IntegerField(),
    )
    # Sorted by an expression: sorting by the bare column tempts PostgreSQL to walk all cases from the newest.
    rows = (
        Party.objects.filter(rule)
        .annotate(rank=rank)
        .order_by("rank", -(F("case_id") + 0))
        .values_list("case_id", "rank")[:MOST_PARTIES]
    )
    return list(dict.fromkeys(case_id for case_id, _rank in rows))[:MOST_CANDIDATES]


def _accused_rule(accused: frozenset[str]) -> Q:
    units = [int(key.removeprefix("unit:")) for key in accused if key.startswith("unit:")]
    names = [key.removeprefix("name:") for key in accused if key.startswith("name:")]
    who = Q()
    if units:
        who |= Q(unit_id__in=units)
    if names:
        who |= Q(name_key__in=names)
    return who & Q(role=PartyRole.ACCUSED)


def _person_of(party: Party) -> Person:
    return Person(party.name_key, party.phone_key, party.identity_number, fold(party.address))


def _people(parties: Sequence[Party], roles: Iterable[str]) -> tuple[Person, ...]:
    return tuple(_person_of(party) for party in parties if party.role in roles)


def _accused(parties: Sequence[Party]) -> frozenset[str]:
    accused = [party for party in parties if party.role == PartyRole.ACCUSED]
    return accused_keys(unit_ids=[p.unit_id for p in accused], names=[p.name for p in accused])


def _matter(case: Case, parties: Sequence[Party]) -> EarlierMatter:
    return EarlierMatter(
        case_id=case.pk,
        number=case.number,
        title=case.title,
        text=case.text,
        category=case.category,
        received_on=case.received_on,
        state=case.state,
        people=_people(parties, PRINCIPALS),
        agents=_people(parties, (PartyRole.AGENT,)),
        accused=_accused(parties),
    )


def _as_new(case: Case, parties: Sequence[Party]) -> NewMatter:
    return NewMatter(
        title=case.title,
        text=case.text,
        category=case.category,
        people=_people(parties, PRINCIPALS),
        agents=_people(parties, (PartyRole.AGENT,)),
        accused=_accused(parties),
    )


def _candidate(found: _Found, new: NewMatter) -> Candidate:
    one, case = found.likeness, found.case
    names = [party.name for party in found.parties if party.role != PartyRole.ACCUSED and party.name]
    typed = {person.name for person in (*new.people, *new.agents) if person.name}
    may_be_named = not case.is_confidential and case.facts.get("signing") != Signing.CONFIDENTIAL
    clear = [may_be_named and fold(name) in typed for name in names[:3]]
    definition = case_type_of(case.type_key, case.type_version).state(case.state)
    language = get_language() or "zh-hans"
    return Candidate(
        likeness=one,
        case=case,
        state=_(definition.label),
        is_ended=case.ended_at is not None,
        holder=tree().name(case.holder_unit_id, language=language),
        names=tuple(
            name if is_clear else mask_name(name) for name, is_clear in zip(names, clear, strict=False)
        ),
        is_named=any(clear),
        reasons=_reasons(one, new),
    )


def _reasons(one: Likeness, new: NewMatter) -> tuple[str, ...]:
    reasons = [_(one.person_reason)]
    if one.percent:
        stretches = common_stretches(new, one.matter)
        quoted = _(", ").join(_("“%(words)s”") % {"words": words} for words in stretches[:3])
        share = _("%(percent)s %% of the words in common") % {"percent": one.percent}
        reasons.append(_("%(share)s: %(quoted)s") % {"share": share, "quoted": quoted} if quoted else share)
    if one.has_same_category:
        reasons.append(_("same class"))
    return tuple(reasons)
