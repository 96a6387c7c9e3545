"""Handlers of `web.routes.session`: signing in and out, one's own sessions and password."""

from typing import Any

import msgspec
from aiohttp.web import Response

from records.accounts import Account, Institution, InstitutionKind, Language, Role
from records.audit import Action, AuditEvent
from records.errors import Conflict
from records.ids import AccountId, InstitutionId, SessionId, new_id
from records.ledger import Ledger
from records.permissions import PERMISSIONS, Permission, Scope
from records.sessions import Session
from signaling.people import person_card
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routes.session import (
    ChangePassword,
    FirstAdministrator,
    Greeting,
    OwnSession,
    SessionList,
    SessionView,
    SignIn,
)
from web.routing import RouteTable
from web.signing_in import LONGEST_NAME, check_again, check_sign_in, drop_cookie, new_password, set_cookie

table = RouteTable()


@table.route("GET", "/api/greeting", permission=Permission.ANYONE, scope=Scope.NONE)
async def greet(call: Call[None]) -> Greeting:
    """What the sign-in page shows before anybody is signed in."""
    settings = call.parts.settings
    return Greeting(
        demo=settings.demo,
        version=settings.version if settings.demo else "",
        needs_first_administrator=call.parts.first_administrator.needed(),
        demo_accounts=settings.demo_accounts if settings.demo else (),
    )


@table.route("POST", "/api/session", permission=Permission.ANYONE, scope=Scope.NONE, body=SignIn)
async def sign_in(call: Call[SignIn]) -> Response:
    """Begin a session under a new token; one this browser had before ends."""
    account = await check_sign_in(call, call.body.sign_in_name, call.body.password)
    before = call.session if call.actor else None

    def begin(ledger: Ledger) -> tuple[str, Session]:
        if before is not None:
            ledger.sessions.end(before.id)
        token, session = call.keeper.begin(ledger, account, call.address)
        event = call.event(Action.SIGN_IN, "session", session.id)
        ledger.audit.append(_by(event, account))
        return token, session

    token, session = await call.parts.records.write(begin)
    if before is not None:
        await call.parts.desk.end_session(before.id, "replaced")
    return await _signed_in(call, account, session, token)


def _by(event: AuditEvent, account: Account) -> AuditEvent:
    return msgspec.structs.replace(event, actor_id=account.id, actor_role=account.role.value)


async def _signed_in(call: Call[Any], account: Account, session: Session, token: str) -> Response:
    view = await _view(call, account, session)
    response = Response(body=msgspec.json.encode(view), content_type="application/json")
    set_cookie(response, token, session)
    return response


async def _view(call: Call[Any], account: Account, session: Session) -> SessionView:
    def read(ledger: Ledger) -> tuple[Institution, bool]:
        password = ledger.accounts.password(account.id)
        return (
            ledger.directory.institution(account.institution_id),
            password is not None and password.one_time,
        )

    institution, one_time = await call.parts.records.read(read)
    settings = call.parts.settings
    allowed = PERMISSIONS[account.role] - (frozenset() if settings.demo else {Permission.FAULT_PANEL})
    return SessionView(
        account=account,
        person=person_card(account, institution),
        permissions=tuple(sorted(allowed)),
        demo=settings.demo,
        idle_timeout_s=settings.idle_timeout_s,
        expires_at=session.expires_at,
        language=call.language,
        password_change_needed=one_time,
    )


@table.route(
    "GET", "/api/session", permission=Permission.SIGNED_IN, scope=Scope.OWN, before_password_change=True
)
async def show_session(call: Call[None]) -> SessionView:
    """Who is signed in here."""
    return await _view(call, call.account, call.session)


@table.route(
    "DELETE", "/api/session", permission=Permission.SIGNED_IN, scope=Scope.OWN, before_password_change=True
)
async def sign_out(call: Call[None]) -> Response:
    """End this session, its sockets and its media; the browser forgets what it kept."""
    await _end(call, call.session.id)
    response = Response(status=204)
    drop_cookie(response)
    return response


async def _end(call: Call[Any], session_id: SessionId) -> None:
    def end(ledger: Ledger) -> None:
        ledger.sessions.end(session_id)
        ledger.audit.append(call.event(Action.SIGN_OUT, "session", session_id))

    await call.parts.records.write(end)
    await call.parts.desk.end_session(session_id, "signed_out")


