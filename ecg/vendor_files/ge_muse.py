"""GE MUSE XML (RestingECG): base64 of 16-bit samples, usually of eight leads, with a CRC-32 for each.

A waveform says whether it is Rhythm or Median; the median beat is never taken for the rhythm.
"""

import zlib
from fractions import Fraction

from ecg.description import Filters
from ecg.errors import SourceUnreadable
from ecg.leads import MISSING, STANDARD_LEADS
from ecg.recording import Recording
from ecg.vendor_files.assembly import MAX_SAMPLES, Channel, Origin, assemble, stored_leads
from ecg.vendor_files.base64_samples import decode_base64, int16_samples
from ecg.vendor_files.found import Checksum, Remark, RemarkKind, VendorEcg, VendorFormat
from ecg.vendor_files.quantities import date_and_time, nanovolts, number, optional_hz, whole
from ecg.vendor_files.refusal import device_text, refuse, shown
from ecg.vendor_files.safe_xml import Node, parse_xml

_LEADS = {lead.upper(): lead for lead in STANDARD_LEADS}
_LAYOUTS = ("%m-%d-%Y %H:%M:%S", "%m-%d-%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S")

_MUST_BE_ZERO = ("LeadTimeOffset", "LeadOffsetFirstSample", "FirstSampleBaseline")
"""Their meaning is nowhere published unless they are 0, and readers differ: refused, not guessed."""


def read_ge_muse(data: bytes) -> VendorEcg:
    """Read the rhythm of a MUSE file; SourceUnreadable with the line, also for a wrong CRC."""
    root = parse_xml(data, "RestingECG")
    waveforms = {kind: [w for w in root.all("Waveform") if _kind(w) == kind] for kind in ("rhythm", "median")}
    if not waveforms["rhythm"]:
        refuse(root.place, "no Waveform of the type Rhythm; a median beat alone is no ECG to show")
    if len(waveforms["rhythm"]) > 1:
        refuse(root.place, f"{len(waveforms['rhythm'])} waveforms of the type Rhythm; one is right")
    rhythm = waveforms["rhythm"][0]
    channels, checksums, remarks = _channels(rhythm)
    acquired = _acquired(root)
    device = device_text("GE", root.text_at("TestDemographics/AcquisitionDevice"))
    recording, derived = assemble(
        rhythm.place, channels, Origin(_rate(rhythm), _filters(rhythm), acquired, device)
    )
    if not acquired:
        remarks.append(Remark(RemarkKind.START_UNREADABLE))
    beat = None
    if waveforms["median"]:
        beat = _median_beat(waveforms["median"][0], recording, remarks)
    return VendorEcg(
        format=VendorFormat.GE_MUSE,
        version=root.text_at("MuseInfo/MuseVersion")[:20],
        recording=recording,
        stored=stored_leads(channels),
        derived=derived,
        median_beat=beat,
        checksum=_checksum(checksums),
        remarks=tuple(remarks),
    )


def _kind(waveform: Node) -> str:
    return waveform.text_at("WaveformType").lower()


def _rate(waveform: Node) -> Fraction:
    base = waveform.need("SampleBase")
    exponent = waveform.first("SampleExponent")
    power = whole(exponent.place, exponent.text, -6, 6) if exponent is not None and exponent.text else 0
    return number(base.place, base.text) * Fraction(10) ** power


def _filters(waveform: Node) -> Filters:
    high_pass = optional_hz(waveform.text_at("HighPassFilter"))
    mains = waveform.text_at("ACFilter").upper()
    notch = 0.0 if mains in ("NONE", "OFF") else optional_hz(mains.removesuffix("HZ").strip())
    return Filters(
        low_hz=None if high_pass is None else high_pass / 100,  # written in hundredths of a hertz
        high_hz=optional_hz(waveform.text_at("LowPassFilter")),
        notch_hz=notch,
    )


def _acquired(root: Node) -> str:
    test = "TestDemographics/Acquisition"
    return date_and_time(f"{root.text_at(test + 'Date')} {root.text_at(test + 'Time')}", *_LAYOUTS)


def _channels(waveform: Node) -> tuple[list[Channel], list[bool], list[Remark]]:
    channels: list[Channel] = []
    checksums: list[bool] = []
    remarks: list[Remark] = []
    for node in waveform.all("LeadData"):
        name = node.text_at("LeadID")
        if name.upper() not in _LEADS:
            remarks.append(Remark(RemarkKind.LEAD_LEFT_ASIDE, shown(name)))
            continue
        channel, has_checksum = _channel(node)
        channels.append(channel)
        checksums.append(has_checksum)
        if node.text_at("LeadOff").upper() == "TRUE":
            remarks.append(Remark(RemarkKind.LEAD_OFF, channel.lead))
    return channels, checksums, remarks


def _channel(node: Node) -> tuple[Channel, bool]:
    lead = _LEADS[node.text_at("LeadID").upper()]
    place = f"{node.place} {lead}"
    for name in _MUST_BE_ZERO:
        text = node.text_at(name)
        if text and number(place, text):
            refuse(place, f"{name} is {shown(text)}; only 0 is read")
    size = node.text_at("LeadSampleSize") or "2"
    if size != "2":
        refuse(place, f"LeadSampleSize is {shown(size)}; 2 bytes are read")
    data = decode_base64(place, node.need("WaveFormData").text)
    checked = _check_crc(place, node.text_at("LeadDataCRC32"), data)
    count = node.text_at("LeadSampleCountTotal")
    values = int16_samples(place, data, whole(place, count, 1, MAX_SAMPLES) if count else len(data) // 2)
    step_nv = nanovolts(
        place, node.text_at("LeadAmplitudeUnitsPerBit"), node.text_at("LeadAmplitudeUnits").upper()
    )
    return Channel(lead, values, step_nv, missing=values == MISSING), checked


def _check_crc(place: str, text: str, data: bytes) -> bool:
    if not text:
        return False
    stated = whole(place, text, -(1 << 31), (1 << 32) - 1) % (1 << 32)
    if stated != zlib.crc32(data):
        refuse(place, f"the CRC-32 of its samples is {zlib.crc32(data)} where {stated} is stated: damaged")
    return True


def _checksum(checked: list[bool]) -> Checksum:
    if all(checked):
        return Checksum.RIGHT
    return Checksum.PARTLY if any(checked) else Checksum.NONE


def _median_beat(waveform: Node, rhythm: Recording, remarks: list[Remark]) -> Recording | None:
    try:
        channels, _, _ = _channels(waveform)
        origin = Origin(_rate(waveform), _filters(waveform), rhythm.acquired, rhythm.device)
        return assemble(waveform.place, channels, origin)[0]
    except SourceUnreadable as fault:
        remarks.append(Remark(RemarkKind.MEDIAN_BEAT_UNREADABLE, str(fault)))
        return None
