"""Any ECG waveform in DICOM: 12-lead, General, Ambulatory; whatever leads it holds, sample for sample.

`ecg.dicom` reads the twelve standard leads out of such a file for the live path; this reads what is there.
"""

from decimal import Decimal
from io import BytesIO

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

from ecg.description import Filters
from ecg.errors import SignalError, SourceUnreadable
from ecg.files.date_times import start_of
from ecg.files.dicom_annotations import read_annotations
from ecg.files.dicom_refusals import refusing
from ecg.files.dicom_structure import check_structure
from ecg.files.fields import NV_PER_UNIT, printable
from ecg.lead_codes import lead_name_of_code
from ecg.leads import lead_of_code
from ecg.tracing import Channel, FileKind, Samples, Tracing

MAX_FILE_BYTES = 64 << 20
MAX_CHANNELS = 64
MAX_SKEW_SAMPLES = 0.5
_NO_STEP = Decimal("1e-9")

SOP_CLASSES = {
    UID("1.2.840.10008.5.1.4.1.1.9.1.1"): "12-lead ECG",
    UID("1.2.840.10008.5.1.4.1.1.9.1.2"): "General ECG",
    UID("1.2.840.10008.5.1.4.1.1.9.1.3"): "Ambulatory ECG",
    UID("1.2.840.10008.5.1.4.1.1.9.1.4"): "General 32-bit ECG",
}

_STORED = {("SB", 8): "i1", ("UB", 8): "u1", ("SS", 16): "i2", ("US", 16): "u2", ("SL", 32): "i4"}
"""Sample interpretation and bits allocated, as numpy names them; companded 8 bits (MB, AB) are refused."""


def looks_like_dicom(data: bytes) -> bool:
    """Whether it has the mark of a DICOM file after its preamble."""
    return data[128:132] == b"DICM"


def read_dicom(data: bytes, name: str) -> Tracing:
    """Read the longest acquired group of a waveform file.

    A derived group (a median beat) is never taken for the rhythm, and is told of as left aside. Raises
    SourceUnreadable with the group, the channel or the element that is wrong.
    """
    if len(data) > MAX_FILE_BYTES:
        raise SourceUnreadable(f"{name}: larger than {MAX_FILE_BYTES} bytes")
    if DeflatedExplicitVRLittleEndian.encode() in data:
        # Inflating has no bound in pydicom: a small file could ask for all memory.
        raise SourceUnreadable(f"{name}: deflated transfer syntax; plain little or big endian is read")
    if not looks_like_dicom(data):
        raise SourceUnreadable(f"{name}: not a DICOM file")
    check_structure(data, name)
    with refusing(name):
        try:
            return _tracing(name, pydicom.dcmread(BytesIO(data)))
        except SignalError as fault:
            raise SourceUnreadable(f"{name}: {fault}") from None


def _tracing(name: str, dataset: Dataset) -> Tracing:
    sop_class = UID(str(dataset.get("SOPClassUID", "")))
    if sop_class not in SOP_CLASSES:
        raise SourceUnreadable(
            f"{name}: SOP class {sop_class if sop_class.is_valid else 'absent'}; ECG waveforms are read only"
        )
    groups = list(dataset.get("WaveformSequence") or ())
    chosen = _longest_acquired(name, groups)
    group = groups[chosen]
    stored = _samples(f"{name}, waveform group {chosen + 1}", dataset, group)
    channels, notes = [], []
    for row, definition in enumerate(group.ChannelDefinitionSequence):
        place = f"{name}, waveform group {chosen + 1}, channel {row + 1}"
        if definition.get("ChannelSensitivity") is not None and _unit(definition) not in NV_PER_UNIT:
            notes.append(f"channel {row + 1} left aside: not a voltage")
            continue
        channels.append(_channel(place, definition, group, _column(stored, row, group)))
    notes += [
        f"waveform group {k + 1} left aside: {_words(other.get('WaveformOriginality'))},"
        f" {int(other.NumberOfWaveformSamples)} samples"
        for k, other in enumerate(groups)
        if k != chosen
    ]
    rate_hz = float(group.SamplingFrequency)
    annotations, aside = read_annotations(dataset, name, chosen + 1, rate_hz, len(stored))
    if aside:
        notes.append(f"{aside} measurements and remarks left aside: not at samples of this group")
    acquired = str(dataset.get("AcquisitionDateTime") or "").strip()
    if acquired and start_of(acquired) is None:
        acquired = ""
        notes.append("the start is no date and time and is left aside")
    return Tracing(
        kind=FileKind.DICOM,
        rate_hz=rate_hz,
        channels=tuple(channels),
        annotations=annotations,
        acquired=acquired,
        device=printable(
            " ".join(str(dataset.get(key) or "") for key in ("Manufacturer", "ManufacturerModelName"))
        ),
        notes=tuple(notes),
    )


def _words(originality: object) -> str:
    return str(originality).lower() if originality in ("ORIGINAL", "DERIVED") else "of unknown origin"


