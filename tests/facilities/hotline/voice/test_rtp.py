"""RTP: what is read, how streams are renumbered, what counts as lost."""

import struct

import pytest
from aiortp.packet import RtcpPacket, RtpPacket
from hypothesis import given
from hypothesis import strategies as st

from yiwang.facilities.hotline.voice import rtp

SOUND = bytes(range(160))


def made(sequence: int, timestamp: int, *, ssrc: int = 7, payload: bytes = SOUND) -> bytes:
    """A packet as another library writes it."""
    packet = RtpPacket(
        payload_type=8, sequence_number=sequence, timestamp=timestamp, ssrc=ssrc, payload=payload
    )
    return packet.serialize()


def read(data: bytes) -> rtp.Packet:
    found = rtp.read(data)
    assert found is not None
    return found


def test_a_packet_of_another_library_is_read() -> None:
    assert read(made(5, 800)) == rtp.Packet(8, 5, 800, 7, SOUND)


def test_extension_sources_and_padding_are_passed_over() -> None:
    head = struct.pack("!BBHIIIHHI", 0x80 | 0x20 | 0x10 | 1, 8, 1, 2, 3, 99, 0xBEDE, 1, 0)
    assert read(head + SOUND + b"\0\0\0\x04").payload == SOUND


@pytest.mark.parametrize(
    "data", [b"", b"\x80" * 11, b"\x00" * 20, made(1, 1)[:12] + b"", b"\x9f" + b"\0" * 15]
)
def test_what_is_no_packet_is_passed_over(data: bytes) -> None:
    found = rtp.read(data)
    assert found is None or found.payload == b""


@given(st.binary(max_size=64))
def test_no_datagram_whatever_breaks_the_reader(data: bytes) -> None:
    rtp.read(data)


def test_packets_pass_with_their_distances_and_in_our_name() -> None:
    outgoing = rtp.Outgoing(0, ssrc=42)
    sent = []
    # One is missing, two have changed places.
    for place in (0, 1, 3, 5, 4):
        packet = rtp.Packet(8, (65534 + place) & 0xFFFF, place * 160, 7, SOUND)
        sent.append(read(outgoing.passed(packet, SOUND, now=0.0)))
    first = sent[0]
    assert [(each.sequence - first.sequence) & 0xFFFF for each in sent] == [0, 1, 3, 5, 4]
    assert {(each.ssrc, each.payload_type) for each in sent} == {(42, 0)}


def test_the_stream_goes_on_when_its_source_changes() -> None:
    outgoing = rtp.Outgoing(8)
    music = [read(outgoing.made(SOUND, now=0.02 * number)) for number in range(3)]
    # The agent comes 100 ms after the last note, with numbers of its own.
    talk = [
        read(outgoing.passed(rtp.Packet(8, 900 + number, 5000 + 160 * number, 9, SOUND), SOUND, now=0.14))
        for number in range(2)
    ]
    back = read(outgoing.made(SOUND, now=0.18))
    sequences = [each.sequence for each in (*music, *talk, back)]
    assert [(each - sequences[0]) & 0xFFFF for each in sequences] == [0, 1, 2, 3, 4, 5]
    times = [(each.timestamp - music[0].timestamp) & 0xFFFFFFFF for each in (*music, *talk, back)]
    assert times[:3] == [0, 160, 320]
    assert times[3] == 320 + 800
    assert times[4] == times[3] + 160
    assert times[5] > times[4]


def test_the_first_packet_of_a_source_bears_the_mark() -> None:
    outgoing = rtp.Outgoing(8)
    packets = [outgoing.made(SOUND, now=0.0), outgoing.made(SOUND, now=0.02)]
    packets.append(outgoing.passed(rtp.Packet(8, 1, 1, 9, SOUND), SOUND, now=0.04))
    packets.append(outgoing.passed(rtp.Packet(8, 2, 161, 9, SOUND), SOUND, now=0.06))
    assert [packet[1] >> 7 for packet in packets] == [1, 0, 1, 0]


def test_loss_and_jitter_are_counted() -> None:
    reception = rtp.Reception()
    for sequence in (65533, 65534, 0, 1):
        packet = rtp.Packet(8, sequence, ((sequence - 65533) & 0xFFFF) * 160, 7, SOUND)
        reception.add(packet, now=((sequence - 65533) & 0xFFFF) * 0.02)
    assert (reception.received, reception.expected, reception.lost) == (4, 5, 1)
    assert reception.jitter < 0.001
    reception.add(rtp.Packet(8, 2, 5 * 160, 7, SOUND), now=0.11)
    assert reception.jitter == pytest.approx(80 / 16)


def test_a_new_stream_isn_t_taken_for_a_loss() -> None:
    reception = rtp.Reception()
    for ssrc, sequence in ((1, 10), (1, 11), (2, 40000), (2, 40001)):
        reception.add(rtp.Packet(8, sequence, sequence * 160, ssrc, SOUND), now=0.0)
    assert (reception.expected, reception.lost) == (4, 0)


def test_a_report_is_understood_by_another_library() -> None:
    outgoing = rtp.Outgoing(8, ssrc=42)
    outgoing.made(SOUND, now=0.0)
    report = outgoing.report(wall=1000.5)
    assert rtp.is_rtcp(report)
    sender, source = RtcpPacket.parse(report)
    assert (sender.ssrc, sender.sender_info.packet_count, sender.sender_info.octet_count) == (42, 1, 160)
    assert sender.sender_info.ntp_timestamp >> 32 == 2208988800 + 1000
    assert [(chunk.ssrc, chunk.items) for chunk in source.chunks] == [(42, [(1, b"yiwang")])]
