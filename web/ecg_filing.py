"""Keeping an ECG: judged by a program, sealed on the disk, then filed; once for a request."""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ecg.leads import Lead
from ecg.tracing import Tracing
from records.audit import Action
from records.ecg_drafts import OF_A_FILE, Acquisition, MachineDraft, Subject, age_years
from records.ecg_studies import (
    EcgStudy,
    SampleGap,
    SampleSeal,
    StudySource,
    StudyState,
    StudyUrgency,
    TimeSource,
)
from records.errors import NotFound
from records.filing import check_filing
from records.ids import AccountId, BindingId, ConsultId, EcgStudyId, SpecialtyCode, new_id
from records.ledger import Ledger
from records.residents import Resident
from web.call import Call
from web.errors import ProblemCode, Refused

log = logging.getLogger(__name__)

INDICATION_LENGTH = 500
MOST_GAPS = 1_000
MOST_PACES = 10_000
"""An hour of two paced chambers; a file that marks more marks something else."""
_REQUEST_LENGTH = range(8, 65)


def _nothing(ledger: Ledger) -> None:
    """Nothing is left to look at."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NewEcg:
    """An ECG that is to be kept."""

    request_id: str
    resident: Resident
    tracing: Tracing
    source: StudySource
    taken_at: dt.datetime
    taken_at_by: TimeSource
    urgency: StudyUrgency
    indication: str
    specialty: SpecialtyCode | None
    simulated: bool
    consult_id: ConsultId | None = None
    binding_id: BindingId | None = None
    station_id: AccountId | None = None
    acquisition: Acquisition = OF_A_FILE
    derived: tuple[Lead, ...] = ()
    unusable: tuple[Lead, ...] = ()
    file_sha256: str = ""
    confirmed: tuple[str, ...] = ()
    repeats: EcgStudyId | None = None
    still_holds: Callable[[Ledger], None] = _nothing  # looked at again in the transaction that files it


async def kept_before(call: Call[Any], request_id: str) -> EcgStudy | None:
    """The study that this very request has made already; raise `Refused` when its id cannot be one."""
    if len(request_id) not in _REQUEST_LENGTH:
        raise Refused(ProblemCode.BAD_FIELDS, {"request_id": "8 to 64 characters"})
    key = _request_key(call, request_id)
    return await call.parts.records.read(lambda ledger: ledger.ecg_studies.by_request(key))


def _request_key(call: Call[Any], request_id: str) -> str:
    return f"{call.account.id}:{request_id}"


async def keep(call: Call[Any], new: NewEcg) -> EcgStudy:
    """Judge, seal and file an ECG, and tell everyone it concerns.

    Raises `Refused`, `RuleBroken` (simulated data in a real record), `StoreError`; nothing is kept then.
    """
    check_filing(simulated=new.simulated, demo=call.parts.settings.demo)
    if len(new.indication) > INDICATION_LENGTH:
        raise Refused(ProblemCode.BAD_FIELDS, {"indication": f"at most {INDICATION_LENGTH} characters"})
    study_id = EcgStudyId(new_id())
    subject = subject_of(new.resident, new.taken_at)
    draft = await call.parts.appraiser.appraise(new.tracing, subject, new.acquisition)
    seal = await call.parts.ecgs.keep(study_id, new.resident.id, new.tracing)
    try:
        study = await call.parts.records.write(lambda ledger: _file(ledger, call, new, study_id, draft, seal))
    except BaseException:
        await call.parts.ecgs.forget(study_id)
        raise
    if study.id != study_id:
        await call.parts.ecgs.forget(study_id)  # the same request came twice at once
        return study
    await call.parts.desk.announce_study(study)
    return study


def _file(
    ledger: Ledger,
    call: Call[Any],
    new: NewEcg,
    study_id: EcgStudyId,
    draft: MachineDraft,
    seal: SampleSeal,
) -> EcgStudy:
    key = _request_key(call, new.request_id)
    before = ledger.ecg_studies.by_request(key)
    if before is not None:
        return before
    new.still_holds(ledger)
    study = _study(ledger, call, new, study_id, draft, seal)
    ledger.ecg_studies.add(study, draft, key)
    ledger.audit.append(call.event(Action.CREATE, "ecg_study", study.id, study.resident_id))
    return study


def _study(
    ledger: Ledger,
    call: Call[Any],
    new: NewEcg,
    study_id: EcgStudyId,
    draft: MachineDraft,
    seal: SampleSeal,
) -> EcgStudy:
    tracing, settings = new.tracing, call.parts.settings.reading
    gaps = tracing.gaps()[:MOST_GAPS]
    paces = () if _unkept_paces(new) else _paces(new)
    return EcgStudy(
        id=study_id,
        number=ledger.ecg_studies.next_number(call.now.astimezone().date()),
        resident_id=new.resident.id,
        institution_id=call.account.institution_id,
        specialty=_specialty(ledger, new.specialty or settings.specialty),
        source=new.source,
        filed_by=call.account.id,
        received_at=call.now,
        taken_at=new.taken_at,
        taken_at_by=new.taken_at_by,
        rate_hz=tracing.rate_hz,
        leads=tuple(channel.name for channel in tracing.channels),
        sample_count=tracing.sample_count,
        seal=seal,
        state=StudyState.WAITING,
        version=1,
        urgency=StudyUrgency.CRITICAL if draft.pressing else new.urgency,
        waiting_since=call.now,
        consult_id=new.consult_id,
        binding_id=new.binding_id,
        station_id=new.station_id,
        derived=tuple(new.derived),
        gaps=tuple(SampleGap(first=gap.first, count=gap.count) for gap in gaps),
        breaks=new.acquisition.breaks,
        device_states=new.acquisition.states,
        paces=paces,
        missing_samples=missing_samples(tracing),
        unusable_leads=tuple(new.unusable),
        file_kind=tracing.kind.value if new.source is StudySource.FILE else "",
        file_sha256=new.file_sha256,
        device=tracing.device,
        notes=(*tracing.notes, *_unkept_paces(new)),
        indication=new.indication.strip(),
        simulated=new.simulated,
        quality=draft.quality,
        critical_rules=draft.pressing,
        confirmed_differences=new.confirmed,
        repeats=_repeated(ledger, new),
    )


def _paces(new: NewEcg) -> tuple[int, ...]:
    return tuple(at for at in new.acquisition.paces if 0 <= at < new.tracing.sample_count)


def _unkept_paces(new: NewEcg) -> tuple[str, ...]:
    """Why its pacing marks are not kept: some of them alone would pass for all of them."""
    count = len(_paces(new))
    return (f"{count} pacing marks; more than {MOST_PACES} are not kept",) if count > MOST_PACES else ()


def missing_samples(tracing: Tracing) -> int:
    """How many samples have no value, in the channel that lacks most."""
    return max(int(np.count_nonzero(channel.missing)) for channel in tracing.channels)


def subject_of(resident: Resident, taken_at: dt.datetime) -> Subject:
    """What limits depend on, at the time the ECG was taken."""
    years = age_years(resident.birth_date, taken_at.astimezone().date())
    return Subject(sex=resident.sex, age_years=years)


def _specialty(ledger: Ledger, code: SpecialtyCode) -> SpecialtyCode:
    if code not in {one.code for one in ledger.directory.specialties()}:
        raise Refused(ProblemCode.BAD_FIELDS, {"specialty": "no such specialty"})
    return code


def _repeated(ledger: Ledger, new: NewEcg) -> EcgStudyId | None:
    """The rejected study this one was taken anew for; it must be the same resident's."""
    if new.repeats is None:
        return None
    try:
        before = ledger.ecg_studies.get(new.repeats)
    except NotFound:
        before = None
    if before is None or before.resident_id != new.resident.id or before.state is not StudyState.REJECTED:
        raise Refused(ProblemCode.BAD_FIELDS, {"repeats": "a rejected ECG of the same resident"})
    return before.id
