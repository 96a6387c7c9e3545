"""What gives way on a weak line, when, and when it comes back."""

from station.line_bucket import LineBucket
from station.reduction import Reduction, Step
from station.send_rate import HEADERS_BYTES, SendRate

PIXELS_PER_S = 640 * 480 * 30
FRAME_US = 33_333
MOST = 4_000_000


class Line:
    """A reduction that is asked at every picture."""

    def __init__(self) -> None:
        self.reduction = Reduction(PIXELS_PER_S, MOST)
        self.now_us = 0

    def leaves(self, bits_per_s: int, seconds: float, share: float | None = 0.5) -> Step:
        for _ in range(round(seconds * 1_000_000 / FRAME_US)):
            self.now_us += FRAME_US
            self.reduction.decide(bits_per_s, share, self.now_us)
        return self.reduction.step


def test_the_picture_grows_coarser_before_it_is_cut() -> None:
    line = Line()
    assert (line.leaves(MOST, 1), line.reduction.coarse) == (Step.WHOLE, False)
    assert (line.leaves(700_000, 5), line.reduction.coarse) == (Step.WHOLE, True)
    assert line.leaves(400_000, 5) is Step.WHOLE


def test_then_it_is_cut_to_the_sector_then_made_smaller() -> None:
    line = Line()
    assert line.leaves(250_000, 1) is Step.SECTOR
    assert line.leaves(60_000, 1) is Step.THREE_QUARTERS
    assert line.leaves(20_000, 1) is Step.HALF


def test_without_a_sector_worth_cutting_to_it_is_whole_until_it_is_made_smaller() -> None:
    line = Line()
    assert line.leaves(150_000, 5, share=None) is Step.THREE_QUARTERS
    line = Line()
    assert line.leaves(300_000, 5, share=None) is Step.WHOLE


def test_a_short_dip_changes_nothing() -> None:
    line = Line()
    line.leaves(MOST, 1)
    for _ in range(20):
        assert line.leaves(100_000, 0.3) is Step.WHOLE
        assert line.leaves(MOST, 0.1) is Step.WHOLE


def test_it_comes_back_after_two_seconds_of_half_as_much_more_and_at_once_to_the_top() -> None:
    line = Line()
    line.leaves(20_000, 1)
    assert line.leaves(2_000_000, 1.9) is Step.HALF
    assert line.leaves(2_000_000, 0.3) is Step.WHOLE


def test_a_line_at_the_limit_does_not_swing() -> None:
    line = Line()
    line.leaves(270_000, 2)
    steps = [line.leaves(bits, 3) for bits in (280_000, 270_000, 300_000, 260_000, 390_000)]
    assert set(steps) == {Step.SECTOR}
    assert line.leaves(420_000, 3) is Step.WHOLE


def test_coarse_is_said_with_hysteresis_too() -> None:
    line = Line()
    line.leaves(MOST, 1)
    line.leaves(1_800_000, 4)
    assert line.reduction.coarse
    line.leaves(1_900_000, 1)
    assert line.reduction.coarse
    line.leaves(2_200_000, 1)
    assert not line.reduction.coarse


def test_an_estimate_that_dips_and_comes_back_calls_nothing_coarse() -> None:
    line = Line()
    line.leaves(MOST, 1)
    for _ in range(5):
        line.leaves(1_500_000, 2.8)
        assert not line.reduction.coarse
        line.leaves(MOST, 0.2)
        assert not line.reduction.coarse
    line.leaves(1_500_000, 3.2)
    assert line.reduction.coarse


def test_a_picture_that_is_cut_is_coarse_at_once() -> None:
    line = Line()
    line.leaves(MOST, 1)
    assert line.leaves(100_000, 0.7) is Step.SECTOR
    assert line.reduction.coarse


def test_what_begins_with_too_little_is_coarse_from_its_first_picture() -> None:
    line = Line()
    line.leaves(500_000, 0.04)
    assert line.reduction.coarse


def test_the_bucket_drains_at_nine_tenths_of_the_line() -> None:
    bucket = LineBucket()
    bucket.add(1_000_000, 0)
    assert bucket.waits_ms(0) == 0  # nothing is known of the line
    bucket.set_line(1_000_000)
    bucket.add(180_000, 0)
    assert bucket.waits_ms(0) == 200
    assert bucket.waits_ms(100_000) == 100
    assert bucket.waits_ms(1_000_000) == 0


def test_the_rate_of_a_stream_counts_its_headers() -> None:
    rate = SendRate()
    assert rate.bits_per_s == 0
    for number in range(200):
        rate.sent(720, number * 20_000)
    assert rate.bits_per_s == (720 + HEADERS_BYTES) * 8 * 50
