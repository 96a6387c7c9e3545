"""Between what a file holds and what the program streams: standard leads in one step of 16 bits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ecg.description import Filters
from ecg.errors import SignalError
from ecg.leads import MISSING
from ecg.recording import Recording
from ecg.tracing import Channel, FileKind, Tracing

_LARGEST = 32767
_BLOCK = 1 << 20
"""Samples at once: a day of signal as doubles would not fit the memory a reader may take."""


@dataclass(frozen=True, slots=True, eq=False)
class InOneStep:
    """Samples int16 (channels, n) in steps of `nv_per_lsb` nanovolts from 0, -32768 = missing.

    `error_nv`: how far a sample is at most from what was stored.
    """

    samples: NDArray[np.int16]
    nv_per_lsb: float
    error_nv: float


def in_one_step(channels: Sequence[Channel]) -> InOneStep:
    """Channels of one length in the finest step of any of them, coarser only where 16 bits would not hold
    the signal; nothing is rounded where all share one step from zero."""
    largest_nv = max(_largest_nv(channel) for channel in channels)
    step_nv = max(min(channel.nv_per_step for channel in channels), largest_nv / _LARGEST)
    samples = np.empty((len(channels), channels[0].samples.size), np.int16)
    error_nv = max(
        _write_steps(channel, step_nv, row) for channel, row in zip(channels, samples, strict=True)
    )
    return InOneStep(samples, step_nv, error_nv)


def recording_of(tracing: Tracing) -> tuple[Recording, float]:
    """The standard leads of a tracing as a recording, and how far a sample is at most from what was stored.

    Raises SignalError when no channel is a standard lead.
    """
    channels = [channel for channel in tracing.channels if channel.lead is not None]
    if not channels:
        raise SignalError(f"none of {len(tracing.channels)} channels is a standard lead")
    stored = in_one_step(channels)
    recording = Recording(
        leads=tuple(channel.lead for channel in channels if channel.lead is not None),
        rate_hz=tracing.rate_hz,
        nv_per_lsb=stored.nv_per_lsb,
        samples=stored.samples,
        filters=_narrowest([channel.filters for channel in channels]),
        acquired=tracing.acquired,
        device=tracing.device,
    )
    return recording, stored.error_nv


def _largest_nv(channel: Channel) -> float:
    present = channel.samples[~channel.missing]
    ends = (float(present.min()), float(present.max())) if present.size else (channel.zero,)
    return max(abs(end - channel.zero) for end in ends) * channel.nv_per_step


def _write_steps(channel: Channel, step_nv: float, row: NDArray[np.int16]) -> float:
    """Writes the channel into `row` in these steps; how far a sample is at most from what was stored."""
    error_nv = 0.0
    for first in range(0, channel.samples.size, _BLOCK):
        block = slice(first, first + _BLOCK)
        exact = replace(channel, samples=channel.samples[block]).nanovolts()
        steps = np.rint(exact / step_nv)
        missing = np.isnan(exact)
        row[block] = np.where(missing, MISSING, steps)
        error_nv = max(error_nv, float(np.abs(steps * step_nv - exact)[~missing].max(initial=0.0)))
    return error_nv


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
