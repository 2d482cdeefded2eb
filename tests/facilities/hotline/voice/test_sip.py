"""What is put right of the SIP library, and who may call."""

import asyncio

from aiosipua import Dialog, SipRequest, build_sdp

from tests.facilities.hotline.voice.running import free_port
from yiwang.facilities.hotline.voice import rtp
from yiwang.facilities.hotline.voice.dialogs import RepeatingTransport, RouteKeepingDialog
from yiwang.facilities.hotline.voice.settings import voice_settings
from yiwang.facilities.hotline.voice.sip import Trunk, TrunkLine

HOST = "127.0.0.1"
INVITE = """INVITE sip:96519@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{branch};rport
Record-Route: <sip:10.0.0.1;lr>
Record-Route: <sip:10.0.0.2;lr>
From: <sip:139@127.0.0.1>;tag=1
To: <sip:96519@127.0.0.1>
Call-ID: one@127.0.0.1
CSeq: 1 INVITE
Contact: <sip:139@127.0.0.1:{port}>
Max-Forwards: 70
Content-Length: 0

"""


def invite(*, port: int = 5060, branch: str = "a") -> bytes:
    return INVITE.format(port=port, branch=branch).replace("\n", "\r\n").encode()


def test_provisional_and_good_answers_carry_the_routes_and_no_others() -> None:
    request = SipRequest.parse(invite())
    dialog = RouteKeepingDialog.of(Dialog(call_id="one@127.0.0.1", local_tag="2"))
    routes = {
        code: dialog.create_response(request, code).headers.get("record-route")
        for code in (100, 180, 200, 486)
    }
    both = ["<sip:10.0.0.1;lr>", "<sip:10.0.0.2;lr>"]
    assert routes == {100: [], 180: both, 200: both, 486: []}


def a_trunk(*, neighbour: str = HOST) -> Trunk:
    settings = voice_settings(
        {
            "YIWANG_SIP_TRUNK": f"{neighbour}:5060",
            "YIWANG_SIP_LISTEN": f"{HOST}:{free_port()}",
            "YIWANG_SIP_ADVERTISED": HOST,
            "YIWANG_VOICE_PORT": "1",
        }
    )
    assert settings is not None
    return Trunk(settings)


class Listener(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.got: list[bytes] = []

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.got.append(data.split(b"\r\n")[0])


async def sent_to(trunk: Trunk, *datagrams: bytes, port: int) -> list[bytes]:
    """The first lines of what comes back."""
    loop = asyncio.get_running_loop()
    wire, listener = await loop.create_datagram_endpoint(Listener, local_addr=(HOST, port))
    for datagram in datagrams:
        wire.sendto(datagram, trunk.settings.listen)
        await asyncio.sleep(0.1)
    wire.close()
    return listener.got


def test_a_repeated_invite_is_no_second_call() -> None:
    async def scene() -> None:
        trunk, came = a_trunk(), []
        trunk.on_call = came.append
        await trunk.start()
        port = free_port()
        await sent_to(trunk, invite(port=port), invite(port=port), port=port)
        assert [line.key for line in came] == ["one@127.0.0.1"]
        assert came[0].name.split("~")[0] == "one@127.0.0.1"
        await trunk.stop()

    asyncio.run(scene())


def test_strangers_are_refused() -> None:
    async def scene() -> None:
        trunk, came = a_trunk(neighbour="192.0.2.77"), []
        trunk.on_call = came.append
        await trunk.start()
        port = free_port()
        assert await sent_to(trunk, invite(port=port), port=port) == [b"SIP/2.0 403 Forbidden"]
        assert came == []
        await trunk.stop()

    asyncio.run(scene())


def test_a_request_is_repeated_until_somebody_answers() -> None:
    async def scene() -> None:
        transport = RepeatingTransport(local_addr=(HOST, free_port()))
        await transport.start()
        port = free_port()
        wire, listener = await asyncio.get_running_loop().create_datagram_endpoint(
            Listener, local_addr=(HOST, port)
        )
        request = SipRequest.parse(invite(branch="b"))
        assert isinstance(request, SipRequest)
        transport.send(request, (HOST, port))
        await asyncio.sleep(0.8)
        assert len(listener.got) == 2
        answer = b"SIP/2.0 100 Trying\r\nVia: SIP/2.0/UDP x;branch=z9hG4bKb\r\nCSeq: 1 INVITE\r\n\r\n"
        transport._dispatch(answer, (HOST, port))
        await asyncio.sleep(1.2)
        assert len(listener.got) == 2
        wire.close()
        await transport.stop()

    asyncio.run(scene())


def test_voice_is_taken_from_where_it_was_announced_and_from_the_neighbour_only() -> None:
    async def scene() -> None:
        trunk = a_trunk()
        await trunk.start()
        line = TrunkLine(trunk, caller="139", called="96519")
        heard: list[rtp.Packet] = []
        line.on_packet = lambda packet, now: heard.append(packet)
        line.aim(build_sdp("198.51.100.7", 4000, 8, "PCMA"))
        packet = rtp.Outgoing(8)
        sources = [("203.0.113.5", 9), ("198.51.100.7", 4002), ("203.0.113.5", 9), ("198.51.100.7", 4002)]
        for source in sources:
            line.heard(packet.made(b"\x01" * 160, now=0.0), source)
        assert len(heard) == 2
        # Behind a translation the neighbour's own address is what counts.
        line.aim(build_sdp("10.1.1.1", 4000, 8, "PCMA"))
        line.heard(packet.made(b"\x01" * 160, now=0.0), (HOST, 5000))
        assert (len(heard), line._to) == (3, (HOST, 5000))
        await trunk.stop()

    asyncio.run(scene())
