"""Reading cases: what waits for somebody, what a unit holds, what somebody watches, who did what."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.remembering import Remembered
from yiwang.kernel.base.statements import count_of, is_any_of, rows_of
from yiwang.kernel.casework.lists import Listing, counted, rows_counted
from yiwang.kernel.casework.models import Case, CustodyRecord, JournalEntry, Watch
from yiwang.kernel.casework.policies import roles_for, visible
from yiwang.kernel.casework.registry import case_type_of, declared
from yiwang.kernel.casework.rules.casetype import CaseType, Position, Relation
from yiwang.kernel.orgs.queries import UnitTree, tree
from yiwang.kernel.people.models import Account
from yiwang.kernel.search.rules import Scope

NEWEST_LOOKED_AT = 5_000
"""Cases; suggestions look no further back or ahead."""


def procedures_met_by(standing: Standing, *, on: date) -> tuple[CaseType, ...]:
    """The procedures whose matters may come before somebody, those of their own house first.

    Whoever stands above a house meets its matters too, but isn't at home there.
    """
    posts = frozenset(post.unit_id for post in standing.posts)
    at_home, others = [], []
    for case_type in declared():
        within = _house(case_type.home, on=on) if case_type.home else None
        if within is not None and posts and posts <= within:
            at_home.append(case_type)
        elif within is None or standing.unit_ids & within:
            others.append(case_type)
    return (*at_home, *others)


_houses: dict[str, tuple[UnitTree, date, frozenset[int]]] = {}


def _house(function: str, *, on: date) -> frozenset[int]:
    """The units that do a certain work and everything below them; kept as long as the tree is the same."""
    units, kept = tree(), _houses.get(function)
    if kept is None or kept[0] is not units or kept[1] != on:
        tops = units.with_function(function, on=on)
        within: frozenset[int] = frozenset().union(*(units.subtree(top.pk) for top in tops))
        kept = _houses[function] = (units, on, within)
    return kept[2]


def own_units(standing: Standing, *, on: date) -> list[int]:
    """The units for which somebody works, and those whose matters these have taken over."""
    working = standing.working_unit_ids
    return sorted(working | tree().predecessors(working, on=on))


def waiting_for(standing: Standing, *, on: date) -> Listing:
    """What waits for somebody: their units hold it, and the step that moves it on is theirs to take."""
    posts = tuple((unit_id, roles_for(standing, unit_id)) for unit_id in own_units(standing, on=on))
    return _waiting_at(posts, tuple((each.key, each.version) for each in declared()))


@lru_cache(maxsize=1000)
def _waiting_at(
    posts: tuple[tuple[int, frozenset[str]], ...], types: tuple[tuple[str, str], ...], /
) -> Listing:
    sources = [
        Q(holder_unit_id=unit_id, ended_at=None) & _awaiting(unit_id, roles, types)
        for unit_id, roles in posts
    ]
    return Listing(tuple(sources), is_by_clock=True, key=("waiting", posts, types))


def held_by(unit_ids: Iterable[int], *, state: str | None = None) -> Listing:
    """What units hold, by clock: what isn't ended, or what is in one state, ended or not."""
    mine, still_open = tuple(unit_ids), Q() if state else Q(ended_at=None)
    sources = [Q(holder_unit_id=unit_id) & still_open for unit_id in mine]
    return Listing(tuple(sources), is_by_clock=True, key=("held", mine, bool(state)))


def given_out_by(unit_ids: Iterable[int]) -> Listing:
    """What units have handed on and will get back, by clock."""
    mine = list(unit_ids)
    handed_on = CustodyRecord.objects.filter(
        unit_id__in=mine, parent_node__isnull=False, until_at=None, is_holding=False
    )
    elsewhere = ~Q(holder_unit=F("root_unit"))
    first = [
        Q(root_unit_id=unit_id, ended_at=None) & elsewhere & ~Q(holder_unit_id__in=mine) for unit_id in mine
    ]
    later = Q(pk__in=handed_on.values("case_id"), ended_at=None) & ~Q(root_unit_id__in=mine)
    later &= ~Q(holder_unit_id__in=mine)
    return Listing((*first, later), is_by_clock=True, key=("given out", tuple(mine)))


def watched_by(account_id: int) -> Listing:
    """What somebody keeps an eye on, newest first."""
    watches = Watch.objects.filter(account_id=account_id)
    rule = Q(pk__in=watches.values("case_id"))
    return Listing((rule,), is_by_clock=False, key=("watched", account_id))


def everything(standing: Standing) -> Listing:
    """Every case that went through somebody's units, newest first."""
    return _went_through_any(standing.unit_ids)


@lru_cache(maxsize=1000)
def _went_through_any(unit_ids: frozenset[int], /) -> Listing:
    return Listing((_went_through(unit_ids),), is_by_clock=False, key=("everything", unit_ids))


