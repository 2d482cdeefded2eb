"""Lines and a house for tests of the floor: they remember what they were told, and nothing leaves the process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from yiwang.facilities.hotline.voice import rtp

SOUND = bytes(range(160))


class FakeLine:
    """A line on the trunk, or a browser when `is_up` matters."""

    def __init__(self, name: str = "line", *, caller: str = "139", called: str = "96519") -> None:
        self.name = name
        self.caller, self.called = caller, called
        self.outgoing = rtp.Outgoing(8)
        self.reception = rtp.Reception()
        self.on_packet: Callable[[rtp.Packet, float], None] = lambda packet, now: None
        self.on_ended: Callable[[str], None] = lambda cause: None
        self.on_up: Callable[[], None] = lambda: None
        self.on_gone: Callable[[], None] = lambda: None
        self.is_over = False
        self.is_up = True
        self.did: list[Any] = []
        self.got: list[rtp.Packet] = []
        self._sequence = 0

    def send(self, packet: bytes) -> None:
        found = rtp.read(packet)
        assert found is not None
        self.got.append(found)

    def send_report(self) -> None:
        self.did.append("report")

    def ring(self) -> None:
        self.did.append("ring")

    def answer(self) -> None:
        self.did.append("answer")

    def refuse(self, code: int) -> None:
        self.did.append(code)
        self.is_over = True

    def hang_up(self) -> None:
        self.did.append("hang up")
        self.is_over = True

    async def close(self) -> None:
        self.is_up = False

    def speak(self, sound: bytes = SOUND, *, now: float = 0.0, payload_type: int = 8) -> None:
        """This end says something."""
        self._sequence += 1
        packet = rtp.Packet(payload_type, self._sequence, self._sequence * 160, id(self) & 0xFFFF, sound)
        self.reception.add(packet, now=now)
        self.on_packet(packet, now)

    @property
    def heard(self) -> list[bytes]:
        """What this end was sent."""
        return [packet.payload for packet in self.got]


class FakeHouse:
    """A house that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.recordings: list[tuple[str, Path, float]] = []

    def recorded(self, key: str, path: Path, *, seconds: float) -> None:
        self.recordings.append((key, path, seconds))

    def __getattr__(self, name: str) -> Callable[..., None]:
        def tell(*arguments: Any, **named: Any) -> None:
            self.told.append((name, *arguments, *named.values()))

        return tell

    def take(self) -> list[tuple[Any, ...]]:
        """What was told since the last time."""
        told, self.told = self.told, []
        return told
