"""When packets came, as their receiver tells it, and matched with what was sent."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from media.rtcp import read_rtcp
from media.sent_log import Fate, SentLog
from media.transport_feedback import TransportFeedback, read_transport_feedback, write_transport_feedback

STEPS = st.lists(st.none() | st.integers(-30_000, 32_000), min_size=1, max_size=300)


def feedback_of(steps: list[int | None], first: int, begins: int) -> TransportFeedback:
    """Arrivals in steps of a quarter of a millisecond, beginning with a multiple of 64 ms."""
    time, arrivals = begins * 64_000, []
    for step in steps:
        time += 250 * (step or 0)
        arrivals.append(None if step is None else time)
    return TransportFeedback(first, tuple(arrivals))


@given(STEPS, st.integers(0, 65_535), st.integers(4000, (1 << 24) - 1))
def test_what_is_written_is_read(steps: list[int | None], first: int, begins: int) -> None:
    if (before := next((step for step in steps if step is not None), None)) is not None:
        steps = [None if step is None else step for step in steps]
        steps[steps.index(before)] = abs(before) % 250  # the first counts from the reference time
    told = feedback_of(steps, first, begins)
    (read,) = read_rtcp(write_transport_feedback(1, 2, told, 3))
    assert isinstance(read, TransportFeedback) and read.first == first
    assert [time is None for time in read.arrivals_us] == [time is None for time in told.arrivals_us]
    came = [time for time in told.arrivals_us if time is not None]
    also = [time for time in read.arrivals_us if time is not None]
    assert came == also


@given(st.binary(max_size=200))
def test_any_bytes_are_a_report_or_none(body: bytes) -> None:
    read_transport_feedback(body)
    read_transport_feedback(struct.pack("!LLHHL", 1, 2, 3, 20, 4) + body)


def test_runs_and_vectors_of_one_bit_are_read() -> None:
    head = struct.pack("!LLHHL", 1, 2, 65_530, 19, 100 << 8)
    run_of_five_small, one_bit = 0x2005, 0x8000 | 0b10110000000001
    times = bytes([4] * 5 + [8] * 4)
    told = read_transport_feedback(head + struct.pack("!HH", run_of_five_small, one_bit) + times)
    assert told is not None and told.first == 65_530
    came = [None if time is None else time - 6_400_000 for time in told.arrivals_us]
    assert came[:9] == [1000, 2000, 3000, 4000, 5000, 7000, None, 9000, 11_000]
    assert came[9:] == [None] * 9 + [13_000]


def test_a_report_of_more_packets_than_anybody_sends_or_without_its_times_is_none() -> None:
    head = struct.pack("!LLHHL", 1, 2, 3, 60_000, 4 << 8)
    assert read_transport_feedback(head + struct.pack("!H", 0x1FFF) * 8) is None
    head = struct.pack("!LLHHL", 1, 2, 3, 5, 4 << 8)
    assert read_transport_feedback(head + struct.pack("!H", 0x2005) + bytes(4)) is None
    assert read_transport_feedback(head) is None


def test_each_packet_is_told_of_once_and_unknown_ones_never() -> None:
    log = SentLog()
    for number in range(4):
        log.sent(10.0 + number, 100 + number)
    assert log.next == 5
    told = TransportFeedback(1, (64_000, None, 128_000))
    assert log.fates(told) == [Fate(10.0, 100, 0.064), Fate(11.0, 101, None), Fate(12.0, 102, 0.128)]
    assert log.fates(told) == []
    assert log.fates(TransportFeedback(3, (1, 192_000, 2))) == [Fate(13.0, 103, 0.192)]


def test_numbers_and_the_clock_come_round() -> None:
    log = SentLog()
    for number in range(70_000):
        log.sent(float(number), 1)
    end = (1 << 24) * 64_000
    first, second = log.fates(TransportFeedback((69_990) & 0xFFFF, (end - 64_000, 64_000)))
    assert (first.sent_s, second.sent_s) == (69_989.0, 69_990.0)
    assert first.arrived_s is not None and second.arrived_s is not None
    assert round(second.arrived_s - first.arrived_s, 6) == 0.128


def test_who_never_reports_takes_no_memory_without_end() -> None:
    log = SentLog()
    for _ in range(10_000):
        log.sent(0.0, 1)
    assert len(log._sent) == 4096
