"""ECGs: calipers on the live one; of kept ones, that they came or moved on."""

from enum import StrEnum

from ecg.leads import Lead
from records.ecg_drafts import QualityNote
from records.ecg_studies import StudyState, StudyUrgency
from records.ids import BindingId, ConsultId, EcgStudyId, ParticipantId
from records.values import Value
from signaling.messages.base import Direct, Event, Notice


class CaliperKind(StrEnum):
    """What is read between the two limbs."""

    INTERVAL = "interval"  # time, rate and amplitude
    MARCH_OUT = "march_out"  # the same interval, repeated
    QT = "qt"  # QRS onset to the end of T, corrected by the RR before it


class EcgCalipers(Value):
    """Two limbs on one lead: which samples of the binding's stream, and at which heights."""

    binding_id: BindingId
    kind: CaliperKind
    lead: Lead
    first: int  # sample index
    second: int
    first_uv: float
    second_uv: float
    rr: int | None = None  # samples from R to R, of the beats that a QT is corrected by


class MeasureEcg(Notice):
    """The sender's calipers while they move; None: put away."""

    consult_id: ConsultId
    calipers: EcgCalipers | None


class EcgMeasured(Direct):
    """Somebody's calipers on the ECG, as they move; None: put away."""

    consult_id: ConsultId
    participant_id: ParticipantId
    calipers: EcgCalipers | None


class EcgQuality(Direct):
    """What is wrong with the live ECG now, by the station's judgement, every 2 s; empty: nothing was found.

    Advice for whoever stands beside the patient, never an alarm. One that is older than 6 s says nothing.
    """

    consult_id: ConsultId
    binding_id: BindingId
    notes: tuple[QualityNote, ...]


class EcgBeingTaken(Direct):
    """The next ten seconds of the ECG are being taken: whoever is with the patient keeps them still.

    Also to the one who takes them. Nothing tells that they were given up.
    """

    consult_id: ConsultId
    binding_id: BindingId
    participant_id: ParticipantId
    seconds: int


class EcgStudyChanged(Event):
    """An ECG came into the reading list, or what became of it. Names nobody: fetch the list, or the study.

    Sent to those who may read it, to the institution that took it, and to its consult. One that is `reading`
    is another's from now on, unless it was claimed by this account.
    """

    study_id: EcgStudyId
    version: int
    state: StudyState
    urgency: StudyUrgency
    consult_id: ConsultId | None = None
