"""What has happened in the demo's clinic before it opens: readings, an earlier consult, stored ECGs.

All of it is marked as simulated, as everything of the demo is.
"""

import asyncio
import datetime as dt
import random
from collections.abc import Awaitable, Callable

import msgspec
import numpy as np

from cloudclinic import demo_people as people
from ecg import wire
from ecg.recording import Recording
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
    IdentifierKind,
    IdentityCheck,
    Opinion,
    OpinionState,
    PlanItem,
    Urgency,
)
from records.ids import BindingId, ConsentId, ConsultId, OpinionId, ReadingId, RecordingId, new_id
from records.ledger import Ledger, Records
from records.opinions import opinion_digest
from records.residents import Reading, ReadingKind, ReadingSource, Resident
from records.sessions import Password
from records.values import Value

AppendSamples = Callable[[BindingId, bytes], Awaitable[int]]
SAMPLES_A_PACKET = 100


class DemoSecrets(Value):
    """What the demo makes anew at each start."""

    password_hash: str
    station_token_hash: str


class PastConsult(Value):
    """One earlier consult: when, and what came of it."""

    days_ago: int
    question: str
    findings: str
    impression: str
    advice: Advice
    plan: tuple[PlanItem, ...]


PAST = {
    "王秀英": PastConsult(
        days_ago=221,
        question="活动后胸闷 1 月，血压 150/92 mmHg，请协助评估。",
        findings="窦性心律，74 次/分，未见 ST 段偏移。",
        impression="稳定性心绞痛待排。建议完善运动负荷试验，继续降压治疗。",
        advice=Advice.OUTPATIENT,
        plan=(PlanItem(text="心内科门诊，运动负荷试验", owner="周敏"),),
    ),
    "沈玉兰": PastConsult(
        days_ago=4,
        question="头晕 1 周，心率偏慢，家庭血压 150/88 mmHg 左右，请协助调药。",
        findings="窦性心动过缓，PR 间期 216 ms。",
        impression="考虑与 β 受体阻滞剂有关。建议美托洛尔缓释片减量，2 周后复查心电图、血钾、肌酐。",
        advice=Advice.MORE_TESTS,
        plan=(PlanItem(text="复查心电图、血钾、肌酐", owner="周敏"),),
    ),
}


async def open_clinic(
    records: Records, append: AppendSamples, ecg: Recording, secrets: DemoSecrets, now: dt.datetime
) -> None:
    """Fill an empty store with the demo's institutions, people, residents and their history."""

    def fill(ledger: Ledger) -> list[tuple[Resident, PastConsult, Binding]]:
        _people(ledger, secrets, now)
        past = []
        for plan in people.RESIDENTS:
            number = ledger.residents.next_record_number(people.STATION.id)
            resident = plan.registered(number, now - dt.timedelta(days=400))
            ledger.residents.add(resident)
            _readings(ledger, resident, now)
            if resident.name in PAST:
                past.append(
                    (resident, PAST[resident.name], _consult(ledger, resident, PAST[resident.name], now))
                )
        return past

    for resident, _, binding in await records.write(fill):
        await _file_ecg(records, append, ecg, resident, binding)


def _people(ledger: Ledger, secrets: DemoSecrets, now: dt.datetime) -> None:
    for institution in (people.STATION, people.HOSPITAL):
        ledger.directory.save_institution(institution)
    ledger.directory.save_department(people.HEART)
    for specialty in people.SPECIALTIES:
        ledger.directory.save_specialty(specialty)
    for role in people.ROLES:
        ledger.accounts.add(role.account)
        password = Password(encoded=secrets.password_hash, one_time=False)
        ledger.accounts.set_password(role.account.id, password)
    ledger.accounts.add(people.DEVICE)
    ledger.accounts.set_token(people.DEVICE.id, secrets.station_token_hash)
    event = AuditEvent(
        at=now, actor_id=None, actor_role="demo", action=Action.CREATE, object_kind="clinic", object_id="demo"
    )
    ledger.audit.append(event)


def _readings(ledger: Ledger, resident: Resident, now: dt.datetime) -> None:
    """Readings every few weeks for a year, different for each resident and the same at each start."""
    chance = random.Random(resident.name)
    usual = {
        ReadingKind.SYSTOLIC_PRESSURE: (chance.randint(124, 150), 8, 0),
        ReadingKind.DIASTOLIC_PRESSURE: (chance.randint(76, 92), 5, 0),
        ReadingKind.PULSE_RATE: (chance.randint(60, 82), 6, 0),
        ReadingKind.OXYGEN_SATURATION: (97, 1, 0),
        ReadingKind.BODY_TEMPERATURE: (36.5, 0.2, 1),
    }
    for weeks in range(48, -1, -6):
        at = now - dt.timedelta(weeks=weeks, minutes=chance.randint(20, 300))
        for kind, (mean, spread, digits) in usual.items():
            ledger.readings.add(
                Reading(
                    id=ReadingId(new_id()),
                    resident_id=resident.id,
                    kind=kind,
                    value=min(round(chance.gauss(mean, spread), digits), 100.0 if mean == 97 else 400.0),
                    source=ReadingSource.SIMULATED,
                    measured_at=at,
                    entered_by=people.NURSE.id,
                )
            )


