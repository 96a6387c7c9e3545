"""Handlers of `web.routes.ecg_studies`: how ECGs come in, the reading list, one study, its samples."""

import datetime as dt
import struct
from typing import Any

import msgspec
import numpy as np
from aiohttp.web import Response

from ecg.errors import SourceUnreadable
from ecg.tracing import Channel, Tracing
from records.audit import Action
from records.consults import Binding
from records.ecg_prints import prints_whole
from records.ecg_reading import ReadingFigures, figures_of, in_order, moved_to
from records.ecg_reports import EcgReport
from records.ecg_studies import EcgStudy, SampleGap, StudySource, TimeSource
from records.ecg_times import TakenAt, is_likely, moment_of, taken_at
from records.exchange.ecg_files import ForeignEcg
from records.ids import AccountId, ConsultId, EcgStudyId, ResidentId
from records.ledger import Ledger
from records.permissions import Permission, Scope
from records.residents import Resident
from records.stated_patient import Difference, differences
from signaling import scopes
from signaling.cards import midnight, read_person
from signaling.ecg_excerpts import Excerpt, WantedExcerpt
from signaling.errors import Refused as MessageRefused
from signaling.refusals import Refusal
from web import ecg_filing
from web.call import Call
from web.ecg_cards import study_card
from web.ecg_filing import NewEcg
from web.errors import ProblemCode, Refused
from web.routes.ecg_studies import (
    LONGEST_SAMPLES_S,
    UPLOAD_LIMIT_BYTES,
    EcgChannelHead,
    EcgLook,
    EcgReadingFigures,
    EcgReadingList,
    EcgSamplesHead,
    EcgStudyCard,
    EcgStudyList,
    EcgStudyPage,
    EcgUploaded,
    LookAtEcg,
    MoveEcg,
    TakeEcg,
    UploadEcg,
)
from web.routing import RouteTable
from web.uploads import Upload

table = RouteTable()
_REASON_LENGTH = range(2, 501)


# --- coming in ------------------------------------------------------------------------------------------


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
        study=await _card(call, study),
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
        return await _card(call, before)
    excerpt = await _excerpt(call, given)
    study = await ecg_filing.keep(
        call, await call.parts.records.read(lambda ledger: _taken(ledger, call, excerpt))
    )
    return await _card(call, study)


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


# --- lists ----------------------------------------------------------------------------------------------


@table.route("GET", "/api/ecg-reading", permission=Permission.READ_ECG, scope=Scope.QUEUE)
async def list_reading(call: Call[None]) -> EcgReadingList:
    """The reading list: by urgency, then by waiting. Whom it names is on the audit trail, once a day."""
    settings = call.parts.settings.reading

    def read(ledger: Ledger) -> EcgReadingList:
        theirs = _to_read(ledger, call)
        shown = [one for one in in_order(theirs) if scopes.may_open_ecg(ledger, call.account, one)]
        _note_shown(ledger, call, shown)
        return EcgReadingList(
            studies=tuple(study_card(ledger, one, call.account, settings, call.now) for one in shown),
            figures=_figures(ledger, call, theirs),
            two_signatures=settings.two_signatures,
        )

    return await call.parts.records.write(read)


@table.route("GET", "/api/ecg-reading/figures", permission=Permission.READ_ECG, scope=Scope.QUEUE)
async def show_figures(call: Call[None]) -> EcgReadingFigures:
    """How many ECGs wait in every class, for whoever has another page open. It names nobody."""

    def read(ledger: Ledger) -> EcgReadingFigures:
        return EcgReadingFigures(
            figures=_figures(ledger, call, _to_read(ledger, call)),
            two_signatures=call.parts.settings.reading.two_signatures,
        )

    return await call.parts.records.read(read)


def _to_read(ledger: Ledger, call: Call[None]) -> list[EcgStudy]:
    """What is not read for good and in the caller's reach, whoever is reading it now."""
    return [one for one in ledger.ecg_studies.open() if scopes.may_read_ecg(ledger, call.account, one)]


def _figures(ledger: Ledger, call: Call[None], theirs: list[EcgStudy]) -> tuple[ReadingFigures, ...]:
    closed = ledger.ecg_studies.closed_since(midnight(call.now))
    of_mine = [one for one in closed if one.specialty in call.account.specialties]
    return figures_of(theirs, of_mine, call.parts.settings.reading, call.now)


