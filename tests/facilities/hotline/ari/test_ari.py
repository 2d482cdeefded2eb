"""Whole calls at a scripted Asterisk: every request it gets, and what stands in the database afterwards."""

import asyncio
import io
import wave
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection

from tests.facilities.hotline.ari.asterisk import PATIENCE, Asterisk
from tests.facilities.hotline.centre import RESIDENT, a_centre, an_agent
from yiwang.facilities.hotline import actions, port
from yiwang.facilities.hotline.ari import process
from yiwang.facilities.hotline.ari.calls import recording_name
from yiwang.facilities.hotline.ari.process import AriLine
from yiwang.facilities.hotline.models import Agent, Call, CallBack, Command
from yiwang.facilities.hotline.queries import forget_lines
from yiwang.facilities.hotline.voice.house import PortHouse

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")
CALLER = {"id": "17", "caller": {"number": RESIDENT}, "dialplan": {"exten": "96519"}}
START = "GET /applications/yiwang"


def phone(count: int) -> str:
    return f"yiwang-17-{count}"


def dialled(endpoint: str, kind: str, count: int) -> str:
    return f"POST /channels endpoint={endpoint} app=yiwang appArgs=leg,{kind} channelId={phone(count)} timeout=60"


async def asked(work: Callable[[], T]) -> T:
    """Work with the database beside the loop, on a connection that ends with it."""

    def do() -> T:
        try:
            return work()
        finally:
            connection.close()

    return await asyncio.to_thread(do)


class Scene:
    """An Asterisk, the driver, and agents at extensions 8001 and 8002."""

    def __init__(self, asterisk: Asterisk, house: PortHouse, agents: list[Agent]) -> None:
        self.asterisk, self.house, self.agents = asterisk, house, agents

    def say(self, kind: str, channel: str, **more: object) -> None:
        self.asterisk.tell(kind, channel={"id": channel, "state": more.pop("state", "Up")}, **more)

    async def becomes(self, state: str) -> Call:
        """The call, once it is in a state."""

        def found() -> Call | None:
            return Call.objects.filter(driver="ari", state=state).first()

        async with asyncio.timeout(PATIENCE):
            while (call := await asked(found)) is None:
                await asyncio.sleep(0.01)
        return call

    async def listens(self, mode: str) -> None:
        """Somebody listens in, in that way; nobody, when it is empty."""
        async with asyncio.timeout(PATIENCE):
            while await asked(lambda: Call.objects.get(driver="ari").listening) != mode:
                await asyncio.sleep(0.01)

    async def command(self, given: port.Command) -> None:
        """An agent commands."""

        def give() -> None:
            call = Call.objects.get(driver="ari")
            actions.command(call.pk, given, by=self.agents[0].account_id, at=self.house._at())

        await asked(give)
        self.house.look()

    async def come(self) -> None:
        """The caller comes, and the first agent's phone rings."""
        self.asterisk.tell("StasisStart", channel=CALLER, args=[])
        await self.asterisk.until("POST /channels/17/ring", dialled("PJSIP/8001", "agent", 1))
        self.say("ChannelStateChange", phone(1), state="Ringing")
        await self.becomes("ringing")

    async def talk(self) -> None:
        """And is picked up."""
        await self.come()
        self.say("StasisStart", phone(1), args=["leg", "agent"])
        await self.asterisk.until(
            "POST /channels/17/answer",
            "DELETE /channels/17/moh",
            "POST /bridges/yiwang-17 type=mixing",
            "POST /bridges/yiwang-17/addChannel channel=17",
            f"POST /bridges/yiwang-17/addChannel channel={phone(1)}",
        )
        await self.becomes("talking")


