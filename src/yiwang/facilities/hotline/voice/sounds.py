"""What a caller hears while nobody speaks: announcements, the place in the queue, music.

The files are A-law without a head, 8000 bytes a second, made by scripts/prompts.py. An office that puts a file
of the same name into `voice/` below the data directory is heard with its own.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from yiwang.facilities.hotline.rules import SPOKEN_PLACES
from yiwang.facilities.hotline.voice.g711 import FRAME, QUIET_FRAME, SILENCE, tone
from yiwang.kernel.base.config import installation

PROMPTS = Path(__file__).resolve().parent / "prompts"
MUSIC = "music"
RECORDED = "recorded"
QUEUED = "queued"
LEFT_ALONE = "left-alone"
POSITION_EVERY = 30.0
"""Seconds between two announcements of the place in the queue."""


@cache
def sound(name: str) -> bytes:
    """One sound as A-law, the office's own where there is one."""
    for folder in (installation().data / "voice", PROMPTS):
        path = folder / f"{name}.alaw"
        if path.exists():
            return path.read_bytes()
    return QUIET_FRAME


def manifest() -> dict[str, dict[str, str]]:
    """Name → text and hash of every sound that comes with the house."""
    found: dict[str, dict[str, str]] = json.loads((PROMPTS / "manifest.json").read_text(encoding="utf-8"))
    return found


def place_in_queue(position: int) -> bytes:
    """“There are N before you”, as far as numbers are spoken."""
    return sound(f"ahead-{position - 1}" if 1 < position <= SPOKEN_PLACES else QUEUED)


@cache
def ringback() -> bytes:
    """The tone of a telephone that rings elsewhere: 450 Hz, one second in five (GB/T 3380)."""
    return tone(450, seconds=1, loudness=0.1) + bytes([SILENCE]) * 32000


@cache
def beep() -> bytes:
    """What an agent hears when a call is put through without being asked."""
    return tone(880, seconds=0.2, loudness=0.2)


@dataclass
class Player:
    """Frames of one sound after another, then of a last one for ever, or until it is used up."""

    queue: list[bytes] = field(default_factory=list)
    forever: bytes | None = None
    _at: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to play."""
        return not self.queue and self.forever is None

    def frame(self) -> bytes:
        """The next 20 ms."""
        if self.queue:
            current = self.queue[0]
            part = current[self._at : self._at + FRAME]
            self._at += FRAME
            if self._at >= len(current):
                self.queue.pop(0)
                self._at = 0
            return part if len(part) == FRAME else part.ljust(FRAME, bytes([SILENCE]))
        if not self.forever:
            return QUIET_FRAME
        part = self.forever[self._at : self._at + FRAME]
        self._at = (self._at + FRAME) % max(1, len(self.forever) - len(self.forever) % FRAME)
        return part if len(part) == FRAME else part.ljust(FRAME, bytes([SILENCE]))

    def say(self, spoken: bytes) -> None:
        """Speak before the music goes on."""
        if not self.queue:
            self._at = 0
        self.queue.append(spoken)


def prepare() -> None:
    """Read and make every sound now, so that no call waits for it."""
    ringback()
    beep()
    for name in manifest():
        sound(name)
