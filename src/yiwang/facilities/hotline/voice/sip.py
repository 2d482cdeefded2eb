"""The trunk: calls that come from the telephone network and calls that go out to it, over SIP and RTP (UDP)."""

import asyncio
import random
import socket
import time
from collections.abc import Callable

import structlog
from aiortp.transport import RtpTransport
from aiosipua import (
    IncomingCall,
    OutgoingCall,
    Registration,
    SdpMessage,
    SdpNegotiationError,
    SipDigestAuth,
    SipRequest,
    build_sdp,
    negotiate_sdp,
)

from yiwang.facilities.hotline.voice import rtp
from yiwang.facilities.hotline.voice.dialogs import (
    Address,
    MendedUac,
    MendedUas,
    RepeatingTransport,
    RouteKeepingDialog,
)
from yiwang.facilities.hotline.voice.g711 import PCMA, PCMU
from yiwang.facilities.hotline.voice.settings import VoiceSettings

log = structlog.get_logger(__name__)

NAME = "yiwang"


class NoPortLeft(Exception):
    """Every port for voice is taken."""


class CallRefused(Exception):
    """The called number didn't answer, or the network refused the call; `cause` is a word of the port."""

    def __init__(self, reason: str, *, cause: str) -> None:
        super().__init__(reason)
        self.cause = cause


class TrunkLine:
    """One call on the trunk: its dialog and its voice."""

    def __init__(self, trunk: "Trunk", *, caller: str, called: str) -> None:
        self._trunk = trunk
        self.caller = caller
        self.called = called
        self.outgoing = rtp.Outgoing(PCMA)
        self.reception = rtp.Reception()
        self.on_packet: Callable[[rtp.Packet, float], None] = lambda packet, now: None
        self.on_ended: Callable[[str], None] = lambda cause: None
        self.is_over = False
        self.name = ""
        self.port = 0
        self.incoming: IncomingCall | None = None
        self.placed: OutgoingCall | None = None
        self._wire: asyncio.DatagramTransport | None = None
        self._to: Address | None = None
        self._is_latched = False
        self._now = asyncio.get_running_loop().time

    @property
    def key(self) -> str:
        """The Call-ID, by which the network knows the call."""
        call = self.incoming or self.placed
        return call.call_id if call is not None else ""

    def _may_speak(self, source: Address) -> bool:
        """Whether voice may come from there: from where it was announced, or from the neighbour itself.

        The first packet shows the port and address that the voice really has behind an address translation.
        """
        if self._is_latched:
            return self._to is None or source[0] == self._to[0]
        if self._to is None or (source[0] != self._to[0] and not self._trunk.is_neighbour(source[0])):
            return False
        self._is_latched = True
        self._to = (source[0], source[1])
        return True

    async def open(self) -> None:
        """Take a port for the voice. Raises `NoPortLeft`."""
        self._wire, self.port = await self._trunk.socket_for(self)

    def aim(self, description: SdpMessage) -> None:
        """Send voice to where a description says."""
        address = description.rtp_address
        self._is_latched = False
        self._to = None if address is None or address[0] in ("0.0.0.0", "::") else address

    def ring(self) -> None:
        """Tell the network that it rings."""
        if self.incoming is not None:
            self.incoming.ringing()

    def answer(self) -> None:
        """Answer an incoming call. Raises `SdpNegotiationError` when its voice isn't G.711."""
        call = self.incoming
        assert call is not None
        if call.sdp_offer is None:
            raise SdpNegotiationError("the call brought no description")
        description, codec = negotiate_sdp(
            call.sdp_offer,
            self._trunk.host,
            self.port,
            supported_codecs=[PCMA, PCMU],
            advertised_ip=self._trunk.advertised,
        )
        self.outgoing.payload_type = codec
        self.aim(call.sdp_offer)
        call.accept(description)

    def refuse(self, code: int) -> None:
        """Refuse an incoming call with a SIP status."""
        if self.incoming is not None and not self.is_over:
            self.incoming.reject(code)
        self.over("refused")

    def hang_up(self) -> None:
        """End the call."""
        if self.is_over:
            return
        if self.incoming is not None:
            self.incoming._stop_retransmissions()
            self.incoming.hangup()
            self._trunk.uas.forget(self.key)
        elif self.placed is not None and self.placed.hangup(self._trunk.uac) is None:
            self.placed.cancel(self._trunk.uac)
        self.over("agent")

    def send(self, packet: bytes) -> None:
        """Send one RTP packet, made by `outgoing`."""
        if self._to is not None and self._wire is not None:
            self._wire.sendto(packet, self._to)

    def over(self, cause: str) -> None:
        """The call has ended, by whomever."""
        if self.is_over:
            return
        self.is_over = True
        if self._wire is not None:
            self._wire.close()
            self._trunk.free(self.port)
        self._trunk.lines.pop(self.key, None)
        self.on_ended(cause)

    def heard(self, data: bytes, source: Address) -> None:
        """A datagram came in; the first one shows where the voice really comes from (symmetric RTP)."""
        packet = rtp.read(data)
        if packet is None:
            return
        if not self._may_speak(source):
            return
        now = self._now()
        self.reception.add(packet, now=now)
        self.on_packet(packet, now)


