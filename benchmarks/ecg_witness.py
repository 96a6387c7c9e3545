"""What the bytes of an ECG file say, read a second time by other means than the readers': to hold them to it.

Each witness knows only files that its reader accepted, takes no care of damage, and gives voltages as plain
numbers. It shares no code with the readers but the rule of which signals are shown.
"""

import base64
import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.waveforms.numpy_handler import multiplex_array

from ecg.quiet_pydicom import quiet_pydicom

Volts = NDArray[np.float64]
NV = {"nV": 1.0, "uV": 1e3, "uv": 1e3, "µV": 1e3, "μV": 1e3, "mV": 1e6, "mv": 1e6, "V": 1e9}
NV |= {"MICROVOLTS": 1e3, "MILLIVOLTS": 1e6}


@dataclass(frozen=True)
class Witness:
    """Rate and nanovolts, NaN where there is no value; `leads` None: in the order of the file's channels."""

    rate_hz: float
    rows: Sequence[Volts]
    leads: Sequence[str] | None = None


def _shown(names: Sequence[str], voltages: Sequence[bool], per_frame: Sequence[int]) -> list[int]:
    """Voltages of the highest rate; only those named ECG where there are any."""
    rows = [k for k, voltage in enumerate(voltages) if voltage]
    rows = [k for k in rows if names[k].upper().startswith(("ECG", "EKG"))] or rows
    fastest = max(per_frame[k] for k in rows)
    return [k for k in rows if per_frame[k] == fastest]


