"""Frames out of packets: whole, in order, and none that could not be decoded."""

import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from media.layout import EXTENSION_IDS, Codec, Extension
from media.packetizer import packetize
from media.parameter_sets import ParameterSets
from media.rtp import element, ntp64, write_packet
from media.taped_frames import TapedFrame, TapedPacket, frames, parameter_sets

SETS = b"\0\0\0\1\x67\x42\xe0\x1f\0\0\0\1\x68\xce\x3c\x80"
IDR = SETS + b"\0\0\0\1\x65" + bytes(range(1, 251)) * 12
INTER = b"\0\0\0\1\x41" + bytes(range(1, 251)) * 9
CODECS = {102: Codec.H264_CB, 96: Codec.VP8, 111: Codec.OPUS}
CAPTURE = EXTENSION_IDS[Extension.ABS_CAPTURE_TIME]


def packets(*encoded: bytes, stamped: bool = True) -> list[TapedPacket]:
    """H.264 frames as a station sends them, 40 ms apart."""
    made: list[TapedPacket] = []
    for number, frame in enumerate(encoded):
        payloads = packetize(frame)
        for at, payload in enumerate(payloads):
            capture_us = 5_000_000 + 40_000 * number
            first = element(CAPTURE, ntp64(capture_us).to_bytes(8, "big")) if at == 0 and stamped else b""
            last = at == len(payloads) - 1
            rtp = write_packet(102, last, len(made) & 0xFFFF, 3600 * number, 7, first, payload)
            made.append(TapedPacket(1000 + len(made), 9_000_000 + 40_000 * number + at, rtp))
    return made


def found(taped: Sequence[TapedPacket]) -> list[TapedFrame]:
    return list(frames(taped, CODECS))


def test_frames_come_out_as_they_went_in() -> None:
    out = found(packets(IDR, INTER, INTER, IDR))
    assert [frame.data for frame in out] == [IDR, INTER, INTER, IDR]
    assert [frame.is_key for frame in out] == [True, False, False, True]
    assert [frame.capture_us for frame in out] == [5_000_000, 5_040_000, 5_080_000, 5_120_000]
    assert not any(frame.gap_before for frame in out)


def test_late_and_repeated_packets_find_their_place() -> None:
    taped = packets(*([IDR] + [INTER] * 20))
    mixed = taped + random.Random(1).sample(taped, 10)
    random.Random(2).shuffle(mixed)
    assert [frame.data for frame in found(mixed)] == [IDR] + [INTER] * 20


def test_nothing_that_hangs_on_a_lost_packet_is_shown_until_the_next_key_frame() -> None:
    taped = packets(IDR, INTER, INTER, INTER, IDR, INTER)
    begins = [at for at, one in enumerate(taped) if at == 0 or one.at_us - taped[at - 1].at_us > 1]
    del taped[begins[2]]  # the first packet of the third frame
    out = found(taped)
    assert [frame.data for frame in out] == [IDR, INTER, IDR, INTER]
    assert [frame.gap_before for frame in out] == [False, False, True, False]


def test_a_whole_frame_that_is_lost_breaks_what_follows_too() -> None:
    taped = packets(IDR, INTER, INTER, IDR)
    second = packets(IDR, INTER)[len(packetize(IDR)) :]
    gone = {one.sequence for one in second}
    out = found([one for one in taped if one.sequence not in gone])
    assert [frame.data for frame in out] == [IDR, IDR]
    assert [frame.gap_before for frame in out] == [False, True]


def test_padding_between_two_frames_is_no_gap() -> None:
    first, second = packets(IDR), packets(IDR, INTER)[len(packetize(IDR)) :]
    padding = write_packet(102, False, len(first), 0, 7, b"", b"")
    taped = [
        *first,
        TapedPacket(first[-1].sequence + 1, 1, padding),
        *(one._replace(sequence=one.sequence + 1) for one in second),
    ]
    out = found(taped)
    assert [frame.data for frame in out] == [IDR, INTER] and not any(frame.gap_before for frame in out)
    assert out[1].sequence == second[0].sequence + 1
    del taped[len(first)]  # the same, and what was lost may have been a frame
    assert [frame.data for frame in found(taped)] == [IDR]


def test_nothing_is_shown_before_the_first_key_frame() -> None:
    assert [frame.data for frame in found(packets(INTER, INTER, IDR, INTER))] == [IDR, INTER]


IDR_ALONE = IDR[len(SETS) :]


