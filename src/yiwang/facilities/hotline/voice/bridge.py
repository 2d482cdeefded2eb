"""Who hears whom in one call.

Up to three lines speak in a call: the caller, the agent, and somebody who was asked or brought in. A supervisor may
listen in. Where one hears one, packets pass through as they come. Where one hears several, their voices are added
every 20 ms, for that one alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from yiwang.facilities.hotline.enums import ListenMode
from yiwang.facilities.hotline.voice import rtp, sounds
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

    def beneath(self, sound: bytes) -> bytes:
        """A voice with the sounds that lie beneath it, while there are any."""
        if self.under is None:
            return sound
        sound = added(sound, self.under.frame()[: len(sound)])
        if self.under.is_over:
            self.under = None
        return sound

    def pass_on(self, packet: rtp.Packet, sound: bytes, *, now: float) -> None:
        """Let the line hear somebody else's packet."""
        sound = self.beneath(sound)
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
        self.listener: Talker | None = None
        """A supervisor who listens in."""
        self.listening = ListenMode.LISTEN
        self.is_held = False
        """The caller hears music; agent and third, if any, hear each other."""
        self.recorder: Recorder | None = None
        self.music: Callable[[], Player] = Player
        self._sources: dict[Talker, list[Talker]] = {}
        self._listeners: dict[Talker, list[Talker]] = {}
        self._mixed: set[Talker] = set()
        """Those who hear several, whose voices are added."""
        self._kept: set[Talker] = set()
        """Those whose voices wait to be added."""
        self.first_heard_at: float | None = None
        """When the agent's voice first went to the caller."""
        caller.on_packet = lambda packet, now: self._heard(self.caller, packet, now)
        self._lay()

    @property
    def parties(self) -> list[Talker]:
        """Everybody in the call."""
        every = (self.caller, self.agent, self.third, self.listener)
        return [party for party in every if party is not None]

    @property
    def ticks(self) -> bool:
        """Whether something has to be made every 20 ms."""
        return bool(self._mixed) or any(party.player is not None for party in self.parties)

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

    def put_listener(self, line: Line | None, *, mode: ListenMode = ListenMode.LISTEN) -> None:
        """Let a supervisor listen in, in one of three ways, or let them go; the agent hears a tone when one comes."""
        if self.listener is not None and self.listener.line is not line:
            _deafen(self.listener.line)
            self.listener = None
        self.listening = mode
        if line is not None and self.listener is None:
            listener = self.listener = Talker(line)
            line.on_packet = lambda packet, now: self._heard(listener, packet, now)
            if self.agent is not None:
                self.agent.under = Player([sounds.beep()])
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
        frames = {party: party.take() for party in self._kept}
        for party in self.parties:
            if party.player is not None:
                party.play(party.player.frame(), now=now)
                if party.player.is_over:
                    party.player = None
                    self._lay()
            elif party in self._mixed:
                first, *others = (frames[source] for source in self._sources[party])
                for other in others:
                    first = added(first, other)
                party.play(party.beneath(first), now=now)

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
        self._lay_for_listener(together)
        self._mixed = {party for party, sources in self._sources.items() if len(sources) > 1}
        self._kept = {source for party in self._mixed for source in self._sources[party]}
        self._listeners = {
            party: [listener for listener, sources in self._sources.items() if party in sources]
            for party in self.parties
        }
        for party in self.parties:
            party.inbox.clear()

    def _lay_for_listener(self, together: list[Talker]) -> None:
        """A supervisor hears what the agent says and hears; by whom they are heard, the mode says."""
        listener = self.listener
        if listener is None:
            return
        self._sources[listener] = together if self.is_held and together else [*together, self.caller]
        if self.listening == ListenMode.BARGE:
            heard_by = together if self.is_held or not together else [*together, self.caller]
        else:
            is_whisper = self.listening == ListenMode.WHISPER and self.agent is not None
            heard_by = [party for party in together if is_whisper and party is self.agent]
        for party in heard_by:
            self._sources[party] = [*self._sources[party], listener]

    def _heard(self, party: Talker, packet: rtp.Packet, now: float) -> None:
        if packet.payload_type not in (PCMA, PCMU) or not packet.payload:
            return
        sound = to_alaw(packet.payload, payload_type=packet.payload_type)
        if self.recorder is not None:
            if party is self.caller:
                self.recorder.left(sound, now=now)
            elif party is not self.listener or self.listening == ListenMode.BARGE:
                self.recorder.right(sound, now=now)
        if party in self._kept:
            party.keep(sound)
        for listener in self._listeners.get(party, ()):
            if listener.player is None and listener not in self._mixed:
                listener.pass_on(packet, sound, now=now)
                if listener is self.caller and self.first_heard_at is None:
                    self.first_heard_at = now


def _deafen(line: Line) -> None:
    line.on_packet = lambda packet, now: None
