"""When a missing packet is asked for."""

from media.gaps import ASK_AGAIN_S, LATE_PACKETS, LATE_S, MAX_MISSING, Gaps
from media.rtcp import write_nack


def test_what_is_a_few_places_behind_is_asked_for_at_once_and_else_after_a_moment() -> None:
    gaps = Gaps()
    gaps.jumped(1, 3, 0.0)
    assert gaps.due(0.0, 3) == [] and gaps.due(0.0, 2 + LATE_PACKETS) == [2]
    gaps.jumped(5, 7, 1.0)
    assert gaps.due(1.0 + LATE_S / 2, 7) == [] and gaps.due(1.0 + LATE_S, 7) == [6]


def test_a_burst_is_asked_for_at_once_but_for_its_end() -> None:
    gaps = Gaps()
    gaps.jumped(1, 8, 0.0)
    assert gaps.due(0.0, 8) == [2, 3, 4, 5]
    assert gaps.due(0.0, 9) == [6] and gaps.due(LATE_S, 9) == [7]


def test_each_is_asked_for_again_in_its_own_time() -> None:
    gaps = Gaps()
    gaps.jumped(1, 3, 0.0)
    gaps.due(LATE_S, 3)
    gaps.jumped(3, 5, 0.03)
    assert gaps.due(0.03 + LATE_S, 5) == [4]
    assert gaps.due(LATE_S + ASK_AGAIN_S, 5) == [2] and gaps.due(0.03 + LATE_S + ASK_AGAIN_S, 5) == [4]


def test_no_more_is_missed_in_all_than_one_datagram_asks_for() -> None:
    gaps, most = Gaps(), 0
    for number in range(10_000):
        if not gaps.jumped(20 * number, 20 * number + 2, number / 1e6):
            assert not gaps
        most = max(most, len(gaps.due(number / 1e6 + 0.02, 20 * number + 100)))
    assert most <= MAX_MISSING
    scattered = [20 * number for number in range(MAX_MISSING)]
    assert len(write_nack(1, 2, scattered)) <= 1200
    assert len(write_nack(1, 2, [17 * number & 0xFFFF for number in range(3000)])) <= 1200


def test_a_jump_that_is_too_long_leaves_nothing_missing() -> None:
    gaps = Gaps()
    gaps.jumped(1, 3, 0.0)
    assert not gaps.jumped(3, 4 + MAX_MISSING, 0.0) and not gaps and gaps.due(1.0, 999) == []


class CountedDict(dict[int, tuple[float, float, int]]):
    """Counts how often all of it is looked at."""

    looked_at = 0

    def items(self):  # type: ignore[no-untyped-def]
        self.looked_at += 1
        return super().items()


def test_while_nothing_is_due_what_is_missing_is_not_looked_through() -> None:
    gaps = Gaps()
    gaps._missing = missing = CountedDict()
    gaps.jumped(1, 100, 0.0)
    for step in range(1000):
        gaps.due(step / 20_000, 100 + step)  # 50 ms
    assert missing.looked_at <= 8
