"""A 12-lead ECG from a DICOM waveform file (DICOM PS3.3 A.34 and C.10.9), with the file's own step.

Nothing is rescaled with a loss: what cannot be held exactly as 16-bit steps of one size is refused.
"""

import os
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import UID, ExplicitVRBigEndian

from ecg.description import Filters
from ecg.errors import SourceUnreadable
from ecg.files.dicom_refusals import refusing
from ecg.files.dicom_structure import check_structure
from ecg.leads import MISSING, STANDARD_LEADS, Lead, lead_of_code
from ecg.recording import Recording

MAX_FILE_BYTES = 256 << 20

_SOP_CLASSES = frozenset(
    {
        "1.2.840.10008.5.1.4.1.1.9.1.1",  # 12-lead ECG Waveform Storage
        "1.2.840.10008.5.1.4.1.1.9.1.2",  # General ECG Waveform Storage
        "1.2.840.10008.5.1.4.1.1.9.1.3",  # Ambulatory ECG Waveform Storage
    }
)
_NANOVOLTS = {"uV": Decimal(1000), "mV": Decimal(1_000_000), "V": Decimal(10) ** 9, "nV": Decimal(1)}
"""UCUM; DICOM CID 3082 wants uV or mV."""

MAX_SKEW_SAMPLES = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class _Channel:
    row: int
    step_nv: Decimal
    baseline_nv: Decimal


def open_dicom(path: str | os.PathLike[str]) -> Recording:
    """Read the rhythm of a 12-lead ECG file, in the order of STANDARD_LEADS.

    Raises SourceUnreadable with a sentence that names what is wrong: not an ECG, a lead missing or doubled, a
    unit that is not voltage, more than 16 bits, steps that do not fit each other.
    """
    name = Path(path).name
    with refusing(name):
        return _recording(name, _read(name, path))


def _read(name: str, path: str | os.PathLike[str]) -> Dataset:
    try:
        if os.path.getsize(path) > MAX_FILE_BYTES:
            raise SourceUnreadable(f"{name}: larger than {MAX_FILE_BYTES} bytes")
        data = Path(path).read_bytes()
        if data[128:132] == b"DICM":
            check_structure(data, name)
        dataset = pydicom.dcmread(BytesIO(data))
    except OSError as fault:
        raise SourceUnreadable(f"{name}: cannot be opened ({fault.strerror or 'end of file'})") from None
    sop_class = UID(str(dataset.get("SOPClassUID", "")))
    if sop_class not in _SOP_CLASSES:
        raise SourceUnreadable(
            f"{name}: SOP class {sop_class if sop_class.is_valid else 'absent'}; ECG waveforms are read only"
        )
    return dataset


def _recording(name: str, dataset: Dataset) -> Recording:
    group = _rhythm_group(name, dataset)
    channels = _channels(name, group)
    raw = _raw_samples(name, dataset, group)
    missing = _padding(raw, group)
    step_nv = min(channel.step_nv for channel in channels.values())
    rows = [
        _in_steps(f"{name}, lead {lead}", raw[:, channel.row], missing[:, channel.row], channel, step_nv)
        for lead, channel in channels.items()
    ]
    return Recording(
        leads=STANDARD_LEADS,
        rate_hz=float(group.SamplingFrequency),
        nv_per_lsb=float(step_nv),
        samples=np.stack(rows),
        filters=_filters(group),
        acquired=str(dataset.get("AcquisitionDateTime") or ""),
        device=" ".join(
            str(dataset.get(key) or "") for key in ("Manufacturer", "ManufacturerModelName")
        ).strip(),
    )


def _rhythm_group(name: str, dataset: Dataset) -> Dataset:
    """The longest group that was acquired; a derived one (median beat) is never taken for the rhythm."""
    groups = dataset.get("WaveformSequence") or ()
    original = [group for group in groups if group.get("WaveformOriginality") == "ORIGINAL"]
    if not original:
        raise SourceUnreadable(
            f"{name}: {len(groups)} waveform groups, none of them ORIGINAL: no rhythm to show"
        )
    chosen: Dataset = max(original, key=lambda group: int(group.NumberOfWaveformSamples))
    if chosen.WaveformBitsAllocated != 16 or chosen.WaveformSampleInterpretation != "SS":
        raise SourceUnreadable(
            f"{name}: {chosen.WaveformBitsAllocated}-bit {chosen.WaveformSampleInterpretation} samples;"
            " 16-bit signed (SS) are read"
        )
    return chosen