def held_ever_by(unit_id: int, *, state: str | None) -> Listing:
    """What a unit holds, ended or not: in one state by clock, else newest first, as the indexes have it."""
    key = ("held ever", unit_id, bool(state))
    if state:
        return Listing((Q(holder_unit_id=unit_id),), is_by_clock=True, key=key)
    return Listing((Q(holder_unit_id=unit_id) & _went_through([unit_id]),), is_by_clock=False, key=key)


def _went_through(unit_ids: Iterable[int]) -> Q:
    """What `Case.unit_ids` says too, but in a form that is quick for a unit with few cases."""
    return Q(pk__in=CustodyRecord.objects.filter(unit_id__in=sorted(unit_ids)).values("case_id"))


def findable(standing: Standing) -> Scope:
    """What somebody may find by search: the rule of `policies.visible`, over the index."""
    if standing.is_system:
        return Scope.everything()
    if not standing.is_signed_in:
        return Scope.nothing()
    return Scope.of(
        units=standing.unit_ids,
        accounts=standing.account_ids,
        member_units=standing.member_unit_ids,
        restricted_units=standing.unit_ids,
    )


def number_waiting(standing: Standing, *, on: date, cap: int) -> tuple[int, bool]:
    """How many cases wait for somebody, counted to a cap, and whether there are more."""
    number = count_of(
        ("waiting", standing, on, cap),
        lambda: rows_counted(waiting_for(standing, on=on), standing, cap=cap),
    )
    return min(number, cap), number > cap


def arrived_since(standing: Standing, *, since: datetime, on: date) -> int:
    """How many of the cases that wait for somebody have moved since a moment; counted to 99."""
    listing = waiting_for(standing, on=on)
    moved = JournalEntry.objects.filter(at__gt=since).values("case_id")
    return counted(listing.narrow(Q(pk__in=moved), key=None), standing, cap=99)[0]


def names_of_accounts(account_ids: Iterable[int]) -> dict[int, str]:
    """The names of members of the staff; they are remembered for a few seconds."""
    wanted = set(account_ids)
    if not wanted:
        return {}
    known = _names.get("names", dict[int, str])
    missing = wanted - known.keys()
    if missing:
        known |= rows_of("names", _names_asked_for, ids=list(missing))
    return {account_id: known[account_id] for account_id in wanted if account_id in known}


_names: Remembered[str, dict[int, str]] = Remembered()


def _names_asked_for() -> QuerySet[Account, Any]:
    return Account.objects.filter(is_any_of("pk", "ids")).order_by().values_list("pk", "name")


def usual_handlers(case: Case, standing: Standing, *, node: int, limit: int = 3) -> list[int]:
    """The units to which matters of the same class were handed on from this place in the chain.

    Those of the same place of the county come first, then the most frequent. Looks at the newest cases
    only, so that it costs the same at any size.
    """
    like_this = Case.objects.filter(
        visible(standing),
        pk__range=(case.pk - NEWEST_LOOKED_AT, case.pk + NEWEST_LOOKED_AT),
        category=case.category,
        custody__parent_node=node,
    )
    near = (
        _most(like_this.filter(place_unit_id=case.place_unit_id), limit=limit) if case.place_unit_id else []
    )
    return list(dict.fromkeys([*near, *_most(like_this, limit=limit)]))[:limit]


def _most(cases: QuerySet[Case], *, limit: int) -> list[int]:
    counts = cases.values("custody__unit_id").annotate(number=Count("pk")).order_by("-number")[:limit]
    return [row["custody__unit_id"] for row in counts]


@cache
def _stations(key: str, version: str, roles: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The states in which a main step waits for these roles at the root, and below it."""
    found: dict[Position, set[str]] = {Position.ROOT: set(), Position.BELOW_ROOT: set()}
    for step in case_type_of(key, version).steps:
        if not step.is_main:
            continue
        for who in step.who:
            if not who.roles & roles or who.relation not in (Relation.HOLDER, Relation.ROOT):
                continue
            for position, states in found.items():
                is_there = step.position in (Position.ANYWHERE, position)
                if is_there and (who.relation is Relation.HOLDER or position is Position.ROOT):
                    states |= step.from_states
    return frozenset(found[Position.ROOT]), frozenset(found[Position.BELOW_ROOT])


def _awaiting(unit_id: int, roles: frozenset[str], types: tuple[tuple[str, str], ...]) -> Q:
    """The states in which a case that the unit holds waits for somebody with these roles there."""
    rule = Q(pk__in=[])
    for key, version in types:
        at_root, below = _stations(key, version, roles)
        everywhere = at_root & below
        here = Q(state__in=sorted(everywhere))
        if at_root - everywhere:
            here |= Q(state__in=sorted(at_root - everywhere), root_unit_id=unit_id)
        if below - everywhere:
            here |= Q(state__in=sorted(below - everywhere)) & ~Q(root_unit_id=unit_id)
        if len(types) > 1:
            here &= Q(type_key=key, type_version=version)
        rule |= here
    return rule
