"""The station's clock never jumps, and the offset is known to within its uncertainty."""

from hypothesis import given
from hypothesis import strategies as st

from station.clock import ClockOffset, StationClock


def test_the_clock_goes_on_evenly_when_the_machines_time_is_set() -> None:
    utc_ns, monotonic_ns = [1_790_000_000 * 10**9], [500]
    clock = StationClock(lambda: utc_ns[0], lambda: monotonic_ns[0])
    assert clock.now_us() == 1_790_000_000_000_000
    utc_ns[0] -= 3600 * 10**9
    monotonic_ns[0] += 2_000_000
    assert clock.now_us() == 1_790_000_000_002_000


def test_nothing_is_told_before_the_first_exchange() -> None:
    offset = ClockOffset()
    assert offset.offset_us is None and offset.uncertainty_us is None


way = st.integers(0, 2_000_000)


@given(st.integers(-(10**12), 10**12), st.lists(st.tuples(way, way, way), min_size=1, max_size=12))
def test_the_true_offset_lies_within_the_uncertainty_however_unequal_the_ways(
    true_us: int, exchanges: list[tuple[int, int, int]]
) -> None:
    offset = ClockOffset()
    sent_us = 10**15
    for there, busy, back in exchanges:
        received_us = sent_us - true_us + there
        offset.take(sent_us, received_us, received_us + busy, sent_us + there + busy + back)
        sent_us += 10_000_000
    assert offset.offset_us is not None and offset.uncertainty_us is not None
    assert abs(offset.offset_us - true_us) <= offset.uncertainty_us + 1
    there, _, back = exchanges[-1]
    assert offset.uncertainty_us <= (there + back + 1) // 2


def exchange(offset: ClockOffset, at_us: int, true_us: int, way_us: int) -> None:
    """One exchange over a way of this length there and back."""
    received_us = at_us + way_us - true_us
    offset.take(at_us, received_us, received_us, at_us + 2 * way_us)


@given(st.floats(-100e-6, 100e-6), st.lists(st.integers(0, 50_000), min_size=2, max_size=30))
def test_two_clocks_that_drift_apart_stay_within_the_uncertainty(drift: float, ways_us: list[int]) -> None:
    offset = ClockOffset()
    for number, way_us in enumerate(ways_us):
        at_us = number * 10_000_000
        exchange(offset, at_us, round(at_us * drift), way_us)
        assert offset.offset_us is not None and offset.uncertainty_us is not None
        assert abs(offset.offset_us - (at_us + 2 * way_us) * drift) <= offset.uncertainty_us + 10


def test_after_a_clock_was_set_nothing_of_before_is_believed() -> None:
    offset = ClockOffset()
    for number in range(8):
        exchange(offset, number * 10_000_000, 5_000, way_us=100)
    exchange(offset, 80_000_000, 905_000, way_us=4_000)  # somebody moved a clock by 0.9 s
    assert (offset.offset_us, offset.uncertainty_us) == (905_000, 4_000)


def test_an_exchange_in_which_a_clock_was_set_is_left_aside() -> None:
    offset = ClockOffset()
    offset.take(1000, 500, 5_000_000, 1200)
    assert offset.offset_us is None
