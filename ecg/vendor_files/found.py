"""What a maker's file holds: the rhythm to be shown, and what was found beside it and about it."""

from dataclasses import dataclass
from enum import StrEnum

from ecg.leads import Lead
from ecg.recording import Recording


class VendorFormat(StrEnum):
    """A kind of file; the value is its name for people."""

    HL7_AECG = "HL7 aECG"
    SCP_ECG = "SCP-ECG"
    PHILIPS_SIERRA = "Philips Sierra XML"
    GE_MUSE = "GE MUSE XML"


class Checksum(StrEnum):
    """What the file's own checksums say of the samples; a file with wrong ones is refused."""

    NONE = "none"
    PARTLY = "partly"
    RIGHT = "right"


class RemarkKind(StrEnum):
    """Something a reader of the tracing should know, though it does not forbid showing it."""

    RECORD_CHECKSUM_WRONG = "record_checksum_wrong"  # that of the whole; those of the parts are right
    HEADER_UNREADABLE = "header_unreadable"  # start, device and filters are unknown for that reason
    LEAD_LEFT_ASIDE = "lead_left_aside"  # not one of the twelve
    LEAD_OFF = "lead_off"  # the device says that an electrode was off
    PART_LEFT_ASIDE = "part_left_aside"  # another, shorter rhythm of the same file
    MEDIAN_BEAT_UNREADABLE = "median_beat_unreadable"
    CALIBRATION_PULSE_CUT = "calibration_pulse_cut"  # it followed the rhythm; detail: which samples
    DECIMATED_BETWEEN_BEATS = (
        "decimated_between_beats"  # the file keeps fewer values there; detail: per second
    )
    FILTER_UNNAMED = "filter_unnamed"  # the file says that it is filtered, and not how
    START_UNREADABLE = "start_unreadable"


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark and what it is about: a lead, a section, a number; never a word about the patient."""

    kind: RemarkKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StoredLead:
    """A lead as the file keeps it: nanovolts a step, and the nanovolts that a stored 0 stands for."""

    lead: Lead
    nv_per_step: float
    nv_at_zero: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VendorEcg:
    """The rhythm of a file, in the order of STANDARD_LEADS, with scale, filters, device and start in it.

    `stored`: what the file kept, lead by lead. `derived`: leads of `recording` that the file did not keep and
    that follow from I and II. `median_beat`: the device's own averaged beat; it is no rhythm and must never
    be drawn as one.
    """

    format: VendorFormat
    version: str
    recording: Recording
    stored: tuple[StoredLead, ...]
    derived: tuple[Lead, ...] = ()
    median_beat: Recording | None = None
    checksum: Checksum = Checksum.NONE
    remarks: tuple[Remark, ...] = ()
