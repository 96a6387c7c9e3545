"""What a viewer's line is taken to carry: evidence against it, and the way back up."""

from media.estimate import Estimate

TICK_S = 0.05


class Flow:
    """A viewer that is sent to at a rate, as long as one likes."""

    def __init__(self) -> None:
        self.estimate = Estimate()
        self.now = 0.0
        self.sent_bytes = 0
        self.probes = 0
        self.says_bps = 850_000.0

    def narrow(self, bps: float) -> None:
        """The viewer's way became longer, and it says so."""
        self.estimate.round_trip(20.0, self.now)
        self.estimate.round_trip(300.0, self.now)
        self.estimate.missed(self.sent_bytes // 1200, 40, self.now)
        self.estimate.heard(bps, self.now)

    def go(
        self,
        seconds: float,
        bps: float,
        carries_bps: float | None = None,
        way_ms: float = 20.0,
    ) -> None:
        """Send at this rate, or at the probing rate; a viewer whose line carries less objects."""
        for _ in range(round(seconds / TICK_S)):
            self.now += TICK_S
            estimate = self.estimate
            rate = max(bps, estimate.rate_bps) if estimate.is_probing else bps
            self.sent_bytes += round(rate * TICK_S / 8)
            was_probing = estimate.is_probing
            estimate.tick(self.now, self.sent_bytes, is_idle=True)
            self.probes += estimate.is_probing and not was_probing
            too_much = carries_bps is not None and rate > carries_bps
            self.estimate.round_trip(way_ms + (280.0 if too_much else 0.0), self.now)
            if carries_bps is not None:  # as a browser: it grows slowly, and falls when a queue does
                grown = min(1.5 * rate, self.says_bps * 1.004)
                says = 0.85 * carries_bps if rate > carries_bps else grown
                estimate.heard(says, self.now)
                self.says_bps = says


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
    flow.go(0.5, 1_600_000, way_ms=120.0)
    flow.estimate.heard(150_000, flow.now)
    assert flow.estimate.bps == 0.25 * flow.estimate.needed_bps


def test_an_estimate_well_under_what_is_sent_makes_the_line_narrow() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    flow.narrow(850_000)
    assert flow.estimate.is_narrow and flow.estimate.wants_more
    assert flow.estimate.rate_bps == 0.9 * 850_000
    assert abs(flow.estimate.needed_bps - 2_500_000) < 10_000


def test_a_burst_of_losses_is_evidence_and_scattered_ones_are_not() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    for number in range(20):  # 10 % of 250 packets a second
        flow.estimate.missed(1000 + 10 * number, 1, flow.now + number * 0.04)
    assert not flow.estimate.is_narrow
    flow.estimate.missed(2000, 5, flow.now + 2.0)
    flow.estimate.missed(2020, 15, flow.now + 2.1)
    assert flow.estimate.is_narrow and flow.estimate.bps < 2_000_000


def test_a_line_that_carries_it_is_believed_step_by_step_until_it_is_free() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    flow.narrow(850_000)
    flow.go(10, 700_000)
    assert not flow.estimate.is_narrow and flow.probes >= 3


def test_a_line_that_stays_narrow_is_asked_less_and_less_often() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    flow.narrow(850_000)
    flow.go(60, 700_000, carries_bps=1_000_000)
    assert flow.estimate.is_narrow and 2 <= flow.probes <= 12
    assert 800_000 <= flow.estimate.bps <= 1_050_000


def test_the_viewers_own_rise_is_followed() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    flow.narrow(850_000)
    flow.estimate.heard(900_000, flow.now)
    assert flow.estimate.bps == 900_000


def test_a_line_that_stays_narrow_is_seldom_and_little_overrun() -> None:
    """With a queue on the way that hides for a second that it fills, as home routers have."""
    flow, carries, queued_bits, lost_bits = Flow(), 384_000.0, 0.0, 0.0
    flow.go(8, 2_500_000)
    flow.narrow(250_000)
    flow.estimate.bps = 250_000
    highest = 0.0
    for step in range(round(30 / TICK_S)):
        flow.now += TICK_S
        estimate = flow.estimate
        rate = estimate.rate_bps
        flow.sent_bytes += round(rate * TICK_S / 8)
        estimate.tick(flow.now, flow.sent_bytes, is_idle=True)
        queued_bits = max(0.0, queued_bits + (rate - carries) * TICK_S)
        if queued_bits > 0.3 * carries:
            missing = round((queued_bits - 0.3 * carries) / 8000) + 1
            lost_bits += queued_bits - 0.3 * carries
            queued_bits = 0.3 * carries
            estimate.missed(flow.sent_bytes // 1000, missing, flow.now)
        if step % 20 == 0:  # a report a second
            estimate.round_trip(20.0 + 1000 * queued_bits / carries, flow.now)
            estimate.heard(min(1.5 * rate, carries) if queued_bits == 0 else 0.85 * carries, flow.now)
        highest = max(highest, rate)
    assert highest < 2 * carries
    assert lost_bits < 0.02 * 30 * carries


def test_a_queue_that_only_stands_is_drained_though_nobody_objects() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    flow.narrow(550_000)
    flow.go(1, 500_000, way_ms=20.0)
    before = flow.estimate.bps
    flow.go(4, 500_000, way_ms=1100.0)
    assert flow.estimate.bps < 0.9 * before


def test_a_way_that_is_as_long_whatever_is_sent_is_another_way_and_no_queue() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    flow.narrow(900_000)
    flow.go(1, 800_000, way_ms=20.0)
    flow.go(20, 800_000, way_ms=200.0)
    assert flow.estimate.bps > 500_000


def test_one_packet_that_is_missed_does_not_mean_that_nothing_came_through() -> None:
    flow = Flow()
    flow.go(8, 2_500_000)
    flow.narrow(900_000)
    flow.go(3, 700_000, way_ms=20.0)
    lowest = flow.estimate.bps
    for _ in range(5):
        flow.estimate.missed(flow.sent_bytes // 1200, 1, flow.now)
        flow.go(0.95, 700_000, way_ms=700.0)
        lowest = min(lowest, flow.estimate.bps)
    assert 300_000 < lowest < 900_000
