"""Both ends of calls, made by machine: callers on SIP and agents on WebRTC who speak a tone and listen.

Used to measure and by the tests of `yiwang voice`. Everything is on 127.0.0.1.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiosipua import IncomingCall, OutgoingCall, SipUAS, build_sdp, negotiate_sdp

from yiwang.facilities.hotline.voice import g711, rtp
from yiwang.facilities.hotline.voice.dialogs import MendedUac, RepeatingTransport, RouteKeepingDialog
from yiwang.facilities.hotline.voice.rtc import Peer

HOST = "127.0.0.1"
Address = tuple[str, int]


async def asked(port: int, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the voice process's door answers; raises `PermissionError` unless it is 200."""
    reader, writer = await asyncio.open_connection(HOST, port)
    content = json.dumps(body).encode() if body is not None else b""
    head = f"{method} {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nContent-Length: {len(content)}\r\n\r\n"
    writer.write(head.encode() + content)
    answer = await reader.read()
    writer.close()
    top, _, rest = answer.partition(b"\r\n\r\n")
    if b" 200 " not in top.split(b"\r\n")[0]:
        raise PermissionError(top.split(b"\r\n")[0].decode())
    found: dict[str, Any] = json.loads(rest)
    return found


@dataclass(eq=False)
class Ear:
    """What one end hears."""

    keeps: bool = True
    sound: bytearray = field(default_factory=bytearray)
    reception: rtp.Reception = field(default_factory=rtp.Reception)
    first_at: float | None = None

    def heard(self, packet: rtp.Packet, now: float) -> None:
        """Take a packet in."""
        if self.first_at is None:
            self.first_at = now
        if self.keeps:
            self.sound += g711.to_alaw(packet.payload, payload_type=packet.payload_type)

    def share_of(self, hertz: float, *, seconds: float = 1.0) -> float:
        """How much of the last seconds is one tone."""
        return g711.share_of(hertz, bytes(self.sound[-round(seconds * g711.RATE) :]))


async def _speak(send: Any, hertz: float) -> None:
    """Send a tone in packets of 20 ms for ever."""
    loop = asyncio.get_running_loop()
    sound = g711.tone(hertz, seconds=1)
    due, at = loop.time(), 0
    while True:
        send(sound[at : at + g711.FRAME], loop.time())
        at = (at + g711.FRAME) % len(sound)
        due += 0.02
        await asyncio.sleep(max(0.0, due - loop.time()))


class Agent:
    """An agent's browser."""

    def __init__(self, *, hertz: float, keeps: bool = True) -> None:
        self.peer = Peer(addresses=[HOST], is_offering=True)
        self.ear = Ear(keeps)
        self.ear.reception = self.peer.reception
        self.peer.on_packet = self.ear.heard
        self._hertz = hertz
        self._speaking: asyncio.Task[None] | None = None

    async def sit_down(self, ticket: str, *, port: int) -> None:
        """Connect, and begin to speak."""
        answer = await asked(port, "POST", "/voice/offer", {"ticket": ticket, "sdp": await self.peer.offer()})
        await self.peer.accept(answer["sdp"])
        outgoing = self.peer.outgoing
        self._speaking = asyncio.create_task(
            _speak(lambda sound, now: self.peer.send(outgoing.made(sound, now=now)), self._hertz)
        )

    def vanish(self) -> None:
        """Fall silent without a goodbye, as a killed tab does."""
        if self._speaking is not None:
            self._speaking.cancel()

    async def leave(self) -> None:
        """Say goodbye."""
        self.vanish()
        await self.peer.close()


class _Socket(asyncio.DatagramProtocol):
    def __init__(self, hear: Any) -> None:
        self._hear = hear

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._hear(data)


