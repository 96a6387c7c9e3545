"""How narrow a line is, found out over lines whose width is known; and when it is not any more."""

import pytest

from media.narrow_line import Phase
from tests.fakes.bottleneck import Bottleneck, LinedViewer

WIDE_BPS = 100_000_000.0
FULL_BPS = 2_500_000.0


def narrowed(bps: float, seconds: float = 30.0, line: Bottleneck | None = None) -> LinedViewer:
    """A viewer in the tenth of many seconds over a line that became narrow."""
    viewer = LinedViewer(line or Bottleneck(WIDE_BPS))
    viewer.line.bps = WIDE_BPS
    viewer.go(8)
    viewer.line.become(bps, viewer.now)
    viewer.go(seconds)
    return viewer


@pytest.mark.parametrize("bps", [384_000.0, 1_000_000.0, 2_000_000.0])
def test_it_is_measured_used_and_its_queue_stays_short(bps: float) -> None:
    viewer = narrowed(bps)
    began, lost = viewer.now, viewer.lost_packets
    viewer.go(30)
    delays = viewer.delays_since(began)
    assert viewer.estimate.bps == pytest.approx(bps, rel=0.05)
    assert viewer.lost_packets == lost  # not one, over all the steps that were tried
    assert delays[len(delays) // 2] < 0.04 and delays[-1] < 0.2
    assert 8000 * len(delays) > 0.7 * 30 * bps


@pytest.mark.parametrize("bps", [384_000.0, 1_000_000.0])
def test_when_it_is_wide_again_everything_is_sent_again_within_seconds(bps: float) -> None:
    viewer = narrowed(bps)
    began, lost = viewer.now, viewer.lost_packets
    viewer.line.become(WIDE_BPS, viewer.now)
    viewer.go(8)
    assert viewer.freed_at is not None and viewer.freed_at - began < 6
    assert not viewer.estimate.is_narrow and viewer.lost_packets == lost


def test_a_line_that_becomes_still_narrower_is_followed() -> None:
    viewer = narrowed(1_000_000)
    viewer.line.become(384_000, viewer.now)
    viewer.go(4)
    lost = viewer.lost_packets
    viewer.go(20)
    assert viewer.estimate.bps == pytest.approx(384_000, rel=0.05) and viewer.lost_packets == lost


def test_a_long_queue_is_drained_and_not_filled_again() -> None:
    viewer = narrowed(1_000_000, line=Bottleneck(WIDE_BPS, queue_s=1.5))
    delays = viewer.delays_since(viewer.now - 20)
    assert delays[len(delays) // 2] < 0.04 and delays[-1] < 0.2


def test_a_line_that_drops_at_once_what_it_does_not_carry_is_found_too() -> None:
    viewer = narrowed(1_000_000, line=Bottleneck(WIDE_BPS, queue_s=0.02))
    lost, sent = viewer.picture_lost, viewer.sent_packets
    viewer.go(20)
    assert 700_000 < viewer.estimate.bps < 1_050_000
    assert viewer.picture_lost - lost < 0.04 * (viewer.sent_packets - sent)


def test_losses_by_chance_are_no_reason_to_send_less() -> None:
    viewer = narrowed(1_000_000, line=Bottleneck(WIDE_BPS, loss=0.05))
    assert viewer.estimate.bps == pytest.approx(1_000_000, rel=0.05)


def test_jitter_of_a_radio_link_leaves_most_of_the_line() -> None:
    viewer = narrowed(1_000_000, line=Bottleneck(WIDE_BPS, jitter_s=0.06))
    viewer.line.become(WIDE_BPS, viewer.now)
    viewer.go(8)
    assert viewer.freed_at is not None


def test_a_way_that_became_longer_for_good_is_no_queue() -> None:
    viewer = narrowed(1_000_000, seconds=10)
    viewer.line.way_s += 0.2
    viewer.go(20)
    assert viewer.estimate.bps == pytest.approx(1_000_000, rel=0.1)


def test_what_was_lost_while_the_line_was_dead_says_nothing_of_its_width() -> None:
    viewer = narrowed(1_000_000, seconds=10)
    viewer.line.loss = 1.0
    viewer.go(5)
    viewer.line.loss = 0.0
    viewer.go(3)
    assert viewer.estimate.bps == pytest.approx(1_000_000, rel=0.1)


def test_a_viewer_that_reports_no_arrivals_is_believed_its_own_word() -> None:
    viewer = LinedViewer(Bottleneck(WIDE_BPS), reports=False)
    viewer.go(8)
    viewer.line.become(1_000_000, viewer.now)
    viewer.go(30)
    delays = viewer.delays_since(viewer.now - 20)
    assert delays[len(delays) // 2] < 0.1 and 8000 * len(delays) > 0.6 * 20 * 1_000_000
    viewer.line.become(WIDE_BPS, viewer.now)
    viewer.go(30)
    assert not viewer.estimate.is_narrow


def test_what_a_step_found_counts_once_the_next_was_carried_too() -> None:
    """A token bucket lets a short step pass."""
    viewer = narrowed(1_000_000)
    line = viewer.estimate._narrow
    assert line is not None
    until(viewer, Phase.PROBE)
    before_bps = line.bps
    viewer.line.become(WIDE_BPS, viewer.now)
    until(viewer, Phase.HOLD)
    assert line.bps == before_bps
    viewer.line.become(1_000_000, viewer.now)
    viewer.go(2)
    assert line.bps == pytest.approx(before_bps, rel=0.05)


def until(viewer: LinedViewer, phase: Phase) -> None:
    line = viewer.estimate._narrow
    while line is not None and line.phase is not phase:
        viewer.go(0.005)
