"""What of a stream was captured after its binding had ended. Pure.

A station whose line is cut cannot know that somebody has ended its binding: it goes on acquiring, and by then
the electrodes may be on the next resident. The server knows the moment, and how the station's clock stands.
"""

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ecg.leads import MISSING, Electrode
from ecg.packets import EventPacket, Flag, Wave
from records.consults import Binding
from signaling import moments

DRIFT_PPM = 100
"""What two quartz clocks may drift apart; a PC's is within 50 ppm, and there are two of them."""


class ClockReading(NamedTuple):
    """How a station's clock stands: station = server + offset, right to plus or minus the uncertainty."""

    offset_us: int
    uncertainty_us: int
    at_us: int  # when it was told, on the server's clock


def end_on_station_clock_us(
    bound_us: int, ended_us: int, clock: ClockReading, began_offset_us: int | None = None
) -> int:
    """The earliest moment, on the station's clock, at which the binding may have ended.

    Whatever was captured before it was captured under the binding for certain. A station that was started
    anew has read its clock anew: the offset its stream began with counts as well, and the earlier of the two.
    """
    ends = [ended_us + clock.offset_us - clock.uncertainty_us - _drift_us(clock.at_us - ended_us)]
    if began_offset_us is not None:
        drift_us = _drift_us(ended_us - bound_us)
        ends.append(ended_us + began_offset_us - clock.uncertainty_us - drift_us)
    return min(ends)


def _drift_us(elapsed_us: int) -> int:
    return abs(elapsed_us) * DRIFT_PPM // 1_000_000


def end_of_binding_us(binding: Binding, clock: ClockReading, began_offset_us: int | None = None) -> int:
    """`end_on_station_clock_us` of a binding that has ended."""
    assert binding.ended_at is not None
    bound_us, ended_us = moments.to_us(binding.bound_at), moments.to_us(binding.ended_at)
    return end_on_station_clock_us(bound_us, ended_us, clock, began_offset_us)


def first_after(wave: Wave, rate_hz: float, end_us: int) -> int:
    """The index of the first sample captured at or after a moment; `wave.end_index` when there is none."""
    before = math.ceil((end_us - wave.captured_us) * rate_hz / 1e6)
    return wave.first_index + min(wave.sample_count, max(0, before))


def is_after(event: EventPacket, end_us: int) -> bool:
    """Tell whether an event happened at or after a moment."""
    return event.captured_us >= end_us


def split(wave: Wave, at: int, rate_hz: float) -> tuple[Wave | None, Wave | None]:
    """What is kept of a packet, and the rest with every sample missing; None for a part that is empty.

    What a packet tells of electrodes holds for its last sample: of a packet that is cut it is not kept.
    """
    if at >= wave.end_index:
        return wave, None
    if at <= wave.first_index:
        return None, _withheld(wave, wave.first_index, rate_hz)
    count = at - wave.first_index
    kept = replace(
        wave,
        samples=np.ascontiguousarray(wave.samples[:, :count]),
        electrodes_off=Electrode(0),
        unusable=0,
        clipped=0,
        marks=tuple(mark for mark in wave.marks if mark.offset < count),
    )
    return kept, _withheld(wave, at, rate_hz)


def _withheld(wave: Wave, first: int, rate_hz: float) -> Wave:
    skipped = first - wave.first_index
    return Wave(
        stream_id=wave.stream_id,
        first_index=first,
        captured_us=wave.captured_us + round(skipped * 1e6 / rate_hz),
        samples=np.full((wave.samples.shape[0], wave.sample_count - skipped), MISSING, np.int16),
        sequence=wave.sequence,
        flags=(wave.flags & Flag.SIMULATED) | Flag.GAP,
    )
