"""An ECG kept with a resident's record, to be read: what it is, where it came from, where it stands."""

import datetime as dt
import enum

from records.ecg_drafts import DeviceSpan, QualityVerdict
from records.ids import (
    AccountId,
    BindingId,
    ConsultId,
    EcgStudyId,
    InstitutionId,
    ResidentId,
    SpecialtyCode,
)
from records.values import Value


class StudySource(enum.StrEnum):
    """Where the samples came from."""

    CONSULT = "consult"  # cut out of a consult's live stream
    FILE = "file"  # an ECG device's file


class TimeSource(enum.StrEnum):
    """Who says when the ECG was taken."""

    STATION = "station"  # the station's clock, put on the server's
    FILE = "file"  # the device, in its file
    PERSON = "person"  # who uploaded it


class StudyState(enum.StrEnum):
    """Where a study stands; `records.ecg_reading` has the table of what leads where."""

    WAITING = "waiting"  # in the reading list
    READING = "reading"  # a physician has it, for a time
    SIGNED = "signed"  # once, and the site wants a second signature
    FINAL = "final"
    REJECTED = "rejected"  # cannot be read: to be repeated


class StudyUrgency(enum.StrEnum):
    """危急, 紧急, 常规: the reading list is ordered by it first; each has a target time."""

    CRITICAL = "critical"  # a rule of the critical values hit, or a person says so
    URGENT = "urgent"
    ROUTINE = "routine"


class SampleGap(Value):
    """Where no channel has a value."""

    first: int
    count: int


class SampleSeal(Value):
    """What the sealed sample file is held to."""

    sha256: str  # of the samples as `records.ecg_samples` packs them; hexadecimal
    size_bytes: int
    resident_id: ResidentId  # under whose key they are sealed: of whom they were first taken for


class Claim(Value):
    """A physician has a study to herself, until then."""

    by: AccountId
    at: dt.datetime
    expires_at: dt.datetime


class RejectKind(enum.StrEnum):
    """Why an ECG has to be repeated."""

    POOR_SIGNAL = "poor_signal"
    ELECTRODES_SWAPPED = "electrodes_swapped"
    LEADS_MISSING = "leads_missing"
    TOO_SHORT = "too_short"
    WRONG_RESIDENT = "wrong_resident"
    OTHER = "other"


class Rejection(Value):
    """The ECG is to be repeated: who says so, and why."""

    by: AccountId
    at: dt.datetime
    kind: RejectKind
    reason: str
    critical_value: bool | None = None  # her word on a possible critical value; needed where a rule hit


class ReturnedReading(Value):
    """A second physician did not sign: the study is to be read again; the first report stays on record."""

    by: AccountId
    at: dt.datetime
    reason: str


class EcgStudy(Value):
    """One ECG kept to be read. Its samples are a sealed file, what a program made of them a draft beside."""

    id: EcgStudyId
    number: str  # XD-20261127-0004, what people say on the telephone
    resident_id: ResidentId
    institution_id: InstitutionId  # where it was taken
    specialty: SpecialtyCode  # whose reading list it is in
    source: StudySource
    filed_by: AccountId
    received_at: dt.datetime
    taken_at: dt.datetime
    taken_at_by: TimeSource
    rate_hz: float
    leads: tuple[str, ...]  # names of the channels, in order
    sample_count: int  # per channel, missing ones included
    seal: SampleSeal
    state: StudyState
    version: int  # grows with every change
    urgency: StudyUrgency
    waiting_since: dt.datetime  # start of the running clock; kept whatever becomes of it
    consult_id: ConsultId | None = None
    binding_id: BindingId | None = None
    station_id: AccountId | None = None
    derived: tuple[str, ...] = ()  # leads that were computed from I and II
    gaps: tuple[SampleGap, ...] = ()  # where no channel has a value
    breaks: tuple[int, ...] = ()  # samples that do not continue what was before: no line joins them
    device_states: tuple[DeviceSpan, ...] = ()  # what the device said of its own signal, in order
    paces: tuple[int, ...] = ()  # samples at which the device or the file marks a pacing pulse
    missing_samples: int = 0  # in the channel that lacks most
    unusable_leads: tuple[str, ...] = ()  # the device said so of at least a part
    file_kind: str = ""  # `ecg.tracing.FileKind`; empty for a consult's
    file_sha256: str = ""  # of the files as they came
    device: str = ""
    notes: tuple[str, ...] = ()  # what the reader of the file found out of the ordinary
    indication: str = ""  # 检查目的, 临床症状: why it was taken
    simulated: bool = False
    quality: QualityVerdict = QualityVerdict.UNKNOWN
    critical_rules: tuple[
        str, ...
    ] = ()  # of the site's list, for which it is to be read at once; possible only
    confirmed_differences: tuple[str, ...] = ()  # what the file said otherwise, and who filed it confirmed
    repeats: EcgStudyId | None = None  # the rejected one this was taken anew for
    claim: Claim | None = None
    first_signed_at: dt.datetime | None = None
    first_signed_by: AccountId | None = None
    final_at: dt.datetime | None = None
    reader_ids: tuple[AccountId, ...] = ()  # who signed, countersigned, returned or rejected it
    returned: tuple[ReturnedReading, ...] = ()
    rejection: Rejection | None = None
    moved_from: ResidentId | None = None  # of whom it was first filed

    @property
    def duration_s(self) -> float:
        """Seconds from the first sample to the end of the last."""
        return self.sample_count / self.rate_hz
