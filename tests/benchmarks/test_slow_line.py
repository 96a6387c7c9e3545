"""The line in user space: what is lost and when the rest comes is the same at every run."""

from benchmarks.lines.slow_line import SlowLine, Slowness


def crossed(line: SlowLine, count: int, every_s: float = 0.004) -> list[tuple[float, bytes]]:
    """Send numbered packets at an even pace and look every millisecond; when each came."""
    came = []
    now = 0.0
    for number in range(count):
        line.put(number.to_bytes(4, "big"), number * every_s)
        while now < (number + 1) * every_s:
            came += [(now, packet) for packet in line.due(now)]
            now += 0.001
    while line.next_due is not None:
        came += [(now, packet) for packet in line.due(now)]
        now += 0.001
    return came


def test_losses_are_seeded_and_of_the_asked_share() -> None:
    line = SlowLine(Slowness(loss_percent=5, seed=7))
    came = [packet for _, packet in crossed(line, 10_000)]
    assert (line.taken, line.lost, line.passed) == (10_000, 10_000 - len(came), len(came))
    assert 430 <= line.lost <= 570
    again = [packet for _, packet in crossed(SlowLine(Slowness(loss_percent=5, seed=7)), 10_000)]
    other = [packet for _, packet in crossed(SlowLine(Slowness(loss_percent=5, seed=8)), 10_000)]
    assert came == again and came != other


def test_nothing_is_lost_that_is_not_to_be() -> None:
    assert len(crossed(SlowLine(Slowness(delay_ms=60, jitter_ms=60)), 5_000)) == 5_000


def test_jitter_keeps_the_order_and_the_delay_within_its_bounds() -> None:
    came = crossed(SlowLine(Slowness(delay_ms=60, jitter_ms=60, seed=3)), 5_000)
    assert [packet for _, packet in came] == sorted(packet for _, packet in came)
    delays_ms = [1000 * (at - int.from_bytes(packet, "big") * 0.004) for at, packet in came]
    assert min(delays_ms) >= 0 and max(delays_ms) <= 121
    assert max(delays_ms) - min(delays_ms) > 60


def test_a_delay_without_jitter_is_even() -> None:
    came = crossed(SlowLine(Slowness(delay_ms=300)), 500)
    delays_ms = {round(1000 * (at - int.from_bytes(packet, "big") * 0.004)) for at, packet in came}
    assert delays_ms <= {300, 301}
