"""Calls at an Asterisk: what it tells becomes events of the port, and commands of the port become requests.

Everything runs one after another in one task, so that a call is never in two minds. What Asterisk refuses in the
course of cleaning up is passed over: the channel is gone already.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import structlog

from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.ari.calls import (
    AGENT,
    CALLER,
    LISTENER,
    OTHER,
    SNOOP,
    AriCall,
    Impossible,
    Leg,
    Told,
    key_of_recording,
    reason_of,
    recording_name,
)
from yiwang.facilities.hotline.ari.listening import Listening
from yiwang.facilities.hotline.ari.rest import AriRefused, Requests
from yiwang.facilities.hotline.ari.settings import AriSettings, endpoint_of

log = structlog.get_logger(__name__)

RINGS_FOR = "60"
"""Seconds after which Asterisk lets go of a phone by itself; the house is quicker."""


class AriDriver:
    """The calls of one Asterisk."""

    name = "ari"

    def __init__(
        self,
        settings: AriSettings,
        *,
        asterisk: Requests,
        house: Told,
        extension: Callable[[int], str],
        keep: Callable[[str, bytes], Path],
    ) -> None:
        self._settings, self._asterisk, self._house = settings, asterisk, house
        self._extension, self._keep = extension, keep
        self._listening = Listening(self, house, app=settings.app, dial=self._dial)
        self.calls: dict[str, AriCall] = {}
        self._legs: dict[str, tuple[AriCall, Leg]] = {}

    # --- what Asterisk tells ------------------------------------------------------------------------------

    async def happened(self, event: Mapping[str, Any]) -> None:
        """Take in one event; what isn't about our calls, keys pressed among it, is passed over."""
        channel = event.get("channel") or {}
        match event.get("type"):
            case "StasisStart":
                await self._started(channel, list(event.get("args") or ()))
            case "ChannelStateChange" if channel.get("state") == "Ringing":
                self._rings(str(channel.get("id")))
            case "ChannelHangupRequest" | "StasisEnd" | "ChannelDestroyed":
                await self._gone(str(channel.get("id")), int(event.get("cause") or 0))
            case "RecordingFinished":
                await self._recorded(event.get("recording") or {})

    async def _started(self, channel: Mapping[str, Any], args: list[str]) -> None:
        name = str(channel["id"])
        if name in self._legs:
            call, leg = self._legs[name]
            leg.is_up = True
            await self._picked_up(call, leg)
        elif args[:1] == ["leg"]:
            # A phone of a call that is over, or of an earlier life of ours.
            await self.quietly("DELETE", "channels", name)
        else:
            leg = Leg(name, CALLER, is_up=True)
            self._add(AriCall(name, leg), leg)
            self._house.offered(
                name,
                caller=str((channel.get("caller") or {}).get("number") or ""),
                called=args[0] if args else str((channel.get("dialplan") or {}).get("exten") or ""),
            )

    def _rings(self, name: str) -> None:
        call, leg = self._legs.get(name, (None, None))
        if call is None or leg is None:
            return
        if leg is call.agent and not leg.is_up and not call.is_outbound:
            self._house.ringing(call.key, agent_id=leg.agent_id)

    async def _picked_up(self, call: AriCall, leg: Leg) -> None:
        if leg.kind in (LISTENER, SNOOP):
            await self._listening.picked_up(call, leg)
            return
        if call.is_outbound and leg is call.agent:
            await self.quietly("POST", "channels", leg.channel, "ring")
            call.caller = Leg("", CALLER, number=call.wanted)
            try:
                await self._dial(call, call.caller)
            except AriRefused as error:
                log.warning("asterisk can't call a number", reason=str(error))
                await self._end(call, cause="failed")
            return
        if leg.is_to_take_over:
            await self._take_over(call, leg)
            return
        if leg is call.other:
            await self._into(call, leg)
            self._house.joined(call.key, number=leg.number, agent_id=leg.agent_id or None)
            return
        await self._connect(call)

    async def _connect(self, call: AriCall) -> None:
        """Put caller and agent together, and record them where callers are told so."""
        assert call.agent is not None
        await self._answer(call)
        await self.quietly("DELETE", "channels", call.caller.channel, "moh")
        for leg in (call.caller, call.agent):
            await self._into(call, leg)
        if self._settings.announcement:
            await self.ask(
                "POST", "bridges", call.bridge, "record", name=recording_name(call.key), format="wav",
                ifExists="overwrite",
            )  # fmt: skip
        self._house.answered(call.key, agent_id=call.agent.agent_id)

    async def _take_over(self, call: AriCall, leg: Leg) -> None:
        await self._listening.end(call)
        giver, call.other = call.agent, None
        leg.is_to_take_over = False
        call.agent = leg
        if giver is not None:
            await self.drop(giver)
        await self._into(call, leg)
        await self._hear_again(call)
        if leg.agent_id:
            self._house.transferred(call.key, agent_id=leg.agent_id)
            self._house.answered(call.key, agent_id=leg.agent_id)
        else:
            self._house.transferred(call.key, number=leg.number)

    async def _gone(self, name: str, cause: int) -> None:
        call, leg = self._legs.pop(name, (None, None))
        if call is None or leg is None:
            return
        if leg.kind in (LISTENER, SNOOP):
            await self._listening.end(call)
        elif leg is call.other:
            call.other = None
            self._parted(call, leg, reason="" if leg.is_up else reason_of(cause))
            if call.is_held:
                await self._hear_again(call)
                self._house.resumed(call.key)
        elif leg is call.agent and not leg.is_up and not call.is_outbound:
            call.agent = None
            self._house.returned(call.key, agent_id=leg.agent_id, reason=reason_of(cause))
            await self.quietly("POST", "channels", call.caller.channel, "moh")
        else:
            ended_by = "caller" if leg is call.caller else "agent"
            await self._end(call, cause=ended_by if leg.is_up else reason_of(cause))

    async def _recorded(self, recording: Mapping[str, Any]) -> None:
        name = str(recording.get("name") or "")
        key = key_of_recording(name)
        if not key:
            return
        sound = await self._asterisk.file("recordings", "stored", name, "file")
        self._house.recorded(key, self._keep(key, sound), seconds=float(recording.get("duration") or 0))
        await self.quietly("DELETE", "recordings", "stored", name)

    # --- what the house commands --------------------------------------------------------------------------

    async def obey(self, given: port.Given) -> None:
        """Do one command. Raises `Impossible` or `AriRefused` with the reason."""
        command = given.command
        if isinstance(command, port.Originate):
            await self._originate(command)
            return
        call = self.calls.get(given.key)
        if call is None:
            # Should the house not know yet, it knows from now on.
            self._house.ended(given.key, cause="lost")
            raise Impossible("the call is over")
        match command:
            case port.Ring(agent_id=agent_id):
                await self._ring(call, agent_id)
            case port.StopRinging(agent_id=agent_id):
                await self._take_from(call, agent_id)
            case port.Queue(position=position):
                await self._answer(call)
                await self.ask("POST", "channels", call.caller.channel, "moh")
                self._house.queued(call.key, position=position)
            case port.Answer():
                raise Impossible("the call is picked up at the telephone")
            case port.Refuse(cause=cause):
                await self.quietly("DELETE", "channels", call.caller.channel, reason="busy")
                await self._end(call, cause=cause)
            case port.HangUp():
                await self._end(call, cause="agent")
            case _:
                await self._lead(call, command)

    async def _lead(self, call: AriCall, command: port.Command) -> None:
        """What needs an agent in the call."""
        if call.agent is None or not call.agent.is_up or not call.bridge:
            raise Impossible("nobody has taken the call")
        match command:
            case port.Hold():
                await self._hold(call)
            case port.Resume():
                await self._drop_other(call)
                await self._hear_again(call)
                self._house.resumed(call.key)
            case port.Consult(agent_id=int(agent_id)):
                await self._ask_somebody(call, Leg("", OTHER, agent_id=agent_id))
            case port.Consult(number=number):
                await self._ask_somebody(call, Leg("", OTHER, number=number))
            case port.ThreeWay():
                if call.other is None or not call.other.is_up:
                    raise Impossible("nobody was asked")
                await self._hear_again(call)
                self._house.resumed(call.key)
            case port.Listen(agent_id=agent_id, mode=mode):
                await self._listening.begin(call, agent_id, mode=mode)
            case port.Leave(agent_id=agent_id):
                await self._leave(call, agent_id)
            case port.Transfer(agent_id=int(agent_id)):
                if call.other is not None and call.other.is_up and call.other.agent_id == agent_id:
                    await self._take_over(call, call.other)
                    return
                await self._drop_other(call)
                await self._ask_somebody(call, Leg("", OTHER, agent_id=agent_id, is_to_take_over=True))
            case port.Transfer(number=number):
                if call.other is not None and call.other.is_up and call.other.number == number:
                    await self._take_over(call, call.other)
                    return
                await self._drop_other(call)
                await self._ask_somebody(call, Leg("", OTHER, number=number, is_to_take_over=True))
            case _:
                raise Impossible("not known")

    async def _ring(self, call: AriCall, agent_id: int) -> None:
        if call.agent is not None:
            raise Impossible("the call has been taken")
        try:
            if self._settings.announcement:
                await self._answer(call)
            elif not call.is_answered:
                await self.quietly("POST", "channels", call.caller.channel, "ring")
            call.agent = await self._dial(call, Leg("", AGENT, agent_id=agent_id))
        except (AriRefused, Impossible):
            self._house.returned(call.key, agent_id=agent_id, reason="no_line")
            raise

    async def _take_from(self, call: AriCall, agent_id: int) -> None:
        leg = call.agent
        if leg is not None and leg.agent_id == agent_id:
            call.agent = None
            await self.drop(leg)
            await self.quietly("POST", "channels", call.caller.channel, "moh")

    async def _originate(self, command: port.Originate) -> None:
        call = AriCall(
            command.key, Leg("", CALLER), is_outbound=True, is_answered=True, wanted=command.number
        )
        self.calls[call.key] = call
        try:
            call.agent = await self._dial(call, Leg("", AGENT, agent_id=command.agent_id))
        except (AriRefused, Impossible):
            await self._end(call, cause="no_line")
            raise

    async def _hold(self, call: AriCall) -> None:
        if not call.is_held:
            await self.ask("POST", "bridges", call.bridge, "removeChannel", channel=call.caller.channel)
            await self.ask("POST", "channels", call.caller.channel, "moh")
            call.is_held = True
            self._house.held(call.key)

    async def _hear_again(self, call: AriCall) -> None:
        if call.is_held:
            await self.quietly("DELETE", "channels", call.caller.channel, "moh")
            await self._into(call, call.caller)
            call.is_held = False

    async def _ask_somebody(self, call: AriCall, leg: Leg) -> None:
        if call.other is not None:
            raise Impossible("somebody is being asked already")
        await self._hold(call)
        try:
            call.other = await self._dial(call, leg)
        except (AriRefused, Impossible):
            await self._hear_again(call)
            self._house.resumed(call.key)
            raise

    async def _drop_other(self, call: AriCall) -> None:
        other, call.other = call.other, None
        if other is not None:
            await self.drop(other)
            self._parted(call, other)

    def _parted(self, call: AriCall, leg: Leg, *, reason: str = "") -> None:
        """Whoever was asked is gone; of a number that never answered the house hadn't heard."""
        if leg.agent_id:
            self._house.parted(call.key, agent_id=leg.agent_id, reason=reason)
        elif leg.is_up:
            self._house.parted(call.key, number=leg.number)

    async def _leave(self, call: AriCall, agent_id: int) -> None:
        if call.listener is not None and call.listener.agent_id == agent_id:
            await self._listening.end(call)
        elif call.other is not None and call.other.agent_id == agent_id:
            await self._drop_other(call)
            if call.is_held:
                await self._hear_again(call)
                self._house.resumed(call.key)
        else:
            raise Impossible("not in this call")

    # --- channels and bridges -----------------------------------------------------------------------------

    async def _dial(self, call: AriCall, leg: Leg) -> Leg:
        """Call a phone or a number; the channel bears a name of ours, so that its events are ours at once."""
        number = self._extension(leg.agent_id) if leg.agent_id else leg.number
        if not number:
            raise Impossible("the agent has no extension")
        self.expect(call, leg)
        pattern = self._settings.phones if leg.agent_id else self._settings.outside
        try:
            await self.ask(
                "POST", "channels", endpoint=endpoint_of(number, pattern=pattern), app=self._settings.app,
                appArgs=f"leg,{leg.kind}", channelId=leg.channel, timeout=RINGS_FOR,
            )  # fmt: skip
        except AriRefused:
            self._legs.pop(leg.channel, None)
            raise
        return leg

    def expect(self, call: AriCall, leg: Leg) -> None:
        """Give a channel of a call its name, so that its events are ours."""
        call.counted += 1
        leg.channel = f"yiwang-{call.key}-{call.counted}"[-80:]
        self._legs[leg.channel] = (call, leg)

    async def _answer(self, call: AriCall) -> None:
        if not call.is_answered:
            await self.ask("POST", "channels", call.caller.channel, "answer")
            call.is_answered = True
            if self._settings.announcement:
                await self.ask(
                    "POST", "channels", call.caller.channel, "play", media=self._settings.announcement
                )

    async def _into(self, call: AriCall, leg: Leg) -> None:
        if not call.bridge:
            name = f"yiwang-{call.key}"[-80:]
            await self.ask("POST", "bridges", name, type="mixing")
            call.bridge = name
        await self.ask("POST", "bridges", call.bridge, "addChannel", channel=leg.channel)

    async def _end(self, call: AriCall, *, cause: str) -> None:
        """A call is over: nobody stays on the line, and the house knows."""
        if self.calls.pop(call.key, None) is None:
            return
        await self._listening.end(call)
        for leg in (call.caller, call.agent, call.other):
            if leg is not None and leg.channel in self._legs:
                await self.drop(leg)
        if call.bridge:
            await self.quietly("DELETE", "bridges", call.bridge)
        self._house.ended(call.key, cause=cause)

    async def drop(self, leg: Leg) -> None:
        """Hang a channel up."""
        self._legs.pop(leg.channel, None)
        await self.quietly("DELETE", "channels", leg.channel)

    def _add(self, call: AriCall, leg: Leg) -> None:
        self.calls[call.key] = call
        self._legs[leg.channel] = (call, leg)

    async def forget_all(self) -> None:
        """Asterisk is back after it was away: what it still holds of us is let go, the house has ended it."""
        self.calls.clear()
        self._legs.clear()
        ours = await self._asterisk.ask("GET", "applications", self._settings.app) or {}
        for name in ours.get("channel_ids") or ():
            await self.quietly("DELETE", "channels", str(name))
        for name in ours.get("bridge_ids") or ():
            await self.quietly("DELETE", "bridges", str(name))

    async def ask(self, method: str, *path: str, **values: str) -> Any:
        """Ask Asterisk for something. Raises `AriRefused`."""
        return await self._asterisk.ask(method, *path, **values)

    async def quietly(self, method: str, *path: str, **values: str) -> None:
        """Ask for something that may be done already."""
        try:
            await self._asterisk.ask(method, *path, **values)
        except AriRefused as error:
            log.info("asterisk had nothing to do", reason=str(error))