class Phone:
    """One call's media on the telephone's side."""

    def __init__(self, *, hertz: float, keeps: bool = True) -> None:
        self.ear = Ear(keeps)
        self.port = 0
        self.to: Address | None = None
        self.call: OutgoingCall | None = None
        """The call that this phone has placed."""
        self.taken: IncomingCall | None = None
        """The call that this phone has answered."""
        self._hertz = hertz
        self._outgoing = rtp.Outgoing(g711.PCMA)
        self._wire: asyncio.DatagramTransport | None = None
        self._speaking: asyncio.Task[None] | None = None
        self._now = asyncio.get_running_loop().time

    async def open(self) -> None:
        """Take a port."""
        wire, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Socket(self._heard), local_addr=(HOST, 0)
        )
        self._wire = wire
        self.port = wire.get_extra_info("sockname")[1]

    def speak_to(self, address: Address) -> None:
        """Begin to speak."""
        self.to = address
        self._speaking = asyncio.create_task(_speak(self._send, self._hertz))

    def close(self) -> None:
        """Fall silent."""
        if self._speaking is not None:
            self._speaking.cancel()
        if self._wire is not None:
            self._wire.close()

    def _send(self, sound: bytes, now: float) -> None:
        if self._wire is not None and self.to is not None:
            self._wire.sendto(self._outgoing.made(sound, now=now), self.to)

    def _heard(self, data: bytes) -> None:
        packet = rtp.read(data)
        if packet is not None:
            now = self._now()
            self.ear.reception.add(packet, now=now)
            self.ear.heard(packet, now)


class Exchange:
    """The telephone network: it calls us, and answers numbers that are called."""

    def __init__(self, *, port: int, trunk: Address) -> None:
        self._trunk = trunk
        self._transport = RepeatingTransport(local_addr=(HOST, port))
        self._uac = MendedUac(self._transport)
        self._uas = SipUAS(self._transport, uac=self._uac)
        self._uas.on_invite = self._invited
        self._uas.on_bye = lambda call, _request: self.ended.add(call.call_id)
        self._uas.on_cancel = lambda request, _source: self.withdrawn.append(request.uri)
        self._work: set[asyncio.Task[None]] = set()
        self.ended: set[str] = set()
        self.answers: dict[str, Phone] = {}
        """Number → the phone that answers there."""
        self.asked: list[str] = []
        self.rings: set[str] = set()
        """Numbers at which it rings and nobody answers."""
        self.withdrawn: list[str] = []
        """Calls that were withdrawn while it rang."""
        self._phones: list[Phone] = []

    async def open(self) -> None:
        """Begin."""
        await self._uas.start()

    async def close(self) -> None:
        """End, with every phone."""
        for phone in (*self._phones, *self.answers.values()):
            phone.close()
        await self._uas.stop()

    async def call(self, phone: Phone, *, caller: str, called: str = "96519") -> None:
        """Call and wait until it is answered."""
        await phone.open()
        self._phones.append(phone)
        phone.call = self._uac.send_invite(
            f"sip:{caller}@{HOST}",
            f"sip:{called}@{HOST}",
            self._trunk,
            build_sdp(HOST, phone.port, g711.PCMA, "PCMA"),
        )
        await phone.call.wait_answered(10)
        answer = phone.call.sdp_answer
        assert answer is not None
        assert answer.rtp_address is not None
        phone.speak_to(answer.rtp_address)

    async def move(self, phone: Phone, to: Phone) -> None:
        """A caller goes on from another port: the description changes within the call."""
        assert phone.call is not None
        await to.open()
        self._phones.append(to)
        description = build_sdp(HOST, to.port, g711.PCMA, "PCMA")
        self._uac.send_reinvite(phone.call.dialog, description, self._trunk)
        to.call = phone.call
        assert phone.to is not None
        to.speak_to(phone.to)
        phone.close()

    def hang_up(self, phone: Phone) -> None:
        """The caller hangs up."""
        if phone.call is not None:
            phone.call.hangup(self._uac)
        phone.close()

    def hang_up_on(self, phone: Phone) -> None:
        """A called phone hangs up."""
        if phone.taken is not None:
            phone.taken.hangup()
        phone.close()

    def has_ended(self, phone: Phone) -> bool:
        """Whether the other side has hung up."""
        call = phone.call or phone.taken
        return call is not None and call.call_id in self.ended

    def _invited(self, call: IncomingCall) -> None:
        call.dialog = RouteKeepingDialog.of(call.dialog)
        task = asyncio.create_task(self._answer(call))
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _answer(self, call: IncomingCall) -> None:
        number = call.callee.removeprefix("sip:").split("@")[0]
        self.asked.append(number)
        if number in self.rings:
            call.ringing()
            return
        phone = self.answers.get(number)
        if phone is None or call.sdp_offer is None or call.sdp_offer.rtp_address is None:
            call.reject(486)
            return
        await phone.open()
        answer, _ = negotiate_sdp(call.sdp_offer, HOST, phone.port, supported_codecs=[g711.PCMA])
        call.accept(answer)
        phone.taken = call
        phone.speak_to(call.sdp_offer.rtp_address)
