"""Studies and reports that several tests need, with everything filled in but what a test is about."""

from typing import Any

import msgspec

from records.ecg_drafts import DraftValue, MachineDraft
from records.ecg_reports import Conclusion, EcgReport, ReportKind, ReportState, ReportTerm
from records.ecg_studies import (
    EcgStudy,
    Rejection,
    RejectKind,
    SampleSeal,
    StudySource,
    StudyState,
    StudyUrgency,
    TimeSource,
)
from records.ids import EcgReportId, EcgStudyId
from tests.fakes.records import BINJIANG, CARDIOLOGY, CHEN, NOW, WANG_XIUYING, ZHOU

DRAFT = MachineDraft(
    algorithm="cloudclinic 1",
    made_at=NOW,
    values=(DraftValue(measure="rate", unit="/min", value=48.0, confidence=0.9),),
)
_STUDY = EcgStudy(
    id=EcgStudyId("study1"),
    number="XD-20261123-0001",
    resident_id=WANG_XIUYING.id,
    institution_id=BINJIANG.id,
    specialty=CARDIOLOGY,
    source=StudySource.FILE,
    filed_by=ZHOU.id,
    received_at=NOW,
    taken_at=NOW,
    taken_at_by=TimeSource.FILE,
    rate_hz=500,
    leads=("I", "II"),
    sample_count=5000,
    seal=SampleSeal(sha256="ab" * 32, size_bytes=20_100, resident_id=WANG_XIUYING.id),
    state=StudyState.WAITING,
    version=1,
    urgency=StudyUrgency.ROUTINE,
    waiting_since=NOW,
)
_REPORT = EcgReport(
    id=EcgReportId("report1"),
    study_id=_STUDY.id,
    kind=ReportKind.READING,
    author_id=CHEN.id,
    state=ReportState.DRAFT,
    version=1,
    conclusion=Conclusion.ABNORMAL,
    terms=(ReportTerm(code="AHA-22", zh="窦性心动过缓", en="Sinus bradycardia"),),
    text="窦性心动过缓。",
    corrections=(),
    critical_value=None,
    saved_at=NOW,
    simulated=False,
    samples_sha256=_STUDY.seal.sha256,
    algorithm="cloudclinic 1",
)


def study(**changes: Any) -> EcgStudy:
    return msgspec.structs.replace(_STUDY, **changes)


def another_study(name: str, running: int, **changes: Any) -> EcgStudy:
    return study(id=EcgStudyId(name), number=f"XD-20261123-{running:04}", **changes)


def rejection(**changes: Any) -> Rejection:
    given = Rejection(by=CHEN.id, at=NOW, kind=RejectKind.POOR_SIGNAL, reason="")
    return msgspec.structs.replace(given, **changes)


def report(**changes: Any) -> EcgReport:
    return msgspec.structs.replace(_REPORT, **changes)
