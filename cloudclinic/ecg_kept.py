"""What was kept of an ECG, as the `ecg` room knows it: its recording, and the measurements of its draft."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ecg.common_steps import recording_of
from ecg.leads import MISSING, Electrode, Lead
from ecg.measurements import (
    UNITS,
    Absent,
    LeadMeasure,
    Measure,
    Measured,
    Measurement,
    Measurements,
    Unit,
    Why,
)
from ecg.quality.device_state import DeviceState
from ecg.ranges import SampleRange
from ecg.recording import Recording
from ecg.tracing import Tracing
from records.ecg_drafts import DeviceSpan, DraftValue, MachineDraft

BREAK_S = 0.1
"""So much around a break is not measured: more than the 80 ms of a gap that is said to hide no beat, so that
no interval and no stretch goes across."""


def torn_at_breaks(recording: Recording, breaks: Iterable[int]) -> Recording:
    """The recording with a hole where it does not continue what was before."""
    samples: NDArray[np.int16] = recording.samples.copy()
    half = math.ceil(BREAK_S * recording.rate_hz / 2)
    for at in breaks:
        samples[:, max(0, at - half) : at + half] = MISSING
    return replace(recording, samples=samples)


def recording_of_kept(tracing: Tracing, breaks: Iterable[int], *, simulated: bool) -> Recording:
    """The standard leads of a kept ECG, torn where its source broke off; SignalError when it has none."""
    recording, _ = recording_of(tracing)
    return replace(torn_at_breaks(recording, breaks), simulated=simulated)


def device_states(spans: Iterable[DeviceSpan]) -> Iterator[tuple[SampleRange, DeviceState]]:
    """What the device said, in order and without overlap, as packets may repeat samples."""
    at = 0
    for span in sorted(spans, key=lambda one: one.first):
        first, end = max(at, span.first), span.first + span.count
        if first >= end:
            continue
        yield SampleRange(first, end - first), _state(span)
        at = end


def _state(span: DeviceSpan) -> DeviceState:
    off = Electrode(0)
    for name in span.electrodes_off:
        off |= Electrode[name]
    return DeviceState(
        off,
        frozenset(Lead(lead) for lead in span.unusable),
        frozenset(Lead(lead) for lead in span.clipped),
        span.calibration,
    )


def measurements_of(draft: MachineDraft, rate_hz: float, sample_count: int) -> Measurements:
    """The measurements of a draft as they were made then; limits of single beats were not kept.

    What a draft says nothing of, because a later program made it a measure, is absent as not measured.
    """
    whole = {one.measure: one for one in draft.values if not one.lead}
    leads: dict[Lead, Mapping[LeadMeasure, Measurement]] = {}
    for lead in Lead:
        of_lead = {one.measure: one for one in draft.values if one.lead == lead}
        if of_lead:
            leads[lead] = {wave: _measured(of_lead.get(wave), Unit.UV) for wave in LeadMeasure}
    return Measurements(
        rate_hz=rate_hz,
        sample_count=sample_count,
        values={measure: _measured(whole.get(measure), UNITS[measure]) for measure in Measure},
        leads=leads,
        beats=draft.beats,
        usual_beats=len(draft.beats),
    )


def _measured(kept: DraftValue | None, unit: Unit) -> Measurement:
    if kept is None:
        return Absent(Why.NOT_MEASURED)
    if kept.value is None:
        return Absent(Why(kept.absent) if kept.absent in set(Why) else Why.NOT_MEASURED)
    return Measured(kept.value, unit, 0.0 if kept.confidence is None else kept.confidence)