def play(script: Callable[[Scene], Awaitable[None]], *, agents: int = 2, **settings: str) -> None:
    """Let a script run against the driver."""
    forget_lines()
    unit = a_centre()
    people = [an_agent(unit, has_line=False, extension=f"800{n + 1}") for n in range(agents)]

    async def run() -> None:
        asterisk = Asterisk()
        await asterisk.start()
        asterisk.endpoints = [
            {"technology": "PJSIP", "resource": f"800{n + 1}", "state": "online"} for n in range(agents)
        ]
        house = PortHouse(driver="ari")
        line = AriLine(asterisk.settings(**settings), house)
        house.look()
        while agents and not line._phones:
            await asyncio.sleep(0.01)
        running = asyncio.create_task(line.run())
        try:
            await asterisk.until(START)

            def up() -> int:
                return Agent.objects.filter(has_line=True).count()

            async with asyncio.timeout(PATIENCE):
                while await asked(up) < agents:
                    await asyncio.sleep(0.01)
            await script(Scene(asterisk, house, people))
        finally:
            running.cancel()
            await asyncio.wait([running])
            await asterisk.stop()
            await house.stop(patience=5)

    asyncio.run(run())


def kinds() -> list[str]:
    return list(Call.objects.get(driver="ari").events.order_by("at", "pk").values_list("kind", flat=True))


def test_an_answered_call_is_held_taken_up_and_ended_by_the_caller() -> None:
    async def script(scene: Scene) -> None:
        await scene.talk()
        await scene.command(port.Hold())
        await scene.asterisk.until(
            "POST /bridges/yiwang-17/removeChannel channel=17", "POST /channels/17/moh"
        )
        await scene.becomes("held")
        await scene.command(port.Resume())
        await scene.asterisk.until("DELETE /channels/17/moh", "POST /bridges/yiwang-17/addChannel channel=17")
        await scene.becomes("talking")
        scene.say("ChannelDtmfReceived", "17", digit="5")
        scene.say("ChannelHangupRequest", "17", cause=16)
        scene.say("StasisEnd", "17")
        await scene.asterisk.until(f"DELETE /channels/{phone(1)}", "DELETE /bridges/yiwang-17")
        assert (await scene.becomes("ended")).cause == "caller"

    play(script)
    assert kinds() == ["offered", "chosen", "ringing", "answered", "held", "resumed", "ended"]
    assert list(Command.objects.values_list("kind", "fault")) == [("ring", ""), ("hold", ""), ("resume", "")]
    assert CallBack.objects.count() == 0


def test_who_gives_up_in_the_queue_is_called_back() -> None:
    async def script(scene: Scene) -> None:
        scene.asterisk.tell("StasisStart", channel=CALLER, args=[])
        await scene.asterisk.until("POST /channels/17/answer", "POST /channels/17/moh")
        await scene.becomes("queued")
        scene.say("StasisEnd", "17")
        assert (await scene.becomes("ended")).is_missed

    play(script, agents=0)
    assert list(CallBack.objects.values_list("number", "reason")) == [(RESIDENT, "missed")]


def test_a_busy_phone_sends_the_caller_to_the_next_agent() -> None:
    async def script(scene: Scene) -> None:
        await scene.come()
        scene.say("ChannelDestroyed", phone(1), cause=17)
        await scene.asterisk.until(
            "POST /channels/17/moh", "POST /channels/17/ring", dialled("PJSIP/8002", "agent", 2)
        )

    play(script)
    assert kinds()[:4] == ["offered", "chosen", "ringing", "returned"]


def test_a_call_is_passed_on_to_another_agent() -> None:
    async def script(scene: Scene) -> None:
        await scene.talk()
        await scene.command(port.Transfer(agent_id=scene.agents[1].pk))
        await scene.asterisk.until(
            "POST /bridges/yiwang-17/removeChannel channel=17",
            "POST /channels/17/moh",
            dialled("PJSIP/8002", "other", 2),
        )
        scene.say("StasisStart", phone(2), args=["leg", "other"])
        await scene.asterisk.until(
            f"DELETE /channels/{phone(1)}",
            f"POST /bridges/yiwang-17/addChannel channel={phone(2)}",
            "DELETE /channels/17/moh",
            "POST /bridges/yiwang-17/addChannel channel=17",
        )
        scene.say("StasisEnd", phone(1))
        scene.say("StasisEnd", phone(2))
        await scene.asterisk.until("DELETE /channels/17", "DELETE /bridges/yiwang-17")
        assert (await scene.becomes("ended")).agent_id == scene.agents[1].pk

    play(script)
    assert "transferred" in kinds()


