"""One process of the record day: its part of the calls or orders, told through the actions in simulated time.

All processes keep within a minute of one another. What one step brings about (an offer, a finished work) is heard
by the events of the product and becomes the next thing in this process's calendar.
"""

import heapq
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from queue import Empty
from random import Random
from typing import Any

from benchmarks.city import LINE, City

LAG = 60.0
"""Seconds of the simulated day by which a process may be ahead of the slowest."""
NEVER = float("inf")
LAST = 45 * 3600.0
"""When the last day's work must be done: in the evening of the following day."""


@dataclass(frozen=True)
class Day:
    """What is to happen: the whole plan, and what all processes share."""

    city: City
    midnight: datetime
    calls: Sequence[tuple[float, bool]]
    """When each call comes, in seconds of the day, and whether it becomes an order."""
    orders: Sequence[float]
    """When each order by the web comes."""
    staff: Sequence[int]
    """Agents on duty, by hour."""
    processes: int
    """Of orders; one more tells the calls."""
    now: Any
    """How far each process has come, the calls first."""
    busy: Any
    """Until when each team is busy."""
    inboxes: Sequence[Any]
    """To each process of orders: what callers ordered."""
    begins: float
    """From when on there is anything to do: half an hour before the first call."""
    deadline: float
    """When to stop, by the machine's monotonic clock, however far the day has come."""


@dataclass
class Told:
    """What a process did: how often each step, and how long they took."""

    steps: Counter[str] = field(default_factory=Counter)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    refused: Counter[str] = field(default_factory=Counter)
    waited: list[float] = field(default_factory=list)
    reached: float = NEVER
    """How far the process came, in seconds of the day, if it was stopped."""


class Shard:
    """A calendar of things to do in simulated time, and the clock that keeps it beside the others."""

    def __init__(self, day: Day, number: int) -> None:
        self.day, self.number, self.chance = day, number, Random(1000 + number)
        self.told = Told()
        self._calendar: list[tuple[float, int, Callable[[float], None]]] = []
        self._turn = 0

    def later(self, at: float, do: Callable[[float], None]) -> None:
        """Do something at a moment of the day, in seconds."""
        self._turn += 1
        heapq.heappush(self._calendar, (at, self._turn, do))

    def moment(self, at: float) -> datetime:
        """The moment as the actions take it."""
        return self.day.midnight + timedelta(seconds=at)

    def seconds(self, moment: datetime) -> float:
        """A moment in seconds of the day."""
        return (moment - self.day.midnight).total_seconds()

    def step(self, name: str, do: Callable[[], Any]) -> Any:
        """Do one step, counted and timed; what the house refuses by its rules is counted and gives nothing."""
        from yiwang.facilities.dispatch.faults import Refused
        from yiwang.kernel.casework.rules.progress import NotAllowedNow

        began = time.perf_counter()
        try:
            return do()
        except (Refused, NotAllowedNow) as refusal:
            self.told.refused[f"{name}: {type(refusal).__name__}"] += 1
            return None
        finally:
            self.told.steps[name] += 1
            self.told.seconds[name] += time.perf_counter() - began

    def live(self) -> Told:
        """Live through the day."""
        now, told_at = self.day.now, time.monotonic()
        while True:
            self.look()
            if self.number == 1 and time.monotonic() > told_at + 15:
                told_at = time.monotonic()
                hours = [round(each / 3600, 2) for each in now]
                print(f"hours of the day: {hours}", file=sys.stderr, flush=True)
            others = min((now[place] for place in range(len(now)) if place != self.number), default=NEVER)
            if time.monotonic() > self.day.deadline:
                self.told.reached = self.day.now[self.number]
                break
            if not self._calendar:
                if self.is_over():
                    break
                now[self.number] = max(now[self.number], others if others < NEVER else now[self.number])
                time.sleep(0.005)
                continue
            at = self._calendar[0][0]
            now[self.number] = at
            if at > others + LAG:
                time.sleep(0.002)
                continue
            _, _, do = heapq.heappop(self._calendar)
            do(at)
        now[self.number] = NEVER
        return self.told

    def look(self) -> None:
        """Take in what other processes sent."""

    def is_over(self) -> bool:
        """Whether nothing more can come."""
        return True


