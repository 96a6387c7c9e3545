"""Two ECGs of the same resident, side by side: what differs, and what of it is more than measuring error.

Differences are numbers; what they mean is a reader's to say. Whether both are of the same resident is the
caller's to check: this room knows no persons, only the opaque name a caller may give.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot

import numpy as np
from numpy.typing import NDArray

from ecg.errors import NotComparable, SignalError
from ecg.leads import STANDARD_LEADS, Lead
from ecg.measurements import UNITS, LeadMeasure, Measure, Measured, Measurements, Unit
from ecg.recording import Recording
from ecg.signal.median_beat import MedianBeat, median_beat

COMPARED = (
    Measure.RATE,
    Measure.P,
    Measure.PR,
    Measure.QRS,
    Measure.QT,
    Measure.QTC_BAZETT,
    Measure.QTC_FRIDERICIA,
    Measure.QTC_FRAMINGHAM,
    Measure.QTC_HODGES,
    Measure.P_AXIS,
    Measure.QRS_AXIS,
    Measure.T_AXIS,
)

LEAST_CONFIDENCE = 0.5

RATE_NOISE_PER_MIN, RATE_NOISE_SHARE = 5.0, 0.10
"""IEC 60601-2-27: a rate is right within 5 a minute or 10 %, whichever is more."""

NOISE: Mapping[Measure, float] = {
    Measure.P: 30.0,
    Measure.PR: 24.0,
    Measure.QRS: 28.0,
    Measure.QT: 40.0,
    Measure.QTC_BAZETT: 40.0,
    Measure.QTC_FRIDERICIA: 40.0,
    Measure.QTC_FRAMINGHAM: 40.0,
    Measure.QTC_HODGES: 40.0,
    Measure.P_AXIS: 30.0,
    Measure.QRS_AXIS: 15.0,
    Measure.T_AXIS: 30.0,
}
"""A smaller difference may be measuring error. Twice what two halves of one recording differ by in 95 of 100,
or nearly (`benchmarks/ecg_repeat.py`: P 6, PR 5, QRS 14, QT 17, QTc 19 ms, axes of P 13, QRS 8, T 14
degrees), and more for P and PR, which are small: on another day electrodes sit elsewhere."""

ST_LEAST_UV = 100.0
"""A millimetre on paper. Halves of one recording differ by up to 43 uV at J in 95 of 100 leads."""

_ST_NOISES = 3.0
"""Or so many times the noise that both median beats still hold."""

ST_HIGHEST_LOW_HZ = 0.05
"""A live high-pass above it shifts ST (AHA/ACC/HRS 2007)."""

COARSEST_NV = 20_000.0
"""With coarser steps than 20 uV a change of ST is lost between two of them."""

_SAME_SHAPE = 0.9
_ALIGN_S = 0.06
_SHIFT_S = 0.03


class Refused(StrEnum):
    """Why something is not compared."""

    ST_FILTERED = "st_filtered"
    """A device's high-pass above 0.05 Hz shifted ST in one of them."""
    ST_FILTER_UNKNOWN = "st_filter_unknown"
    """A device did not say what it filtered, and the other ECG is another device's."""
    COARSE_STEPS = "coarse_steps"
    ABSENT_EARLIER = "absent_earlier"
    ABSENT_LATER = "absent_later"
    UNSURE = "unsure"
    FEW_BEATS = "few_beats"
    """Fewer than three beats of one shape: no median beat."""
    NO_COMMON_LEAD = "no_common_lead"


class Note(StrEnum):
    """What to keep in mind beside a comparison that was made."""

    OTHER_LOW_PASS = "other_low_pass"
    """Heights of QRS differ by the devices' low-pass alone."""
    ST_FILTER_UNKNOWN = "st_filter_unknown"
    """Both are of one device, which did not say what it filtered."""
    OTHER_SHAPE = "other_shape"
    """The complexes are of another shape: ST and T follow QRS, and differ with it."""
    LEADS_LEFT_OUT = "leads_left_out"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared:
    """One of the two: what was recorded and what was measured on it. `resident`: an opaque name, or empty."""

    recording: Recording
    measurements: Measurements
    resident: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A measurement in both; `difference` is later less earlier, of axes the shorter way round."""

    measure: Measure
    earlier: float
    later: float
    difference: float
    unit: Unit
    noise: float

    @property
    def beyond_noise(self) -> bool:
        """Whether it is more than measuring error."""
        return abs(self.difference) > self.noise


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A measurement that is not in both, or in one not sure enough."""

    measure: Measure
    why: Refused


