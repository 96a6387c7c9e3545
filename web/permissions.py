"""The one layer that decides who may make a request. Deny is the default.

Every request passes, in this order: security headers, translation of problems, host, upgrade rules,
session, origin and type of writes, permission, scope. What is out of scope answers like what is missing.
"""

from collections.abc import Awaitable, Callable

from aiohttp.web import Request, StreamResponse, middleware

from records.audit import Action, Outcome
from records.errors import NotFound
from records.ids import ConsultId, EcgStudyId, KeptClipId, KeptStillId, RecordingId, ResidentId, TapeId
from records.ledger import Ledger
from records.permissions import Permission, Scope, may
from records.scope import Sight, resident_in_scope
from signaling.scopes import may_read_ecg, may_see, may_see_ecg, may_see_picture, takes_part
from web.call import ACTOR, Call, call_of, keeper_of
from web.errors import ProblemCode, Refused
from web.open_sockets import bearer_hash
from web.parts import PARTS
from web.routing import Route, declared_of
from web.sessions import COOKIE

Next = Callable[[Request], Awaitable[StreamResponse]]
LONGEST_TOKEN = 128
_WITH_SESSION = ("/api/", "/socket", "/version")


@middleware
async def find_actor(request: Request, handler: Next) -> StreamResponse:
    """Find who makes the request: by the session cookie, a station by its token. A wrong one is none."""
    route = declared_of(request)
    keeper = keeper_of(request.app[PARTS])
    if route is not None and route.permission is Permission.RUN_STATION:
        hashed = bearer_hash(request.headers.get("Authorization", ""))
        request[ACTOR] = await keeper.find_station(hashed) if hashed else None
    elif route is not None and route.path.startswith(_WITH_SESSION):
        token = request.cookies.get(COOKIE, "")
        request[ACTOR] = await keeper.find(token) if 0 < len(token) <= LONGEST_TOKEN else None
    return await handler(request)


@middleware
async def check_permission(request: Request, handler: Next) -> StreamResponse:
    """Refuse what the role does not allow; the refusal is on the audit trail."""
    route = declared_of(request)
    if route is None:
        return await handler(request)  # aiohttp's own 404 or 405
    if route.permission is Permission.WATCH_BY_LINK:
        _check_link(call_of(request))
    elif route.permission is not Permission.ANYONE:
        call = call_of(request)
        account = call.account  # raises SIGNED_OUT
        if call.actor and call.actor.password_change_needed and not route.before_password_change:
            raise Refused(ProblemCode.PASSWORD_CHANGE_NEEDED)
        if not may(account.role, route.permission):
            await _note_denied(call, route)
            raise Refused(ProblemCode.NOT_ALLOWED)
    return await handler(request)


def _check_link(call: Call[None]) -> None:
    """Raise `Refused` unless the request carries the token of a link to the consult it names."""
    hashed = bearer_hash(call.request.headers.get("Authorization", ""))
    if hashed is None or not call.parts.desk.doors.knows_screen(ConsultId(call.named("consult_id")), hashed):
        raise Refused(ProblemCode.SIGNED_OUT)


@middleware
async def check_scope(request: Request, handler: Next) -> StreamResponse:
    """Refuse what is somebody else's, exactly as what does not exist."""
    route = declared_of(request)
    if route is not None and route.scope in _CHECKS:
        call = call_of(request)
        in_scope = await call.parts.records.read(lambda ledger: _in_scope(ledger, call, route))
        if not in_scope:
            await _note_denied(call, route)
            raise Refused(ProblemCode.NOT_FOUND)
    return await handler(request)


def _in_scope(ledger: Ledger, call: Call[None], route: Route) -> bool:
    try:
        return _CHECKS[route.scope](ledger, call)
    except NotFound:
        return False


def _resident_in_scope(ledger: Ledger, call: Call[None]) -> bool:
    if "tape_id" in call.request.match_info:
        return _tape_in_scope(ledger, call)
    if _recording_of_own_consult(ledger, call):
        return True
    resident, sight = resident_in_scope(ledger, call.account, resident_of(ledger, call), call.now)
    return sight is not Sight.REQUEST or _goes_along(ledger, call, resident.id)


