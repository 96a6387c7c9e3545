"""The filters of the view: raw samples in, microvolts out, live with state or over a whole recording.

Both are the same arithmetic in the same order, so a report shows what the screen showed, bit for bit. Raw
samples are what is stored and sent; a filter belongs to a picture and is printed on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

from ecg.errors import SignalError
from ecg.signal.biquads import Biquad, first_order_high_pass, notch, second_order_low_pass

NOTCH_Q = 10.0
"""5 Hz wide at 50 Hz: mains may drift by 1 Hz, and ringing after a QRS stays below 15 uV (measured)."""

RESTART_AFTER_S = 0.2
"""A hole up to this long keeps the baseline that was found; after a longer one it is found anew."""

_HIGHEST_CORNER = 0.45
"""Of the sample rate; above it the bilinear transform leaves nothing of the wanted slope."""


class HighPass(StrEnum):
    """What takes the baseline away; all of first order."""

    NONE = "none"
    DIAGNOSTIC_0_05 = "0.05 Hz"
    MONITOR_0_5 = "monitor 0.5 Hz, ST not valid"
    MONITOR_0_67 = "monitor 0.67 Hz, ST not valid"


class LowPass(StrEnum):
    """What takes fast noise away; Butterworth of second order."""

    NONE = "none"
    DIAGNOSTIC_150 = "150 Hz"
    REDUCED_100 = "100 Hz"
    MONITOR_40 = "40 Hz, amplitudes reduced"


class Mains(IntEnum):
    """The mains frequency that is notched out, in Hz."""

    NONE = 0
    HZ_50 = 50
    HZ_60 = 60


_HIGH_PASS_HZ = {HighPass.DIAGNOSTIC_0_05: 0.05, HighPass.MONITOR_0_5: 0.5, HighPass.MONITOR_0_67: 0.67}
_LOW_PASS_HZ = {LowPass.DIAGNOSTIC_150: 150.0, LowPass.REDUCED_100: 100.0, LowPass.MONITOR_40: 40.0}


@dataclass(frozen=True, slots=True)
class FilterSetting:
    """Which filters a picture is drawn with."""

    high_pass: HighPass = HighPass.DIAGNOSTIC_0_05
    low_pass: LowPass = LowPass.DIAGNOSTIC_150
    mains: Mains = Mains.NONE

    @property
    def st_valid(self) -> bool:
        """Whether ST levels may be read: above 0.05 Hz a high-pass of first order shifts them."""
        return self.high_pass in (HighPass.NONE, HighPass.DIAGNOSTIC_0_05)

    @property
    def diagnostic(self) -> bool:
        """Whether the band is that of a diagnostic ECG of adults, 0.05 to 150 Hz (AHA/ACC/HRS 2007)."""
        return self.st_valid and self.low_pass in (LowPass.NONE, LowPass.DIAGNOSTIC_150)

    def sections(self, rate_hz: float) -> tuple[Biquad, ...]:
        """The filters in the order they are applied; raises SignalError when the rate is too low for one."""
        sections: list[Biquad] = []
        if self.high_pass in _HIGH_PASS_HZ:
            sections.append(first_order_high_pass(_HIGH_PASS_HZ[self.high_pass], rate_hz))
        if self.mains is not Mains.NONE:
            sections.append(notch(_possible(float(self.mains), rate_hz), rate_hz, NOTCH_Q))
        if self.low_pass in _LOW_PASS_HZ:
            corner_hz = _possible(_LOW_PASS_HZ[self.low_pass], rate_hz)
            sections.append(second_order_low_pass(corner_hz, rate_hz))
        return tuple(sections)


class LiveFilter:
    """One setting on some leads, with its state: feed it chunks of any size, the output is that of the whole.

    It begins as if each lead's first value had stood for ever. A missing value comes out as NaN; a hole up to
    0.2 s keeps the state of its lead, a longer one begins that lead anew.
    """

    def __init__(self, setting: FilterSetting, rate_hz: float, leads: int, nv_per_lsb: float) -> None:
        if leads < 1 or nv_per_lsb <= 0 or rate_hz <= 0:
            raise SignalError(f"{leads} leads, {nv_per_lsb} nV a step, {rate_hz} Hz; all must be above 0")
        sections = setting.sections(rate_hz)
        self._uv_per_lsb = nv_per_lsb / 1000
        self._leads = tuple(_LeadFilter(sections, round(RESTART_AFTER_S * rate_hz)) for _ in range(leads))

    def restart(self) -> None:
        """Forget the past: the next samples do not follow the last ones."""
        for lead in self._leads:
            lead.restart()

    def feed(self, samples: NDArray[np.int16] | NDArray[np.int32]) -> NDArray[np.float64]:
        """Microvolts (leads, n) of int16 or int32 (leads, n); the lowest value of the type is missing."""
        known = samples.dtype in (np.int16, np.int32)
        if samples.ndim != 2 or samples.shape[0] != len(self._leads) or not known:
            raise SignalError(
                f"samples are {samples.dtype} {samples.shape}; int16 ({len(self._leads)}, n) is right,"
                " or int32"
            )
        uv = samples * self._uv_per_lsb
        missing = samples == np.iinfo(samples.dtype).min
        return np.array(
            [lead.feed(row, holes) for lead, row, holes in zip(self._leads, uv, missing, strict=True)]
        ).reshape(samples.shape)


def filtered(
    samples: NDArray[np.int16], setting: FilterSetting, rate_hz: float, nv_per_lsb: float
) -> NDArray[np.float64]:
    """A whole recording as the live filter shows it: microvolts (leads, n), NaN where missing."""
    return LiveFilter(setting, rate_hz, samples.shape[0], nv_per_lsb).feed(samples)


class _LeadFilter:
    """A cascade of sections on one lead."""

    def __init__(self, sections: tuple[Biquad, ...], restart_after: int) -> None:
        self._sections = sections
        self._restart_after = restart_after
        self._state: list[tuple[float, float]] | None = None
        self._missed = 0

    def restart(self) -> None:
        self._state, self._missed = None, 0

    def feed(self, uv: NDArray[np.float64], missing: NDArray[np.bool_]) -> NDArray[np.float64]:
        out = np.full(len(uv), np.nan)
        for first, end in _runs(missing):
            if missing[first]:
                self._missed += end - first
                continue
            if self._missed > self._restart_after:
                self._state = None
            self._missed = 0
            out[first:end] = self._run(uv[first:end].tolist())
        return out

    def _run(self, values: list[float]) -> list[float]:
        state = self._state if self._state is not None else self._settled(values[0])
        self._state = []
        for section, (s1, s2) in zip(self._sections, state, strict=True):
            values, after = _through(section, values, s1, s2)
            self._state.append(after)
        return values

    def _settled(self, level: float) -> list[tuple[float, float]]:
        state = []
        for section in self._sections:
            state.append(section.settled(level))
            level *= (section.b0 + section.b1 + section.b2) / (1 + section.a1 + section.a2)
        return state


def _through(
    section: Biquad, values: list[float], s1: float, s2: float
) -> tuple[list[float], tuple[float, float]]:
    """Transposed direct form II, one value after the other: the order of additions never changes."""
    b0, b1, b2, a1, a2 = section.b0, section.b1, section.b2, section.a1, section.a2
    out = []
    for x in values:
        y = b0 * x + s1
        s1 = b1 * x - a1 * y + s2
        s2 = b2 * x - a2 * y
        out.append(y)
    return out, (s1, s2)


def _runs(missing: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First and end of each stretch that is wholly there or wholly missing."""
    borders = [0, *(np.flatnonzero(missing[1:] != missing[:-1]) + 1).tolist(), len(missing)]
    return ((first, end) for first, end in zip(borders, borders[1:], strict=False) if end > first)


def _possible(corner_hz: float, rate_hz: float) -> float:
    if corner_hz > _HIGHEST_CORNER * rate_hz:
        raise SignalError(
            f"a {corner_hz:g} Hz filter at {rate_hz:g} Hz;"
            f" it needs at least {corner_hz / _HIGHEST_CORNER:.0f} Hz"
        )
    return corner_hz