@dataclass(frozen=True, slots=True)
class StChange:
    """The level of ST in one lead, microvolts; `at` says where it was measured."""

    lead: Lead
    at: LeadMeasure
    earlier_uv: float
    later_uv: float
    noise_uv: float

    @property
    def difference_uv(self) -> float:
        """Later less earlier."""
        return self.later_uv - self.earlier_uv

    @property
    def beyond_noise(self) -> bool:
        """Whether it is more than noise and electrodes put on anew."""
        return abs(self.difference_uv) > self.noise_uv


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """Both median beats on one time axis: microvolts (leads, n) at `rate_hz`, `ms` from R of the earlier.

    `earlier_beats`, `later_beats`: of how many each median was taken. `likeness`: of the complexes over all
    leads, 1 when they are of one shape.
    """

    leads: tuple[Lead, ...]
    rate_hz: float
    ms: NDArray[np.float64]
    earlier_uv: NDArray[np.float64]
    later_uv: NDArray[np.float64]
    earlier_beats: int
    later_beats: int
    likeness: float


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What was compared, and for everything that was not, why."""

    changes: tuple[Change, ...]
    not_compared: tuple[NotCompared, ...]
    st: tuple[StChange, ...]
    st_refused: Refused | None
    overlay: Overlay | None
    overlay_refused: Refused | None
    notes: tuple[Note, ...]


def compare(earlier: Compared, later: Compared) -> Comparison:
    """Compare two ECGs; raises NotComparable when they may not be laid over each other at all.

    That is when they are named as of two residents, or one was made by no patient.
    """
    if earlier.resident != later.resident:
        raise NotComparable("the two are named as of two residents; ECGs of one are compared")
    if earlier.recording.simulated != later.recording.simulated:
        raise NotComparable("one of the two was simulated; two of a patient are compared")
    both = [_one(measure, earlier.measurements, later.measurements) for measure in COMPARED]
    medians, refused = _medians(earlier, later)
    overlay = None if medians is None else _overlay(earlier.recording, later.recording, *medians)
    st_refused = _st_refused(earlier.recording, later.recording) or refused
    st = () if st_refused or medians is None else _st(earlier, later, *medians)
    return Comparison(
        changes=tuple(one for one in both if isinstance(one, Change)),
        not_compared=tuple(one for one in both if isinstance(one, NotCompared)),
        st=st,
        st_refused=st_refused,
        overlay=overlay,
        overlay_refused=refused,
        notes=_notes(earlier.recording, later.recording, overlay),
    )


# --- measurements ----------------------------------------------------------------------------------------


def _one(measure: Measure, earlier: Measurements, later: Measurements) -> Change | NotCompared:
    before, after = earlier.values[measure], later.values[measure]
    if not isinstance(before, Measured):
        return NotCompared(measure, Refused.ABSENT_EARLIER)
    if not isinstance(after, Measured):
        return NotCompared(measure, Refused.ABSENT_LATER)
    if min(before.confidence, after.confidence) < LEAST_CONFIDENCE:
        return NotCompared(measure, Refused.UNSURE)
    difference = after.value - before.value
    if UNITS[measure] is Unit.DEGREE:
        difference = 180.0 - (180.0 - difference) % 360.0
    noise = _noise(measure, before.value, after.value)
    return Change(measure, before.value, after.value, difference, UNITS[measure], noise)


def _noise(measure: Measure, before: float, after: float) -> float:
    if measure is Measure.RATE:
        return max(RATE_NOISE_PER_MIN, RATE_NOISE_SHARE * max(before, after))
    return NOISE[measure]


# --- median beats ----------------------------------------------------------------------------------------


def _medians(
    earlier: Compared, later: Compared
) -> tuple[tuple[MedianBeat, MedianBeat] | None, Refused | None]:
    if not _common(earlier.recording, later.recording):
        return None, Refused.NO_COMMON_LEAD
    try:
        return (_median(earlier), _median(later)), None
    except SignalError:
        return None, Refused.FEW_BEATS


def _median(of: Compared) -> MedianBeat:
    recording = of.recording
    return median_beat(recording.samples, of.measurements.beats, recording.rate_hz, recording.nv_per_lsb)


def _common(earlier: Recording, later: Recording) -> tuple[Lead, ...]:
    return tuple(lead for lead in STANDARD_LEADS if lead in earlier.leads and lead in later.leads)


def _overlay(earlier: Recording, later: Recording, before: MedianBeat, after: MedianBeat) -> Overlay:
    """At the higher of the two rates, so that no sample of either is lost."""
    leads = _common(earlier, later)
    rate_hz = max(earlier.rate_hz, later.rate_hz)
    shift_s, likeness = _best_shift(earlier, later, before, after, leads, rate_hz)
    first_s = max(-before.r / earlier.rate_hz, -after.r / later.rate_hz - shift_s)
    last_s = min(_after_r_s(before, earlier), _after_r_s(after, later) - shift_s)
    at = np.arange(np.ceil(first_s * rate_hz - 1e-6), np.floor(last_s * rate_hz + 1e-6) + 1) / rate_hz
    return Overlay(
        leads=leads,
        rate_hz=rate_hz,
        ms=1000 * at,
        earlier_uv=_at(before, earlier, leads, at),
        later_uv=_at(after, later, leads, at + shift_s),
        earlier_beats=len(before.used),
        later_beats=len(after.used),
        likeness=likeness,
    )


def _after_r_s(beat: MedianBeat, recording: Recording) -> float:
    return float(beat.samples_uv.shape[1] - 1 - beat.r) / recording.rate_hz


def _at(
    beat: MedianBeat, recording: Recording, leads: Sequence[Lead], seconds: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The beat's leads at these times from its R, joined by lines between its samples."""
    own = (np.arange(beat.samples_uv.shape[1]) - beat.r) / recording.rate_hz
    return np.stack([np.interp(seconds, own, beat.samples_uv[recording.leads.index(lead)]) for lead in leads])


