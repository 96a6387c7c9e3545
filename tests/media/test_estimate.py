"""When a viewer's line is taken to be narrow, and when not."""

from media.estimate import Estimate

TICK_S = 0.05


class Flow:
    """A viewer that is sent to at a rate, as long as one likes."""

    def __init__(self) -> None:
        self.estimate = Estimate()
        self.now = 0.0
        self.sent_bytes = 0

    def go(self, seconds: float, bps: float, way_ms: float = 20.0) -> None:
        for _ in range(round(seconds / TICK_S)):
            self.now += TICK_S
            self.sent_bytes += round(bps * TICK_S / 8)
            self.estimate.tick(self.now, self.sent_bytes, is_idle=True)
            self.estimate.round_trip(way_ms, self.now)


def test_an_estimate_near_what_is_sent_is_no_evidence() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    flow.estimate.heard(2_400_000, flow.now)
    assert not flow.estimate.is_narrow


def test_what_a_viewer_says_in_its_first_seconds_is_no_evidence() -> None:
    flow = Flow()
    flow.go(3, 1_500_000)
    flow.estimate.heard(880_000, flow.now)
    assert not flow.estimate.is_narrow


def test_a_busy_viewer_whose_packets_arrive_is_no_evidence_whatever_it_says() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    flow.estimate.round_trip(20.0, flow.now)
    for bps in (1_900_000, 1_500_000, 600_000, 200_000):
        flow.estimate.heard(bps, flow.now)
        flow.go(0.5, 2_500_000)
    assert not flow.estimate.is_narrow


def test_with_a_longer_way_it_is_evidence_but_no_reason_to_give_up_nearly_all() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    flow.estimate.round_trip(20.0, flow.now)
    flow.estimate.round_trip(120.0, flow.now)
    flow.estimate.heard(1_900_000, flow.now)
    flow.go(0.5, 2_500_000, way_ms=120.0)
    assert not flow.estimate.is_narrow
    flow.estimate.heard(1_800_000, flow.now)
    assert flow.estimate.is_narrow and flow.estimate.bps == 1_800_000


def test_without_a_loss_a_line_has_not_lost_most_of_its_width() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    flow.estimate.round_trip(120.0, flow.now)
    flow.estimate.heard(150_000, flow.now)
    assert flow.estimate.bps == 0.25 * flow.estimate.needed_bps


def test_an_estimate_well_under_what_is_sent_makes_the_line_narrow() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    flow.estimate.round_trip(300.0, flow.now)
    flow.estimate.heard(850_000, flow.now)
    assert flow.estimate.is_narrow and flow.estimate.wants_more
    assert flow.estimate.bps == 850_000 and flow.estimate.rate_bps < 850_000
    assert abs(flow.estimate.needed_bps - 2_500_000) < 10_000


def test_a_burst_of_losses_is_evidence_and_scattered_ones_are_not() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    for number in range(20):  # 10 % of 250 packets a second
        flow.estimate.missed(1000 + 10 * number, 1, flow.now + number * 0.04)
    assert not flow.estimate.is_narrow
    flow.estimate.missed(1500, 5, flow.now + 2.0)
    flow.estimate.missed(1530, 15, flow.now + 2.1)
    assert flow.estimate.is_narrow and flow.estimate.bps < 2_000_000


def test_what_a_viewer_says_right_after_its_line_is_free_again_is_no_evidence() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    flow.estimate.round_trip(300.0, flow.now)
    flow.estimate.heard(2_000_000 * 0.7, flow.now)
    flow.go(3, 2_500_000)
    flow.estimate.heard(4_000_000, flow.now)
    flow.go(1, 2_500_000)
    assert not flow.estimate.is_narrow
    flow.estimate.round_trip(300.0, flow.now)
    flow.estimate.heard(800_000, flow.now)
    assert not flow.estimate.is_narrow


def test_losses_by_chance_do_not_make_a_busy_viewers_word_evidence() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    for tenth in range(40):  # 10 % of 300 packets a second
        flow.estimate.missed(2400 + 30 * tenth, 3, flow.now)
        flow.estimate.heard(900_000, flow.now)
        flow.go(0.1, 2_500_000)
    assert not flow.estimate.is_narrow
    for tenth in range(22):  # 17 %
        flow.estimate.missed(3600 + 30 * tenth, 5, flow.now)
        flow.go(0.1, 2_500_000)
    assert not flow.estimate.is_narrow
    flow.estimate.heard(900_000, flow.now)
    assert flow.estimate.is_narrow
