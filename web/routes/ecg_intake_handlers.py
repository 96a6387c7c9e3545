"""Handlers of `web.routes.ecg_studies`: how ECGs come in, as files or from a bound station."""

import datetime as dt
from typing import Any

from ecg.errors import SourceUnreadable
from records.consults import Binding
from records.ecg_studies import EcgStudy, StudySource, TimeSource
from records.ecg_times import TakenAt, is_likely, moment_of, taken_at
from records.exchange.ecg_files import ForeignEcg
from records.ids import ConsultId, ResidentId
from records.ledger import Ledger
from records.permissions import Permission, Scope
from records.residents import Resident
from records.stated_patient import Difference, differences
from signaling.ecg_excerpts import Excerpt, WantedExcerpt
from signaling.errors import Refused as MessageRefused
from signaling.refusals import Refusal
from web import ecg_filing
from web.call import Call
from web.ecg_cards import card_for
from web.ecg_filing import NewEcg
from web.errors import ProblemCode, Refused
from web.routes.ecg_studies import (
    UPLOAD_LIMIT_BYTES,
    EcgLook,
    EcgStudyCard,
    EcgUploaded,
    LookAtEcg,
    TakeEcg,
    UploadEcg,
)
from web.routing import RouteTable
from web.uploads import Upload

table = RouteTable()


@table.route(
    "POST",
    "/api/residents/{resident_id}/ecg-studies",
    permission=Permission.UPLOAD_ECG,
    scope=Scope.RESIDENT,
    body=UploadEcg,
    body_limit_bytes=UPLOAD_LIMIT_BYTES,
    takes_files=True,
)
async def upload_ecg(call: Call[Upload[UploadEcg]]) -> EcgUploaded:
    """Keep an ECG file of any readable kind with this resident; a WFDB record is several files.

    It is read in a process of its own. What the file says otherwise than the record or than was typed
    (patient, time, the same file again) is told, and nothing is kept before each is confirmed by its name. A
    file that cannot be shown faithfully is refused (`not_an_ecg`): `file` is one sentence with the place in
    it, `why` says what to do: `other_kind`, `picture`, `packed`, `faulty`.
    """
    about = call.body.about
    before = await ecg_filing.kept_before(call, about.request_id)
    if before is not None:
        return await _kept(call, before)
    if about.taken_at is not None and about.taken_at.tzinfo is None:
        raise Refused(ProblemCode.BAD_FIELDS, {"taken_at": "needs a time zone"})
    try:
        ecg = await call.parts.ecg_files.read(call.body.files)
    except SourceUnreadable as refusal:
        raise Refused(ProblemCode.NOT_AN_ECG, {"file": str(refusal), "why": refusal.why}) from None
    resident = await call.parts.records.read(lambda ledger: ledger.residents.get(_resident_id(call)))
    filed = await call.parts.records.read(
        lambda ledger: ledger.ecg_studies.of_file(resident.id, ecg.file_sha256)
    )
    stated_at = moment_of(ecg.tracing.acquired, call.now.astimezone().tzinfo or dt.UTC)
    when = taken_at(stated_at, about.taken_at, resident.birth_date, call.now)
    found = _differences(ecg, resident, when, filed)
    open_ones = tuple(one for one in found if one not in about.confirmed)
    if open_ones:
        return EcgUploaded(
            study=None,
            differences=open_ones,
            stated=ecg.stated,
            stated_taken_at=stated_at,
            filed_as=filed.id if filed else None,
        )
    return await _kept(call, await ecg_filing.keep(call, _uploaded(call, ecg, resident, when, found)))


async def _kept(call: Call[Any], study: EcgStudy) -> EcgUploaded:
    """The study with what is wrong with its signal: who hands it in can still take it anew."""
    draft = await call.parts.records.read(lambda ledger: ledger.ecg_studies.draft(study.id))
    return EcgUploaded(
        study=await card_for(call, study),
        quality_score=draft.quality_score,
        quality_notes=draft.quality_notes,
    )


def _differences(
    ecg: ForeignEcg, resident: Resident, when: TakenAt, filed: EcgStudy | None
) -> tuple[Difference, ...]:
    again = (Difference.FILED_ALREADY,) if filed is not None else ()
    return (*differences(ecg.stated, resident), *when.differences, *again)