def _best_shift(
    earlier: Recording,
    later: Recording,
    before: MedianBeat,
    after: MedianBeat,
    leads: Sequence[Lead],
    rate_hz: float,
) -> tuple[float, float]:
    """By how much the later complex lies later than its R says, and how like the two then are."""
    near = np.arange(-round(_ALIGN_S * rate_hz), round(_ALIGN_S * rate_hz) + 1) / rate_hz
    template = _at(before, earlier, leads, near)
    best = (0.0, -1.0)
    reach = round(_SHIFT_S * rate_hz)
    for shift in sorted(range(-reach, reach + 1), key=abs):
        shape = _at(after, later, leads, near + shift / rate_hz)
        size = float(np.linalg.norm(template) * np.linalg.norm(shape))
        likeness = float((template * shape).sum()) / size if size else 0.0
        if likeness > best[1] + 1e-9:
            best = (shift / rate_hz, likeness)
    return best


# --- ST --------------------------------------------------------------------------------------------------


def _st_refused(earlier: Recording, later: Recording) -> Refused | None:
    lows = [recording.filters.low_hz for recording in (earlier, later)]
    if any(low is not None and low > ST_HIGHEST_LOW_HZ for low in lows):
        return Refused.ST_FILTERED
    if any(low is None for low in lows) and not _same_device(earlier, later):
        return Refused.ST_FILTER_UNKNOWN
    if max(earlier.nv_per_lsb, later.nv_per_lsb) > COARSEST_NV:
        return Refused.COARSE_STEPS
    return None


def _same_device(earlier: Recording, later: Recording) -> bool:
    return bool(earlier.device) and earlier.device == later.device and earlier.filters == later.filters


def _st(earlier: Compared, later: Compared, before: MedianBeat, after: MedianBeat) -> tuple[StChange, ...]:
    found = []
    for lead in _common(earlier.recording, later.recording):
        noise = hypot(_noise_of(before, earlier, lead), _noise_of(after, later, lead))
        for at in (LeadMeasure.ST_J, LeadMeasure.ST_60):
            levels = [of.measurements.leads.get(lead, {}).get(at) for of in (earlier, later)]
            if all(isinstance(one, Measured) and one.confidence >= LEAST_CONFIDENCE for one in levels):
                first, second = (one.value for one in levels if isinstance(one, Measured))
                found.append(StChange(lead, at, first, second, max(ST_LEAST_UV, _ST_NOISES * noise)))
    return tuple(found)


def _noise_of(beat: MedianBeat, of: Compared, lead: Lead) -> float:
    return float(beat.noise_uv[of.recording.leads.index(lead)])


def _notes(earlier: Recording, later: Recording, overlay: Overlay | None) -> tuple[Note, ...]:
    notes = []
    highs = {recording.filters.high_hz for recording in (earlier, later)}
    if len(highs) > 1 and min(high or 150.0 for high in highs) < 150:
        notes.append(Note.OTHER_LOW_PASS)
    if None in (earlier.filters.low_hz, later.filters.low_hz) and _same_device(earlier, later):
        notes.append(Note.ST_FILTER_UNKNOWN)
    if overlay is not None and overlay.likeness < _SAME_SHAPE:
        notes.append(Note.OTHER_SHAPE)
    if set(earlier.leads) != set(later.leads):
        notes.append(Note.LEADS_LEFT_OUT)
    return tuple(notes)
