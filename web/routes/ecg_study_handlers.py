"""Handlers of `web.routes.ecg_studies`: the reading list, one study, its samples."""

from typing import Any

from aiohttp.web import Response

from records.audit import Action
from records.ecg_prints import prints_whole
from records.ecg_reading import ReadingFigures, figures_of, in_order, moved_to
from records.ecg_reports import EcgReport
from records.ecg_studies import EcgStudy
from records.ids import AccountId, ConsultId, EcgStudyId
from records.ledger import Ledger
from records.permissions import Permission, Scope
from signaling import scopes
from signaling.cards import midnight, read_person
from web.call import Call
from web.ecg_cards import card_for, study_card
from web.ecg_samples_body import samples_body
from web.errors import ProblemCode, Refused
from web.routes.ecg_studies import (
    LONGEST_SAMPLES_S,
    EcgReadingFigures,
    EcgReadingList,
    EcgStudyCard,
    EcgStudyList,
    EcgStudyPage,
    MoveEcg,
)
from web.routing import RouteTable

table = RouteTable()
_REASON_LENGTH = range(2, 501)


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
    return await card_for(call, study)


def _study(ledger: Ledger, call: Call[Any]) -> EcgStudy:
    return ledger.ecg_studies.get(EcgStudyId(call.named("study_id")))
