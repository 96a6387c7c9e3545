"""Handlers of `web.routes.tapes`: who may open a resident's record may play, and it is written down."""

from typing import Any

import msgspec
from aiohttp.web import Response, StreamResponse

from records.audit import Action
from records.consults import Consult
from records.errors import NotFound, RuleBroken
from records.ids import ConsultId, TapeId
from records.ledger import Ledger
from records.permissions import Permission, Scope
from records.residents import Resident
from records.rooms import MediaKind
from records.tapes import LegalHold, Tape
from signaling.people import resident_card
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routes.tapes import (
    LONGEST_ASKED_US,
    HeldTape,
    HeldTapes,
    HoldTape,
    SessionHistory,
    TapeContents,
    TapeEcg,
    TapeList,
    TapePage,
)
from web.routing import RouteTable

table = RouteTable()
_SHORTEST_REASON, _LONGEST_REASON = 4, 500


@table.route(
    "GET", "/api/consults/{consult_id}/tapes", permission=Permission.SEE_RESIDENTS, scope=Scope.CONSULT
)
async def list_tapes(call: Call[None]) -> TapeList:
    """The tapes of a consult; to one who may open its resident's record."""

    def read(ledger: Ledger) -> TapeList:
        consult = ledger.consults.get(ConsultId(call.named("consult_id")))
        ledger.audit.append(call.event(Action.READ, "tapes", consult.id, consult.resident_id))
        return TapeList(tapes=ledger.tapes.of_consult(consult.id))

    return await call.parts.records.write(read)


@table.route("GET", "/api/tapes/{tape_id}", permission=Permission.SEE_RESIDENTS, scope=Scope.RESIDENT)
async def show_tape(call: Call[None]) -> TapePage:
    """What is on a tape. The playing is on the audit trail before a byte leaves."""

    def read(ledger: Ledger) -> tuple[Tape, Consult, Resident]:
        tape = _tape(ledger, call)
        ledger.audit.append(call.event(Action.PLAY, "tape", tape.id, tape.resident_id))
        return tape, ledger.consults.get(tape.consult_id), ledger.residents.get(tape.resident_id)

    tape, consult, resident = await call.parts.records.write(read)
    call.parts.played.add((call.session.id, tape.id))
    contents, whole = await call.parts.tapes.contents(tape)
    ecgs = await call.parts.records.read(lambda ledger: _ecgs(ledger, tape, contents))
    clock = await call.parts.records.read(lambda ledger: call.parts.desk.chest_pain(ledger, consult))
    return TapePage(
        tape=tape,
        number=consult.number,
        resident=resident_card(resident),
        contents=contents,
        ecgs=ecgs,
        whole=whole,
        chest_pain=clock,
    )


def _ecgs(ledger: Ledger, tape: Tape, contents: TapeContents) -> tuple[TapeEcg, ...]:
    """The stored ECGs of the bindings on the tape; one moved to another resident is no longer shown."""
    began = {act.message["binding_id"] for act in contents.acts if act.message["type"] == "binding_began"}
    found = []
    for binding in ledger.bindings.of_consult(tape.consult_id):
        recording = ledger.recordings.by_binding(binding.id) if binding.id in began else None
        if recording is not None and recording.resident_id == tape.resident_id:
            found.append(TapeEcg(binding_id=binding.id, recording=recording))
    return tuple(found)


@table.route(
    "GET",
    "/api/tapes/{tape_id}/tracks/{track}/frames",
    permission=Permission.SEE_RESIDENTS,
    scope=Scope.RESIDENT,
)
async def show_frames(call: Call[None]) -> Response:
    """Frames of one track, from the key frame before `from_us` on to `to_us`."""
    begin_us, end_us = _moment(call, "from_us"), _moment(call, "to_us")
    if not 0 <= end_us - begin_us <= LONGEST_ASKED_US:
        raise Refused(ProblemCode.OUT_OF_RANGE, {"to_us": f"up to {LONGEST_ASKED_US} behind from_us"})
    tape = await call.parts.records.read(lambda ledger: _tape(ledger, call))
    if (
        call.session.id,
        tape.id,
    ) not in call.parts.played:  # not by way of its page: written down all the same
        event = call.event(Action.PLAY, "tape", tape.id, tape.resident_id)
        await call.parts.records.write(lambda ledger: ledger.audit.append(event))
        call.parts.played.add((call.session.id, tape.id))
    body = await call.parts.tapes.frames(tape, _track(call), begin_us, end_us)
    return Response(body=body, content_type="application/octet-stream")