def test_somebody_is_asked_and_brought_in() -> None:
    async def script(scene: Scene) -> None:
        await scene.talk()
        await scene.command(port.Consult(number="120"))
        await scene.asterisk.until(
            "POST /bridges/yiwang-17/removeChannel channel=17",
            "POST /channels/17/moh",
            dialled("PJSIP/120@trunk", "other", 2),
        )
        scene.say("StasisStart", phone(2), args=["leg", "other"])
        await scene.asterisk.until(f"POST /bridges/yiwang-17/addChannel channel={phone(2)}")
        await scene.command(port.ThreeWay())
        await scene.asterisk.until("DELETE /channels/17/moh", "POST /bridges/yiwang-17/addChannel channel=17")
        await scene.becomes("talking")
        await scene.command(port.HangUp())
        await scene.asterisk.until(
            "DELETE /channels/17",
            f"DELETE /channels/{phone(1)}",
            f"DELETE /channels/{phone(2)}",
            "DELETE /bridges/yiwang-17",
        )
        await scene.becomes("ended")

    play(script)
    assert kinds()[4:] == ["held", "joined", "resumed", "ended"]


def test_another_agent_is_asked_at_the_telephone_and_takes_over() -> None:
    async def script(scene: Scene) -> None:
        await scene.talk()
        other = scene.agents[1].pk
        await scene.command(port.Consult(agent_id=other))
        await scene.asterisk.until(
            "POST /bridges/yiwang-17/removeChannel channel=17",
            "POST /channels/17/moh",
            dialled("PJSIP/8002", "other", 2),
        )
        scene.say("StasisStart", phone(2), args=["leg", "other"])
        await scene.asterisk.until(f"POST /bridges/yiwang-17/addChannel channel={phone(2)}")
        await scene.command(port.Transfer(agent_id=other))
        await scene.asterisk.until(
            f"DELETE /channels/{phone(1)}",
            f"POST /bridges/yiwang-17/addChannel channel={phone(2)}",
            "DELETE /channels/17/moh",
            "POST /bridges/yiwang-17/addChannel channel=17",
        )
        await scene.becomes("talking")

    play(script)
    assert kinds()[4:] == ["asked", "held", "joined", "transferred", "answered"]
    call = Call.objects.get()
    assert (call.agent_id, call.asked_id) == (Agent.objects.get(extension="8002").pk, None)


def test_an_agent_who_refuses_to_be_asked_is_free_again() -> None:
    async def script(scene: Scene) -> None:
        await scene.talk()
        await scene.command(port.Consult(agent_id=scene.agents[1].pk))
        await scene.asterisk.until(
            "POST /bridges/yiwang-17/removeChannel channel=17",
            "POST /channels/17/moh",
            dialled("PJSIP/8002", "other", 2),
        )
        scene.say("ChannelDestroyed", phone(2), cause=21)
        await scene.asterisk.until("DELETE /channels/17/moh", "POST /bridges/yiwang-17/addChannel channel=17")
        await scene.becomes("talking")

    play(script)
    assert (kinds()[4:], Agent.objects.get(extension="8002").state) == (
        ["asked", "held", "parted", "resumed"],
        "ready",
    )