class Trunk:
    """The way to the telephone network: one neighbour, with or without registration."""

    def __init__(self, settings: VoiceSettings) -> None:
        self.settings = settings
        self.host = settings.listen[0]
        self.advertised = settings.advertised or _own_address_towards(settings.trunk)
        self.lines: dict[str, TrunkLine] = {}
        self.on_call: Callable[[TrunkLine], None] = lambda line: line.refuse(480)
        signalling = (self.advertised, settings.listen[1])
        self.transport = RepeatingTransport(local_addr=settings.listen)
        self.uac = MendedUac(self.transport, advertised_addr=signalling)
        self.uas = MendedUas(
            self.transport,
            user_agent=NAME,
            uac=self.uac,
            advertised_addr=signalling,
            may_call=self.is_neighbour,
        )
        self.uas.on_invite = self._invited
        self.uas.on_reinvite = self._asked_again
        self.uas.on_bye = lambda call, _request: self._ended(call.call_id, "caller")
        self.uas.on_cancel = self._cancelled
        self.uas.on_ack_timeout = lambda call: self._ended(call.call_id, "no_ack")
        self._neighbours: frozenset[str] = frozenset()
        self._ports = list(range(settings.rtp_ports[0], settings.rtp_ports[1], 2))
        random.shuffle(self._ports)
        self._registration: Registration | None = None
        self._work: set[asyncio.Task[None]] = set()
        self._auth = (
            SipDigestAuth(settings.user, settings.password) if settings.user and settings.password else None
        )

    async def start(self) -> None:
        """Listen, and register where a user name is given."""
        known: set[str] = set()
        for host, _ in (self.settings.trunk, *self.settings.also):
            known.update(await _resolved(host))
        self._neighbours = frozenset(known)
        await self.uas.start()
        if self._auth is not None and self.settings.registers:
            await self._register(self._auth)

    async def stop(self) -> None:
        """End every call and go away from the registrar."""
        for line in list(self.lines.values()):
            line.hang_up()
        if self._registration is not None:
            self._registration.unregister()
        await asyncio.sleep(0.05)
        await self.uas.stop()

    async def place(self, number: str, *, patience: float = 45.0) -> TrunkLine:
        """Call a number and wait until somebody answers. Raises `CallRefused`, `NoPortLeft`."""
        line = TrunkLine(self, caller=self.settings.number, called=number)
        await line.open()
        domain = self.settings.domain
        line.placed = self.uac.send_invite(
            f"sip:{self.settings.user or self.settings.number}@{domain}",
            f"sip:{number}@{domain}",
            await self._address(),
            self._offer(line.port),
            user_agent=NAME,
            auth=self._auth,
        )
        self.lines[line.key] = line
        try:
            await line.placed.wait_answered(patience)
        except (TimeoutError, RuntimeError) as error:
            line.hang_up()
            code = line.placed._reject_code
            cause = {0: "no_answer", 408: "no_answer", 480: "no_answer", 486: "busy", 600: "busy"}
            raise CallRefused(str(error), cause=cause.get(code, "refused")) from error
        except asyncio.CancelledError:
            line.hang_up()
            raise
        answer = line.placed.sdp_answer
        codec = next((c.payload_type for c in answer.audio.codecs), None) if answer and answer.audio else None
        if answer is None or codec not in (PCMA, PCMU):
            line.hang_up()
            raise CallRefused("the answer isn't G.711", cause="refused")
        line.outgoing.payload_type = codec
        line.aim(answer)
        return line

    async def socket_for(self, line: TrunkLine) -> tuple[asyncio.DatagramTransport, int]:
        """A bound socket on a free port of the range."""
        loop = asyncio.get_running_loop()
        for _ in range(len(self._ports)):
            port = self._ports.pop()
            try:
                wire, _protocol = await loop.create_datagram_endpoint(
                    lambda: RtpTransport(line.heard, lambda data, source: None),
                    local_addr=(self.host, port),
                )
            except OSError:
                self._ports.insert(0, port)
                continue
            return wire, port
        raise NoPortLeft

    def free(self, port: int) -> None:
        """Give a port back, to be used again last of all."""
        self._ports.insert(0, port)

    def is_neighbour(self, host: str) -> bool:
        """Whether an address is that of a neighbour in the telephone network."""
        return host in self._neighbours

    def _invited(self, call: IncomingCall) -> None:
        call.dialog = RouteKeepingDialog.of(call.dialog)
        line = TrunkLine(self, caller=_number(call.caller), called=_number(call.callee))
        line.incoming = call
        line.name = _named(line.key)
        self.lines[line.key] = line
        task = asyncio.create_task(self._open(line))
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _open(self, line: TrunkLine) -> None:
        try:
            await line.open()
        except NoPortLeft:
            log.error("no port left for voice", ports=self.settings.rtp_ports)
            line.refuse(503)
            return
        if not line.is_over:
            self.on_call(line)

    def _asked_again(self, call: IncomingCall) -> None:
        """The far end changes its description in the call: another address, or hold."""
        line = self.lines.get(call.call_id)
        if line is None:
            call.reject(481)
            return
        if not isinstance(call.dialog, RouteKeepingDialog):
            call.dialog = RouteKeepingDialog.of(call.dialog)
        if call.sdp_offer is None:
            call.accept(self._offer(line.port))
            return
        try:
            line.incoming, before = call if line.incoming is not None else None, line.incoming
            description, codec = negotiate_sdp(
                call.sdp_offer,
                self.host,
                line.port,
                supported_codecs=[PCMA, PCMU],
                advertised_ip=self.advertised,
            )
        except SdpNegotiationError:
            line.incoming = before
            call._send_response(488, "Not Acceptable Here")
            return
        line.outgoing.payload_type = codec
        line.aim(call.sdp_offer)
        call.accept(description)

    def _cancelled(self, request: SipRequest, _source: Address) -> None:
        self._ended(request.call_id or "", "caller")

    def _ended(self, call_id: str, cause: str) -> None:
        line = self.lines.get(call_id)
        if line is not None:
            line.over(cause)

    def _offer(self, port: int) -> SdpMessage:
        offer = build_sdp(self.host, port, PCMA, "PCMA", advertised_ip=self.advertised)
        audio = offer.media[0]
        audio.formats.insert(1, str(PCMU))
        audio.attributes["rtpmap"].insert(1, f"{PCMU} PCMU/8000")
        return offer

    async def _address(self) -> Address:
        host, port = self.settings.trunk
        return (await _resolved(host))[0], port

    async def _register(self, auth: SipDigestAuth) -> None:
        registration = Registration(
            self.uac,
            f"sip:{self.settings.user}@{self.settings.domain}",
            await self._address(),
            auth=auth,
            user_agent=NAME,
        )
        again = lambda *_: asyncio.get_running_loop().call_later(20, registration.register)  # noqa: E731
        registration.on_registered = lambda _: log.info("registered with the trunk", user=self.settings.user)
        registration.on_failed = again
        registration.on_expired = again
        registration.register()
        self._registration = registration


def _named(call_id: str) -> str:
    """A name for a call that no other call ever has, with the network's own in front.

    A network may use its name again when it tries again, and may choose one of any length.
    """
    return f"{call_id[:80]}~{time.time_ns() // 1_000_000:x}"


def _number(uri: str) -> str:
    """The number in a SIP address."""
    return uri.removeprefix("sips:").removeprefix("sip:").removeprefix("tel:").split("@")[0].split(";")[0]


async def _resolved(host: str) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    return [str(each[4][0]) for each in found]


def _own_address_towards(address: Address) -> str:
    """Our address on the way to somebody; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(address)
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
