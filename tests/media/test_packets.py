"""RTP, RTCP and STUN: what is written is read again, and any bytes are safe."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from media import rtcp, stun
from media.key_frames import begins_key_frame
from media.layout import Codec
from media.packetizer import packetize, split_annexb
from media.rtp import element, ntp64, read_packet, unwrap, write_packet

u16, u32 = st.integers(0, 0xFFFF), st.integers(0, 0xFFFF_FFFF)


@given(
    st.integers(0, 127),
    st.booleans(),
    u16,
    u32,
    u32,
    st.dictionaries(st.integers(1, 14), st.binary(min_size=1, max_size=16), max_size=6),
    st.binary(max_size=1200),
)
def test_a_packet_is_read_as_written(
    kind: int,
    marker: bool,
    sequence: int,
    timestamp: int,
    ssrc: int,
    extensions: dict[int, bytes],
    payload: bytes,
) -> None:
    elements = b"".join(element(number, value) for number, value in extensions.items())
    data = write_packet(kind, marker, sequence, timestamp, ssrc, elements, payload)
    packet = read_packet(memoryview(data))
    assert packet is not None
    assert (packet.payload_type, packet.marker == 128, packet.sequence) == (kind, marker, sequence)
    assert (packet.timestamp, packet.ssrc) == (timestamp, ssrc)
    assert packet.extensions == extensions and bytes(packet.payload) == payload


@given(st.binary(max_size=200))
def test_any_bytes_are_safe(data: bytes) -> None:
    read_packet(memoryview(data))
    read_packet(memoryview(b"\x90\x60" + data))
    read_packet(memoryview(b"\xbf\x60" + data))
    rtcp.read_rtcp(data)
    for kind in range(200, 208):
        for count in range(16):
            rtcp.read_rtcp(struct.pack("!BBH", 0x80 | count, kind, len(data) // 4) + data)
    stun.read_check(data)
    for codec in Codec:
        begins_key_frame(codec, data)
    packetize(data)


def test_padding_is_not_payload() -> None:
    data = bytearray(write_packet(96, False, 1, 2, 3, b"", b"abc\0\0\x03"))
    data[0] |= 0x20
    packet = read_packet(memoryview(data))
    assert packet is not None and bytes(packet.payload) == b"abc"


@given(st.integers(0, 1 << 40), st.integers(-30_000, 30_000))
def test_a_sequence_number_is_unwrapped_to_the_nearest(near: int, step: int) -> None:
    assert unwrap((near + step) & 0xFFFF, near) == near + step


@given(st.lists(u16, min_size=1, max_size=40, unique=True))
def test_a_nack_asks_for_what_is_missing(sequences: list[int]) -> None:
    ordered = sorted(sequences)
    (nack,) = rtcp.read_rtcp(rtcp.write_nack(1, 2, ordered))
    assert isinstance(nack, rtcp.Nack) and nack.ssrc == 2 and sorted(nack.sequences) == ordered


@given(st.integers(0, 1 << 38))
def test_a_budget_keeps_its_size(rate: int) -> None:
    (remb,) = rtcp.read_rtcp(rtcp.write_remb(1, [2, 3], rate))
    assert isinstance(remb, rtcp.Remb) and rate * 0.9999 - 1 <= remb.bits_per_second <= rate


def test_reports_are_read_as_written() -> None:
    block = rtcp.ReportBlock(7, 0.25, -3, 70_000, 90, 5, 65_536)
    data = rtcp.write_receiver_report(1, [block]) + rtcp.write_cname(1, "name")
    assert rtcp.read_rtcp(data + rtcp.write_pli(1, 9)) == [block, rtcp.KeyFrameAsked(9)]
    report = rtcp.SenderReport(7, 1 << 40, 1234)
    assert rtcp.read_rtcp(rtcp.write_sender_report(report, 1, 2)) == [report]


def test_a_check_is_believed_with_its_password_only() -> None:
    data = stun.write_request(bytes(12), "ours:theirs", "secret", 5)
    check = stun.read_check(data)
    assert check is not None and check.username == "ours:theirs" and check.use_candidate
    assert stun.is_authentic(check, "secret") and not stun.is_authentic(check, "other")
    response = stun.read_check(stun.write_response(bytes(12), ("192.0.2.1", 5), "secret"))
    assert response is not None and stun.is_authentic(response, "secret")


def test_what_follows_the_integrity_of_a_check_is_not_believed() -> None:
    signed = stun.write_response(bytes(12), ("192.0.2.1", 5), "secret")
    forged = bytearray(signed + struct.pack("!HH", 0x0025, 0))
    forged[2:4] = struct.pack("!H", len(forged) - 20)
    check = stun.read_check(bytes(forged))
    assert check is not None and not check.use_candidate


def test_stun_agrees_with_the_standards_example() -> None:
    # RFC 5769 section 2.1: sample request.
    data = bytes.fromhex(
        "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74"
        "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
        "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf"
    )
    check = stun.read_check(data)
    assert check is not None and check.username == "evtj:h6vY"
    assert stun.is_authentic(check, "VOkJxbRl1RmTxUk/WvJxBt")


def test_the_epoch_of_ntp_is_1900() -> None:
    assert ntp64(500_000) == (2_208_988_800 << 32) + (1 << 31)


@given(
    st.lists(st.binary(min_size=1, max_size=4000).map(lambda body: b"\x65" + body.replace(b"\0", b"\1"))),
    st.sampled_from((0, 8)),
)
def test_fragments_make_the_unit_again(units: list[bytes], spare: int) -> None:
    stream = b"".join(b"\0\0\0\1" + unit for unit in units)
    assert split_annexb(stream) == units
    rebuilt: list[bytes] = []
    for index, payload in enumerate(packetize(stream, first_spare=spare)):
        assert len(payload) <= (1160 if index else 1160 - spare)
        if payload[0] & 31 != 28:
            rebuilt.append(payload)
        elif payload[1] & 0x80:
            rebuilt.append(bytes((payload[0] & 0xE0 | payload[1] & 31,)) + payload[2:])
        else:
            rebuilt[-1] += payload[2:]
    assert rebuilt == units


def test_a_frame_is_cut_so_that_all_its_packets_but_the_last_have_one_size() -> None:
    first, *rest, last = packetize(b"\0\0\1\x41" + bytes(range(1, 251)) * 40, first_spare=8)
    assert {len(first) + 8} == {len(payload) for payload in rest} and len(last) <= len(rest[0])


def test_key_frames_are_seen_without_decoding() -> None:
    assert begins_key_frame(Codec.H264_CB, b"\x67\x42")
    assert begins_key_frame(Codec.H264_CB, b"\x7c\x85")
    assert not begins_key_frame(Codec.H264_CB, b"\x7c\x05")
    assert not begins_key_frame(Codec.H264_CB, b"\x41\x9a")
    assert begins_key_frame(Codec.VP8, b"\x90\x80\x81\x23\x00")
    assert not begins_key_frame(Codec.VP8, b"\x90\x80\x81\x23\x01")
    assert not begins_key_frame(Codec.VP8, b"\x80\x80\x81\x23\x00")
