"""What agents command in a call, through the database and the voice process, heard at all ends."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from benchmarks.ends import Agent as Browser
from benchmarks.ends import Exchange, Phone
from tests.facilities.hotline.voice.running import an_agent_at_once, looked_up, seated, until
from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions import command, listen_in, set_state
from yiwang.facilities.hotline.models import Agent, Call, CallEvent, Command
from yiwang.kernel.audit.models import Entry

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]

CALLER, AGENT, THIRD = 440.0, 1000.0, 1700.0
EXPERT = "13800000000"


class Ends:
    """The ends of one call, and the agent's hand."""

    def __init__(self, voice, agent) -> None:
        self.voice, self.agent = voice, agent
        self.phone, self.expert = Phone(hertz=CALLER), Phone(hertz=THIRD)
        self.exchange: Exchange = voice.exchange()
        self.browser: Browser

    async def begin(self) -> None:
        """Caller and agent are talking, and the announcement is over."""
        self.browser = await seated(self.voice, self.agent, hertz=AGENT)
        self.exchange.answers[EXPERT] = self.expert
        await self.exchange.open()
        await self.exchange.call(self.phone, caller="13900000000")
        await self.heard(self.phone, AGENT)
        await self.heard(self.browser, CALLER)

    async def give(self, given: port.Command) -> None:
        """The agent commands."""

        def write() -> None:
            command(Call.objects.get().pk, given, by=self.agent.account_id, at=self.voice.now())

        await looked_up(write)

    async def heard(self, end: Browser | Phone, hertz: float, *, share: float = 0.9) -> None:
        await until(lambda: end.ear.share_of(hertz, seconds=0.4) > share)

    async def unheard(self, end: Browser | Phone, hertz: float) -> None:
        async def is_unheard() -> bool:
            # Whoever hears nothing at all gets no packets.
            end.ear.sound.clear()
            await asyncio.sleep(0.3)
            return end.ear.share_of(hertz) < 0.01

        await until(is_unheard)

    async def end(self) -> None:
        """Everybody goes."""
        await self.browser.leave()
        await self.exchange.close()


def play(voice, agent, scene: Callable[[Ends], Awaitable[None]]) -> None:
    """Play a scene with a call that has begun."""

    async def whole() -> None:
        ends = Ends(voice, agent)
        await ends.begin()
        await scene(ends)
        await ends.end()

    asyncio.run(whole())


def kinds() -> list[str]:
    return list(CallEvent.objects.order_by("at").values_list("kind", flat=True))


def test_hold_and_resume(voice, centre) -> None:
    async def scene(ends: Ends) -> None:
        await ends.give(port.Hold())
        await ends.unheard(ends.phone, AGENT)
        await ends.unheard(ends.browser, CALLER)
        await until(state_is("held"))
        await ends.give(port.Resume())
        await ends.heard(ends.phone, AGENT)
        await ends.heard(ends.browser, CALLER)

    play(voice, an_agent_at_once(centre), scene)
    assert [kind for kind in kinds() if kind in ("held", "resumed")] == ["held", "resumed"]


def test_somebody_is_asked_brought_in_and_left_alone_with_the_caller(voice, centre) -> None:
    async def scene(ends: Ends) -> None:
        await ends.give(port.Consult(number=EXPERT))
        await ends.heard(ends.expert, AGENT)
        await ends.heard(ends.browser, THIRD)
        await ends.unheard(ends.phone, AGENT)
        await until(state_is("held"))
        await ends.give(port.ThreeWay())
        for end, others in (
            (ends.phone, (AGENT, THIRD)),
            (ends.browser, (CALLER, THIRD)),
            (ends.expert, (CALLER, AGENT)),
        ):
            for hertz in others:
                await ends.heard(end, hertz, share=0.4)
        await ends.give(port.Transfer(number=EXPERT))
        await ends.heard(ends.phone, THIRD)
        await ends.heard(ends.expert, CALLER)
        await until(lambda: ends.browser.ear.reception.received > 0)
        ends.exchange.hang_up(ends.phone)
        await until(lambda: ends.exchange.has_ended(ends.expert))

    play(voice, an_agent_at_once(centre), scene)
    order = ["held", "joined", "resumed", "transferred"]
    assert [kind for kind in kinds() if kind in order] == order


def test_whoever_was_asked_leaves_when_the_agent_goes_back_to_the_caller(voice, centre) -> None:
    async def scene(ends: Ends) -> None:
        await ends.give(port.Consult(number=EXPERT))
        await ends.heard(ends.browser, THIRD)
        await until(state_is("held"))
        await ends.give(port.Resume())
        await until(lambda: ends.exchange.has_ended(ends.expert))
        await ends.heard(ends.phone, AGENT)

    play(voice, an_agent_at_once(centre), scene)
    assert [kind for kind in kinds() if kind in ("joined", "parted")] == ["joined", "parted"]


def test_a_number_that_refuses_leaves_caller_and_agent_together(voice, centre) -> None:
    async def scene(ends: Ends) -> None:
        await ends.give(port.Consult(number="110"))
        await until(lambda: ends.exchange.asked == ["110"])
        await until(has_happened("resumed"))
        await ends.heard(ends.phone, AGENT)

    play(voice, an_agent_at_once(centre), scene)


def test_a_call_is_handed_to_another_agent(voice, centre) -> None:
    agent, other = an_agent_at_once(centre), an_agent_at_once(centre)

    async def scene(ends: Ends) -> None:
        await looked_up(lambda: set_state(other.pk, "ready", at=ends.voice.now()))
        second = await seated(ends.voice, other, hertz=THIRD)
        await ends.give(port.Transfer(agent_id=other.pk))
        await ends.heard(ends.phone, THIRD)
        await ends.heard(second, CALLER)
        await second.leave()

    play(voice, agent, scene)


