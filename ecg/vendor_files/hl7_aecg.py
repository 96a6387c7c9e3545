"""HL7 Annotated ECG (aECG, release 1, 2004), the XML that drug regulators receive ECGs in.

A rhythm is a series with the code RHYTHM; a series derived from it (REPRESENTATIVE_BEAT) is the median beat
and is never taken for it. A series holds sequence sets: one sequence of times and one of voltages per lead.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ecg.description import Filters
from ecg.errors import SourceUnreadable
from ecg.leads import STANDARD_LEADS, Lead
from ecg.recording import Recording
from ecg.vendor_files.assembly import MAX_SAMPLES, Channel, Origin, assemble, stored_leads
from ecg.vendor_files.found import Remark, RemarkKind, VendorEcg, VendorFormat
from ecg.vendor_files.quantities import date_and_time, nanovolts, optional_hz, seconds
from ecg.vendor_files.refusal import device_text, refuse, shown
from ecg.vendor_files.safe_xml import Node, parse_xml

_LEADS = {f"MDC_ECG_LEAD_{lead.upper()}": lead for lead in STANDARD_LEADS}
_LAYOUTS = ("%Y%m%d%H%M%S.%f", "%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d")
_RHYTHM, _MEDIAN_BEAT = "RHYTHM", "REPRESENTATIVE_BEAT"
MAX_DIGITS_CHARACTERS = 8 * MAX_SAMPLES


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One sequence set: what was sampled together."""

    place: str
    channels: tuple[Channel, ...]
    rate_hz: Fraction
    start: str
    remarks: tuple[Remark, ...]

    @property
    def size(self) -> int:
        return sum(len(channel.values) for channel in self.channels)


def read_hl7_aecg(data: bytes) -> VendorEcg:
    """Read the rhythm of an aECG file, the longest of several; SourceUnreadable with the line."""
    root = parse_xml(data, "AnnotatedECG")
    series = list(root.all("component/series"))
    rhythms = [s for s in series if _code(s) == _RHYTHM]
    if not rhythms:
        found = ", ".join(shown(_code(s)) for s in series[:4]) or "no series"
        refuse(root.place, f"no series with the code {_RHYTHM}; found {found}")
    parts = [(s, part) for s in rhythms for part in _parts(s)]
    chosen, part = max(parts, key=lambda pair: pair[1].size)
    recording, derived = assemble(part.place, part.channels, _origin(chosen, part))
    remarks = part.remarks
    if len(parts) > 1:
        remarks += (Remark(RemarkKind.PART_LEFT_ASIDE, f"{len(parts) - 1} of {len(parts)} sequence sets"),)
    beat, beat_remarks = _median_beat(series, chosen)
    return VendorEcg(
        format=VendorFormat.HL7_AECG,
        version="R1",
        recording=recording,
        stored=stored_leads(part.channels),
        derived=derived,
        median_beat=beat,
        remarks=remarks + beat_remarks,
    )


def _code(series: Node) -> str:
    return series.attribute_at("code", "code").upper()


def _parts(series: Node) -> list[_Part]:
    parts = [_part(node) for node in series.all("component/sequenceSet")]
    if not parts:
        refuse(series.place, "has no component/sequenceSet")
    return parts


def _part(node: Node) -> _Part:
    sequences = list(node.all("component/sequence"))
    times = [s for s in sequences if s.attribute_at("code", "code").upper().startswith("TIME_")]
    if len(times) != 1:
        refuse(node.place, f"{len(times)} sequences of times; one is right")
    channels: list[Channel] = []
    remarks: list[Remark] = []
    for sequence in sequences:
        code = sequence.attribute_at("code", "code")
        lead = _LEADS.get(code.upper())
        if lead is not None:
            channels.append(_channel(lead, sequence.need("value")))
        elif sequence is not times[0]:
            remarks.append(Remark(RemarkKind.LEAD_LEFT_ASIDE, shown(code)))
    return _Part(
        node.place,
        tuple(channels),
        _rate(times[0].need("value")),
        _start(times[0]),
        tuple(remarks),
    )


