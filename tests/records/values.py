"""Values that several tests need, with everything filled in but what a test is about."""

import datetime as dt
from typing import Any

import msgspec

from records.accounts import Language
from records.audit import Action, AuditEvent
from records.consults import (
    Advice,
    Binding,
    Consent,
    ConsentForm,
    Consult,
    ConsultState,
    EcgRecording,
    Opinion,
    OpinionState,
    Urgency,
)
from records.ids import BindingId, ConsentId, ConsultId, OpinionId, RecordingId
from tests.fakes.records import BINJIANG, CARDIOLOGY, CHEN, NOW, STATION, WANG_XIUYING, ZHOU

_CONSULT = Consult(
    id=ConsultId("consult"),
    number="HZ-20261123-0001",
    resident_id=WANG_XIUYING.id,
    specialty=CARDIOLOGY,
    urgency=Urgency.ROUTINE,
    question="胸闷三天，请看心电图",
    language=Language.ZH,
    asked_by=ZHOU.id,
    institution_id=BINJIANG.id,
    asked_at=NOW,
    state=ConsultState.WAITING,
    version=1,
    waiting_since=NOW,
)
_OPINION = Opinion(
    id=OpinionId("opinion"),
    consult_id=_CONSULT.id,
    author_id=CHEN.id,
    state=OpinionState.DRAFT,
    version=1,
    findings="窦性心律，V2 导联 T 波低平",
    impression="暂不支持急性心肌缺血",
    advice=Advice.OUTPATIENT,
    advice_text="两周后复查",
    plan=(),
    saved_at=NOW,
    simulated=False,
)
_BINDING = Binding(
    id=BindingId("binding"),
    station_id=STATION.id,
    consult_id=_CONSULT.id,
    resident_id=WANG_XIUYING.id,
    ecg_stream_id=7,
    ultrasound_stream_id=8,
    bound_by=ZHOU.id,
    bound_at=NOW,
    simulated=True,
)
_RECORDING = EcgRecording(
    id=RecordingId("recording"),
    resident_id=WANG_XIUYING.id,
    binding_id=None,
    consult_id=None,
    stream_id=7,
    started_at=NOW,
    rate_hz=500,
    nv_per_lsb=1000,
    leads=("I", "II"),
    sample_count=5000,
    missing_samples=0,
    complete=True,
    simulated=False,
)
_CONSENT = Consent(
    id=ConsentId("consent"),
    consult_id=_CONSULT.id,
    form=ConsentForm.ORAL,
    text_version="2026-1",
    recorded_by=ZHOU.id,
    recorded_at=NOW,
    witness="吴倩",
)
_EVENT = AuditEvent(
    at=NOW,
    actor_id=ZHOU.id,
    actor_role="community_doctor",
    action=Action.READ,
    object_kind="resident",
    object_id=WANG_XIUYING.id,
    resident_id=WANG_XIUYING.id,
)


def consult(**changes: Any) -> Consult:
    return msgspec.structs.replace(_CONSULT, **changes)


def another_consult(name: str, running: int, **changes: Any) -> Consult:
    return consult(id=ConsultId(name), number=f"HZ-20261123-{running:04}", **changes)


def opinion(**changes: Any) -> Opinion:
    return msgspec.structs.replace(_OPINION, **changes)


def binding(**changes: Any) -> Binding:
    return msgspec.structs.replace(_BINDING, **changes)


def recording(**changes: Any) -> EcgRecording:
    return msgspec.structs.replace(_RECORDING, **changes)


def consent(**changes: Any) -> Consent:
    return msgspec.structs.replace(_CONSENT, **changes)


def event(**changes: Any) -> AuditEvent:
    return msgspec.structs.replace(_EVENT, **changes)


def later(minutes: float = 1) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)
