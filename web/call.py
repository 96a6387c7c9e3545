"""One request on its way to a handler, and how its answer is written."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from aiohttp.web import Request, RequestKey, Response, StreamResponse

from records.accounts import Account, Language
from records.audit import Action, AuditEvent, Outcome
from records.ids import ResidentId
from records.sessions import Session
from web.errors import ProblemCode, Refused, language_of
from web.parts import PARTS, WebParts
from web.sessions import Actor, SessionKeeper

B = TypeVar("B")

ACTOR: RequestKey[Actor | None] = RequestKey("actor", Actor)
"""Where the session layer leaves the `Actor` of a request."""


@dataclass(frozen=True)
class Call(Generic[B]):
    """A request, who makes it, when, and its decoded body."""

    request: Request
    parts: WebParts
    now: dt.datetime
    actor: Actor | None
    body: B

    @property
    def account(self) -> Account:
        """Who calls; raises `Refused` when nobody is signed in."""
        return self._signed_in.account

    @property
    def session(self) -> Session:
        """In which session; raises `Refused` when nobody is signed in."""
        session = self._signed_in.session
        if session is None:
            raise Refused(ProblemCode.SIGNED_OUT)
        return session

    @property
    def _signed_in(self) -> Actor:
        if self.actor is None:
            raise Refused(ProblemCode.SIGNED_OUT)
        return self.actor

    @property
    def language(self) -> Language:
        """The language to answer in."""
        return language_of_request(self.request)

    @property
    def address(self) -> str:
        """Where the call comes from. `X-Forwarded-For` is not believed."""
        return self.request.remote or ""

    @property
    def keeper(self) -> SessionKeeper:
        """Begins and ends sessions."""
        return keeper_of(self.parts)

    def named(self, part: str) -> str:
        """A part of the path."""
        return self.request.match_info[part]

    def event(
        self,
        action: Action,
        kind: str,
        object_id: str,
        resident_id: ResidentId | None = None,
        reason: str = "",
        outcome: Outcome = Outcome.DONE,
    ) -> AuditEvent:
        """What the audit trail is told of this call."""
        account = self.actor.account if self.actor else None
        return AuditEvent(
            at=self.now,
            actor_id=account.id if account else None,
            actor_role=account.role.value if account else "",
            action=action,
            object_kind=kind,
            object_id=object_id[:64],
            resident_id=resident_id,
            outcome=outcome,
            reason=reason,
            address=self.address,
        )


def keeper_of(parts: WebParts) -> SessionKeeper:
    """The keeper of sessions over these parts; it holds nothing itself."""
    return SessionKeeper(parts.records, parts.desk, parts.settings, parts.clock)


def actor_of(request: Request) -> Actor | None:
    """Who makes a request, as the session layer found."""
    return request.get(ACTOR)


def language_of_request(request: Request) -> Language:
    """The browser's language, else the account's first, else Chinese."""
    actor = actor_of(request)
    own = actor.account.languages[0] if actor and actor.account.languages else Language.ZH
    return language_of(request.headers.get("Accept-Language", ""), own)


def call_of(request: Request, body: Any = None) -> Call[Any]:
    """Make the call of a request."""
    parts = request.app[PARTS]
    return Call(request=request, parts=parts, now=parts.clock(), actor=actor_of(request), body=body)


def answer(result: Any) -> StreamResponse:
    """Write what a handler returned: a value as JSON, None as 204, a response as it is."""
    if isinstance(result, StreamResponse):
        return result
    if result is None:
        return Response(status=204)
    return Response(body=msgspec.json.encode(result), content_type="application/json")