def of_wfdb(files: Mapping[str, bytes], header: str) -> Witness:
    """A record by its header."""
    text = files[header].decode("utf-8", "replace")
    record, *lines = [
        line.split(None, 8) for line in text.splitlines() if line.strip() and not line.startswith("#")
    ]
    record = " ".join(record).split()
    rate_hz = float(record[2].split("/")[0]) if len(record) > 2 else 250.0
    frames = int(record[3]) if len(record) > 3 else 0
    forms = [re.split(r"[x:+]", line[1])[0] for line in lines]
    per_frame = [int((re.findall(r"x(\d+)", line[1]) or ["1"])[0]) for line in lines]
    offsets = [int((re.findall(r"\+(\d+)$", line[1]) or ["0"])[0]) for line in lines]
    gains = [re.fullmatch(r"([^(/]+)(?:\(([^()]*)\))?(?:/(\S+))?", line[2]) for line in lines]
    units = [gain[3] or "mV" for gain in gains if gain]
    names = [line[8].strip() if len(line) > 8 else f"signal {k}" for k, line in enumerate(lines)]
    rows = []
    shown = _shown(names, [unit in NV for unit in units], per_frame)
    for k in shown:
        gain = gains[k]
        assert gain is not None
        together = [j for j, line in enumerate(lines) if line[0] == lines[k][0] and _adjoining(lines, j, k)]
        width = sum(per_frame[j] for j in together)
        at = sum(per_frame[j] for j in together if j < k)
        values = _stored(forms[k], files[lines[k][0]][offsets[k] :], frames * width if frames else None)
        values = (
            values[: len(values) // width * width].reshape(-1, width)[:, at : at + per_frame[k]].reshape(-1)
        )
        zero = float(gain[2] if gain[2] is not None else lines[k][4] if len(lines[k]) > 4 else 0)
        lowest = {"80": -128, "212": -2048, "16": -32768, "24": -(1 << 23)}[forms[k]]
        nanovolts = (values - zero) * NV[units[k]] / float(gain[1])
        rows.append(np.where(values == lowest, np.nan, nanovolts))
    return Witness(rate_hz * per_frame[shown[0]], rows)


def _adjoining(lines: Sequence[Sequence[str]], one: int, other: int) -> bool:
    """Whether all signals between lie in the same file: a file named again later is read from its start."""
    low, high = sorted((one, other))
    return all(line[0] == lines[one][0] for line in lines[low:high])


def _stored(form: str, data: bytes, count: int | None) -> NDArray[np.float64]:
    raw = np.frombuffer(data, np.uint8).astype(np.int64)
    if form == "80":
        values = raw - 128
    elif form == "16":
        pairs = raw[: raw.size // 2 * 2].reshape(-1, 2)
        values = _signed(pairs[:, 0] + (pairs[:, 1] << 8), 16)
    elif form == "24":
        triples = raw[: raw.size // 3 * 3].reshape(-1, 3)
        values = _signed(triples[:, 0] + (triples[:, 1] << 8) + (triples[:, 2] << 16), 24)
    else:
        whole = 2 * raw.size // 3
        triples = np.append(raw, [0, 0])[: (raw.size + 2) // 3 * 3].reshape(-1, 3)
        both = [triples[:, 0] + ((triples[:, 1] & 15) << 8), triples[:, 2] + ((triples[:, 1] >> 4) << 8)]
        values = _signed(np.stack(both, axis=1).reshape(-1)[:whole], 12)
    return values[:count].astype(np.float64)


def _signed(values: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
    return np.where(values >= 1 << (bits - 1), values - (1 << bits), values)


def of_edf(data: bytes) -> Witness:
    """An EDF or EDF+ file."""
    count = int(data[252:256].decode("latin-1"))
    widths = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
    columns, at = [], 256
    for width in widths:
        columns.append([data[at + k * width : at + (k + 1) * width].decode("latin-1") for k in range(count)])
        at += width * count
    labels, units, sizes = columns[0], columns[2], [int(text) for text in columns[8]]
    plain = ["".join(c if c.isprintable() else "?" for c in label.strip())[:40] for label in labels]
    said = [k for k, label in enumerate(plain) if label == "EDF Annotations"]
    shown = _shown(plain, [unit.strip(" ") in NV and k not in said for k, unit in enumerate(units)], sizes)
    stated = int(data[236:244].decode("latin-1"))
    total = (len(data) - at) // (2 * sum(sizes)) if stated == -1 else stated
    table = np.frombuffer(data, "<i2", total * sum(sizes), at).reshape(total, sum(sizes))
    seconds = Fraction(data[244:252].decode("latin-1").strip())
    rate_hz = float(sizes[shown[0]] / seconds)
    starts = [sum(sizes[:k]) for k in range(count)]
    plus = data[192:196] == b"EDF+"
    texts = [table[:, starts[k] : starts[k] + sizes[k]] for k in said] if plus else []
    places, end = _placed(texts, rate_hz, sizes[shown[0]], total, data[192:197] == b"EDF+D")
    rows = []
    for k in shown:
        low, high, bottom, top = (Fraction(columns[j][k].strip()) for j in (5, 6, 3, 4))
        values = np.full(places[-1] + sizes[k], np.nan)
        for place, record in zip(places, table[:, starts[k] : starts[k] + sizes[k]], strict=True):
            values[place : place + sizes[k]] = record
        scaled = float(bottom) + (values - float(low)) * float((top - bottom) / (high - low))
        rows.append(scaled[:end] * NV[units[k].strip(" ")])
    return Witness(rate_hz, rows)


def _placed(
    texts: Sequence[NDArray[np.int16]], rate_hz: float, size: int, total: int, gaps: bool
) -> tuple[list[int], int | None]:
    """Where each record begins, and where the signal ends when it is said."""
    if not texts:
        return [k * size for k in range(total)], None
    onsets = [float(record.tobytes().split(b"\x14")[0]) for record in texts[0]]
    places = [round((onset - onsets[0]) * rate_hz) if gaps else k * size for k, onset in enumerate(onsets)]
    last = places[-1]
    for record in (record.tobytes() for column in zip(*texts, strict=True) for record in column):
        for one in record.split(b"\0"):
            parts = one.split(b"\x14")
            for text in parts[1:]:
                if text == b"Recording ends":
                    end = round((float(parts[0].split(b"\x15")[0]) - onsets[0]) * rate_hz)
                    if last < end < last + size:
                        return places, end
    return places, None


def of_dicom(data: bytes) -> Witness:
    """The longest acquired group, decoded by pydicom's own waveform handler."""
    with quiet_pydicom():
        return _of_dataset(pydicom.dcmread(BytesIO(data)))


def _of_dataset(dataset: Dataset) -> Witness:
    groups = list(dataset.WaveformSequence)
    acquired = [k for k, group in enumerate(groups) if group.get("WaveformOriginality") == "ORIGINAL"]
    chosen = max(acquired, key=lambda k: int(groups[k].NumberOfWaveformSamples))
    group = groups[chosen]
    for definition in group.ChannelDefinitionSequence:
        for keyword in ("ChannelBaseline", "ChannelSensitivityCorrectionFactor"):
            if definition.get(keyword) == "":
                del definition[keyword]  # pydicom's handler stumbles over what is there and empty
    scaled = multiplex_array(dataset, chosen, as_raw=False)
    raw = multiplex_array(dataset, chosen, as_raw=True)
    padding = group.get("WaveformPaddingValue")
    if isinstance(padding, bytes):
        padding = np.frombuffer(padding[: raw.dtype.itemsize], raw.dtype)[0]
    rows = []
    for k, definition in enumerate(group.ChannelDefinitionSequence):
        unit = str(definition.ChannelSensitivityUnitsSequence[0].CodeValue)
        if unit in NV:
            missing = np.zeros(len(raw), np.bool_) if padding is None else raw[:, k] == int(padding)
            rows.append(np.where(missing, np.nan, scaled[:, k] * NV[unit]))
    return Witness(float(group.SamplingFrequency), rows)


def of_declared_csv(data: bytes) -> Witness:
    """A CSV that declares itself."""
    lines = data.decode("utf-8", "replace").splitlines()
    declared = dict(line[2:].split(": ", 1) for line in lines[1:] if line.startswith("# ") and ": " in line)
    # What is declared twice counts as said last, and only up to the first line that declares nothing.
    first = next(k for k, line in enumerate(lines[1:], 1) if not line.startswith("# ") or ": " not in line)
    declared = dict(line[2:].split(": ", 1) for line in lines[1:first])
    steps = [float(text) for text in declared["nv_per_step"].split(",")]
    zeros = [float(text) for text in declared["zero"].split(",")]
    table = _table(data, first + 1, ",")
    rows = [(table[:, k] - zeros[k]) * steps[k] for k in range(len(steps))]
    return Witness(float(declared["rate_hz"]), rows)


def of_csv(data: bytes, rate_hz: float, nv_per_unit: float) -> Witness:
    """Columns of numbers, all of them leads."""
    return Witness(rate_hz, list(_table(data, 0, ",").T * nv_per_unit))


def _table(data: bytes, skip: int, delimiter: str) -> Volts:
    text = data.decode("latin-1").split("\n")[skip:]
    rows = csv.reader(StringIO("\n".join(text)), delimiter=delimiter)
    return np.array([[float(field or "nan") for field in row] for row in rows])


def of_fhir(data: bytes) -> Witness:
    """The first Observation with leads."""
    document: dict[str, Any] = json.loads(data.removeprefix(b"\xef\xbb\xbf"))
    inside = [entry.get("resource", {}) for entry in document.get("entry", ())]
    for resource in [document] if document["resourceType"] == "Observation" else inside:
        found = [
            one["valueSampledData"]
            for one in resource.get("component", ())
            if resource.get("resourceType") == "Observation" and one.get("valueSampledData")
        ]
        if found:
            rows = [_sampled(one) for one in found]
            ms = {"s": 1000, "ms": 1, "us": 0.001}
            spacing = found[0].get("period")
            if spacing is None:
                spacing = float(found[0]["interval"]) * ms[found[0]["intervalUnit"]]
            return Witness(1000 / float(spacing), rows)
    raise ValueError("no leads")


def _sampled(one: Mapping[str, Any]) -> Volts:
    words = [np.nan if word in "ELU" else float(word) for word in one["data"].split()]
    unit = one["origin"].get("code") or one["origin"]["unit"]
    factor = one.get("factor")
    factor = 1.0 if factor is None else float(factor)
    return (np.array(words) * factor + float(one["origin"].get("value") or 0)) * NV[unit]


def of_aecg(data: bytes) -> Witness:
    """The longest sequence set of the rhythms."""
    best: tuple[int, Witness] | None = None
    root = _tree(data)
    for series in root.iterfind("component/series"):
        code = series.find("code")
        if code is None or code.get("code", "").upper() != "RHYTHM":
            continue
        for part in series.iterfind("component/sequenceSet"):
            size, witness = _sequence_set(part)
            if best is None or size > best[0]:
                best = size, witness
    assert best is not None
    return best[1]


def _sequence_set(part: ElementTree.Element) -> tuple[int, Witness]:
    rate_hz, leads, rows = 0.0, [], []
    for sequence in part.iterfind("component/sequence"):
        code, value = sequence.find("code"), sequence.find("value")
        name = ("" if code is None else code.get("code", "")).upper()
        if value is None:
            continue
        increment = value.find("increment")
        if name.startswith("TIME_") and increment is not None:
            unit = {"s": 1.0, "ms": 1e-3, "us": 1e-6}[increment.get("unit", "")]
            rate_hz = 1 / (float(increment.get("value", "")) * unit)
        elif name.startswith("MDC_ECG_LEAD_"):
            scale, origin, digits = value.find("scale"), value.find("origin"), value.find("digits")
            assert scale is not None and digits is not None
            step = float(scale.get("value", "")) * NV[scale.get("unit", "")]
            offset = 0.0
            if origin is not None:
                offset = float(origin.get("value", "")) * NV[origin.get("unit", "") or scale.get("unit", "")]
            leads.append(name.removeprefix("MDC_ECG_LEAD_"))
            rows.append(np.array("".join(digits.itertext()).split(), np.float64) * step + offset)
    known = [k for k, name in enumerate(leads) if name in _LEADS]
    kept = [rows[k] for k in known]
    return sum(map(len, kept)), Witness(rate_hz, kept, [_LEADS[leads[k]] for k in known])


_LEADS = {name.upper(): name for name in "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6".split()}


def of_muse(data: bytes) -> Witness:
    """The waveform of the type Rhythm."""
    root = _tree(data)
    (waveform,) = (one for one in root.iterfind("Waveform") if _text(one, "WaveformType").lower() == "rhythm")
    leads, rows = [], []
    for lead in waveform.iterfind("LeadData"):
        name = _LEADS.get(_text(lead, "LeadID").upper())
        if name is None:
            continue
        stored = np.frombuffer(base64.b64decode(_text(lead, "WaveFormData")), "<i2").astype(np.float64)
        stored[stored == -32768] = np.nan
        unit = NV[_unit(_text(lead, "LeadAmplitudeUnits").upper())]
        leads.append(name)
        rows.append(stored * float(_text(lead, "LeadAmplitudeUnitsPerBit")) * unit)
    exponent = float(_text(waveform, "SampleExponent") or 0)
    return Witness(float(_text(waveform, "SampleBase")) * 10**exponent, rows, leads)


def _unit(text: str) -> str:
    return {"UV": "uV", "MV": "mV", "NV": "nV"}.get(text, text)


def of_sierra(data: bytes) -> Witness:
    """The rate and the length before the calibration pulse is cut, not the samples, which are packed."""
    root = _tree(data)
    signal, waves = root.find("dataacquisition/signalcharacteristics"), root.find("waveforms/parsedwaveforms")
    assert signal is not None and waves is not None
    rate_hz = float(waves.get("samplespersecond", "") or _text(signal, "samplingrate"))
    return Witness(rate_hz, [np.zeros(round(float(waves.get("durationperchannel", "")) * rate_hz / 1000))])


def _text(node: ElementTree.Element, path: str) -> str:
    found = node.find(path)
    return "" if found is None else "".join(found.itertext()).strip()


def _tree(data: bytes) -> ElementTree.Element:
    """The tree without namespaces."""
    root = ElementTree.fromstring(data)
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
        node.attrib = {key.rpartition("}")[2]: value for key, value in node.attrib.items()}
    return root
