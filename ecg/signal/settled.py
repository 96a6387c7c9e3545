"""The view's filter over a stored channel, as if it had run long before the channel began.

A high-pass that begins with the first value takes that value for the baseline: when it lies in a QRS complex,
the whole trace sinks by its height and comes back over ten seconds. So each stretch is preceded by its own
first seconds in reverse, from which the filter finds the baseline; they are not part of the result.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ecg.signal.filters import RESTART_AFTER_S, FilterSetting, HighPass, LiveFilter
from ecg.tracing import Channel

PRELUDE_S = 10.0
"""Three time constants of 0.05 Hz: a twentieth of a wrong baseline is left."""


def settled(channel: Channel, setting: FilterSetting, rate_hz: float) -> NDArray[np.float64]:
    """Microvolts (n,) of a channel through the filters, NaN where missing, settled after every long hole.

    Raises SignalError when the rate is too low for a filter.
    """
    out = np.full(channel.samples.size, np.nan)
    for first, end in _stretches(channel.missing, round(RESTART_AFTER_S * rate_hz)):
        running = LiveFilter(setting, rate_hz, 1, channel.nv_per_step)
        stretch = channel.samples[None, first:end]
        running.feed(stretch[:, 1 : round(PRELUDE_S * rate_hz)][:, ::-1])
        out[first:end] = running.feed(stretch)[0]
    if setting.high_pass is HighPass.NONE:
        out -= channel.zero * channel.nv_per_step / 1000  # a high-pass leaves nothing of where 0 V lies
    return out


def _stretches(missing: NDArray[np.bool_], longest_hole: int) -> Iterator[tuple[int, int]]:
    """First and end of what lies between holes longer than this; both ends are samples that are there."""
    present = np.flatnonzero(~missing)
    if not present.size:
        return
    breaks = np.flatnonzero(np.diff(present) > longest_hole + 1)
    firsts = [0, *(breaks + 1).tolist()]
    lasts = [*breaks.tolist(), present.size - 1]
    for first, last in zip(firsts, lasts, strict=True):
        yield int(present[first]), int(present[last]) + 1
