"""E1 carries every packet unchanged, and takes nothing that is not one."""

import zlib

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ecg.description import StreamDescription
from ecg.errors import WireError
from ecg.leads import STANDARD_LEADS, Electrode
from ecg.ranges import SampleRange
from ecg.sample_codecs import Codec
from ecg.wire import (
    HEADER_BYTES,
    MAX_PACKET_BYTES,
    End,
    EventKind,
    EventPacket,
    Flag,
    Have,
    Mark,
    MarkKind,
    Meta,
    Need,
    Packet,
    PacketType,
    Wave,
    decode,
    encode,
    header,
    set_flag,
)

U32 = st.integers(0, 2**32 - 1)
U63 = st.integers(0, 2**63)
FLAGS = st.integers(0, 31).map(Flag)


@st.composite
def waves(draw: st.DrawFn) -> Wave:
    leads, count = draw(st.integers(1, 16)), draw(st.integers(1, 60))
    bits = st.integers(0, (1 << leads) - 1)
    mark = st.builds(Mark, st.integers(0, count - 1), st.sampled_from(MarkKind), st.integers(0, 255))
    return Wave(
        stream_id=draw(U32),
        sequence=draw(U32),
        first_index=draw(U63),
        captured_us=draw(U63),
        samples=draw(arrays(np.int16, (leads, count))),
        flags=draw(FLAGS),
        electrodes_off=Electrode(draw(st.integers(0, 1023))),
        unusable=draw(bits),
        clipped=draw(bits),
        marks=tuple(draw(st.lists(mark, max_size=5))),
    )


def a_wave(count: int = 10, leads: int = 12) -> Wave:
    samples = np.arange(count * leads, dtype=np.int16).reshape(leads, count)
    return Wave(stream_id=7, first_index=100, captured_us=1_000_000, samples=samples)


PLAIN = st.one_of(
    st.builds(Have, stream_id=U32, sequence=U32, flags=FLAGS, end=U63),
    st.builds(End, stream_id=U32, sequence=U32, total=U63, sha256=st.binary(min_size=32, max_size=32)),
    st.builds(
        Need,
        stream_id=U32,
        ranges=st.lists(st.builds(SampleRange, U63, st.integers(1, 2**32 - 1)), min_size=1, max_size=50).map(
            tuple
        ),
    ),
    st.builds(
        EventPacket,
        stream_id=U32,
        index=U63,
        captured_us=U63,
        kind=st.sampled_from(EventKind),
        detail=st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    ),
)


@given(waves(), st.sampled_from(Codec))
def test_a_wave_comes_back_unchanged(wave: Wave, codec: Codec) -> None:
    data = encode(wave, codec)
    assert decode(data) == wave
    assert (len(data) - HEADER_BYTES) % 2 == 0


@given(PLAIN)
def test_the_other_packets_come_back_unchanged(packet: Packet) -> None:
    assert decode(encode(packet)) == packet


def test_a_description_comes_back_unchanged() -> None:
    described = StreamDescription(rate_hz=499.5, nv_per_lsb=2441.40625, leads=STANDARD_LEADS, started_us=5)
    packet = Meta(stream_id=1, description=described, flags=Flag.SIMULATED)
    assert decode(encode(packet)) == packet


def test_a_lead_that_is_none_of_the_twelve_has_a_name_of_its_own() -> None:
    described = StreamDescription(rate_hz=130, nv_per_lsb=1000, leads=(), started_us=5, other=("strap",))
    assert described.rows == ("strap",)
    packet = Meta(stream_id=1, description=described)
    assert decode(encode(packet)) == packet


@pytest.mark.parametrize(
    "other", [("V1",), ("",), ("x" * 17,), ("a", "a"), ("a\nb",), tuple("abcdefghijklmnopq")]
)
def test_another_lead_is_never_named_like_one_of_the_twelve(other: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="lead"):
        StreamDescription(rate_hz=130, nv_per_lsb=1000, leads=(), started_us=5, other=other)


@given(st.binary(max_size=300))
@example(b"E1" + bytes(38))
def test_noise_is_refused_and_nothing_else_happens(data: bytes) -> None:
    with pytest.raises(WireError):
        decode(data)


@given(st.sampled_from([encode(a_wave()), encode(a_wave(), Codec.DELTA_DEFLATE)]), st.data())
def test_a_damaged_packet_is_refused_or_is_another_whole_packet(data: bytes, draws: st.DataObject) -> None:
    at = draws.draw(st.integers(0, len(data) - 1))
    damaged = data[:at] + bytes([draws.draw(st.integers(0, 255))]) + data[at + 1 :]
    try:
        packet = decode(damaged)
    except WireError:
        return
    assert decode(encode(packet)) == packet


@given(st.integers(0, 279))
def test_a_truncated_wave_is_refused(length: int) -> None:
    with pytest.raises(WireError):
        decode(encode(a_wave())[:length])


def test_the_samples_begin_at_byte_40_lead_after_lead() -> None:
    data = encode(a_wave(count=2, leads=3))
    assert data[40:].hex() == "000001000200030004000500"