@table.route(
    "GET",
    "/api/tapes/{tape_id}/tracks/{track}/export",
    permission=Permission.SEE_RESIDENTS,
    scope=Scope.RESIDENT,
)
async def export_track(call: Call[None]) -> StreamResponse:
    """One track as MP4 or WebM, as it was forwarded; its name tells the consult and SIMULATED."""
    number = _track(call)

    def read(ledger: Ledger) -> tuple[Tape, Consult]:
        tape = _tape(ledger, call)
        reason = f"track {number}"
        ledger.audit.append(call.event(Action.EXPORT, "tape", tape.id, tape.resident_id, reason))
        return tape, ledger.consults.get(tape.consult_id)

    tape, consult = await call.parts.records.write(read)
    contents, _ = await call.parts.tapes.contents(tape)
    kind = next((one.kind for one in contents.tracks if one.number == number), None)
    chunks = call.parts.tapes.export(tape, number)
    first = await anext(chunks, b"")
    if not first:
        raise NotFound("tapes: nothing on that track")
    answer = StreamResponse()
    answer.content_type = _content_type(kind, first)
    name = _file_name(consult.number, kind, number, tape.simulated, answer.content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    await answer.prepare(call.request)
    await answer.write(first)
    async for chunk in chunks:
        await answer.write(chunk)
    await answer.write_eof()
    return answer


def _content_type(kind: MediaKind | None, first: bytes) -> str:
    container = "mp4" if first[4:8] == b"ftyp" else "webm"
    return f"{'audio' if kind is MediaKind.VOICE else 'video'}/{container}"


def _file_name(number: str, kind: MediaKind | None, track: int, simulated: bool, content_type: str) -> str:
    mark = "-SIMULATED" if simulated else ""
    return f"{number}-{kind.value if kind else 'track'}-{track}{mark}.{content_type.rsplit('/', 1)[1]}"


def _tape(ledger: Ledger, call: Call[Any]) -> Tape:
    return ledger.tapes.get(TapeId(call.named("tape_id")))


def _track(call: Call[Any]) -> int:
    text = call.named("track")
    if not text.isdecimal() or len(text) > 5:
        raise Refused(ProblemCode.NOT_FOUND)
    return int(text)


def _moment(call: Call[Any], name: str) -> int:
    text = call.request.query.get(name, "")
    if not text.isdecimal() or len(text) > 17:
        raise Refused(ProblemCode.BAD_FIELDS, {name: "microseconds since 1970"})
    return int(text)


# --- the administrator, who sees and hears nothing ---------------------------------------------------------


@table.route("GET", "/api/tapes", permission=Permission.HOLD_TAPES, scope=Scope.NONE)
async def list_all(call: Call[None]) -> HeldTapes:
    """Every tape there is or was, without its resident and its content."""

    def read(ledger: Ledger) -> HeldTapes:
        ledger.audit.append(call.event(Action.READ, "tapes", ""))
        return HeldTapes(tapes=tuple(_held(ledger, tape) for tape in ledger.tapes.newest()))

    return await call.parts.records.write(read)


def _held(ledger: Ledger, tape: Tape) -> HeldTape:
    consult = ledger.consults.get(tape.consult_id)
    return HeldTape(
        id=tape.id,
        consult_id=tape.consult_id,
        number=consult.number,
        institution_id=consult.institution_id,
        started_at=tape.started_at,
        ended_at=tape.ended_at,
        end=tape.end,
        size_bytes=tape.seal.size_bytes if tape.seal else 0,
        due_at=tape.due_at,
        hold=tape.hold,
        deleted_at=tape.deleted_at,
    )


@table.route(
    "POST",
    "/api/tapes/{tape_id}/hold",
    permission=Permission.HOLD_TAPES,
    scope=Scope.NONE,
    body=HoldTape,
)
async def hold(call: Call[HoldTape]) -> HeldTape:
    """Keep a tape whatever is due, for a reason."""
    reason = call.body.reason.strip()
    if not _SHORTEST_REASON <= len(reason) <= _LONGEST_REASON:
        raise Refused(ProblemCode.BAD_FIELDS, {"reason": f"{_SHORTEST_REASON} to {_LONGEST_REASON} letters"})

    def keep(ledger: Ledger) -> HeldTape:
        tape = _tape(ledger, call)
        if tape.deleted_at is not None:
            raise RuleBroken("wrong_state", "the tape was deleted")
        held = LegalHold(by=call.account.id, at=call.now, reason=reason)
        kept = msgspec.structs.replace(tape, hold=held)
        ledger.tapes.save(kept)
        ledger.audit.append(call.event(Action.HOLD, "tape", tape.id, tape.resident_id, reason))
        return _held(ledger, kept)

    return await call.parts.records.write(keep)


@table.route("DELETE", "/api/tapes/{tape_id}/hold", permission=Permission.HOLD_TAPES, scope=Scope.NONE)
async def release_hold(call: Call[None]) -> HeldTape:
    """End a legal hold: what is due is deleted again."""

    def release(ledger: Ledger) -> HeldTape:
        tape = _tape(ledger, call)
        freed = msgspec.structs.replace(tape, hold=None)
        ledger.tapes.save(freed)
        ledger.audit.append(call.event(Action.RELEASE_HOLD, "tape", tape.id, tape.resident_id))
        return _held(ledger, freed)

    return await call.parts.records.write(release)


@table.route("GET", "/api/sessions/history", permission=Permission.SEE_DASHBOARD, scope=Scope.NONE)
async def show_history(call: Call[None]) -> SessionHistory:
    """Scores and drops of ended sessions, newest first; no resident."""
    return await call.parts.records.read(
        lambda ledger: SessionHistory(sessions=ledger.session_scores.newest())
    )