def _note_shown(ledger: Ledger, call: Call[None], shown: list[EcgStudy]) -> None:
    """A line of a list names a resident: who was shown whom is written down before it is sent."""
    day = midnight(call.now).date()
    for study in shown:
        seen = (call.account.id, study.resident_id, day)
        if seen not in call.parts.ecgs_listed:
            call.parts.ecgs_listed.add(seen)
            ledger.audit.append(call.event(Action.READ, "ecg_card", study.id, study.resident_id))


@table.route(
    "GET",
    "/api/consults/{consult_id}/ecg-studies",
    permission=Permission.SEE_RESIDENTS,
    scope=Scope.CONSULT,
)
async def list_of_consult(call: Call[None]) -> EcgStudyList:
    """The ECGs that were taken in a consult, the first taken first."""
    settings = call.parts.settings.reading

    def read(ledger: Ledger) -> EcgStudyList:
        consult = ledger.consults.get(ConsultId(call.named("consult_id")))
        shown = [
            one
            for one in ledger.ecg_studies.of_consult(consult.id)
            if scopes.may_see_ecg(ledger, call.account, one, call.now)
        ]
        ledger.audit.append(call.event(Action.READ, "ecg_studies", consult.id, consult.resident_id))
        return EcgStudyList(
            studies=tuple(study_card(ledger, one, call.account, settings, call.now) for one in shown)
        )

    return await call.parts.records.write(read)


# --- one study ------------------------------------------------------------------------------------------


@table.route("GET", "/api/ecg-studies/{study_id}", permission=Permission.SEE_RESIDENTS, scope=Scope.STUDY)
async def show_study(call: Call[None]) -> EcgStudyPage:
    """One study as a whole; the reading is on the audit trail before a byte leaves."""

    def read(ledger: Ledger) -> EcgStudyPage:
        study = _study(ledger, call)
        ledger.audit.append(call.event(Action.READ, "ecg_study", study.id, study.resident_id))
        return _page(ledger, call, study)

    return await call.parts.records.write(read)


def _page(ledger: Ledger, call: Call[None], study: EcgStudy) -> EcgStudyPage:
    settings = call.parts.settings.reading
    reports = ledger.ecg_reports.signed(study.id)
    cosignatures = ledger.ecg_reports.cosignatures(study.id)
    own = ledger.ecg_reports.draft_of(study.id, call.account.id)
    prior = scopes.prior_ecg(ledger, study)
    people = _involved(study, reports) | {one.by for one in cosignatures}
    return EcgStudyPage(
        study=study_card(ledger, study, call.account, settings, call.now),
        details=study,
        draft=ledger.ecg_studies.draft(study.id),
        prints_whole=prints_whole(study),
        reports=reports,
        cosignatures=cosignatures,
        own_draft=own,
        people={one: read_person(ledger, one) for one in people},
        prior=study_card(ledger, prior, call.account, settings, call.now) if prior else None,
    )


def _involved(study: EcgStudy, reports: tuple[EcgReport, ...]) -> set[AccountId]:
    by_hand = {one.by for one in study.returned} | {one.author_id for one in reports}
    maybe = (study.claim.by if study.claim else None, study.rejection.by if study.rejection else None)
    return by_hand | {study.filed_by} | {one for one in maybe if one is not None}


@table.route(
    "GET", "/api/ecg-studies/{study_id}/samples", permission=Permission.SEE_RESIDENTS, scope=Scope.STUDY
)
async def show_samples(call: Call[None]) -> Response:
    """The samples of every channel, bit for bit: the whole, or from `first` on `count`; at most 120 s.

    `application/octet-stream`, little-endian: u32 length of a JSON head, the head (`EcgSamplesHead`), zeros
    up to a multiple of four bytes, then each channel's samples one after the other, of 16 or 32 bits as
    its head says; a channel of 16 bits with an odd number of samples is followed by two bytes of zero. Volts
    are (sample - zero) * nv_per_step * 1e-9; the lowest value of the type means that there is no value.

    They are held to what was sealed first: a file that was changed is refused (`samples_changed`).
    """

    def opened(ledger: Ledger) -> EcgStudy:
        study = _study(ledger, call)
        ledger.audit.append(call.event(Action.READ, "ecg_study_samples", study.id, study.resident_id))
        return study

    study = await call.parts.records.write(opened)
    first, count = _range(call, study)
    tracing = await call.parts.ecgs.tracing(study)
    body = samples_body(
        study.id, tracing, first, count, study.gaps, frozenset(study.derived), study.simulated
    )
    return Response(body=body, content_type="application/octet-stream")