@table.route("GET", "/api/sessions", permission=Permission.SIGNED_IN, scope=Scope.OWN)
async def list_sessions(call: Call[None]) -> SessionList:
    """One's own sessions, the newest first."""
    found = await call.parts.records.read(lambda ledger: ledger.sessions.of_account(call.account.id))
    found = tuple(one for one in found if one.expires_at > call.now)
    return SessionList(
        sessions=tuple(
            OwnSession(
                id=one.id,
                started_at=one.started_at,
                last_used_at=one.last_used_at,
                address=one.address,
                is_this=one.id == call.session.id,
            )
            for one in sorted(found, key=lambda session: session.started_at, reverse=True)
        )
    )


@table.route("DELETE", "/api/sessions/{session_id}", permission=Permission.SIGNED_IN, scope=Scope.OWN)
async def end_own_session(call: Call[None]) -> None:
    """End another of one's own sessions."""
    await _end(call, SessionId(call.named("session_id")))


@table.route(
    "POST",
    "/api/session/password",
    permission=Permission.SIGNED_IN,
    scope=Scope.OWN,
    body=ChangePassword,
    before_password_change=True,
)
async def change_password(call: Call[ChangePassword]) -> None:
    """Set a new password; all other sessions of the account end."""
    await check_again(call, call.body.old_password)
    if call.body.new_password == call.body.old_password:
        raise Refused(ProblemCode.WEAK_PASSWORD, {"new_password": "same"})
    password = await new_password(call, call.body.new_password, call.account.sign_in_name)

    def change(ledger: Ledger) -> list[SessionId]:
        ledger.accounts.set_password(call.account.id, password)
        others = [one.id for one in ledger.sessions.of_account(call.account.id) if one.id != call.session.id]
        for one in others:
            ledger.sessions.end(one)
        ledger.audit.append(call.event(Action.CHANGE, "password", call.account.id))
        return others

    for one in await call.parts.records.write(change):
        await call.parts.desk.end_session(one, "signed_out")


@table.route(
    "POST",
    "/api/first-administrator",
    permission=Permission.ANYONE,
    scope=Scope.NONE,
    body=FirstAdministrator,
)
async def make_first_administrator(call: Call[FirstAdministrator]) -> Response:
    """Make the first account, by the code `cloudclinic init` printed; the code works once."""
    given = call.body
    if not call.parts.rates.allows("first-administrator", call.address, call.now):
        raise Refused(ProblemCode.RATE_LIMITED)
    if not call.parts.first_administrator.check(given.code, call.now):
        raise Refused(ProblemCode.WRONG_CODE, {"code": "wrong"})
    name = given.sign_in_name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not given.display_name.strip():
        raise Refused(ProblemCode.BAD_FIELDS, {"sign_in_name": "1 to 64 characters"})
    password = await new_password(call, given.password, name)

    def make(ledger: Ledger) -> tuple[Account, str, Session]:
        if any(one.role is Role.ADMINISTRATOR for one in ledger.accounts.all()):
            raise Conflict("there is an administrator already")
        if ledger.accounts.by_name(name) is not None:
            raise Refused(ProblemCode.NAME_TAKEN, {"sign_in_name": "taken"})
        account = Account(
            id=AccountId(new_id()),
            sign_in_name=name,
            display_name=given.display_name.strip(),
            role=Role.ADMINISTRATOR,
            institution_id=_first_institution(ledger).id,
            languages=(Language.ZH, Language.EN),
        )
        ledger.accounts.add(account)
        ledger.accounts.set_password(account.id, password)
        token, session = call.keeper.begin(ledger, account, call.address)
        ledger.audit.append(_by(call.event(Action.CREATE, "account", account.id), account))
        return account, token, session

    account, token, session = await call.parts.records.write(make)
    call.parts.first_administrator.use_up()
    return await _signed_in(call, account, session, token)


def _first_institution(ledger: Ledger) -> Institution:
    """The institution there is, or one to be named later: every account belongs to one."""
    known = ledger.directory.institutions()
    if known:
        return known[0]
    unnamed = Institution(
        id=InstitutionId(new_id()),
        kind=InstitutionKind.HOSPITAL,
        name_zh="未命名机构",
        name_en="Institution to be named",
    )
    ledger.directory.save_institution(unnamed)
    return unnamed
