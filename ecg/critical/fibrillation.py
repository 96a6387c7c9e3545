"""Swings without complexes, as in ventricular flutter and fibrillation."""

from collections.abc import Mapping

from ecg.critical.strip import Strip
from ecg.critical.swings import find_swings
from ecg.critical.verdict import Answer, Evidence, NotTested, Quantity, Value, hit_or_not, not_tested


def find_fibrillation(strip: Strip, limits: Mapping[str, float]) -> Answer:
    """Where the signal swings at `slowest_per_min` to `fastest_per_min` and does not rest."""
    swings = find_swings(strip, limits)
    if swings is None:
        return not_tested(NotTested.POOR_SIGNAL)
    return hit_or_not(
        [
            Evidence(
                one.where,
                (
                    Value(Quantity.OSCILLATION_PER_MIN, one.per_min, limits["slowest_per_min"]),
                    Value(Quantity.AWAY_FROM_BASELINE_PERCENT, one.away_percent, limits["away_percent"]),
                    Value(Quantity.LASTED_S, strip.seconds(one.where.count)),
                ),
            )
            for one in swings
        ]
    )
