"""Reading calls, agents, call-backs, articles and the figures of the wallboard."""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import ExtractHour
from django.utils import timezone

from yiwang.facilities.hotline.enums import LIVE_STATES, AgentState, CallState, Direction
from yiwang.facilities.hotline.models import (
    Agent,
    AgentSetting,
    Article,
    BlockedNumber,
    Call,
    CallBack,
    CallOutcome,
    Line,
)
from yiwang.facilities.hotline.policies import SERVICE_ROLES
from yiwang.facilities.hotline.rules import ANSWERED_WITHIN
from yiwang.kernel.base.remembering import Remembered
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.models import Account
from yiwang.kernel.people.queries import posts_that_count
from yiwang.kernel.search.queries import find
from yiwang.kernel.search.rules import QuestionTooLong, Scope

PAGE = 50
EARLIER = 5
ARTICLE = "hotline_article"
"""The kind under which articles stand in the search index."""


def agent_of(account_id: int | None) -> Agent | None:
    """The agent of an account, with its unit; nothing before its first day of service."""
    if account_id is None:
        return None
    return Agent.objects.select_related("unit").filter(account_id=account_id).first()


@dataclass(frozen=True)
class Seat:
    """Somebody who may take calls at a unit, and how; `agent` is missing until somebody says how."""

    account: Account
    unit: Unit
    agent: Agent | None


def seats_of(unit_ids: Collection[int], *, on: date) -> Sequence[Seat]:
    """Agents and heads of some units on a day, by name, with their settings; two queries."""
    posts = (
        posts_that_count(on=on)
        .filter(unit_id__in=unit_ids, role__in=SERVICE_ROLES, account__is_active=True)
        .select_related("account", "unit")
        .order_by("account__name", "account_id")
    )
    held = {post.account_id: post for post in posts}
    agents = {agent.account_id: agent for agent in Agent.objects.filter(account_id__in=held)}
    return [Seat(post.account, post.unit, agents.get(pk)) for pk, post in held.items()]


def settings_of(agent: Agent | None, *, limit: int = PAGE) -> Sequence[AgentSetting]:
    """How an agent was set up, the newest first, with who said so; one query."""
    if agent is None:
        return []
    return list(AgentSetting.objects.filter(agent=agent).select_related("by")[:limit])


_lines: Remembered[str, frozenset[int]] = Remembered()


def answering_units() -> frozenset[int]:
    """The units that answer a line; remembered for a few seconds."""
    return _lines.get("units", lambda: frozenset(Line.objects.values_list("unit_id", flat=True)))


def lines() -> Sequence[Line]:
    """Every line with its unit, by number; one query."""
    return list(Line.objects.select_related("unit"))


def forget_lines() -> None:
    """Read the lines anew at the next question; called by whoever changed one."""
    _lines.forget()


def has_lines(unit_ids: Iterable[int]) -> bool:
    """Whether any of the units answers a line."""
    return bool(answering_units() & frozenset(unit_ids))


def theirs(agent: Agent) -> Q:
    """Calls in which an agent is: its agent, somebody asked, or a supervisor who listens in."""
    return Q(agent=agent) | Q(asked=agent) | Q(listener=agent)


def call_at_hand(agent: Agent) -> Call | None:
    """The call an agent has on the line, or the one whose after-call work is not done; one query."""
    unfinished = Q(state=CallState.ENDED, wrapped_up_at__isnull=True, answered_at__isnull=False, agent=agent)
    live = Q(theirs(agent), state__in=LIVE_STATES)
    found = live | unfinished if agent.state == AgentState.WRAP_UP else live
    return (
        Call.objects.filter(found)
        .select_related("agent__account", "asked__account", "listener__account")
        .order_by(F("ended_at").desc(nulls_first=True), "-offered_at")
        .first()
    )


