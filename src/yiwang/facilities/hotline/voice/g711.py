"""A-law and µ-law: the two ways in which telephones write sound down, and adding sounds up.

Voice passes through undecoded; only where three people speak, or an announcement lies under a talk, samples
are added, by a table made once.
"""

import math
from functools import cache

PCMU, PCMA = 0, 8
"""The payload types of µ-law and A-law (RFC 3551)."""
RATE = 8000
FRAME = 160
"""Samples, and bytes, of 20 ms."""
SILENCE = 0xD5
"""The A-law byte of no sound."""
QUIET_FRAME = bytes([SILENCE]) * FRAME


def _alaw_to_linear(value: int) -> int:
    """One A-law byte as a 16-bit sample (ITU-T G.711)."""
    value ^= 0x55
    sample = (value & 0x0F) << 4
    segment = (value & 0x70) >> 4
    sample += 8 if segment == 0 else 0x108
    if segment > 1:
        sample <<= segment - 1
    return sample if value & 0x80 else -sample


def _ulaw_to_linear(value: int) -> int:
    """One µ-law byte as a 16-bit sample (ITU-T G.711)."""
    value = ~value & 0xFF
    sample = (((value & 0x0F) << 3) + 0x84) << ((value & 0x70) >> 4)
    return 0x84 - sample if value & 0x80 else sample - 0x84


def _nearest(levels: list[int]) -> list[int]:
    """For each 16-bit sample the byte whose level is nearest, indexed by sample + 32768."""
    order = sorted(range(256), key=lambda byte: levels[byte])
    table: list[int] = []
    for low, high in zip(order, order[1:], strict=False):
        middle = (levels[low] + levels[high]) // 2
        table += [low] * (middle + 32768 + 1 - len(table))
    return table + [order[-1]] * (65536 - len(table))


ALAW = [_alaw_to_linear(byte) for byte in range(256)]
"""A-law byte → sample."""
ULAW = [_ulaw_to_linear(byte) for byte in range(256)]
"""µ-law byte → sample."""


@cache
def _encoders() -> tuple[list[int], list[int]]:
    return _nearest(ALAW), _nearest(ULAW)


@cache
def _across() -> tuple[bytes, bytes]:
    """The translations µ → A and A → µ."""
    alaw, ulaw = _encoders()
    return (
        bytes(alaw[ULAW[byte] + 32768] for byte in range(256)),
        bytes(ulaw[ALAW[byte] + 32768] for byte in range(256)),
    )


@cache
def _sums() -> bytes:
    """The A-law byte of the sum of two A-law bytes, at `first * 256 + second`; 64 KiB."""
    alaw, _ = _encoders()
    return bytes(alaw[max(-32768, min(32767, first + second)) + 32768] for first in ALAW for second in ALAW)


def prepare() -> None:
    """Make the tables now, so that no call waits for them."""
    _across()
    _sums()


def to_alaw(payload: bytes, *, payload_type: int) -> bytes:
    """A payload as it came in, as A-law."""
    return payload.translate(_across()[0]) if payload_type == PCMU else payload


def from_alaw(payload: bytes, *, payload_type: int) -> bytes:
    """An A-law payload as the other side wants it."""
    return payload.translate(_across()[1]) if payload_type == PCMU else payload


def added(first: bytes, second: bytes) -> bytes:
    """Two A-law payloads sounding together; the shorter one is followed by silence."""
    length = max(len(first), len(second))
    table, silence = _sums(), bytes([SILENCE])
    pairs = zip(first.ljust(length, silence), second.ljust(length, silence), strict=True)
    return bytes([table[one << 8 | other] for one, other in pairs])


def encoded(samples: list[float]) -> bytes:
    """Samples between -1 and 1 as A-law."""
    alaw, _ = _encoders()
    return bytes(alaw[max(-32768, min(32767, round(sample * 32767))) + 32768] for sample in samples)


def tone(hertz: float, *, seconds: float, loudness: float = 0.5) -> bytes:
    """A sine tone as A-law."""
    step = 2 * math.pi * hertz / RATE
    return encoded([loudness * math.sin(step * number) for number in range(round(seconds * RATE))])


def share_of(hertz: float, sound: bytes) -> float:
    """How much of a sound's power is one tone, between 0 and 1 (Goertzel); 0 for silence."""
    samples = [ALAW[byte] for byte in sound]
    power = sum(sample * sample for sample in samples)
    if power <= 64 * len(samples):
        return 0.0
    factor = 2 * math.cos(2 * math.pi * hertz / RATE)
    before, last = 0.0, 0.0
    for sample in samples:
        before, last = last, sample + factor * last - before
    strength = last * last + before * before - factor * last * before
    return min(1.0, 2 * strength / (len(samples) * power))