@pytest.mark.parametrize("size", [MAX_PACKET_BYTES + 1, 10_000_000])
def test_more_than_32_kib_is_refused_before_it_is_read(size: int) -> None:
    with pytest.raises(WireError, match="40 to 32768"):
        decode(encode(a_wave()).ljust(size, b"\0"))


def test_a_packet_larger_than_32_kib_is_not_written() -> None:
    with pytest.raises(WireError, match="at most 32768"):
        encode(a_wave(count=2000))


def test_a_payload_that_unfolds_without_end_is_stopped() -> None:
    bomb = zlib.compressobj(9, wbits=-15)
    payload = bomb.compress(bytes(20_000_000)) + bomb.flush()
    head = encode(a_wave(), Codec.DELTA_DEFLATE)[:HEADER_BYTES]
    with pytest.raises(WireError, match="does not unfold to"):
        decode(head + payload[: MAX_PACKET_BYTES - HEADER_BYTES])


def test_a_payload_beyond_16_bits_is_refused() -> None:
    planes = bytes([0xFE, 0xFE, 0xFF, 0xFF, 0b11])  # two differences of +65535
    packer = zlib.compressobj(wbits=-15)
    payload = packer.compress(planes) + packer.flush()
    wave = Wave(stream_id=1, first_index=0, captured_us=0, samples=np.zeros((1, 2), np.int16))
    head = encode(wave, Codec.DELTA_DEFLATE)[:HEADER_BYTES]
    with pytest.raises(WireError, match="beyond 16 bits"):
        decode(head + payload + b"\0" * (len(payload) % 2))


@pytest.mark.parametrize(
    ("wave", "why"),
    [
        (Wave(stream_id=1, first_index=0, captured_us=0, samples=np.zeros((17, 4), np.int16)), "leads"),
        (Wave(stream_id=1, first_index=0, captured_us=0, samples=np.zeros((2, 0), np.int16)), "leads"),
        (Wave(stream_id=1, first_index=-1, captured_us=0, samples=np.zeros((1, 1), np.int16)), "range"),
        (Wave(stream_id=2**32, first_index=0, captured_us=0, samples=np.zeros((1, 1), np.int16)), "range"),
        (
            Wave(stream_id=1, first_index=0, captured_us=0, samples=np.zeros((1, 1), np.int16), unusable=2),
            "bits",
        ),
        (
            Wave(
                stream_id=1,
                first_index=0,
                captured_us=0,
                samples=np.zeros((1, 1), np.int16),
                marks=(Mark(1, MarkKind.PACE),),
            ),
            "mark",
        ),
    ],
)
def test_what_e1_cannot_carry_is_not_written(wave: Wave, why: str) -> None:
    with pytest.raises(WireError, match=why):
        encode(wave)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"rate_hz":0,"nv_per_lsb":1000,"leads":["I"],"started_us":0}',
        b'{"rate_hz":500,"nv_per_lsb":-1,"leads":["I"],"started_us":0}',
        b'{"rate_hz":500,"nv_per_lsb":1000,"leads":["I","I"],"started_us":0}',
        b'{"rate_hz":500,"nv_per_lsb":1000,"leads":["VX"],"started_us":0}',
        b'{"rate_hz":500,"nv_per_lsb":1000,"leads":[],"started_us":0}',
        b'{"rate_hz":NaN,"nv_per_lsb":1000,"leads":["I"],"started_us":0}',
        b"[" * 20_000,
    ],
)
def test_a_meta_that_no_trace_can_be_drawn_from_is_refused(body: bytes) -> None:
    head = bytearray(encode(Have(stream_id=1, end=0))[:HEADER_BYTES])
    head[2] = PacketType.META
    with pytest.raises(WireError):
        decode(bytes(head) + body)


def test_a_field_its_type_does_not_use_must_be_zero() -> None:
    data = bytearray(encode(Have(stream_id=1, end=5)))
    data[16] = 1
    with pytest.raises(WireError, match="must be 0"):
        decode(data)


def test_a_flag_is_set_in_place_and_changes_nothing_else() -> None:
    data = bytearray(encode(a_wave()))
    set_flag(data, Flag.BACKFILL)
    assert header(data).flags is Flag.BACKFILL
    assert bytes(data[:3] + b"\0" + data[4:]) == encode(a_wave())


def test_a_flag_is_not_set_on_foreign_bytes() -> None:
    with pytest.raises(WireError):
        set_flag(bytearray(100), Flag.BACKFILL)


def test_the_header_tells_what_routing_needs() -> None:
    head = header(encode(a_wave(count=25)))
    assert (head.type, head.stream_id, head.first_index, head.sample_count) == (PacketType.WAVE, 7, 100, 25)


def test_waves_that_differ_in_one_sample_are_not_equal() -> None:
    other = a_wave()
    other.samples[3, 3] += 1
    assert a_wave() == a_wave()
    assert a_wave() != other