def _rate(value: Node) -> Fraction:
    kind = _type(value)
    if kind not in ("GLIST_TS", "GLIST_PQ"):
        refuse(value.place, f"times of type {shown(kind)}; GLIST_TS and GLIST_PQ are read")
    increment = value.need("increment")
    step_s = seconds(
        increment.place, increment.attributes.get("value", ""), increment.attributes.get("unit", "")
    )
    if step_s <= 0:
        refuse(increment.place, f"an increment of {float(step_s):g} s; above 0 is right")
    return 1 / step_s


def _start(times: Node) -> str:
    if times.attribute_at("code", "code").upper() != "TIME_ABSOLUTE":
        return ""
    return _timestamp(times.attribute_at("value/head", "value"))


def _timestamp(text: str) -> str:
    """HL7 TS as DICOM DT: what follows the seconds is dropped, but for the zone."""
    zone = text[-5:] if len(text) > 5 and text[-5] in "+-" and text[-4:].isdecimal() else ""
    moment = date_and_time(text.removesuffix(zone), *_LAYOUTS)
    return moment + zone if moment else ""


def _channel(lead: Lead, value: Node) -> Channel:
    kind = _type(value)
    if kind not in ("SLIST_PQ", "SLIST_INT"):
        refuse(value.place, f"lead {lead} of type {shown(kind)}; SLIST_PQ and SLIST_INT are read")
    scale, origin, digits = value.need("scale"), value.first("origin"), value.need("digits")
    step_nv = nanovolts(scale.place, scale.attributes.get("value", ""), scale.attributes.get("unit", ""))
    offset_nv = Fraction(0)
    if origin is not None:
        unit = origin.attributes.get("unit", "") or scale.attributes.get("unit", "")
        offset_nv = nanovolts(origin.place, origin.attributes.get("value", ""), unit)
    return Channel(lead, _digits(digits), step_nv, offset_nv)


def _type(value: Node) -> str:
    return value.attributes.get("type", "").rpartition(":")[2]


def _digits(node: Node) -> NDArray[np.int64]:
    text = node.text
    if len(text) > MAX_DIGITS_CHARACTERS:
        refuse(node.place, f"{len(text)} characters; at most {MAX_DIGITS_CHARACTERS} are read")
    words = text.split()
    if len(words) > MAX_SAMPLES:
        refuse(node.place, f"{len(words)} samples; at most {MAX_SAMPLES} are read")
    try:
        values = np.array(words, np.float64)
    except ValueError:
        refuse(node.place, "something between the samples that is not a number")
    if not np.isfinite(values).all() or (np.abs(values) > 1 << 31).any() or (values % 1).any():
        refuse(node.place, "samples that are not whole numbers of at most 32 bits")
    return values.astype(np.int64)


def _origin(series: Node, part: _Part) -> Origin:
    device = "author/seriesAuthor"
    return Origin(
        rate_hz=part.rate_hz,
        filters=_filters(series),
        acquired=_timestamp(series.attribute_at("effectiveTime/low", "value")) or part.start,
        device=device_text(
            series.text_at(f"{device}/manufacturerOrganization/name"),
            series.text_at(f"{device}/manufacturedSeriesDevice/manufacturerModelName"),
        ),
    )


def _filters(series: Node) -> Filters:
    found: dict[str, float | None] = {}
    for control in series.all("controlVariable/controlVariable"):
        kind = control.attribute_at("code", "code").upper().rpartition("_ATTR_FILTER_")[2]
        if kind not in ("LOW_PASS", "HIGH_PASS", "NOTCH"):
            continue
        for inner in control.all("component/controlVariable/value"):
            if inner.attributes.get("unit", "Hz") == "Hz":
                found.setdefault(kind, optional_hz(inner.attributes.get("value", "")))
    return Filters(found.get("HIGH_PASS"), found.get("LOW_PASS"), found.get("NOTCH"))


def _median_beat(series: list[Node], rhythm: Node) -> tuple[Recording | None, tuple[Remark, ...]]:
    derived = [*rhythm.all("derivation/derivedSeries"), *series]
    for candidate in derived:
        if _code(candidate) == _MEDIAN_BEAT:
            try:
                part = max(_parts(candidate), key=lambda p: p.size)
                return assemble(part.place, part.channels, _origin(rhythm, part))[0], ()
            except SourceUnreadable as fault:
                return None, (Remark(RemarkKind.MEDIAN_BEAT_UNREADABLE, str(fault)),)
    return None, ()
