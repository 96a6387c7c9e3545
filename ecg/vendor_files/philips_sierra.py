"""Philips Sierra XML, schema 1.03 and 1.04 (PageWriter, HeartStart, TraceMasterVue).

In compressed waveforms III, aVR, aVL and aVF are kept as what the prediction from the other limb leads
leaves: adding the prediction gives the twelve leads that the device recorded, to the last bit. After the
recording devices append a calibration pulse of 1 mV, the same in every lead: it is cut off, and the scale is
held to it.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ecg.description import Filters
from ecg.errors import SourceUnreadable
from ecg.leads import STANDARD_LEADS
from ecg.recording import Recording
from ecg.vendor_files.assembly import Channel, Origin, assemble, stored_leads
from ecg.vendor_files.base64_samples import decode_base64, int16_samples
from ecg.vendor_files.found import Remark, RemarkKind, VendorEcg, VendorFormat
from ecg.vendor_files.quantities import date_and_time, number, optional_hz, whole
from ecg.vendor_files.refusal import device_text, refuse, shown
from ecg.vendor_files.safe_xml import Node, parse_xml
from ecg.vendor_files.xli import xli_chunks

VERSIONS = ("1.03", "1.04", "1.04.01", "1.04.02")
MAX_SAMPLES = 120_000
"""Per lead: four minutes at 500 Hz, which bounds the time that unpacking can take."""

MAX_CHANNELS = 16
_LEADS = {lead.upper(): lead for lead in STANDARD_LEADS}
_PULSE_NV = 1_000_000
_MIN_PULSE_SAMPLES = 20
_STANDARD_SETS = ("STD-12", "10-WIRE")


def read_philips_sierra(data: bytes) -> VendorEcg:
    """Read the rhythm of a Sierra file; SourceUnreadable with the line."""
    root = parse_xml(data, "restingecgdata")
    version = root.text_at("documentinfo/documentversion")
    if version not in VERSIONS:
        refuse(root.place, f"documentversion {shown(version)}; {', '.join(VERSIONS)} are read")
    signal = root.need("dataacquisition/signalcharacteristics")
    waveforms = root.need("waveforms/parsedwaveforms")
    names = _names(signal, waveforms)
    rate_hz = _field(signal, waveforms, "samplingrate", "samplespersecond")
    step_nv = 1000 * _field(signal, waveforms, "resolution", "signalresolution")
    rows = _rows(signal, waveforms, names, rate_hz)
    end = _end_of_rhythm(waveforms.place, rows, step_nv)
    remarks = [Remark(RemarkKind.LEAD_LEFT_ASIDE, shown(n)) for n in names if n.upper() not in _LEADS]
    channels = [
        Channel(_LEADS[name.upper()], row[:end], step_nv)
        for name, row in zip(names, rows, strict=True)
        if name.upper() in _LEADS
    ]
    if end < len(rows[0]):
        remarks.append(Remark(RemarkKind.CALIBRATION_PULSE_CUT, f"samples {end} to {len(rows[0]) - 1}"))
    origin = Origin(rate_hz, _filters(signal, waveforms, remarks), _acquired(root), _device(root))
    recording, derived = assemble(waveforms.place, channels, origin)
    if not origin.acquired:
        remarks.append(Remark(RemarkKind.START_UNREADABLE))
    return VendorEcg(
        format=VendorFormat.PHILIPS_SIERRA,
        version=version,
        recording=recording,
        stored=stored_leads(channels),
        derived=derived,
        median_beat=_median_beat(root, origin, remarks),
        remarks=tuple(remarks),
    )


def _text(signal: Node, waveforms: Node, *names: str) -> str:
    """A field by any of its names, from the waveform itself or, older, from the acquisition."""
    for name in names:
        text = waveforms.attributes.get(name, "").strip() or signal.text_at(name)
        if text:
            return text
    return ""


def _field(signal: Node, waveforms: Node, *names: str) -> Fraction:
    return number(f"{signal.place}, {names[0]}", _text(signal, waveforms, *names))


def _names(signal: Node, waveforms: Node) -> list[str]:
    labels = waveforms.attributes.get("leadlabels", "").split()
    count_text = waveforms.attributes.get("numberofleads", "") or signal.text_at("numberchannelsallocated")
    count = whole(waveforms.place, count_text, 1, MAX_CHANNELS)
    if not labels:
        kind = signal.text_at("acquisitiontype")
        if kind not in _STANDARD_SETS:
            refuse(
                signal.place,
                f"leads unnamed and acquisition {shown(kind)}; {', '.join(_STANDARD_SETS)} are known",
            )
        labels = [str(lead) for lead in STANDARD_LEADS]
    if len(labels) != count:
        refuse(waveforms.place, f"{len(labels)} lead names for {count} leads")
    return labels


def _rows(signal: Node, waveforms: Node, names: list[str], rate_hz: Fraction) -> list[NDArray[np.int64]]:
    _check_samples(signal, waveforms)
    duration_ms = number(waveforms.place, waveforms.attributes.get("durationperchannel", ""))
    count = duration_ms * rate_hz / 1000
    if count.denominator != 1 or not 1 <= count <= MAX_SAMPLES:
        refuse(waveforms.place, f"{float(count):g} samples a lead; 1 to {MAX_SAMPLES} are read")
    data = decode_base64(waveforms.place, waveforms.text)
    compression = waveforms.attributes.get("compressmethod", "") or waveforms.attributes.get(
        "compression", ""
    )
    if compression.upper() in ("", "NONE", "UNCOMPRESSED"):
        values = int16_samples(waveforms.place, data, int(count) * len(names))
        return list(values.reshape(len(names), int(count)))
    if compression.upper() != "XLI":
        refuse(waveforms.place, f"compression {shown(compression)}; XLI is read")
    rows = xli_chunks(waveforms.place, data, int(count))
    if not len(names) <= len(rows) <= MAX_CHANNELS:
        refuse(waveforms.place, f"{len(rows)} channels of samples for {len(names)} leads")
    return _with_prediction(waveforms, names, rows[: len(names)])  # devices append channels without a lead


def _check_samples(signal: Node, waveforms: Node) -> None:
    """Refuse every other way of writing samples than signed 16-bit around 0, as base64."""
    for wanted, field in (
        ("BASE64", ("dataencoding",)),
        ("16", ("bitspersample", "nbitspersample")),
        ("TRUE", ("signalsigned",)),
        ("0", ("signaloffset",)),
    ):
        text = _text(signal, waveforms, *field)
        if text and text.upper() != wanted:
            refuse(waveforms.place, f"{field[0]} is {shown(text)}; {wanted} is read")


def _with_prediction(
    waveforms: Node, names: list[str], rows: list[NDArray[np.int64]]
) -> list[NDArray[np.int64]]:
    if [name.upper() for name in names[:6]] != [lead.upper() for lead in STANDARD_LEADS[:6]]:
        refuse(waveforms.place, "compressed leads that do not begin with I II III aVR aVL aVF")
    one, two = rows[0], rows[1]
    three = two - one - rows[2]
    avr = -rows[3] - (one + two) // 2
    avl = (one - three) // 2 - rows[4]
    avf = (two + three) // 2 - rows[5]
    return [one, two, three, avr, avl, avf, *rows[6:]]


def _end_of_rhythm(place: str, rows: list[NDArray[np.int64]], step_nv: Fraction) -> int:
    """The sample at which the calibration pulse begins, or the end: all leads equal, 0 but for one level."""
    if len(rows) < 2:
        return len(rows[0])
    differ = np.flatnonzero((np.stack(rows[1:]) != rows[0]).any(axis=0))
    start = int(differ[-1]) + 1 if len(differ) else 0
    levels = np.unique(rows[0][start:])
    pulse = levels[levels != 0]
    if len(rows[0]) - start < _MIN_PULSE_SAMPLES or len(pulse) != 1 or len(levels) != 2:
        return len(rows[0])
    if pulse[0] * step_nv != _PULSE_NV:
        millivolts = float(pulse[0] * step_nv / _PULSE_NV)
        refuse(
            place, f"steps of {float(step_nv):g} nV make its calibration pulse {millivolts:g} mV; 1 is right"
        )
    return start


def _filters(signal: Node, waveforms: Node, remarks: list[Remark]) -> Filters:
    """What was done to the stored samples; what the printed report was filtered with is another matter."""
    band = signal.text_at("signalbandwidth").partition("-")
    low = _text(signal, waveforms, "hipass") or band[0]
    high = _text(signal, waveforms, "lowpass") or band[2]
    filtered = _text(signal, waveforms, "notchfiltered").upper()
    notch = 0.0 if filtered == "FALSE" else None
    if filtered == "TRUE":
        notch = optional_hz(_text(signal, waveforms, "notchfilterfreqs", "acsetting"))
    if waveforms.attributes.get("filterflag", "").upper() == "TRUE":
        remarks.append(Remark(RemarkKind.FILTER_UNNAMED, "filterflag"))
    return Filters(optional_hz(low), optional_hz(high), notch)


def _acquired(root: Node) -> str:
    stamp = root.need("dataacquisition").attributes
    return date_and_time(f"{stamp.get('date', '')} {stamp.get('time', '')}", "%Y-%m-%d %H:%M:%S")


def _device(root: Node) -> str:
    return device_text("Philips", root.text_at("dataacquisition/machine"))


def _median_beat(root: Node, origin: Origin, remarks: list[Remark]) -> Recording | None:
    beats = root.first("waveforms/repbeats")
    if beats is None:
        return None
    try:
        step_nv = 1000 * number(beats.place, beats.attributes.get("resolution", ""))
        rate_hz = number(beats.place, beats.attributes.get("samplespersec", ""))
        channels = [
            Channel(_LEADS[name], _beat_samples(node), step_nv)
            for node in beats.all("repbeat")
            if (name := node.attributes.get("leadname", "").upper()) in _LEADS
        ]
        beat = Origin(rate_hz, origin.filters, origin.acquired, origin.device)
        return assemble(beats.place, channels, beat)[0]
    except SourceUnreadable as fault:
        remarks.append(Remark(RemarkKind.MEDIAN_BEAT_UNREADABLE, str(fault)))
        return None


def _beat_samples(node: Node) -> NDArray[np.int64]:
    inner = node.first("waveform") or node
    data = decode_base64(inner.place, inner.text)
    return int16_samples(inner.place, data, len(data) // 2)