def _channels(name: str, group: Dataset) -> dict[Lead, _Channel]:
    """The twelve leads in standard order; other channels of the group are left aside."""
    found: dict[Lead, _Channel] = {}
    for row, definition in enumerate(group.ChannelDefinitionSequence):
        source = definition.ChannelSourceSequence[0]
        lead = lead_of_code(str(source.CodingSchemeDesignator), str(source.CodeValue))
        if lead is None:
            continue
        if lead in found:
            raise SourceUnreadable(f"{name}: lead {lead} is there twice")
        found[lead] = _channel(f"{name}, lead {lead}", row, definition, group)
    absent = [lead for lead in STANDARD_LEADS if lead not in found]
    if absent:
        raise SourceUnreadable(f"{name}: {', '.join(absent)} missing; all twelve leads are needed")
    return {lead: found[lead] for lead in STANDARD_LEADS}


def _channel(name: str, row: int, definition: Dataset, group: Dataset) -> _Channel:
    if definition.get("ChannelSensitivity") is None:
        raise SourceUnreadable(f"{name}: no channel sensitivity, so its size is unknown")
    unit = str(definition.ChannelSensitivityUnitsSequence[0].CodeValue)
    if unit not in _NANOVOLTS:
        raise SourceUnreadable(f"{name}: unit {unit}; {', '.join(_NANOVOLTS)} are read")
    factor = Decimal(str(definition.get("ChannelSensitivityCorrectionFactor") or 1))
    step_nv = Decimal(str(definition.ChannelSensitivity)) * factor * _NANOVOLTS[unit]
    if not 0 < step_nv <= 1_000_000:
        raise SourceUnreadable(f"{name}: a step of {step_nv} nV; above 0 and at most 1000000 is plausible")
    _check_skew(name, definition, group)
    baseline = Decimal(str(definition.get("ChannelBaseline") or 0)) * _NANOVOLTS[unit]
    return _Channel(row, step_nv, baseline)


def _check_skew(name: str, definition: Dataset, group: Dataset) -> None:
    skew = Decimal(str(definition.get("ChannelSampleSkew") or 0))
    if definition.get("ChannelTimeSkew"):
        skew = Decimal(str(definition.ChannelTimeSkew)) * Decimal(str(group.SamplingFrequency))
    if abs(skew) > MAX_SKEW_SAMPLES:
        raise SourceUnreadable(f"{name}: {skew} samples beside the other leads; at most {MAX_SKEW_SAMPLES}")


def _raw_samples(name: str, dataset: Dataset, group: Dataset) -> NDArray[np.int16]:
    """The stored values as (n, channels), in the machine's byte order."""
    count, channels = int(group.NumberOfWaveformSamples), int(group.NumberOfWaveformChannels)
    data: bytes = group.WaveformData
    if len(group.ChannelDefinitionSequence) != channels or count < 1:
        raise SourceUnreadable(f"{name}: {count} samples of {channels} channels do not match its definitions")
    if len(data) < 2 * count * channels:
        raise SourceUnreadable(
            f"{name}: {len(data)} bytes of waveform where {2 * count * channels} are announced"
        )
    stored = np.frombuffer(data[: 2 * count * channels], _byte_order(dataset))
    return stored.astype(np.int16).reshape(count, channels)


def _byte_order(dataset: Dataset) -> str:
    big = dataset.file_meta.get("TransferSyntaxUID") == ExplicitVRBigEndian
    return ">i2" if big else "<i2"


def _padding(raw: NDArray[np.int16], group: Dataset) -> NDArray[np.bool_]:
    value = group.get("WaveformPaddingValue")
    if value is None:
        return np.zeros(raw.shape, np.bool_)
    if isinstance(value, bytes):
        value = int.from_bytes(value[:2], "little", signed=True)
    padded: NDArray[np.bool_] = raw == np.int16(value)
    return padded


def _in_steps(
    name: str, raw: NDArray[np.int16], missing: NDArray[np.bool_], channel: _Channel, step_nv: Decimal
) -> NDArray[np.int16]:
    """One channel in whole steps of `step_nv`, exactly; missing as -32768."""
    scale, offset = channel.step_nv / step_nv, channel.baseline_nv / step_nv
    if scale % 1 or offset % 1:
        raise SourceUnreadable(
            f"{name}: step {channel.step_nv} nV and baseline {channel.baseline_nv} nV"
            f" are no multiples of {step_nv} nV"
        )
    values = raw.astype(np.int64) * int(scale) + int(offset)
    values[missing] = 0
    if values.min() <= MISSING or values.max() > 32767:
        raise SourceUnreadable(f"{name}: {values.min()} to {values.max()} steps; -32767 to 32767 can be held")
    values[missing] = MISSING
    return values.astype(np.int16)


def _filters(group: Dataset) -> Filters:
    """What the device filtered; where leads differ, the narrowest band, which is true of none wider."""

    def stated(keyword: str) -> list[float]:
        values = (definition.get(keyword) for definition in group.ChannelDefinitionSequence)
        return [float(value) for value in values if value is not None]

    return Filters(
        low_hz=max(stated("FilterLowFrequency"), default=None),
        high_hz=min(stated("FilterHighFrequency"), default=None),
        notch_hz=max(stated("NotchFilterFrequency"), default=None),
    )
