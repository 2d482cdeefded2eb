"""Recordings: a stereo WAV in A-law, the caller on the left and the agents on the right.

A recording grows on the disk while people talk, so that a process that is killed loses a second of it at the
most; what it left behind is stored at the next start.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from yiwang.facilities.hotline.voice.g711 import RATE, SILENCE, added

_WAV = struct.Struct("<4sI4s4sIHHIIHHH4sII4sI")
HEADER = _WAV.size
_A_LAW = 6
_WHOLE = RATE // 2
"""Samples of half a second, written at a time."""
_LATE = RATE * 3 // 10
"""Samples that a voice may come too late and still be put in its place."""
_LEAP = RATE // 10
"""Samples between a voice's place and the clock beyond which the clock is right."""


def header(samples: int) -> bytes:
    """The head of a stereo A-law WAV of so many samples a side."""
    size = 2 * samples
    return _WAV.pack(
        b"RIFF", HEADER - 8 + size, b"WAVE", b"fmt ", 18, _A_LAW, 2, RATE, 2 * RATE, 2, 8, 0,
        b"fact", 4, samples, b"data", size,
    )  # fmt: skip


def sides(data: bytes) -> tuple[bytes, bytes]:
    """The two voices of such a WAV, as A-law."""
    return data[HEADER::2], data[HEADER + 1 :: 2]


class Recorder:
    """One recording that is being made."""

    def __init__(self, path: Path, *, now: float) -> None:
        self.path = path
        self._file: BinaryIO = path.open("wb")
        self._file.write(header(0))
        self._begun = now
        self._written = 0
        self._sides = (bytearray(), bytearray())
        self._at = [0, 0]
        """Where each voice continues, in samples from the beginning."""

    @property
    def seconds(self) -> float:
        """How long what is written lasts."""
        return self._written / RATE

    def left(self, sound: bytes, *, now: float) -> None:
        """The caller is heard."""
        self._add(0, sound, now)

    def right(self, sound: bytes, *, now: float) -> None:
        """An agent, or somebody who was brought into the call, is heard."""
        self._add(1, sound, now)

    def finish(self, *, now: float) -> Path:
        """Write what is left, and the head; return where it lies."""
        self._write_until(round((now - self._begun) * RATE))
        self._file.flush()
        self._file.seek(0)
        self._file.write(header(self._written))
        self._file.close()
        return self.path

    def _add(self, side: int, sound: bytes, now: float) -> None:
        place = round((now - self._begun) * RATE)
        if abs(self._at[side] - place) > _LEAP:
            self._at[side] = place
        buffer = self._sides[side]
        start = self._at[side] - self._written
        if start < 0:
            return
        if len(buffer) < start:
            buffer.extend(bytes([SILENCE]) * (start - len(buffer)))
        there = bytes(buffer[start : start + len(sound)])
        buffer[start : start + len(sound)] = added(there, sound) if there.strip(bytes([SILENCE])) else sound
        self._at[side] += len(sound)
        if place - _LATE - self._written >= _WHOLE:
            self._write_until(place - _LATE)

    def _write_until(self, place: int) -> None:
        count = place - self._written
        if count <= 0:
            return
        both = bytearray(2 * count)
        for side, buffer in enumerate(self._sides):
            both[side::2] = bytes(buffer[:count]).ljust(count, bytes([SILENCE]))
            del buffer[:count]
        self._file.write(both)
        self._written = place


def left_behind(folder: Path) -> Iterator[tuple[str, Path, float]]:
    """Recordings of a process that was killed: the call's key, the file made whole, its seconds."""
    for path in sorted(folder.glob("*.wav")):
        samples = max(0, (path.stat().st_size - HEADER) // 2)
        if samples == 0:
            path.unlink()
            continue
        with path.open("r+b") as file:
            file.truncate(HEADER + 2 * samples)
            file.write(header(samples))
        yield key_of(path), path, samples / RATE


def path_for(folder: Path, key: str) -> Path:
    """Where the recording of a call grows; a call's key may bear any signs, a file's name may not."""
    return folder / f"{key.encode().hex()}.wav"


def key_of(path: Path) -> str:
    """The call's key in a recording's name."""
    return bytes.fromhex(path.stem).decode()
