"""RTP: reading packets, writing them anew for the other side, and counting what got lost.

Towards each side a leg is one stream with its own numbers (RFC 3550), whoever is heard on it. Packets that
pass through keep their distances, so that the far end sees loss and jitter as they were.
"""

import secrets
import struct
import time
from dataclasses import dataclass, field

from yiwang.facilities.hotline.voice.g711 import FRAME, RATE

_HEADER = struct.Struct("!BBHII")
_SENDER_REPORT = struct.Struct("!BBHIIIIII")
_SOURCE_NAME = struct.Struct("!BBHIBB")
_NTP_EPOCH = 2208988800


@dataclass(frozen=True, slots=True)
class Packet:
    """What is read of an RTP packet."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def is_rtcp(data: bytes) -> bool:
    """Whether a datagram on a shared port is RTCP (RFC 5761)."""
    return len(data) > 1 and 192 <= data[1] <= 223


def read(data: bytes) -> Packet | None:
    """Read an RTP packet; nothing if it isn't a sound one."""
    if len(data) < 12 or data[0] >> 6 != 2:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    start, end = 12 + 4 * (first & 0x0F), len(data)
    if first & 0x10:
        if end < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    if first & 0x20:
        end -= data[-1]
    if start > end:
        return None
    return Packet(second & 0x7F, sequence, timestamp, ssrc, data[start:end])


@dataclass(slots=True)
class Outgoing:
    """The one stream that we send on a leg, whatever sounds on it."""

    payload_type: int
    ssrc: int = field(default_factory=lambda: secrets.randbits(32))
    sent: int = 0
    octets: int = 0
    _next_sequence: int = field(default_factory=lambda: secrets.randbits(15))
    _next_timestamp: int = field(default_factory=lambda: secrets.randbits(31))
    _last_at: float = 0.0
    _source: object = None
    _sequence_offset: int = 0
    _timestamp_offset: int = 0

    def made(self, payload: bytes, *, now: float) -> bytes:
        """A packet of our own making, the next in time."""
        is_new = self._source is not None or not self.sent
        if is_new:
            self._leap(now)
            self._source = None
        return self._packet(self._next_sequence, self._next_timestamp, payload, is_first=is_new, now=now)

    def passed(self, packet: Packet, payload: bytes, *, now: float) -> bytes:
        """Somebody else's packet, renumbered; its distance to the one before stays."""
        source = packet.ssrc
        timestamp = (packet.timestamp + self._timestamp_offset) & 0xFFFFFFFF
        # A jump of seconds is a new stream in the old one's name; far ends don't like such gaps.
        leap = (timestamp - self._next_timestamp + 0x80000000 & 0xFFFFFFFF) - 0x80000000
        is_new = source != self._source or abs(leap) > 4 * RATE
        if is_new:
            self._leap(now)
            self._source = source
            self._sequence_offset = self._next_sequence - packet.sequence
            self._timestamp_offset = self._next_timestamp - packet.timestamp
            timestamp = self._next_timestamp
        sequence = (packet.sequence + self._sequence_offset) & 0xFFFF
        return self._packet(sequence, timestamp, payload, is_first=is_new, now=now)

    def _leap(self, now: float) -> None:
        """Let the time that passed since the last packet pass in the stream too."""
        if self.sent:
            gone = round((now - self._last_at) * RATE) - FRAME
            self._next_timestamp = (self._next_timestamp + max(0, gone)) & 0xFFFFFFFF

    def _packet(self, sequence: int, timestamp: int, payload: bytes, *, is_first: bool, now: float) -> bytes:
        second = self.payload_type | (0x80 if is_first else 0)
        ahead = (sequence - self._next_sequence) & 0xFFFF
        if ahead < 0x8000:
            self._next_sequence = (sequence + 1) & 0xFFFF
            self._next_timestamp = (timestamp + len(payload)) & 0xFFFFFFFF
        self._last_at = now
        self.sent += 1
        self.octets += len(payload)
        return _HEADER.pack(0x80, second, sequence, timestamp, self.ssrc) + payload

    def report(self, *, wall: float | None = None) -> bytes:
        """A sender report with our name (RFC 3550 6.4.1, 6.5), by which the far end sets its clock."""
        at = (time.time() if wall is None else wall) + _NTP_EPOCH
        whole = int(at)
        fraction = int((at - whole) * (1 << 32))
        report = _SENDER_REPORT.pack(
            0x80, 200, 6, self.ssrc, whole & 0xFFFFFFFF, fraction, self._next_timestamp, self.sent & 0xFFFFFFFF,
            self.octets & 0xFFFFFFFF,
        )  # fmt: skip
        return report + _SOURCE_NAME.pack(0x81, 202, 4, self.ssrc, 1, 6) + b"yiwang\0\0\0\0"


@dataclass(slots=True)
class Reception:
    """What came in on a leg: how much, how much is missing, how unsteadily (RFC 3550 A.3, A.8)."""

    received: int = 0
    jitter: float = 0.0
    """In samples."""
    last_at: float = 0.0
    _ssrc: int = -1
    _base: int = 0
    _highest: int = 0
    _earlier_expected: int = 0
    _transit: float = 0.0

    def add(self, packet: Packet, *, now: float) -> None:
        """Count one packet."""
        self.last_at = now
        self.received += 1
        transit = now * RATE - packet.timestamp
        if packet.ssrc != self._ssrc:
            self._earlier_expected = self.expected
            self._ssrc, self._base, self._highest = packet.ssrc, packet.sequence, packet.sequence
            self._transit = transit
            return
        ahead = (packet.sequence - self._highest) & 0xFFFF
        if ahead < 0x8000:
            self._highest += ahead
        difference = abs(transit - self._transit)
        self._transit = transit
        if difference < RATE:
            self.jitter += (difference - self.jitter) / 16

    @property
    def expected(self) -> int:
        """Packets that should have come."""
        if self._ssrc < 0:
            return 0
        return self._earlier_expected + self._highest - self._base + 1

    @property
    def lost(self) -> int:
        """Packets that didn't come."""
        return max(0, self.expected - self.received)
