"""A supervisor in a call at an Asterisk: a snoop channel on the agent's, bridged with the supervisor's telephone.

`spy=both` carries what the agent says and hears. `whisper=out` plays the supervisor to the agent; `both` to the other
side too, as if the agent were speaking.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from yiwang.facilities.hotline.ari.calls import LISTENER, SNOOP, AriCall, Impossible, Leg, Told
from yiwang.facilities.hotline.ari.rest import AriRefused
from yiwang.facilities.hotline.enums import ListenMode

WHISPERS = {ListenMode.LISTEN: "none", ListenMode.WHISPER: "out", ListenMode.BARGE: "both"}


class Channels(Protocol):
    """What is needed of the driver."""

    async def ask(self, method: str, *path: str, **values: str) -> Any:
        """Ask Asterisk for something. Raises `AriRefused`."""

    async def quietly(self, method: str, *path: str, **values: str) -> None:
        """Ask for something that may be done already."""

    async def drop(self, leg: Leg) -> None:
        """Hang a channel up."""

    def expect(self, call: AriCall, leg: Leg) -> None:
        """Give a channel of a call its name, so that its events are ours."""


class Listening:
    """Supervisors in the calls of one Asterisk."""

    def __init__(
        self, channels: Channels, house: Told, *, app: str, dial: Callable[[AriCall, Leg], Awaitable[Leg]]
    ) -> None:
        self._channels, self._house, self._app, self._dial = channels, house, app, dial

    async def begin(self, call: AriCall, agent_id: int, *, mode: str) -> None:
        """Let the supervisor's telephone ring; one who listens already changes the mode."""
        call.mode = mode
        if call.listener is not None:
            if call.listener.agent_id != agent_id:
                raise Impossible("somebody listens already")
            if call.listener.is_up:
                await self._snoop(call)
            return
        call.listener = await self._dial(call, Leg("", LISTENER, agent_id=agent_id))

    async def picked_up(self, call: AriCall, leg: Leg) -> None:
        """The supervisor's telephone, or the snoop channel, is there: both go into a bridge of their own."""
        if leg is call.listener:
            await self._channels.ask("POST", "bridges", ear_of(call), type="mixing")
            await self._channels.ask("POST", "bridges", ear_of(call), "addChannel", channel=leg.channel)
            await self._snoop(call)
        elif leg is call.snoop and call.listener is not None:
            await self._channels.ask("POST", "bridges", ear_of(call), "addChannel", channel=leg.channel)
            self._house.listened(call.key, agent_id=call.listener.agent_id, mode=call.mode)

    async def _snoop(self, call: AriCall) -> None:
        """Snoop on the agent's channel; the mode of a snoop channel can't be changed, so it is made anew."""
        old, call.snoop = call.snoop, None
        if old is not None:
            await self._channels.drop(old)
        if call.agent is None:
            raise Impossible("nobody has taken the call")
        snoop = Leg("", SNOOP)
        self._channels.expect(call, snoop)
        call.snoop = snoop
        try:
            await self._channels.ask(
                "POST", "channels", call.agent.channel, "snoop", snoop.channel, spy="both",
                whisper=WHISPERS[ListenMode(call.mode)], app=self._app, appArgs=f"leg,{SNOOP}",
            )  # fmt: skip
        except AriRefused:
            await self.end(call)
            raise

    async def end(self, call: AriCall) -> None:
        """The supervisor goes; the others hear no difference."""
        listener, snoop = call.listener, call.snoop
        call.listener = call.snoop = None
        for leg in (snoop, listener):
            if leg is not None:
                await self._channels.drop(leg)
        if listener is not None:
            if listener.is_up:
                await self._channels.quietly("DELETE", "bridges", ear_of(call))
            self._house.unlistened(call.key, agent_id=listener.agent_id)


def ear_of(call: AriCall) -> str:
    """The bridge in which a supervisor hears a call."""
    return f"yiwang-ear-{call.key}"[-80:]