class Calls(Shard):
    """The hotline: one lane, as in the voice process. Talking takes 150 s on average, the work after it 60 s."""

    def __init__(self, day: Day) -> None:
        super().__init__(day, 0)
        self._account = dict(day.city.agents)
        self._live: dict[int, int] = {}
        for place, (at, _) in enumerate(day.calls):
            self.later(at, partial(self._come, place))
        for hour in range(int(day.begins // 3600), 25):
            self.later(hour * 3600.0, partial(self._shift, hour))
        from yiwang.facilities.hotline.models import Command

        self._seen = Command.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def _shift(self, hour: int, at: float) -> None:
        """So many agents are there as the hour needs; who has a call finishes it first."""
        from yiwang.facilities.hotline.actions import set_state
        from yiwang.facilities.hotline.models import Agent

        wanted = self.day.staff[hour % 24]
        states = dict(Agent.objects.filter(pk__in=self._account).values_list("pk", "state"))
        for place, (agent, _) in enumerate(self.day.city.agents):
            if place < wanted and states[agent] == "off":
                self.step("agent signs on", partial(set_state, agent, "ready", at=self.moment(at)))
            elif place >= wanted and states[agent] == "ready":
                self.step("agent signs off", partial(set_state, agent, "off", at=self.moment(at)))
        self._rings(at)

    def _key(self, place: int) -> tuple[str, str]:
        return "house", f"record-{place}"

    def _hear(self, name: str, kind: type, place: int, at: float, **data: Any) -> Any:
        from yiwang.facilities.hotline.actions import hear

        heard = self.step(name, lambda: hear(kind(*self._key(place), self.moment(at), **data)))
        if heard.ended_at is None and heard.answered_at is None:
            self._live[heard.pk] = place
        self._rings(at)
        return heard

    def _come(self, place: int, at: float) -> None:
        from yiwang.facilities.hotline import port

        number = f"139{self.chance.randrange(300_000):08}"
        call = self._hear(
            "call comes", port.CallOffered, place, at, direction="inbound", caller=number, called=LINE
        )
        self.later(at + self.chance.expovariate(1 / 90) + 20, partial(self._give_up, call.pk))

    def _rings(self, at: float) -> None:
        """Whoever the house chose picks up after three seconds."""
        from yiwang.facilities.hotline.models import Command

        rows = (
            Command.objects.filter(pk__gt=self._seen)
            .order_by("pk")
            .values_list("pk", "kind", "call_id", "data")
        )
        for pk, kind, call_id, data in list(rows):
            self._seen = pk
            if kind == "ring" and call_id in self._live:
                agent = data["agent_id"]
                self.later(at + 3, partial(self._answer, call_id, agent))

    def _give_up(self, call_id: int, at: float) -> None:
        """The caller's patience is at its end, if nobody has answered."""
        from yiwang.facilities.hotline import port

        place = self._live.get(call_id)
        if place is not None:
            del self._live[call_id]
            self._hear("call given up", port.CallEnded, place, at, cause="caller")
            self.later(at + self.chance.uniform(300, 5400), partial(self._call_back, call_id))

    def _answer(self, call_id: int, agent: int, at: float) -> None:
        from yiwang.facilities.hotline import port

        place = self._live.pop(call_id, None)
        if place is None:
            return
        self._hear("call answered", port.CallAnswered, place, at, agent_id=agent)
        self.told.waited.append(at - self.day.calls[place][0])
        talk = max(15.0, self.chance.gammavariate(3, 50))
        self.later(at + talk, partial(self._end, call_id, place, agent))

    def _end(self, call_id: int, place: int, agent: int, at: float) -> None:
        from yiwang.facilities.hotline import port
        from yiwang.facilities.hotline.actions import note_outcome

        self._hear("call ends", port.CallEnded, place, at, cause="caller")
        by = self._account[agent]
        if self.day.calls[place][1]:
            number = f"139{self.chance.randrange(300_000):08}"
            self.day.inboxes[place % self.day.processes].put((at, call_id, number, by))
        else:
            self.step(
                "answer noted",
                lambda: note_outcome(
                    call_id, outcome="answered", by=by, at=self.moment(at), words="已当场答复"
                ),
            )
        self.later(at + max(5.0, self.chance.gammavariate(3, 20)), partial(self._wrap_up, call_id, by))

    def _wrap_up(self, call_id: int, by: int, at: float) -> None:
        from yiwang.facilities.hotline.actions import wrap_up

        self.step("after-call work ends", lambda: wrap_up(call_id, by=by, at=self.moment(at)))
        self._rings(at)

    def _call_back(self, call_id: int, at: float) -> None:
        """An agent calls whoever wasn't answered, if they haven't called again."""
        from yiwang.facilities.hotline.actions import close_call_back
        from yiwang.facilities.hotline.models import CallBack

        for pk in CallBack.objects.filter(call_id=call_id, done_at=None).values_list("pk", flat=True):
            close = partial(close_call_back, pk, outcome="reached", by=None, at=self.moment(at))
            self.step("missed caller called back", close)

    def live(self) -> Told:
        """Live through the day; nobody orders anything afterwards."""
        told = super().live()
        for inbox in self.day.inboxes:
            inbox.put(None)
        return told


class Orders(Shard):
    """Orders from their registration to their end, and the teams that serve them."""

    def __init__(self, day: Day, number: int) -> None:
        super().__init__(day, number)
        self._pins: dict[int, str] = {}
        self._callers_done = False
        self._place = {team: place for place, team in enumerate(day.city.teams)}
        own = number - 1
        for at in day.orders[own :: day.processes]:
            self.later(at, partial(self._order, channel="web"))
        for place, team in enumerate(day.city.teams):
            if place % day.processes == own:
                self.later(
                    day.begins + self.chance.uniform(0, 1500),
                    partial(self._move, place, team),
                )
        if own == 0:
            self.later(day.begins + 60, self._sweep)
        self._hear_events()

    def _hear_events(self) -> None:
        from yiwang.facilities.dispatch.events import JobFinished, NobodyFound, OfferAccepted, OfferMade
        from yiwang.kernel.base.events import handles

        handles(OfferMade)(self._offered)
        handles(OfferAccepted)(self._accepted)
        handles(NobodyFound)(self._nobody)
        handles(JobFinished)(self._finished)

    def look(self) -> None:
        """Take in what callers ordered."""
        if self._callers_done:
            return
        try:
            while True:
                sent = self.day.inboxes[self.number - 1].get_nowait()
                if sent is None:
                    self._callers_done = True
                    return
                at, call_id, number, by = sent
                self.later(at, partial(self._order, channel="phone", call_id=call_id, number=number, by=by))
        except Empty:
            return

    def is_over(self) -> bool:
        """Whether no caller can order any more."""
        return self._callers_done

    def _is_serving(self) -> bool:
        """Whether anybody still waits for a team or has one."""
        from yiwang.facilities.dispatch.enums import LIVE
        from yiwang.facilities.dispatch.models import Job

        return (
            not self._callers_done
            or any(each < 86_400 for each in self.day.now[1:] if each != NEVER)
            or Job.objects.filter(state__in=sorted(LIVE)).exists()
        )

    # ------------------------------------------------------------------------------------------ the order

    def _order(
        self, at: float, *, channel: str, call_id: int | None = None, number: str = "", by: int | None = None
    ) -> None:
        from yiwang.facilities.hotline.actions import note_outcome
        from yiwang.institutions.community.actions import NewOrder, order
        from yiwang.kernel.access.queries import standing_of
        from yiwang.kernel.access.rules import NOBODY

        chance, city = self.chance, self.day.city
        place, x, y = chance.choice(city.places)
        begins, ends = self._window(at)
        number = number or f"139{chance.randrange(300_000):08}"
        new = NewOrder(
            version=chance.choice(city.versions), place_unit_id=place,
            x=x + chance.uniform(-4000, 4000), y=y + chance.uniform(-4000, 4000),
            address=f"{chance.randrange(1, 90)}号楼{chance.randrange(1, 5)}单元",
            window_from_at=self.moment(begins), window_until_at=self.moment(ends),
            name="居民", phone=number, channel=channel, call_id=call_id,
        )  # fmt: skip
        how = "" if chance.random() < 0.2 else "call" if by else "code"
        asking = standing_of(by) if by else NOBODY
        name = "order, verified at once" if how else "order, to be verified"
        ordered = self.step(name, lambda: order(new, by=asking, at=self.moment(at), how=how))
        case_id = ordered.case.pk
        self._pins[case_id] = ordered.pin
        if call_id is not None:
            noted = {"outcome": "order", "by": by, "subject_kind": "community_order", "subject_id": case_id}
            self.step("order noted at its call", lambda: note_outcome(call_id, at=self.moment(at), **noted))
        if how:
            self._attend(case_id, at)
        else:
            self.later(at + chance.uniform(300, 3600), partial(self._verify, case_id))
        if chance.random() < 0.015:
            self.later(at + chance.uniform(60, 5400), partial(self._cancel, case_id))

    def _window(self, at: float) -> tuple[float, float]:
        """Most want somebody within two hours, some later that day; in the evening the next morning."""
        hour = int(at // 3600) % 24
        if hour >= 20:
            begins = (at // 86_400 + 1) * 86_400 + 3600 * self.chance.choice((8, 9, 10))
        elif hour < 7:
            begins = at // 86_400 * 86_400 + 8 * 3600
        elif self.chance.random() < 0.75:
            begins = at // 3600 * 3600 + 3600
        else:
            begins = at // 3600 * 3600 + 3600 * self.chance.randint(3, 6)
        return begins, begins + 7200

    def _verify(self, case_id: int, at: float) -> None:
        from yiwang.institutions.community.actions import verify

        self.step("order verified later", lambda: verify(case_id, how="call", at=self.moment(at)))
        self._attend(case_id, at)

    def _cancel(self, case_id: int, at: float) -> None:
        from yiwang.kernel.access.rules import Standing
        from yiwang.kernel.casework.actions import take

        by = Standing.holder_of_receipt(case_id)
        self.step(
            "order cancelled",
            lambda: self._as(by, lambda: take(case_id, "cancel", by=by, at=self.moment(at))),
        )

    @staticmethod
    def _as(by: Any, do: Callable[[], Any]) -> Any:
        from yiwang.kernel.access.locks import acting_as

        with acting_as(by):
            return do()

    # -------------------------------------------------------------------------------------------- a team

    def _attend(self, case_id: int, at: float) -> None:
        """What the worker's `attend` does with work just asked for."""
        from yiwang.facilities.dispatch.actions import decide
        from yiwang.facilities.dispatch.models import Job
        from yiwang.facilities.dispatch.rules import terms

        job = Job.objects.filter(subject_kind="community_order", subject_id=case_id, state="waiting").first()
        if job is None or not terms.is_for_now(job.window_from_at, at=self.moment(at)):
            return
        if terms.is_crowded(self._waiting(at)):
            return
        self.step("team decided", lambda: decide(job.pk, at=self.moment(at)))

    def _waiting(self, at: float) -> int:
        """How much waits that begins soon; what waits for a later hour doesn't make it crowded."""
        from yiwang.facilities.dispatch.models import Job
        from yiwang.facilities.dispatch.rules import terms

        soon = Job.objects.filter(state="waiting", window_from_at__lte=self.moment(at) + terms.AHEAD)
        return soon.count()

    def _sweep(self, at: float) -> None:
        """What the worker does every minute."""
        from yiwang.facilities.dispatch.actions import expire, retry_stuck
        from yiwang.facilities.dispatch.tasks import attend_to_late_ones

        moment = self.moment(at)
        self.step("sweep: expire", lambda: expire(at=moment))
        self.step("sweep: late ones together", lambda: attend_to_late_ones(at=moment))
        self.step("sweep: stuck ones", lambda: retry_stuck(at=moment))
        if at < LAST and self._is_serving():
            self.later(at + 60, self._sweep)

    def _move(self, place: int, team: int, at: float) -> None:
        """A team on duty tells where it is, within every half hour; one in ten works on the following days."""
        from yiwang.facilities.dispatch.actions import report_position

        hour, day = at % 86_400 / 3600, int(at // 86_400)
        begins = 7 if place % 2 else 10
        if begins - 0.5 <= hour < begins + 12 and (day == 0 or place % 10 == 0) or place % 20 == 0:
            _, x, y = self.day.city.places[place % len(self.day.city.places)]
            where = {"x": x + self.chance.uniform(-4000, 4000), "y": y + self.chance.uniform(-4000, 4000)}
            self.step("team moves", lambda: report_position(team, at=self.moment(at), **where))
        if at < LAST and (day == 0 or self._is_serving()):
            self.later(at + self.chance.uniform(1500, 1750), partial(self._move, place, team))

    def _offered(self, event: Any) -> None:
        """A team answers: most take it on, some decline, some don't look."""
        at, until = self.seconds(event.at), self.seconds(event.answer_by_at)
        luck = self.chance.random()
        if luck < 0.05:
            self.later(until + 1, partial(self._expire, event.offer_id))
            return
        do = self._decline if luck < 0.15 else self._accept
        self.later(at + self.chance.uniform(10, (until - at) * 0.9), lambda at: do(event.offer_id, at))

    def _accept(self, offer_id: int, at: float) -> None:
        from yiwang.facilities.dispatch.actions import accept

        self.step("offer accepted", lambda: accept(offer_id, by=self._house(), at=self.moment(at)))

    def _decline(self, offer_id: int, at: float) -> None:
        from yiwang.facilities.dispatch.actions import decline

        self.step(
            "offer declined",
            lambda: decline(offer_id, reason="人手不够", by=self._house(), at=self.moment(at)),
        )

    def _expire(self, offer_id: int, at: float) -> None:
        from yiwang.facilities.dispatch.actions import expire_one

        self.step("offer runs out", lambda: expire_one(offer_id, at=self.moment(at)))

    def _nobody(self, event: Any) -> None:
        """A dispatcher looks after some minutes, and again until there is a team."""
        self.later(
            self.seconds(event.at) + self.chance.uniform(180, 600),
            partial(self._dispatch, event.job_id),
        )

    def _dispatch(self, job_id: int, at: float) -> None:
        from yiwang.facilities.dispatch.actions import decide

        found = self.step("dispatcher decides again", lambda: decide(job_id, at=self.moment(at)))
        if found is not None and found.chosen_team_id is None and at < LAST:
            self.later(at + 900, partial(self._dispatch, job_id))

    @staticmethod
    def _house() -> Any:
        from yiwang.kernel.access.rules import SYSTEM

        return SYSTEM

    # -------------------------------------------------------------------------------------------- the work

    def _accepted(self, event: Any) -> None:
        """The team comes when the window has begun and it is free."""
        from yiwang.facilities.dispatch.models import Job

        window = Job.objects.values_list("window_from_at", flat=True).get(pk=event.job_id)
        at, place = self.seconds(event.at), self._place[event.team_id]
        begins = max(self.seconds(window), at + self.chance.uniform(300, 900), self.day.busy[place] + 300)
        ends = begins + self.chance.uniform(600, 2100)
        self.day.busy[place] = ends
        self.later(begins, partial(self._start, event.job_id, event.subject_id, ends))

    def _start(self, job_id: int, case_id: int, ends: float, at: float) -> None:
        from yiwang.facilities.dispatch.actions import start

        pin = self._pins.get(case_id) or self._guessed(case_id)
        job = self.step(
            "work begun with the PIN",
            lambda: start(job_id, data={"pin": pin}, by=self._house(), at=self.moment(at)),
        )
        if job is not None:
            self.later(ends, partial(self._finish, job_id, case_id))

    def _guessed(self, case_id: int) -> str:
        """The PIN of an order that another process took in: with the house's secret it can be found."""
        from yiwang.institutions.community.actions import is_right_pin
        from yiwang.institutions.community.queries import order_of

        order = order_of(case_id)
        return next(pin for number in range(10_000) if is_right_pin(order, pin := f"{number:04}"))

    def _finish(self, job_id: int, case_id: int, at: float) -> None:
        from yiwang.facilities.dispatch.actions import finish
        from yiwang.institutions.community.models import Order

        price = Order.objects.values_list("price_fen", flat=True).get(pk=case_id)
        data = {"price_fen": price, "words": "已完成"}
        self.step("work finished", lambda: finish(job_id, data=data, by=self._house(), at=self.moment(at)))

    def _finished(self, event: Any) -> None:
        """Three of five answer the message, the others are called."""
        is_message = self.chance.random() < 0.6
        at = self.seconds(event.at) + self.chance.uniform(300, 7200)
        self.later(at, lambda at: self._ask(event.subject_id, at, is_message=is_message))

    def _ask(self, case_id: int, at: float, *, is_message: bool) -> None:
        from yiwang.kernel.access.queries import standing_of
        from yiwang.kernel.access.rules import Standing
        from yiwang.kernel.casework.actions import take

        luck = self.chance.random()
        outcome = "unsolved" if luck < 0.02 else "unreached" if luck < 0.06 and not is_message else "solved"
        data = {"way": "message" if is_message else "call", "outcome": outcome}
        if outcome == "solved":
            data |= {"grade_office": "5", "grade_unit": str(self.chance.choice((3, 4, 5, 5)))}
        agent = self.day.city.agents[case_id % len(self.day.city.agents)][1]
        by = Standing.holder_of_receipt(case_id) if is_message else standing_of(agent)
        self.step(
            "called back",
            lambda: self._as(by, lambda: take(case_id, "call_back", by=by, at=self.moment(at), data=data)),
        )
        if outcome == "unreached" and at < LAST:
            self.later(at + 3600, lambda at: self._ask(case_id, at, is_message=False))


def live(day: Day, number: int, results: Any) -> None:
    """The whole life of one process, with a connection of its own."""
    from yiwang.site import database

    database.set_up()
    from yiwang.kernel.access.locks import acting_as_system

    began = datetime.now(UTC)
    try:
        with acting_as_system():
            told = (Orders(day, number) if number else Calls(day)).live()
        fault = ""
    except Exception as trouble:
        day.now[number] = NEVER
        told, fault = Told(), f"{type(trouble).__name__}: {trouble}"
        import traceback

        traceback.print_exc()
    took = (datetime.now(UTC) - began).total_seconds()
    results.put((number, told, took, fault))
