"""The browser's half: descriptions, the handshake between two peers of our own, goodbye, and who isn't let in."""

import asyncio
import contextlib
from dataclasses import replace

import pytest

from yiwang.facilities.hotline.voice import rtp, webrtc_sdp
from yiwang.facilities.hotline.voice.dtls import Refused, own_fingerprint
from yiwang.facilities.hotline.voice.rtc import Peer
from yiwang.facilities.hotline.voice.webrtc_sdp import Description, Unacceptable

HOST = "127.0.0.1"
OFFER = """v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS abc
m=audio 9 UDP/TLS/RTP/SAVPF 0 8 111 126
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:1467250027 1 udp 2122260223 10.0.0.5 46243 typ host generation 0
a=ice-ufrag:F7gI
a=ice-pwd:x9cml/YzichV2+XlhiMu8g1k
a=ice-options:trickle
a=fingerprint:sha-256 AB:CD
a=setup:actpass
a=mid:0
a=sendrecv
a=rtcp-mux
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:111 opus/48000/2
a=rtpmap:126 telephone-event/8000
""".replace("\n", "\r\n")


def test_an_offer_is_read_and_a_law_comes_first() -> None:
    assert webrtc_sdp.read(OFFER) == Description(
        user="F7gI",
        password="x9cml/YzichV2+XlhiMu8g1k",
        fingerprint="AB:CD",
        setup="actpass",
        codecs=(8, 0),
        mid="0",
        candidates=("1467250027 1 udp 2122260223 10.0.0.5 46243 typ host generation 0",),
    )


def test_what_is_written_is_read_again() -> None:
    ours = Description(
        "user", "password", "AB:CD", "active", (8,), "audio", ("1 1 udp 1 10.0.0.1 9 typ host",)
    )
    assert webrtc_sdp.read(webrtc_sdp.written(ours, ssrc=7)) == ours


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("m=audio", "m=video"),
        ("0 8 111 126", "111 126"),
        ("UDP/TLS/RTP/SAVPF", "RTP/AVP"),
        ("a=fingerprint:sha-256", "a=fingerprint:sha-1"),
        ("a=rtcp-mux", "a=other"),
        ("a=ice-pwd", "a=other"),
    ],
)
def test_an_offer_that_isn_t_one_protected_line_of_g711_is_refused(before, after) -> None:
    with pytest.raises(Unacceptable):
        webrtc_sdp.read(OFFER.replace(before, after))


def test_two_audio_lines_are_refused() -> None:
    media = OFFER[OFFER.index("m=audio") :]
    with pytest.raises(Unacceptable):
        webrtc_sdp.read(OFFER + media)


def test_peers_connect_speak_and_say_goodbye() -> None:
    async def meet() -> None:
        loop = asyncio.get_running_loop()
        ours, theirs = Peer(addresses=[HOST]), Peer(addresses=[HOST], is_offering=True)
        heard: list[rtp.Packet] = []
        ours.on_packet = lambda packet, now: heard.append(packet)
        gone = asyncio.Event()
        ours.on_gone = gone.set
        assert not ours.is_up
        await theirs.accept(await ours.answer(await theirs.offer()))
        async with asyncio.timeout(5):
            while not ours.is_up:
                await asyncio.sleep(0.01)
        for number in range(20):
            theirs.send(theirs.outgoing.made(bytes([number]) * 160, now=loop.time()))
        async with asyncio.timeout(5):
            while len(heard) < 20:
                await asyncio.sleep(0.01)
        assert [packet.payload[0] for packet in heard] == list(range(20))
        assert (ours.undecipherable, ours.reception.lost) == (0, 0)
        await theirs.close()
        async with asyncio.timeout(5):
            await gone.wait()
        await ours.close()

    asyncio.run(meet())


def test_somebody_with_another_certificate_isn_t_let_in() -> None:
    async def meet() -> None:
        ours, theirs = Peer(addresses=[HOST]), Peer(addresses=[HOST], is_offering=True)
        gone = asyncio.Event()
        ours.on_gone = gone.set
        offer = webrtc_sdp.read(await theirs.offer())
        assert offer.fingerprint == own_fingerprint()
        forged = replace(offer, fingerprint=":".join(["00"] * 32))
        answer = await ours.answer(webrtc_sdp.written(forged, ssrc=1))
        with contextlib.suppress(Refused, ConnectionError):
            await theirs.accept(answer)
        async with asyncio.timeout(5):
            await gone.wait()
        assert not ours.is_up
        await theirs.close()
        await ours.close()

    asyncio.run(meet())