def _unit(definition: Dataset) -> str:
    return str(definition.ChannelSensitivityUnitsSequence[0].CodeValue)


def _longest_acquired(name: str, groups: list[Dataset]) -> int:
    acquired = [k for k, group in enumerate(groups) if group.get("WaveformOriginality") == "ORIGINAL"]
    if not acquired:
        raise SourceUnreadable(
            f"{name}: {len(groups)} waveform groups, none of them ORIGINAL: no rhythm to show"
        )
    return max(acquired, key=lambda k: int(groups[k].NumberOfWaveformSamples))


def _samples(place: str, dataset: Dataset, group: Dataset) -> NDArray[np.integer]:
    """The stored values as (n, channels), in the width and the byte order of the file."""
    form = (str(group.WaveformSampleInterpretation), int(group.WaveformBitsAllocated))
    if form not in _STORED:
        raise SourceUnreadable(
            f"{place}: samples are {printable(form[0][:2])} of {form[1]} bits; SB, UB, SS, US, SL are read"
        )
    order = ">" if dataset.file_meta.get("TransferSyntaxUID") == ExplicitVRBigEndian else "<"
    kind = np.dtype(order + _STORED[form])
    count, channels = int(group.NumberOfWaveformSamples), int(group.NumberOfWaveformChannels)
    if count < 1 or not 1 <= channels <= MAX_CHANNELS or len(group.ChannelDefinitionSequence) != channels:
        raise SourceUnreadable(
            f"{place}: {count} samples of {channels} channels, {len(group.ChannelDefinitionSequence)} defined"
        )
    data: bytes = group.WaveformData
    size = count * channels * kind.itemsize
    if len(data) < size:
        raise SourceUnreadable(f"{place}: {len(data)} bytes of waveform where {size} are announced")
    return np.frombuffer(data, kind, count * channels).reshape(count, channels)


def _column(stored: NDArray[np.integer], row: int, group: Dataset) -> Samples:
    """One channel, missing where it is padding; in 16 bits where every value fits beside "missing"."""
    column = stored[:, row]
    missing = np.zeros(column.shape, np.bool_)
    padding = group.get("WaveformPaddingValue")
    if padding is not None:
        if isinstance(padding, bytes):
            padding = np.frombuffer(padding[: column.dtype.itemsize], column.dtype)[0]
        missing = column == int(padding)
    present = column[~missing]
    narrow = not present.size or (present.min() > -32768 and present.max() < 32768)
    samples: Samples = column.astype(np.int16) if narrow else column.astype(np.int32)
    samples[missing] = np.iinfo(samples.dtype).min
    return samples


def _channel(place: str, definition: Dataset, group: Dataset, samples: Samples) -> Channel:
    if definition.get("ChannelSensitivity") is None:
        raise SourceUnreadable(f"{place}: no channel sensitivity, so its size is unknown")
    unit = _unit(definition)
    factor = Decimal(str(definition.get("ChannelSensitivityCorrectionFactor") or 1))
    step_units = Decimal(str(definition.ChannelSensitivity)) * factor
    if not step_units > 0:
        raise SourceUnreadable(f"{place}: a step of {step_units} {unit}; above 0 is right")
    baseline = Decimal(str(definition.get("ChannelBaseline") or 0))
    skew = Decimal(str(definition.get("ChannelSampleSkew") or 0))
    if definition.get("ChannelTimeSkew"):
        skew = Decimal(str(definition.ChannelTimeSkew)) * Decimal(str(group.SamplingFrequency))
    if not abs(skew) <= MAX_SKEW_SAMPLES:
        raise SourceUnreadable(f"{place}: {skew} samples beside the others; at most {MAX_SKEW_SAMPLES}")
    source = definition.ChannelSourceSequence[0]
    scheme, code = str(source.CodingSchemeDesignator), str(source.CodeValue)
    label = definition.get("ChannelLabel") or source.get("CodeMeaning") or code
    name = lead_name_of_code(scheme, code) or printable(str(label))
    return Channel(
        name=name,
        lead=lead_of_code(scheme, code),
        samples=samples,
        nv_per_step=float(step_units * Decimal(NV_PER_UNIT[unit])),
        zero=_zero(baseline, step_units),
        filters=_filters(definition),
        derivation=printable(str(definition.get("ChannelDerivationDescription") or "")),
    )


def _zero(baseline: Decimal, step_units: Decimal) -> float:
    """The step of 0 V; a whole one where sixteen characters could not tell the baseline any closer to it."""
    exact = -baseline / step_units
    whole = exact.to_integral_value()
    return float(whole if abs(exact - whole) < _NO_STEP else exact) + 0.0


def _filters(definition: Dataset) -> Filters:
    def stated(keyword: str) -> float | None:
        value = definition.get(keyword)
        return None if value is None else float(value)

    return Filters(
        low_hz=stated("FilterLowFrequency"),
        high_hz=stated("FilterHighFrequency"),
        notch_hz=stated("NotchFilterFrequency"),
    )
