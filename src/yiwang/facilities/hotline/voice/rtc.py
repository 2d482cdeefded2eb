"""The browser's half of a call: a small WebRTC peer for one line of G.711 (ADR 0006).

It answers a browser's offer; for tests and measurements it can also make one. Media goes straight from the
socket to whoever listens and back, without queues.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Sequence

import structlog
from aioice import Candidate, Connection
from aioice.ice import get_host_addresses
from pylibsrtp import Error as SrtpError
from pylibsrtp import Session

from yiwang.facilities.hotline.voice import rtp, webrtc_sdp
from yiwang.facilities.hotline.voice.dtls import Dtls, Refused, own_fingerprint
from yiwang.facilities.hotline.voice.webrtc_sdp import Description

log = structlog.get_logger(__name__)

PATIENCE = 15.0
"""Seconds that finding a path and agreeing on keys may take."""


LONGEST_PACKET = 1200
"""Bytes; 140 ms of G.711. Longer ones don't fit the path."""


class _Path(Connection):
    """ICE whose datagrams go to a function at once, on the addresses of our choice."""

    def __init__(self, *, is_controlling: bool, hear: Callable[[bytes], None]) -> None:
        super().__init__(ice_controlling=is_controlling)
        self._hear = hear

    async def gather(self, addresses: Sequence[str]) -> None:
        """Open a socket on each address."""
        self._local_candidates_start = True
        self._local_candidates += await self.get_component_candidates(component=1, addresses=list(addresses))
        self._local_candidates_end = True

    def data_received(self, data: bytes, component: int) -> None:
        """Called by the socket."""
        self._hear(data)

    def send_now(self, data: bytes) -> None:
        """Send without waiting; nothing is sent while there is no path."""
        pair = self._nominated.get(1)
        if pair is not None and not pair.protocol.transport.is_closing():
            pair.protocol.transport.sendto(data, pair.remote_addr)


class Peer:
    """One end of a WebRTC connection.

    `on_packet` hears each RTP packet, `on_up` is called once media may flow, `on_gone` once when the other end has
    said goodbye or its path is dead.
    """

    def __init__(self, *, addresses: Sequence[str] = (), is_offering: bool = False) -> None:
        self._addresses = addresses or get_host_addresses(use_ipv4=True, use_ipv6=True) or ["127.0.0.1"]
        self._path = _Path(is_controlling=is_offering, hear=self._datagram)
        self._is_offering = is_offering
        self._dtls: Dtls | None = None
        self._early: list[bytes] = []
        self._protecting: Session | None = None
        self._opening: Session | None = None
        self._work: asyncio.Task[None] | None = None
        self._is_closing = False
        self.outgoing = rtp.Outgoing(8, ssrc=secrets.randbits(32))
        self.reception = rtp.Reception()
        self.undecipherable = 0
        self.on_packet: Callable[[rtp.Packet, float], None] = lambda packet, now: None
        self.on_up: Callable[[], None] = lambda: None
        self.on_gone: Callable[[], None] = lambda: None
        self._now = asyncio.get_running_loop().time

    @property
    def is_up(self) -> bool:
        """Whether media may flow."""
        return self._protecting is not None and not self._is_closing

    async def answer(self, offer: str) -> str:
        """Answer an offer and begin to connect. Raises `Unacceptable`."""
        theirs = webrtc_sdp.read(offer)
        await self._path.gather(self._addresses)
        self.outgoing.payload_type = theirs.codecs[0]
        # The offering end said `actpass` or `passive`: we begin; only an `active` one begins itself.
        is_client = theirs.setup != "active"
        ours = self._own(setup="active" if is_client else "passive", codecs=theirs.codecs[:1], mid=theirs.mid)
        self._work = asyncio.create_task(self._connect(theirs, is_client=is_client))
        return webrtc_sdp.written(ours, ssrc=self.outgoing.ssrc)

    async def offer(self) -> str:
        """Make an offer, as a browser would."""
        await self._path.gather(self._addresses)
        return webrtc_sdp.written(self._own(setup="actpass", codecs=(8, 0)), ssrc=self.outgoing.ssrc)

    async def accept(self, answer: str) -> None:
        """Take the answer to our offer and connect. Raises `Unacceptable`, `Refused`, `ConnectionError`."""
        theirs = webrtc_sdp.read(answer)
        self.outgoing.payload_type = theirs.codecs[0]
        self._work = asyncio.create_task(self._connect(theirs, is_client=theirs.setup == "passive"))
        await asyncio.shield(self._work)

    def send(self, packet: bytes) -> None:
        """Send one RTP packet, made by `outgoing`."""
        if self._protecting is not None and len(packet) <= LONGEST_PACKET:
            self._path.send_now(self._protecting.protect(packet))

    def send_report(self) -> None:
        """Send a sender report."""
        if self._protecting is not None:
            self._path.send_now(self._protecting.protect_rtcp(self.outgoing.report()))

    async def close(self) -> None:
        """Say goodbye and free the sockets."""
        if self._is_closing:
            return
        self._is_closing = True
        if self._dtls is not None:
            self._dtls.close()
        if self._work is not None and self._work is not asyncio.current_task():
            self._work.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await self._work
        await self._path.close()

    def _own(self, *, setup: str, codecs: tuple[int, ...], mid: str = "0") -> Description:
        return Description(
            user=self._path.local_username,
            password=self._path.local_password,
            fingerprint=own_fingerprint(),
            setup=setup,
            codecs=codecs,
            mid=mid,
            candidates=tuple(candidate.to_sdp() for candidate in self._path.local_candidates),
        )

    async def _connect(self, theirs: Description, *, is_client: bool) -> None:
        self._path.remote_username = theirs.user
        self._path.remote_password = theirs.password
        for text in theirs.candidates:
            with contextlib.suppress(ValueError):
                candidate = Candidate.from_sdp(text)
                # Names of mDNS aren't looked up: such a browser's own checks show its address.
                if not candidate.host.endswith(".local") and candidate.transport.lower() == "udp":
                    await self._path.add_remote_candidate(candidate)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._path.connect()
                self._dtls = Dtls(
                    is_client=is_client, fingerprint=theirs.fingerprint, send=self._path.send_now
                )
                early, self._early = self._early, []
                for data in early:
                    self._dtls.hear(data)
                self._protecting, self._opening = await self._dtls.shake_hands()
        except (Refused, ConnectionError, TimeoutError) as error:
            log.warning("a browser couldn't be connected", reason=str(error) or "no path in time")
            self._gone()
            if self._is_offering:
                raise
            return
        self.on_up()

    def _datagram(self, data: bytes) -> None:
        first = data[0] if data else 0
        if 128 <= first <= 191:
            self._media(data)
        elif 20 <= first <= 63:
            if self._dtls is None:
                self._early.append(data)
                return
            self._dtls.hear(data)
            if self._dtls.is_closed:
                self._gone()

    def _media(self, data: bytes) -> None:
        if self._opening is None or rtp.is_rtcp(data):
            return
        try:
            packet = rtp.read(self._opening.unprotect(data))
        except SrtpError:
            self.undecipherable += 1
            return
        if packet is not None:
            now = self._now()
            self.reception.add(packet, now=now)
            self.on_packet(packet, now)

    def _gone(self) -> None:
        if not self._is_closing:
            self.on_gone()
            # The task is kept by `_work`, which `close` leaves alone when it is the one that runs.
            self._work = asyncio.ensure_future(self.close())
