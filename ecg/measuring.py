"""The door to the measurements: an ECG in, every measurement with its confidence or why it is absent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ecg.common_steps import in_one_step, tracing_of
from ecg.lead_codes import is_ecg_lead_name
from ecg.leads import LIMB_LEADS, Lead
from ecg.measurements import Absent, LeadMeasure, Measure, Measurement, Measurements, Why
from ecg.quality.clipping import clipped_samples
from ecg.recording import Recording
from ecg.signal.delineation import Delineation, delineate
from ecg.signal.drift import usual_drift
from ecg.signal.lead_choice import measurable_rows
from ecg.signal.lead_samples import LeadSamples
from ecg.signal.repeatability import groups_of
from ecg.signal.rhythm_measurements import qtc_measurements, rhythm_measurements
from ecg.signal.shape_measurements import (
    TOLERANCES,
    UsualShape,
    lead_measurements,
    shape_measurements,
)
from ecg.signal.steady_mains import without_steady_mains
from ecg.signal.tracing_beats import LOWEST_RATE_HZ, beats_of
from ecg.tracing import Channel, Tracing

LEAST_S = 3.0
"""The detector learns for some seconds what a complex is: that it found none in less says nothing."""

_QRS_SIDE_S = 0.1
_MOST_CUT_OFF = 0.25
"""Of the beats: with so few cut off, their median is not."""

_NO_SHAPES = Delineation((), ())


def measure(source: Tracing | Recording) -> Measurements:
    """Everything that can be measured on an ECG of 1 to 15 leads, at the sample numbers of the source.

    Channels whose names are not those of ECG leads are left aside, unless all are. A poor signal raises
    nothing: what cannot be measured on it is absent, with the reason.
    """
    tracing = tracing_of(source) if isinstance(source, Recording) else source
    if tracing.rate_hz < LOWEST_RATE_HZ:
        return _nothing(tracing, Why.RATE_TOO_LOW_HZ)
    channels = ecg_channels(tracing)
    beats = [beat.sample for beat in beats_of(tracing, channels)]
    if not beats:
        return _nothing(tracing, Why.TOO_SHORT if tracing.duration_s < LEAST_S else Why.NO_BEATS)
    stored = in_one_step(channels)
    return _measured(
        tracing, channels, LeadSamples(stored.samples, tracing.rate_hz, stored.nv_per_lsb), beats
    )


def ecg_channels(tracing: Tracing) -> tuple[Channel, ...]:
    """The channels that are measured on."""
    named = tuple(channel for channel in tracing.channels if is_ecg_lead_name(channel.name) or channel.lead)
    return named or tracing.channels


def _measured(
    tracing: Tracing, channels: Sequence[Channel], all_leads: LeadSamples, beats: Sequence[int]
) -> Measurements:
    rows = measurable_rows(all_leads, beats)
    leads = without_steady_mains(replace(all_leads, samples=all_leads.samples[rows]))
    found = delineate(leads, beats) if rows else _NO_SHAPES
    values = rhythm_measurements(all_leads.samples, beats, found, tracing.rate_hz)
    per_lead: dict[Lead, Mapping[LeadMeasure, Measurement]] = {
        channel.lead: dict.fromkeys(LeadMeasure, Absent(Why.POOR_SIGNAL))
        for channel in channels
        if channel.lead is not None
    }
    if found.shapes:
        usual = _usual(found, leads, beats, [channels[row] for row in rows])
        values |= shape_measurements(usual)
        per_lead |= {
            lead: lead_measurements(usual, row) for row, lead in enumerate(usual.leads) if lead is not None
        }
    else:
        values |= dict.fromkeys(TOLERANCES, Absent(Why.FEW_BEATS if rows else Why.POOR_SIGNAL))
    return Measurements(
        rate_hz=tracing.rate_hz,
        sample_count=tracing.sample_count,
        values=values | qtc_measurements(values),
        leads=per_lead,
        beats=tuple(beats),
        usual_beats=len(found.shapes[0].shape.given) if found.shapes else 0,
        limits=found.beats,
    )


def _usual(
    found: Delineation, leads: LeadSamples, beats: Sequence[int], channels: Sequence[Channel]
) -> UsualShape:
    shape = found.shapes[0]
    return UsualShape(
        found=shape,
        groups=groups_of(leads, shape, beats),
        leads=tuple(channel.lead for channel in channels),
        high_pass_hz=tuple(channel.filters.low_hz for channel in channels),
        drift_uv_per_ms=usual_drift(leads, shape.shape.aligned, beats),
        cut_off=_cut_off(channels, found.shapes[0].shape.given, leads.rate_hz),
    )


def _cut_off(channels: Sequence[Channel], beats: Sequence[int], rate_hz: float) -> frozenset[int]:
    """The rows in which QRS is cut off at more than a few beats; of I or II, all limb leads follow."""
    rows = {row for row, channel in enumerate(channels) if _is_cut_off(channel, beats, rate_hz)}
    if {channels[row].lead for row in rows} & {Lead.I, Lead.II}:
        rows |= {row for row, channel in enumerate(channels) if channel.lead in LIMB_LEADS}
    return frozenset(rows)


def _is_cut_off(channel: Channel, beats: Sequence[int], rate_hz: float) -> bool:
    steps = channel.samples.astype(np.int64)
    cut = clipped_samples(steps, channel.missing, rate_hz, channel.nv_per_step / 1000)
    if not cut.any():
        return False
    side = round(_QRS_SIDE_S * rate_hz)
    touched = [cut[max(at - side, 0) : at + side].any() for at in beats]
    return bool(sum(touched) > _MOST_CUT_OFF * len(beats))


def _nothing(tracing: Tracing, why: Why) -> Measurements:
    return Measurements(
        rate_hz=tracing.rate_hz,
        sample_count=tracing.sample_count,
        values=dict.fromkeys(Measure, Absent(why)),
        leads={
            channel.lead: dict.fromkeys(LeadMeasure, Absent(why))
            for channel in ecg_channels(tracing)
            if channel.lead is not None
        },
    )
