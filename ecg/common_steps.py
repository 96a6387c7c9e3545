"""Between what a file holds and what the program streams: standard leads in one step of 16 bits."""

import numpy as np

from ecg.description import Filters
from ecg.errors import SignalError
from ecg.leads import MISSING
from ecg.recording import Recording
from ecg.tracing import Channel, FileKind, Tracing

_LARGEST = 32767


def recording_of(tracing: Tracing) -> tuple[Recording, float]:
    """The standard leads of a tracing as a recording, and how far a sample is at most from what was stored.

    0 nV where all leads share one step from zero. Else the finest step of any lead is taken, coarser only
    when 16 bits would not hold the signal. Raises SignalError when no channel is a standard lead.
    """
    channels = [channel for channel in tracing.channels if channel.lead is not None]
    if not channels:
        raise SignalError(f"none of {len(tracing.channels)} channels is a standard lead")
    rows = [channel.nanovolts() for channel in channels]
    step_nv = min(channel.nv_per_step for channel in channels)
    largest_nv = max(float(np.nanmax(np.abs(row), initial=0.0)) for row in rows)
    step_nv = max(step_nv, largest_nv / _LARGEST)
    samples = np.empty((len(rows), tracing.sample_count), np.int16)
    error_nv = 0.0
    for k, row in enumerate(rows):
        steps = np.rint(row / step_nv)
        error_nv = max(error_nv, float(np.nanmax(np.abs(steps * step_nv - row), initial=0.0)))
        samples[k] = np.where(np.isnan(steps), MISSING, steps)
    recording = Recording(
        leads=tuple(channel.lead for channel in channels if channel.lead is not None),
        rate_hz=tracing.rate_hz,
        nv_per_lsb=step_nv,
        samples=samples,
        filters=_narrowest([channel.filters for channel in channels]),
        acquired=tracing.acquired,
        device=tracing.device,
    )
    return recording, error_nv


def tracing_of(recording: Recording, kind: FileKind = FileKind.WFDB) -> Tracing:
    """A recording as a tracing, for the writers."""
    return Tracing(
        kind=kind,
        rate_hz=recording.rate_hz,
        channels=tuple(
            Channel(
                name=lead,
                lead=lead,
                samples=recording.samples[row],
                nv_per_step=recording.nv_per_lsb,
                filters=recording.filters,
            )
            for row, lead in enumerate(recording.leads)
        ),
        acquired=recording.acquired,
        device=recording.device,
    )


def _narrowest(filters: list[Filters]) -> Filters:
    """Where leads differ, the narrowest band, which is true of none wider."""
    return Filters(
        low_hz=max((of.low_hz for of in filters if of.low_hz is not None), default=None),
        high_hz=min((of.high_hz for of in filters if of.high_hz is not None), default=None),
        notch_hz=max((of.notch_hz for of in filters if of.notch_hz is not None), default=None),
    )
