"""The SIP library where it departs from RFC 3261, put right; each class says the paragraph.

To be dropped one by one as aiosipua takes them in.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from aiosipua import (
    Dialog,
    DialogState,
    OutgoingCall,
    SipRequest,
    SipResponse,
    SipUAC,
    SipUAS,
    UdpSipTransport,
)
from aiosipua.headers import CSeq, stringify_cseq, stringify_uri

FIRST_REPEAT = 0.5
LONGEST_REPEAT = 4.0
MOST_REPEATS = 10

Address = tuple[str, int]


@dataclass
class RouteKeepingDialog(Dialog):
    """A dialog whose 18x and 2xx carry the Record-Route of the request (RFC 3261 12.1.1).

    Without it the caller's ACK and BYE pass by the proxies between us, which answer them with 404.
    """

    @classmethod
    def of(cls, dialog: Dialog) -> "RouteKeepingDialog":
        """The same dialog, keeping routes."""
        return cls(**{each.name: getattr(dialog, each.name) for each in fields(Dialog)})

    def create_response(
        self, request: SipRequest, status_code: int, reason_phrase: str = "", *, contact: str | None = None
    ) -> SipResponse:
        """As the library does, and with the routes."""
        response = super().create_response(request, status_code, reason_phrase, contact=contact)
        if 101 <= status_code <= 299:
            for route in request.headers.get("record-route"):
                response.headers.append("Record-Route", route)
        return response


class _Socket(asyncio.DatagramProtocol):
    """Hands datagrams over; the library's own refuses the transports of Python 3.11."""

    def __init__(self, owner: "RepeatingTransport") -> None:
        self._owner = owner

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self._owner._dispatch(data, (addr[0], addr[1]))


@dataclass
class RepeatingTransport(UdpSipTransport):
    """UDP on which a request is sent again until somebody answers (RFC 3261 17.1.1.2, 17.1.2.2)."""

    _waiting: dict[str, asyncio.Task[None]] = field(default_factory=dict, init=False, repr=False)

    async def start(self) -> None:
        """Listen."""
        self._udp_transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Socket(self), local_addr=self.local_addr
        )

    def send(self, message: SipRequest | SipResponse, addr: Address) -> None:
        """Send, and watch over requests."""
        super().send(message, addr)
        if isinstance(message, SipRequest) and message.method != "ACK":
            self._waiting[_key(message)] = asyncio.create_task(self._repeat(message, addr))

    async def stop(self) -> None:
        """Stop repeating, and close."""
        for task in list(self._waiting.values()):
            task.cancel()
        await super().stop()

    def _dispatch(self, data: bytes, addr: Address) -> None:
        if data.startswith(b"SIP/2.0 "):
            head = data.split(b"\r\n\r\n", 1)[0].decode("utf-8", "replace")
            for key in [key for key in self._waiting if _answers(head, key)]:
                self._waiting.pop(key).cancel()
        super()._dispatch(data, addr)

    async def _repeat(self, message: SipRequest, addr: Address) -> None:
        pause = FIRST_REPEAT
        for _ in range(MOST_REPEATS):
            await asyncio.sleep(pause)
            if self._udp_transport is None:
                return
            UdpSipTransport.send(self, message, addr)
            pause = min(2 * pause, LONGEST_REPEAT)
        self._waiting.pop(_key(message), None)


def _key(request: SipRequest) -> str:
    via = request.via
    return f"{via[0].branch if via else ''} {request.method}"


def _answers(head: str, key: str) -> bool:
    branch, _, method = key.partition(" ")
    return f"branch={branch}" in head and f" {method}" in head


class MendedUac(SipUAC):
    """Outgoing calls that follow the routes and the contact of the answer, and close refused transactions."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._withdrawn: dict[str, OutgoingCall] = {}

    def send_cancel(self, call: OutgoingCall) -> SipRequest:
        """Withdraw a call, and remember it until its refusal or a late answer has come."""
        self._withdrawn[call.call_id] = call
        asyncio.get_running_loop().call_later(64, self._withdrawn.pop, call.call_id, None)
        return super().send_cancel(call)

    def handle_response(self, response: SipResponse, addr: Address) -> None:
        """As the library does, after what it leaves out."""
        cseq = response.cseq
        if cseq is None or cseq.method.upper() != "INVITE":
            super().handle_response(response, addr)
            return
        withdrawn = self._withdrawn.get(response.call_id or "")
        call = self.get_call(response.call_id or "")
        if withdrawn is not None and response.status_code >= 200:
            self._withdrawn.pop(withdrawn.call_id)
            if response.status_code >= 300:
                self._acknowledge_refusal(withdrawn.invite, response, withdrawn.remote_addr)
                return
            # It was answered in the same moment: take the answer, then hang up (RFC 3261 9.1).
            withdrawn.dialog.state = DialogState.EARLY
            self._calls[withdrawn.call_id] = call = withdrawn
            withdrawn.on_answer = lambda late: late.hangup(self)
        if call is not None:
            if response.status_code >= 300:
                self._acknowledge_refusal(call.invite, response, call.remote_addr)
            elif response.status_code > 100 and call.dialog.state is DialogState.EARLY:
                # RFC 3261 12.1.2: the routes in reverse, and the contact as the target.
                call.dialog.route_set = list(reversed(response.headers.get("record-route")))
                if response.contact:
                    call.dialog.remote_target = stringify_uri(response.contact[0].uri)
                to_addr = response.to_addr
                if response.status_code >= 200 and to_addr is not None and to_addr.tag:
                    # A fork may have rung elsewhere first; who answered is whom we talk to.
                    call.dialog.remote_tag = to_addr.tag
        super().handle_response(response, addr)

    def _acknowledge_refusal(self, invite: SipRequest, response: SipResponse, addr: Address) -> None:
        """The ACK that belongs to the refused INVITE's own transaction (RFC 3261 17.1.1.3)."""
        cseq = response.cseq
        ack = SipRequest(method="ACK", uri=invite.uri)
        for name in ("Via", "From", "Call-ID"):
            value = invite.headers.get_first(name)
            if value:
                ack.headers.append(name, value)
        to = response.headers.get_first("to")
        if to:
            ack.headers.set_single("To", to)
        ack.headers.set_single("CSeq", stringify_cseq(CSeq(seq=cseq.seq if cseq else 1, method="ACK")))
        ack.headers.set_single("Max-Forwards", "70")
        for route in invite.headers.get("route"):
            ack.headers.append("Route", route)
        self.transport.send(ack, addr)


class MendedUas(SipUAS):
    """Incoming calls from known neighbours only; an INVITE that is sent again isn't a second call."""

    def __init__(self, *arguments: Any, may_call: Callable[[str], bool], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._may_call = may_call

    def _handle_invite(self, request: SipRequest, addr: Address) -> None:
        to_addr = request.to_addr
        is_first = to_addr is None or not to_addr.tag
        if is_first and not self._may_call(addr[0]):
            self._send_error(request, 403, "Forbidden")
            return
        if is_first and (request.call_id or "") in self._calls:
            # RFC 3261 17.2.1; the answer itself is repeated until its ACK.
            return
        super()._handle_invite(request, addr)

    def _handle_request(self, request: SipRequest, addr: Address) -> None:
        self._handlers["INVITE"] = self._handle_invite
        super()._handle_request(request, addr)

    def forget(self, call_id: str) -> None:
        """Let go of a call that we ended ourselves."""
        self._calls.pop(call_id, None)