def _goes_along(ledger: Ledger, call: Call[None], resident_id: ResidentId) -> bool:
    """While a request only waits, of the resident's ECGs those that its card shows."""
    recording_id = call.request.match_info.get("recording_id")
    if recording_id is None:
        return True
    seen = (one for one in ledger.consults.of_resident(resident_id) if may_see(call.account, one))
    cards = (call.parts.desk.card(ledger, one, call.account) for one in seen)
    return any(recording_id in (card.recording_id, card.prior_recording_id) for card in cards)


def _recording_of_own_consult(ledger: Ledger, call: Call[None]) -> bool:
    """The ECG a consult was decided by stays readable to who decided, also when the consult is over."""
    recording_id = call.request.match_info.get("recording_id")
    if recording_id is None:
        return False
    recording = ledger.recordings.get(RecordingId(recording_id))
    if recording.consult_id is None:
        return False
    consult = ledger.consults.get(recording.consult_id)
    return consult.resident_id == recording.resident_id and may_see(call.account, consult)


def _tape_in_scope(ledger: Ledger, call: Call[None]) -> bool:
    """Who takes part in its consult, and who may open the whole record; a request's reader may not."""
    tape = ledger.tapes.get(TapeId(call.named("tape_id")))
    if takes_part(call.account, ledger.consults.get(tape.consult_id)):
        return True
    _, sight = resident_in_scope(ledger, call.account, tape.resident_id, call.now)
    return sight in (Sight.RECORD, Sight.EMERGENCY)


def _consult_in_scope(ledger: Ledger, call: Call[None]) -> bool:
    consult = ledger.consults.get(ConsultId(call.named("consult_id")))
    if may_see(call.account, consult):
        return True
    _, sight = resident_in_scope(ledger, call.account, consult.resident_id, call.now)
    return sight in (Sight.RECORD, Sight.EMERGENCY)


def resident_of(ledger: Ledger, call: Call[None]) -> ResidentId:
    """Whose record a request names: directly, by a consult, or by a recording. Raises `NotFound`."""
    names = call.request.match_info
    if "consult_id" in names:
        return ledger.consults.get(ConsultId(names["consult_id"])).resident_id
    if "recording_id" in names:
        return ledger.recordings.get(RecordingId(names["recording_id"])).resident_id
    return ResidentId(names["resident_id"])


def _study_in_scope(ledger: Ledger, call: Call[None]) -> bool:
    study = ledger.ecg_studies.get(EcgStudyId(call.named("study_id")))
    return may_see_ecg(ledger, call.account, study, call.now)


def _still_in_scope(ledger: Ledger, call: Call[None]) -> bool:
    still = ledger.ultrasound_stills.get(KeptStillId(call.named("kept_id")))
    return may_see_picture(ledger, call.account, still, call.now)


def _clip_in_scope(ledger: Ledger, call: Call[None]) -> bool:
    clip = ledger.ultrasound_clips.get(KeptClipId(call.named("kept_id")))
    return may_see_picture(ledger, call.account, clip, call.now)


def _queue_in_scope(ledger: Ledger, call: Call[None]) -> bool:
    """A study that another is reading stays in reach: who comes second must be told so."""
    study_id = call.request.match_info.get("study_id")
    if study_id is None:
        return True  # the list itself, which the handler's own query is made within
    return may_read_ecg(ledger, call.account, ledger.ecg_studies.get(EcgStudyId(study_id)))


def _session_in_scope(ledger: Ledger, call: Call[None]) -> bool:
    wanted = call.request.match_info.get("session_id")
    if wanted is None:
        return True
    return any(one.id == wanted for one in ledger.sessions.of_account(call.account.id))


_CHECKS: dict[Scope, Callable[[Ledger, Call[None]], bool]] = {
    Scope.RESIDENT: _resident_in_scope,
    Scope.CONSULT: _consult_in_scope,
    Scope.OWN: _session_in_scope,
    Scope.STUDY: _study_in_scope,
    Scope.STILL: _still_in_scope,
    Scope.CLIP: _clip_in_scope,
    Scope.QUEUE: _queue_in_scope,
}
"""NONE touches no resident; INSTITUTION is a bound the handler's own query is made with."""


async def _note_denied(call: Call[None], route: Route) -> None:
    touched = next(iter(call.request.match_info.values()), "")
    event = call.event(
        Action.DENIED, "route", touched, reason=f"{route.method} {route.path}", outcome=Outcome.REFUSED
    )
    await call.parts.records.write(lambda ledger: ledger.audit.append(event))