def ready_agents(unit_ids: Collection[int]) -> Sequence[Agent]:
    """The agents of some units who could take a call now, longest idle first; one query."""
    return list(
        Agent.objects.filter(unit_id__in=unit_ids, state=AgentState.READY, has_line=True)
        .select_related("account")
        .order_by("since_at", "pk")
    )


@dataclass(frozen=True)
class Waiting:
    """The queue of some units."""

    count: int
    since_at: datetime | None


def waiting_at(unit_ids: Collection[int]) -> Waiting:
    """How many callers wait, and since when the first of them; one query."""
    told = Call.objects.filter(
        unit_id__in=unit_ids,
        direction=Direction.INBOUND,
        state__in=(CallState.OFFERED, CallState.QUEUED, CallState.RINGING),
    ).aggregate(count=Count("pk"), since=Min("offered_at"))
    return Waiting(told["count"], told["since"])


def earlier_calls(call: Call, *, limit: int = EARLIER) -> Sequence[Call]:
    """The calls of the same number at the same unit before this one, newest first, each with what it became.

    Two queries, by the index on number and time.
    """
    if not call.number or call.unit_id is None:
        return []
    return list(
        Call.objects.filter(number=call.number, unit_id=call.unit_id, offered_at__lt=call.offered_at)
        .select_related("agent__account")
        .prefetch_related("outcomes")
        .order_by("-offered_at")[:limit]
    )


def other_recent_calls(call: Call, *, limit: int = 8) -> Sequence[Call]:
    """The calls of the last day at the unit to which this one may be joined: those that became something."""
    if call.unit_id is None:
        return []
    return list(
        Call.objects.filter(
            Exists(CallOutcome.objects.filter(call_id=OuterRef("pk"))),
            unit_id=call.unit_id,
            offered_at__gte=call.offered_at - timedelta(days=1),
            offered_at__lte=call.offered_at,
            merged_into__isnull=True,
        )
        .exclude(pk=call.pk)
        .prefetch_related("outcomes")
        .order_by("-offered_at")[:limit]
    )


@dataclass(frozen=True)
class CallPage:
    """A page of calls, newest first, with the keys of its neighbours."""

    rows: Sequence[Call]
    next_key: int | None


def calls_of(
    unit_ids: Collection[int],
    *,
    number: str = "",
    which: str = "",
    agent_id: int | None = None,
    before: int = 0,
) -> CallPage:
    """Calls of some units, newest first, 50 a page; two queries.

    `which`: `missed`, `recorded`, `live` or all. `before` is the key of the page before.
    """
    rows = Call.objects.filter(unit_id__in=unit_ids)
    if number:
        rows = rows.filter(number=number)
    if agent_id is not None:
        rows = rows.filter(agent_id=agent_id)
    match which:
        case "missed":
            rows = rows.filter(is_missed=True)
        case "recorded":
            rows = rows.exclude(recording_digest="")
        case "live":
            rows = rows.filter(state__in=LIVE_STATES)
    if before:
        at = Call.objects.filter(pk=before).values_list("offered_at", flat=True).first()
        if at is not None:
            rows = rows.filter(Q(offered_at__lt=at) | Q(offered_at=at, pk__lt=before))
    outcomes = Prefetch("outcomes", queryset=CallOutcome.objects.order_by("pk"))
    found = list(
        rows.select_related("agent__account")
        .prefetch_related(outcomes)
        .order_by("-offered_at", "-pk")[: PAGE + 1]
    )
    return CallPage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def open_call_backs(unit_ids: Collection[int]) -> QuerySet[CallBack]:
    """The call-backs that wait at some units, the most urgent first, with who has taken them on."""
    return (
        CallBack.objects.filter(unit_id__in=unit_ids, done_at__isnull=True)
        .select_related("taken_by")
        .order_by("due_at", "pk")
    )


def blocked_numbers(*, at: datetime) -> QuerySet[BlockedNumber]:
    """The numbers refused now, with who blocked them."""
    return (
        BlockedNumber.objects.filter(lifted_at__isnull=True, until_at__gt=at)
        .select_related("blocked_by")
        .order_by("-from_at")
    )


