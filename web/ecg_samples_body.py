"""The samples of an ECG as a browser gets them: a head as JSON, then the channels, little-endian."""

import struct

import msgspec
import numpy as np

from ecg.tracing import Channel, Tracing
from records.ecg_studies import SampleGap
from records.ids import EcgStudyId
from web.routes.ecg_studies import (
    EcgChannelHead,
    EcgSamplesHead,
)


def samples_body(
    study_id: str,
    tracing: Tracing,
    first: int,
    count: int,
    gaps: tuple[SampleGap, ...] | None = None,
    derived: frozenset[str] = frozenset(),
    simulated: bool = False,
) -> bytes:
    """A stretch of an ECG as `show_samples` tells of it; `gaps` None: as they are found."""
    found = tracing.gaps() if gaps is None else ()
    head = EcgSamplesHead(
        study_id=EcgStudyId(study_id),
        rate_hz=tracing.rate_hz,
        first=first,
        count=count,
        sample_count=tracing.sample_count,
        simulated=simulated,
        channels=tuple(_channel_head(derived, channel) for channel in tracing.channels),
        gaps=gaps
        if gaps is not None
        else tuple(SampleGap(first=one.first, count=one.count) for one in found),
    )
    told = msgspec.json.encode(head)
    parts = [_padded(struct.pack("<I", len(told)) + told)]
    parts += [_padded(_little_endian(channel, first, count)) for channel in tracing.channels]
    return b"".join(parts)


def _channel_head(derived: frozenset[str], channel: Channel) -> EcgChannelHead:
    return EcgChannelHead(
        name=channel.name,
        lead=channel.lead or "",
        bits=8 * channel.samples.dtype.itemsize,
        nv_per_step=channel.nv_per_step,
        zero=channel.zero,
        derived=channel.lead is not None and channel.lead in derived,
        low_hz=channel.filters.low_hz,
        high_hz=channel.filters.high_hz,
        notch_hz=channel.filters.notch_hz,
    )


def _little_endian(channel: Channel, first: int, count: int) -> bytes:
    kind = "<i2" if channel.samples.dtype == np.int16 else "<i4"
    return channel.samples[first : first + count].astype(kind).tobytes()


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