def test_a_supervisor_snoops_whispers_and_goes() -> None:
    async def script(scene: Scene) -> None:
        await scene.talk()
        head = scene.agents[1]

        async def listen(mode: str) -> None:
            def give() -> None:
                actions.listen_in(
                    Call.objects.get().pk,
                    mode=mode,
                    purpose="quality",
                    agent_id=head.pk,
                    by=head.account_id,
                    at=scene.house._at(),
                )

            await asked(give)
            scene.house.look()

        def snooped(count: int, whisper: str) -> str:
            where = f"/channels/{phone(1)}/snoop/{phone(count)}"
            return f"POST {where} spy=both whisper={whisper} app=yiwang appArgs=leg,snoop"

        into_ear = "POST /bridges/yiwang-ear-17/addChannel channel="
        await listen("listen")
        await scene.asterisk.until(dialled("PJSIP/8002", "listener", 2))
        scene.say("StasisStart", phone(2), args=["leg", "listener"])
        await scene.asterisk.until(
            "POST /bridges/yiwang-ear-17 type=mixing", f"{into_ear}{phone(2)}", snooped(3, "none")
        )
        scene.say("StasisStart", phone(3), args=["leg", "snoop"])
        await scene.asterisk.until(f"{into_ear}{phone(3)}")
        await scene.listens("listen")
        await listen("whisper")
        await scene.asterisk.until(f"DELETE /channels/{phone(3)}", snooped(4, "out"))
        scene.say("StasisStart", phone(4), args=["leg", "snoop"])
        await scene.asterisk.until(f"{into_ear}{phone(4)}")
        await scene.listens("whisper")
        scene.say("StasisEnd", phone(2))
        await scene.asterisk.until(
            f"DELETE /channels/{phone(4)}", f"DELETE /channels/{phone(2)}", "DELETE /bridges/yiwang-ear-17"
        )
        await scene.listens("")

    play(script)
    assert kinds()[4:] == ["listened", "listened", "unlistened"]
    assert Agent.objects.get(extension="8002").state == "paused"


def test_what_is_recorded_is_announced_fetched_and_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "recordings_folder", lambda: tmp_path)
    told = io.BytesIO()
    with wave.open(told, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(16000))
    name = recording_name("17")

    async def script(scene: Scene) -> None:
        asterisk = scene.asterisk
        asterisk.sound = told.getvalue()
        asterisk.tell("StasisStart", channel=CALLER, args=[])
        await asterisk.until(
            "POST /channels/17/answer",
            "POST /channels/17/play media=sound:recorded",
            dialled("PJSIP/8001", "agent", 1),
        )
        scene.say("StasisStart", phone(1), args=["leg", "agent"])
        await asterisk.until(
            "DELETE /channels/17/moh",
            "POST /bridges/yiwang-17 type=mixing",
            "POST /bridges/yiwang-17/addChannel channel=17",
            f"POST /bridges/yiwang-17/addChannel channel={phone(1)}",
            f"POST /bridges/yiwang-17/record name={name} format=wav ifExists=overwrite",
        )
        scene.say("StasisEnd", phone(1))
        await asterisk.until("DELETE /channels/17", "DELETE /bridges/yiwang-17")
        asterisk.tell("RecordingFinished", recording={"name": name, "format": "wav", "duration": 1})
        await asterisk.until(f"GET /recordings/stored/{name}/file", f"DELETE /recordings/stored/{name}")

    play(script, YIWANG_ARI_ANNOUNCEMENT="sound:recorded")
    call = Call.objects.get()
    assert (len(call.recording_digest), call.recording_seconds, list(tmp_path.iterdir())) == (64, 1, [])


def test_a_lost_connection_loses_the_calls_and_the_next_one_starts_clean() -> None:
    async def script(scene: Scene) -> None:
        await scene.talk()
        scene.asterisk.held = {"channel_ids": ["17", phone(1)], "bridge_ids": ["yiwang-17"]}
        scene.asterisk.cut()
        await scene.becomes("ended")
        await scene.asterisk.until(
            START, "DELETE /channels/17", f"DELETE /channels/{phone(1)}", "DELETE /bridges/yiwang-17"
        )
        assert scene.asterisk.connections == 2

    play(script)
    assert list(CallBack.objects.values_list("number", "reason")) == [(RESIDENT, "lost")]