def articles(words: str = "", *, limit: int = PAGE) -> Sequence[Article]:
    """Articles that hold every word of a question, newest first; without one, all by section and title."""
    every = Article.objects.filter(withdrawn_at__isnull=True)
    if not words.strip():
        return list(every.order_by("section", "title")[:limit])
    try:
        hits = find(words, kind=ARTICLE, predicate=Scope.everything(), limit=limit)
    except QuestionTooLong:
        return []
    held = every.in_bulk([hit.object_id for hit in hits])
    return [held[hit.object_id] for hit in hits if hit.object_id in held]


_first_articles: Remembered[int, Sequence[Article]] = Remembered()


def first_articles(count: int) -> Sequence[Article]:
    """The articles that stand beside a call before anybody has asked; remembered for a few seconds."""
    return _first_articles.get(count, lambda: articles("", limit=count))


def forget_articles() -> None:
    """Read the first articles anew at the next question; called by whoever changed one."""
    _first_articles.forget()


@dataclass(frozen=True)
class DayFigures:
    """What a day has brought so far."""

    offered: int
    answered: int
    in_time: int
    abandoned: int

    @property
    def in_time_percent(self) -> float | None:
        """The share of the answered and abandoned calls that were answered in time."""
        over = self.answered + self.abandoned
        return None if over == 0 else 100 * self.in_time / over


@dataclass(frozen=True)
class Board:
    """The wallboard of some units at an instant."""

    waiting: Waiting
    agents: Sequence[Agent]
    day: DayFigures
    call_backs: int
    at: datetime

    @property
    def wait_seconds(self) -> int:
        """How long the first in the queue has waited."""
        since = self.waiting.since_at
        return 0 if since is None else max(0, round((self.at - since).total_seconds()))


_live_call = Subquery(
    Call.objects.filter(agent=OuterRef("pk"), state__in=(CallState.TALKING, CallState.HELD)).values("pk")[:1]
)
"""The call that an agent leads now."""


def board_of(unit_ids: Collection[int], *, at: datetime) -> Board:
    """Queue, agents, the day's figures and open call-backs; four queries."""
    begins = timezone.make_aware(datetime.combine(timezone.localdate(at), time.min))
    told = Call.objects.filter(
        unit_id__in=unit_ids, direction=Direction.INBOUND, is_blocked=False, offered_at__gte=begins
    ).aggregate(
        offered=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        in_time=Count("pk", filter=Q(answered_at__lte=F("offered_at") + ANSWERED_WITHIN)),
        abandoned=Count("pk", filter=Q(is_missed=True)),
    )
    return Board(
        waiting_at(unit_ids),
        list(
            Agent.objects.filter(unit_id__in=unit_ids)
            .exclude(state=AgentState.OFF)
            .select_related("account")
            .annotate(live_call=_live_call)
            .order_by("since_at", "pk")
        ),
        DayFigures(**told),
        open_call_backs(unit_ids).count(),
        at,
    )


def calls_by_hour(unit_ids: Collection[int], *, days: int, at: datetime) -> tuple[list[float], int]:
    """How many calls came in each hour of the day on average, and over how many days; one query.

    Those are the last so many days, or fewer when the first call came later.
    """
    begins = at - timedelta(days=days)
    rows = (
        Call.objects.filter(
            unit_id__in=unit_ids, direction=Direction.INBOUND, is_blocked=False, offered_at__gte=begins
        )
        .annotate(hour=ExtractHour("offered_at"))
        .values("hour")
        .annotate(count=Count("pk"), first=Min("offered_at"))
        .order_by("hour")
    )
    found = list(rows)
    counts = {row["hour"]: row["count"] for row in found}
    first = min((row["first"] for row in found), default=begins)
    measured = max(1, min(days, math.ceil((at - first) / timedelta(days=1))))
    return [counts.get(hour, 0) / measured for hour in range(24)], measured
