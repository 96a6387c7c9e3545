"""Fast swings that change their shape, as in torsade de pointes.

There is no line between the complexes to rest on; then two signs count: what the detector marks is of ever
other shapes, or the size of the swings waxes and wanes. The latter is also fibrillation's; the two are not
told apart, and both rules then hit. Complexes of many shapes with a line between them are not looked for: an
irregular rhythm with early beats and noise is just that.
"""

from collections.abc import Mapping

from ecg.critical.runs import fast_runs, likeness
from ecg.critical.strip import Strip
from ecg.critical.swings import find_swings, swings_throughout
from ecg.critical.verdict import Answer, Evidence, NotTested, Quantity, Value, hit_or_not, not_tested


def find_polymorphic_tachycardia(strip: Strip, limits: Mapping[str, float]) -> Answer:
    """Swings at `per_min` or more, with `least_beats` marks less alike than `alike_percent`, or less even
    than `even_percent`."""
    swings = find_swings(strip)
    found = [
        Evidence(
            one.where,
            (
                Value(Quantity.OSCILLATION_PER_MIN, one.per_min, limits["per_min"]),
                Value(Quantity.EVENNESS_PERCENT, one.even_percent, limits["even_percent"]),
            ),
        )
        for one in swings or ()
        if one.per_min >= limits["per_min"] and one.even_percent < limits["even_percent"]
    ]
    found += _runs_of_many_shapes(strip, limits)
    if found:
        return hit_or_not(found)
    return not_tested(NotTested.POOR_SIGNAL) if swings is None else hit_or_not([])


def _runs_of_many_shapes(strip: Strip, limits: Mapping[str, float]) -> list[Evidence]:
    found = []
    for run in fast_runs(strip, limits["per_min"], round(limits["least_beats"])):
        alike = likeness(strip, run.beats)
        if alike is None or 100 * alike >= limits["alike_percent"]:
            continue
        if swings_throughout(strip, run.where):
            values = (
                Value(Quantity.RATE_PER_MIN, run.per_min, limits["per_min"]),
                Value(Quantity.LIKENESS_PERCENT, 100 * alike, limits["alike_percent"]),
            )
            found.append(Evidence(run.where, values, run.beats))
    return found