def test_another_agent_is_asked_hears_both_and_takes_over(voice, centre) -> None:
    agent, other = an_agent_at_once(centre), an_agent_at_once(centre, has_auto_answer=False)

    async def scene(ends: Ends) -> None:
        second = await seated(ends.voice, other, hertz=THIRD)
        await ends.give(port.Consult(agent_id=other.pk))
        await until(lambda: agent_is(other, "ringing"))
        await ends.give(port.Answer(agent_id=other.pk))
        await ends.heard(second, AGENT)
        await ends.heard(ends.browser, THIRD)
        await ends.unheard(ends.phone, AGENT)
        await ends.give(port.ThreeWay())
        for end, others in ((ends.phone, (AGENT, THIRD)), (second, (CALLER, AGENT))):
            for hertz in others:
                await ends.heard(end, hertz, share=0.4)
        await ends.give(port.Transfer(agent_id=other.pk))
        await ends.heard(ends.phone, THIRD)
        await ends.heard(second, CALLER)
        await until(lambda: agent_is(agent, "wrap_up"))
        await second.leave()

    play(voice, agent, scene)
    assert Call.objects.get().agent_id == other.pk


def test_a_supervisor_listens_whispers_and_speaks_with_both(voice, centre) -> None:
    agent, head = an_agent_at_once(centre), an_agent_at_once(centre)
    set_state(head.pk, "paused", at=head.since_at)

    async def scene(ends: Ends) -> None:
        async def listen(mode: str) -> None:
            def write() -> None:
                listen_in(
                    Call.objects.get().pk,
                    mode=mode,
                    purpose="quality",
                    agent_id=head.pk,
                    by=head.account_id,
                    at=ends.voice.now(),
                )

            await looked_up(write)

        third = await seated(ends.voice, head, hertz=THIRD)
        await listen("listen")
        for hertz in (CALLER, AGENT):
            await ends.heard(third, hertz, share=0.4)
        for end in (ends.phone, ends.browser):
            await ends.unheard(end, THIRD)
        await until(listening_is("listen"))
        await listen("whisper")
        await ends.heard(ends.browser, THIRD, share=0.4)
        await ends.unheard(ends.phone, THIRD)
        await listen("barge")
        await ends.heard(ends.phone, THIRD, share=0.4)
        await ends.give(port.Leave(agent_id=head.pk))
        await ends.heard(ends.phone, AGENT)
        await until(listening_is(""))
        await third.leave()

    play(voice, agent, scene)
    read = Entry.objects.filter(action="live_call.read").order_by("pk")
    assert [(entry.actor, entry.purpose, entry.details["mode"]) for entry in read] == [
        (head.account_id, "quality", mode) for mode in ("listen", "whisper", "barge")
    ]
    assert [kind for kind in kinds() if "listened" in kind] == ["listened"] * 3 + ["unlistened"]


def test_the_agent_hangs_up(voice, centre) -> None:
    async def scene(ends: Ends) -> None:
        await ends.give(port.HangUp())
        await until(lambda: ends.exchange.has_ended(ends.phone))
        await until(state_is("ended"))

    play(voice, an_agent_at_once(centre), scene)
    assert (Call.objects.get().cause, list(Command.objects.exclude(fault=""))) == ("agent", [])


def test_an_agent_without_automatic_answer_picks_up(voice, centre) -> None:
    agent = an_agent_at_once(centre, has_auto_answer=False)

    async def call() -> None:
        ends = Ends(voice, agent)
        ends.browser = await seated(voice, agent, hertz=AGENT)
        await ends.exchange.open()
        await ends.exchange.call(ends.phone, caller="13900000000")
        await until(has_happened("ringing"))
        await ends.give(port.Answer(agent_id=agent.pk))
        await ends.heard(ends.phone, AGENT)
        await ends.end()

    asyncio.run(call())


def test_callers_wait_in_their_order_until_an_agent_comes(voice, centre) -> None:
    agent = an_agent_at_once(centre)

    async def call() -> None:
        exchange, first, second = voice.exchange(), Phone(hertz=CALLER), Phone(hertz=THIRD)
        await exchange.open()
        await exchange.call(first, caller="13900000001")
        await exchange.call(second, caller="13900000002")
        await until(places_are([("13900000001", 1), ("13900000002", 2)]))
        browser = await seated(voice, agent, hertz=AGENT)
        await until(lambda: browser.ear.share_of(CALLER, seconds=0.4) > 0.9)
        await until(lambda: first.ear.share_of(AGENT, seconds=0.4) > 0.9)
        await until(places_are([("13900000001", None), ("13900000002", 1)]))
        await browser.leave()

        await exchange.close()

    asyncio.run(call())


def state_is(state: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return bool(await looked_up(lambda: Call.objects.get().state == state))

    return look


def listening_is(mode: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return bool(await looked_up(lambda: Call.objects.get().listening == mode))

    return look


async def agent_is(agent, state: str) -> bool:
    return bool(await looked_up(lambda: Agent.objects.get(pk=agent.pk).state == state))


def has_happened(kind: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return kind in await looked_up(kinds)

    return look


def places_are(places: list[tuple[str, int | None]]) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        found = await looked_up(lambda: list(Call.objects.order_by("pk").values_list("number", "position")))
        return bool(found == places)

    return look