def _uploaded(
    call: Call[Upload[UploadEcg]],
    ecg: ForeignEcg,
    resident: Resident,
    when: TakenAt,
    confirmed: tuple[Difference, ...],
) -> NewEcg:
    about = call.body.about
    if when.at is None:
        raise Refused(ProblemCode.BAD_FIELDS, {"taken_at": "needed: the file does not say it"})
    if not is_likely(when.at, resident.birth_date, call.now):
        raise Refused(ProblemCode.BAD_FIELDS, {"taken_at": "after the birth, and not in the future"})
    return NewEcg(
        request_id=about.request_id,
        resident=resident,
        tracing=ecg.tracing,
        acquisition=ecg.acquisition,
        source=StudySource.FILE,
        taken_at=when.at,
        taken_at_by=when.by,
        urgency=about.urgency,
        indication=about.indication,
        specialty=about.specialty,
        simulated=call.parts.settings.demo,  # whatever is in the demo is simulated, and says so
        file_sha256=ecg.file_sha256,
        confirmed=tuple(one.value for one in confirmed),
        repeats=about.repeats,
    )


@table.route(
    "POST",
    "/api/consults/{consult_id}/ecg-look",
    permission=Permission.TAKE_ECG,
    scope=Scope.CONSULT,
    body=LookAtEcg,
)
async def look_at_ecg(call: Call[LookAtEcg]) -> EcgLook:
    """Judge ten seconds before they are kept: how good they are and what to do. Keeps nothing.

    It waits for the samples as taking them does. `first` of the answer, given to `take_ecg`, keeps these.
    """
    excerpt = await _excerpt(call, call.body)
    resident_id = excerpt.binding.resident_id
    resident = await call.parts.records.read(lambda ledger: ledger.residents.get(resident_id))
    subject = ecg_filing.subject_of(resident, excerpt.taken_at)
    draft = await call.parts.appraiser.appraise(excerpt.tracing, subject, excerpt.acquisition)
    return EcgLook(
        first=excerpt.first,
        taken_at=excerpt.taken_at,
        rate_hz=excerpt.tracing.rate_hz,
        sample_count=excerpt.tracing.sample_count,
        missing_samples=ecg_filing.missing_samples(excerpt.tracing),
        quality=draft.quality,
        quality_score=draft.quality_score,
        quality_notes=draft.quality_notes,
        simulated=excerpt.simulated,
    )


@table.route(
    "POST",
    "/api/consults/{consult_id}/ecg-studies",
    permission=Permission.TAKE_ECG,
    scope=Scope.CONSULT,
    body=TakeEcg,
)
async def take_ecg(call: Call[TakeEcg]) -> EcgStudyCard:
    """Keep ten seconds of the bound station's live ECG with the resident of the consult, to be read.

    Answers once the samples are on the disk: within 20 s. What has not come by then is missing in the study,
    drawn as a gap, and counted in `missing_samples`. Never are samples of another binding taken.
    """
    given = call.body
    before = await ecg_filing.kept_before(call, given.request_id)
    if before is not None:
        return await card_for(call, before)
    excerpt = await _excerpt(call, given)
    study = await ecg_filing.keep(
        call, await call.parts.records.read(lambda ledger: _taken(ledger, call, excerpt))
    )
    return await card_for(call, study)


async def _excerpt(call: Call[LookAtEcg] | Call[TakeEcg], given: LookAtEcg | TakeEcg) -> Excerpt:
    wanted = WantedExcerpt(
        consult_id=ConsultId(call.named("consult_id")),
        binding_id=given.binding_id,
        first=given.first,
        next_ten=given.next_ten,
    )
    return await call.parts.desk.take_ecg(call.account, wanted)


def _taken(ledger: Ledger, call: Call[TakeEcg], excerpt: Excerpt) -> NewEcg:
    binding = excerpt.binding
    consult = ledger.consults.get(binding.consult_id)
    return NewEcg(
        request_id=call.body.request_id,
        resident=ledger.residents.get(binding.resident_id),
        tracing=excerpt.tracing,
        source=StudySource.CONSULT,
        taken_at=excerpt.taken_at,
        taken_at_by=TimeSource.STATION,
        urgency=call.body.urgency,
        indication=call.body.indication or consult.question,
        specialty=None,
        simulated=excerpt.simulated,
        consult_id=consult.id,
        binding_id=binding.id,
        station_id=binding.station_id,
        acquisition=excerpt.acquisition,
        derived=excerpt.derived,
        unusable=excerpt.unusable,
        repeats=call.body.repeats,
        still_holds=lambda at_last: _check_same_resident(at_last, binding),
    )


def _check_same_resident(ledger: Ledger, binding: Binding) -> None:
    """Somebody may have found meanwhile that the electrodes were on another person."""
    if ledger.bindings.get(binding.id).resident_id != binding.resident_id:
        raise MessageRefused(Refusal.NOT_FOUND, "the binding is another resident's now")


def _resident_id(call: Call[Any]) -> ResidentId:
    return ResidentId(call.named("resident_id"))
