"""Who hears whom in one call.

Up to three lines stand in a call: the caller, the agent, and somebody who was asked or brought in. Where one hears
one, packets pass through as they come. Where one hears several, their voices are added every 20 ms.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from yiwang.facilities.hotline.voice import rtp
from yiwang.facilities.hotline.voice.g711 import FRAME, PCMA, PCMU, QUIET_FRAME, added, from_alaw, to_alaw
from yiwang.facilities.hotline.voice.recorder import Recorder
from yiwang.facilities.hotline.voice.sounds import Player

_LONGEST_WAIT = 5 * FRAME
"""Samples that wait to be added before the oldest are left out."""


class Line(Protocol):
    """One end that can be spoken to: on the trunk, or in a browser."""

    outgoing: rtp.Outgoing
    reception: rtp.Reception
    on_packet: Callable[[rtp.Packet, float], None]

    def send(self, packet: bytes) -> None:
        """Send one packet that `outgoing` made."""


@dataclass(eq=False)
class Talker:
    """A line in a call: what is played to it and what of it waits to be added."""

    line: Line
    player: Player | None = None
    """Played instead of voices."""
    under: Player | None = None
    """Sounds beneath the voices until it is over."""
    inbox: bytearray = field(default_factory=bytearray)

    def take(self) -> bytes:
        """The next 20 ms of what waits to be added."""
        frame = bytes(self.inbox[:FRAME])
        del self.inbox[:FRAME]
        return frame or QUIET_FRAME

    def keep(self, sound: bytes) -> None:
        """Let sound wait; the oldest goes when it waits too long."""
        self.inbox += sound
        del self.inbox[: max(0, len(self.inbox) - _LONGEST_WAIT)]

    def play(self, sound: bytes, *, now: float) -> None:
        """Let the line hear a frame of our own."""
        outgoing = self.line.outgoing
        self.line.send(outgoing.made(from_alaw(sound, payload_type=outgoing.payload_type), now=now))

    def pass_on(self, packet: rtp.Packet, sound: bytes, *, now: float) -> None:
        """Let the line hear somebody else's packet."""
        if self.under is not None:
            sound = added(sound, self.under.frame()[: len(sound)])
            if self.under.is_over:
                self.under = None
        outgoing = self.line.outgoing
        payload = (
            packet.payload
            if packet.payload_type == outgoing.payload_type and sound is packet.payload
            else from_alaw(sound, payload_type=outgoing.payload_type)
        )
        self.line.send(outgoing.passed(packet, payload, now=now))


class Bridge:
    """One call's parties and the paths between them; every change of who is there or held lays them anew."""

    def __init__(self, caller: Line) -> None:
        self.caller = Talker(caller)
        self.agent: Talker | None = None
        self.third: Talker | None = None
        self.is_held = False
        """The caller hears music; agent and third, if any, hear each other."""
        self.recorder: Recorder | None = None
        self.music: Callable[[], Player] = Player
        self._sources: dict[Talker, list[Talker]] = {}
        self._listeners: dict[Talker, list[Talker]] = {}
        self._adds = False
        self.first_heard_at: float | None = None
        """When the agent's voice first went to the caller."""
        caller.on_packet = lambda packet, now: self._heard(self.caller, packet, now)
        self._lay()

    @property
    def parties(self) -> list[Talker]:
        """Everybody in the call."""
        return [party for party in (self.caller, self.agent, self.third) if party is not None]

    @property
    def ticks(self) -> bool:
        """Whether something has to be made every 20 ms."""
        return self._adds or any(party.player is not None for party in self.parties)

    def put_agent(self, line: Line | None) -> None:
        """Let an agent's line take the agent's place; without one the caller is alone, with music."""
        if self.agent is not None:
            _deafen(self.agent.line)
        self.agent = None
        if line is not None:
            agent = self.agent = Talker(line)
            line.on_packet = lambda packet, now: self._heard(agent, packet, now)
        self._lay()

    def put_third(self, line: Line | None) -> None:
        """Bring somebody else in, or let them go."""
        if self.third is not None:
            _deafen(self.third.line)
        self.third = None
        if line is not None:
            third = self.third = Talker(line)
            line.on_packet = lambda packet, now: self._heard(third, packet, now)
        self._lay()

    def hold(self, *, is_held: bool) -> None:
        """Give the caller music, or voices again."""
        self.is_held = is_held
        self._lay()

    def leave(self) -> None:
        """Let go of every line."""
        for party in self.parties:
            _deafen(party.line)

    def tick(self, now: float) -> None:
        """Make what has to be made every 20 ms."""
        frames: dict[Talker, bytes] = {}
        if self._adds:
            frames = {party: party.take() for party in self.parties}
        for party in self.parties:
            if party.player is not None:
                party.play(party.player.frame(), now=now)
                if party.player.is_over:
                    party.player = None
                    self._lay()
            elif self._adds and self._sources[party]:
                first, *others = (frames[source] for source in self._sources[party])
                for other in others:
                    first = added(first, other)
                party.play(first, now=now)

    def _lay(self) -> None:
        """Lay the paths."""
        caller, agent, third = self.caller, self.agent, self.third
        together = [party for party in (agent, third) if party is not None]
        self._sources = {party: [] for party in self.parties}
        if self.is_held or not together:
            caller.player = caller.player or self.music()
        else:
            caller.player = None
            self._sources[caller] = together
        for party in together:
            others = [other for other in together if other is not party]
            self._sources[party] = others if self.is_held else [*others, caller]
        self._adds = any(len(sources) > 1 for sources in self._sources.values())
        self._listeners = {
            party: [listener for listener, sources in self._sources.items() if party in sources]
            for party in self.parties
        }
        for party in self.parties:
            party.inbox.clear()

    def _heard(self, party: Talker, packet: rtp.Packet, now: float) -> None:
        if packet.payload_type not in (PCMA, PCMU) or not packet.payload:
            return
        sound = to_alaw(packet.payload, payload_type=packet.payload_type)
        if self.recorder is not None:
            if party is self.caller:
                self.recorder.left(sound, now=now)
            else:
                self.recorder.right(sound, now=now)
        if self._adds:
            party.keep(sound)
            return
        for listener in self._listeners.get(party, ()):
            if listener.player is None:
                listener.pass_on(packet, sound, now=now)
                if listener is self.caller and self.first_heard_at is None:
                    self.first_heard_at = now


def _deafen(line: Line) -> None:
    line.on_packet = lambda packet, now: None