def _range(call: Call[None], study: EcgStudy) -> tuple[int, int]:
    most = int(LONGEST_SAMPLES_S * study.rate_hz)
    query = call.request.query
    try:
        first = int(query.get("first", "0"))
        count = int(query.get("count", str(min(most, study.sample_count - first))))
    except ValueError:
        raise Refused(
            ProblemCode.BAD_FIELDS, {"first": "a whole number", "count": "a whole number"}
        ) from None
    if not 0 <= first < study.sample_count or not 1 <= count <= most:
        raise Refused(ProblemCode.OUT_OF_RANGE, {"count": f"1 to {most}", "first": "within the study"})
    return first, min(count, study.sample_count - first)


def samples_body(
    study_id: str,
    tracing: Tracing,
    first: int,
    count: int,
    gaps: tuple[SampleGap, ...] | None = None,
    derived: frozenset[str] = frozenset(),
    simulated: bool = False,
) -> bytes:
    """A stretch of an ECG as `show_samples` tells of it; `gaps` None: as they are found."""
    found = tracing.gaps() if gaps is None else ()
    head = EcgSamplesHead(
        study_id=EcgStudyId(study_id),
        rate_hz=tracing.rate_hz,
        first=first,
        count=count,
        sample_count=tracing.sample_count,
        simulated=simulated,
        channels=tuple(_channel_head(derived, channel) for channel in tracing.channels),
        gaps=gaps
        if gaps is not None
        else tuple(SampleGap(first=one.first, count=one.count) for one in found),
    )
    told = msgspec.json.encode(head)
    parts = [_padded(struct.pack("<I", len(told)) + told)]
    parts += [_padded(_little_endian(channel, first, count)) for channel in tracing.channels]
    return b"".join(parts)


def _channel_head(derived: frozenset[str], channel: Channel) -> EcgChannelHead:
    return EcgChannelHead(
        name=channel.name,
        lead=channel.lead or "",
        bits=8 * channel.samples.dtype.itemsize,
        nv_per_step=channel.nv_per_step,
        zero=channel.zero,
        derived=channel.lead is not None and channel.lead in derived,
        low_hz=channel.filters.low_hz,
        high_hz=channel.filters.high_hz,
        notch_hz=channel.filters.notch_hz,
    )


def _little_endian(channel: Channel, first: int, count: int) -> bytes:
    kind = "<i2" if channel.samples.dtype == np.int16 else "<i4"
    return channel.samples[first : first + count].astype(kind).tobytes()


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


@table.route(
    "POST",
    "/api/ecg-studies/{study_id}/move",
    permission=Permission.MOVE_RECORDING,
    scope=Scope.STUDY,
    body=MoveEcg,
)
async def move_study(call: Call[MoveEcg]) -> EcgStudyCard:
    """Move an uploaded ECG to the resident it really is of, with a reason; signed reports go along.

    A consult's ECG moves with its recording (`move_recording` on the socket). The machine's draft stays as it
    was made, by the limits for the resident it was filed under first.
    """
    reason = call.body.reason.strip()
    if len(reason) not in _REASON_LENGTH:
        raise Refused(ProblemCode.BAD_FIELDS, {"reason": "2 to 500 characters"})

    def move(ledger: Ledger) -> EcgStudy:
        study = _study(ledger, call)
        if study.binding_id is not None:
            raise Refused(ProblemCode.BAD_FIELDS, {"study_id": "a consult's ECG moves with its recording"})
        for resident_id in (study.resident_id, call.body.to_resident_id):
            scopes.check_resident(ledger, call.account, resident_id, call.now)
        after = moved_to(study, call.body.to_resident_id)
        ledger.ecg_studies.save(after)
        for resident_id in (study.resident_id, after.resident_id):
            ledger.audit.append(call.event(Action.MOVE, "ecg_study", study.id, resident_id, reason))
        return after

    study = await call.parts.records.write(move)
    await call.parts.desk.announce_study(study)
    return await _card(call, study)


async def _card(call: Call[Any], study: EcgStudy) -> EcgStudyCard:
    settings = call.parts.settings.reading
    return await call.parts.records.read(
        lambda ledger: study_card(ledger, study, call.account, settings, call.now)
    )


def _study(ledger: Ledger, call: Call[Any]) -> EcgStudy:
    return ledger.ecg_studies.get(EcgStudyId(call.named("study_id")))


def _resident_id(call: Call[Any]) -> ResidentId:
    return ResidentId(call.named("resident_id"))