def test_a_key_frame_without_parameter_sets_gets_those_sent_last() -> None:
    out = found(packets(IDR, INTER, IDR_ALONE, INTER))
    assert [frame.data for frame in out] == [IDR, INTER, IDR, INTER]
    assert [frame.is_key for frame in out] == [True, False, True, False]
    other = SETS.replace(b"\x1f", b"\x28")
    out = found(packets(IDR, other + IDR_ALONE, IDR_ALONE))
    assert [frame.data for frame in out][1:] == [other + IDR_ALONE] * 2


def test_parameter_sets_are_asked_for_where_the_packets_begin_behind_them_and_only_if_they_are_needed() -> (
    None
):
    taped = packets(IDR, INTER, IDR_ALONE, INTER, IDR_ALONE)
    begins = [at for at, one in enumerate(taped) if at == 0 or one.at_us - taped[at - 1].at_us > 1]
    before, rest = taped[: begins[1]], taped[begins[2] :]
    asked: list[ParameterSets] = []

    def ask() -> ParameterSets:
        asked.append(parameter_sets(before, CODECS))
        return asked[-1]

    assert [frame.data for frame in frames(rest, CODECS, ask)] == [IDR, INTER, IDR] and len(asked) == 1
    assert len(list(frames(taped, CODECS, ask))) == 5 and len(asked) == 1
    assert found(rest) == []  # without them nothing can be decoded


def test_parameter_sets_count_also_when_the_rest_of_their_frame_was_lost_or_one_comes_apart() -> None:
    taped = packets(IDR, INTER, IDR_ALONE)
    del taped[1]  # a packet of the first frame's picture
    assert [frame.data for frame in found(taped)] == [IDR]
    sequence, picture = SETS[:8], SETS[8:]
    out = found(packets(sequence + IDR_ALONE, picture + INTER, IDR_ALONE))
    assert out[-1].is_key and out[-1].data == IDR


def test_the_capture_time_of_a_frame_without_one_follows_from_its_timestamp() -> None:
    taped = packets(IDR) + [
        one._replace(sequence=one.sequence + 100) for one in packets(IDR, IDR, stamped=False)
    ]
    last = found(taped)[-1]
    assert last.capture_us == 5_040_000
    assert found(packets(IDR, stamped=False))[0].capture_us is None


def test_vp8_loses_its_descriptor_and_nothing_else() -> None:
    key, inter = bytes((0x10, *range(1, 200))), bytes((0x11, *range(200, 0, -1)))
    made = [
        (b"\x90\x80\x81\x05" + key[:100], False, 0),  # with a 15-bit picture id
        (b"\x80\x80\x81\x05" + key[100:], True, 0),
        (b"\x90\xe0\x06\x01\x20" + inter, True, 3000),  # 7-bit picture id, TL0PICIDX, TID
    ]
    taped = [
        TapedPacket(at, at, write_packet(96, marker, at, timestamp, 1, b"", payload))
        for at, (payload, marker, timestamp) in enumerate(made)
    ]
    out = found(taped)
    assert [frame.data for frame in out] == [key, inter]
    assert [frame.is_key for frame in out] == [True, False]


def test_each_opus_packet_is_a_frame_and_a_lost_one_breaks_no_other() -> None:
    taped = [
        TapedPacket(at, at, write_packet(111, False, at, 960 * at, 1, b"", b"o%d" % at)) for at in range(9)
    ]
    del taped[4]
    out = found(taped)
    assert [frame.data for frame in out] == [b"o%d" % at for at in range(9) if at != 4]
    assert [frame.gap_before for frame in out] == [at == 4 for at in range(8)]


@given(st.lists(st.tuples(st.sampled_from((96, 102, 111, 5)), st.booleans(), st.integers(0, 3), st.binary())))
def test_any_payloads_give_frames_or_nothing_and_never_an_error(
    given_: list[tuple[int, bool, int, bytes]],
) -> None:
    taped = [
        TapedPacket(at, at, write_packet(kind, marker, at & 0xFFFF, timestamp, 1, b"", payload))
        for at, (kind, marker, timestamp, payload) in enumerate(given_)
    ]
    for frame in found(taped):
        assert frame.data


@given(st.lists(st.binary(max_size=60)))
def test_any_bytes_give_frames_or_nothing(given_: list[bytes]) -> None:
    found([TapedPacket(at, at, data) for at, data in enumerate(given_)])