def _consult(ledger: Ledger, resident: Resident, past: PastConsult, now: dt.datetime) -> Binding:
    asked_at = now - dt.timedelta(days=past.days_ago, minutes=40)
    consult = _closed_consult(ledger, resident, past, asked_at)
    ledger.consults.add(consult)
    ledger.consults.add_identity_check(
        IdentityCheck(
            consult_id=consult.id,
            identifiers=(IdentifierKind.NAME, IdentifierKind.BIRTH_DATE),
            confirmed_by=people.DOCTOR.id,
            confirmed_at=asked_at,
        )
    )
    ledger.consults.add_consent(
        Consent(
            id=ConsentId(new_id()),
            consult_id=consult.id,
            form=ConsentForm.ORAL,
            text_version="2026-1",
            recorded_by=people.DOCTOR.id,
            recorded_at=asked_at,
            witness=people.NURSE.display_name,
        )
    )
    ledger.opinions.save(_signed_opinion(consult, past))
    binding = _ended_binding(consult, resident)
    ledger.bindings.add(binding)
    return binding


def _closed_consult(ledger: Ledger, resident: Resident, past: PastConsult, asked_at: dt.datetime) -> Consult:
    def after(minutes: int) -> dt.datetime:
        return asked_at + dt.timedelta(minutes=minutes)

    return Consult(
        id=ConsultId(new_id()),
        number=ledger.consults.next_number(asked_at.date()),
        resident_id=resident.id,
        specialty=people.CARDIOLOGY,
        urgency=Urgency.ROUTINE,
        question=past.question,
        language=Language.ZH,
        asked_by=people.DOCTOR.id,
        institution_id=people.STATION.id,
        asked_at=asked_at,
        state=ConsultState.CLOSED,
        version=1,
        waiting_since=asked_at,
        specialist_id=people.SPECIALIST.id,
        accepted_at=after(6),
        call_started_at=after(8),
        ended_at=after(24),
        signed_at=after(30),
        closed_at=after(35),
    )


def _signed_opinion(consult: Consult, past: PastConsult) -> Opinion:
    assert consult.signed_at
    opinion = Opinion(
        id=OpinionId(new_id()),
        consult_id=consult.id,
        author_id=people.SPECIALIST.id,
        state=OpinionState.SIGNED,
        version=1,
        findings=past.findings,
        impression=past.impression,
        advice=past.advice,
        advice_text="",
        plan=past.plan,
        saved_at=consult.signed_at,
        signed_at=consult.signed_at,
        simulated=True,
    )
    return msgspec.structs.replace(opinion, digest=opinion_digest(opinion))


def _ended_binding(consult: Consult, resident: Resident) -> Binding:
    assert consult.call_started_at and consult.ended_at
    return Binding(
        id=BindingId(new_id()),
        station_id=people.DEVICE.id,
        consult_id=consult.id,
        resident_id=resident.id,
        ecg_stream_id=random.getrandbits(32),
        ultrasound_stream_id=random.getrandbits(32),
        bound_by=people.DOCTOR.id,
        bound_at=consult.call_started_at,
        ended_at=consult.ended_at,
        simulated=True,
    )


async def _file_ecg(
    records: Records, append: AppendSamples, ecg: Recording, resident: Resident, binding: Binding
) -> None:
    """File the bundled ECG as it would have come from the station."""
    count = ecg.samples.shape[1]
    # Each append returns when it is on the disk; together they share its syncs.
    await asyncio.gather(
        *(
            append(binding.id, wire.encode(_wave(ecg, binding, first)))
            for first in range(0, count, SAMPLES_A_PACKET)
        )
    )
    recording = EcgRecording(
        id=RecordingId(new_id()),
        resident_id=resident.id,
        binding_id=binding.id,
        consult_id=binding.consult_id,
        stream_id=binding.ecg_stream_id,
        started_at=binding.bound_at,
        rate_hz=ecg.rate_hz,
        nv_per_lsb=ecg.nv_per_lsb,
        leads=tuple(lead.value for lead in ecg.leads),
        sample_count=count,
        missing_samples=0,
        complete=True,
        simulated=True,
    )
    await records.write(lambda ledger: ledger.recordings.add(recording))


def _wave(ecg: Recording, binding: Binding, first: int) -> wire.Wave:
    """The packet of the samples from `first` on."""
    return wire.Wave(
        stream_id=binding.ecg_stream_id,
        first_index=first,
        captured_us=int(binding.bound_at.timestamp() * 1_000_000) + round(first * 1_000_000 / ecg.rate_hz),
        samples=np.ascontiguousarray(ecg.samples[:, first : first + SAMPLES_A_PACKET]),
        sequence=first // SAMPLES_A_PACKET,
        flags=wire.Flag.SIMULATED,
    )
