"""Multiplex groups of a DICOM waveform object: channels of one rate, their scale and their samples.

DICOM PS3.3 C.10.9. A channel's volts are (sample * sensitivity + baseline); the sensitivity is the whole
scale and its correction factor 1, as viewers forget the factor.
"""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from ecg.errors import SignalError
from ecg.files.decimal_strings import decimal_string, exact
from ecg.files.dicom_codes import MICROVOLT, lead_term
from ecg.files.findings import MedianOfLeads
from ecg.tracing import Channel, Tracing

_MEDIAN_STEPS_UV = (Decimal("0.1"), Decimal(1), Decimal(10), Decimal(100))
"""The finest that holds the beat is taken; a tenth of a microvolt is below the noise of any median."""

_LABEL_CHARACTERS = 16
_DERIVATION_CHARACTERS = 64


def needs_32_bits(tracing: Tracing) -> bool:
    """Whether some value does not fit 16 bits beside the one that means missing."""
    return any(_extent(channel) > 32767 for channel in tracing.channels)


def _extent(channel: Channel) -> int:
    if channel.samples.dtype == np.int16:
        return 0  # its lowest value means missing already
    present = channel.samples[~channel.missing]
    return max(-int(present.min()), int(present.max())) if present.size else 0


def rhythm_group(tracing: Tracing, bits: int) -> Dataset:
    """The tracing as acquired (ORIGINAL), in 16 or 32 bits; what is missing becomes padding."""
    group = _group("ORIGINAL", "RHYTHM", tracing.rate_hz, tracing.sample_count, len(tracing.channels))
    group.ChannelDefinitionSequence = Items(
        [_definition(channel, number, bits) for number, channel in enumerate(tracing.channels, 1)]
    )
    _put_samples(group, [_stored(channel, bits) for channel in tracing.channels], bits)
    if any(channel.missing.any() for channel in tracing.channels):
        lowest = -(1 << (bits - 1))
        group.add_new("WaveformPaddingValue", "OW", lowest.to_bytes(bits // 8, "little", signed=True))
    return group


def median_group(median: MedianOfLeads, rate_hz: float) -> Dataset:
    """The median beat (DERIVED), labelled so, with R at its trigger position."""
    beat = median.beat
    largest_uv = float(np.abs(beat.samples_uv).max(initial=0.0))
    step_uv = next((step for step in _MEDIAN_STEPS_UV if largest_uv <= 32767 * float(step)), None)
    if step_uv is None:
        raise SignalError(f"a median beat of {largest_uv:g} uV; no ECG has more than 3 V")
    stored = np.rint(beat.samples_uv / float(step_uv)).astype(np.int16)
    group = _group("DERIVED", "MEDIAN BEAT", rate_hz, stored.shape[1], stored.shape[0])
    group.TriggerSamplePosition = beat.r + 1
    channels = [
        Channel(
            name=lead,
            lead=lead,
            samples=row,
            nv_per_step=float(step_uv * 1000),
            derivation=f"Median of {len(beat.used)} beats",
        )
        for lead, row in zip(median.leads, stored, strict=True)
    ]
    group.ChannelDefinitionSequence = Items(
        [_definition(channel, number, 16) for number, channel in enumerate(channels, 1)]
    )
    _put_samples(group, list(stored), 16)
    return group


def _group(originality: str, label: str, rate_hz: float, samples: int, channels: int) -> Dataset:
    group = Dataset()
    group.WaveformOriginality = originality
    group.NumberOfWaveformChannels = channels
    group.NumberOfWaveformSamples = samples
    group.SamplingFrequency = decimal_string(exact(rate_hz))
    group.MultiplexGroupLabel = label
    return group


def _definition(channel: Channel, number: int, bits: int) -> Dataset:
    sensitivity = decimal_string(exact(channel.nv_per_step) / 1000)
    item = Dataset()
    item.WaveformChannelNumber = number
    item.ChannelLabel = label_of(channel.name)
    item.ChannelSourceSequence = lead_term(channel).sequence()
    if channel.derivation:
        item.ChannelDerivationDescription = channel.derivation[:_DERIVATION_CHARACTERS].replace("\\", "/")
    item.ChannelSensitivity = sensitivity
    item.ChannelSensitivityUnitsSequence = MICROVOLT.sequence()
    item.ChannelSensitivityCorrectionFactor = "1"
    item.ChannelBaseline = decimal_string(-exact(channel.zero) * Decimal(sensitivity))
    item.ChannelSampleSkew = "0"
    item.WaveformBitsStored = bits
    _put_filters(item, channel)
    return item


def label_of(name: str) -> str:
    """A channel's name as a label of sixteen characters holds it."""
    return name.replace("\\", "/")[:_LABEL_CHARACTERS].strip()


def _put_filters(item: Dataset, channel: Channel) -> None:
    filters = channel.filters
    for keyword, value in (
        ("FilterLowFrequency", filters.low_hz),
        ("FilterHighFrequency", filters.high_hz),
        ("NotchFilterFrequency", filters.notch_hz),
    ):
        if value is not None:
            setattr(item, keyword, decimal_string(exact(value)))


def _stored(channel: Channel, bits: int) -> NDArray[np.integer]:
    """The channel's samples in this width, the lowest value for missing ones."""
    kind = np.dtype(f"<i{bits // 8}")
    if channel.samples.dtype.itemsize == kind.itemsize:
        return channel.samples
    stored = channel.samples.astype(kind)
    stored[channel.missing] = np.iinfo(kind).min
    return stored


def _put_samples(group: Dataset, rows: Sequence[NDArray[np.integer]], bits: int) -> None:
    group.WaveformBitsAllocated = bits
    group.WaveformSampleInterpretation = "SS" if bits == 16 else "SL"
    interleaved = np.stack(rows, axis=1).astype(f"<i{bits // 8}", copy=False)
    group.add_new("WaveformData", "OW", interleaved.tobytes())
