"""Signing in and out, and what the page needs to know before.

GET    /api/greeting              -> Greeting
POST   /api/session               SignIn -> SessionView
GET    /api/session               -> SessionView
DELETE /api/session               -> 204
GET    /api/sessions              -> SessionList        one's own sessions
DELETE /api/sessions/{session_id} -> 204
POST   /api/session/password      ChangePassword -> 204
POST   /api/first-administrator   FirstAdministrator -> SessionView
"""

import datetime as dt

from records.accounts import Account, Language
from records.ids import SessionId
from records.permissions import Permission
from records.values import Value
from signaling.messages import PersonCard


class DemoAccount(Value):
    """An account the demo's sign-in page offers; never sent outside the demo."""

    sign_in_name: str
    password: str
    display_name: str
    role: str
    address: str  # where this role runs side by side with the others


class Greeting(Value):
    """What the sign-in page shows before anybody is signed in."""

    demo: bool
    version: str
    needs_first_administrator: bool
    demo_accounts: tuple[DemoAccount, ...] = ()


class SignIn(Value):
    """Name and password."""

    sign_in_name: str
    password: str


class SessionView(Value):
    """The signed-in account and its session."""

    account: Account
    person: PersonCard
    permissions: tuple[Permission, ...]
    demo: bool
    idle_timeout_s: int
    expires_at: dt.datetime
    language: Language
    password_change_needed: bool = False  # signed in by a one-time password: nothing else until it is changed


class OwnSession(Value):
    """One of the account's own sessions."""

    id: SessionId
    started_at: dt.datetime
    last_used_at: dt.datetime
    address: str
    is_this: bool


class SessionList(Value):
    """All sessions of the account."""

    sessions: tuple[OwnSession, ...]


class ChangePassword(Value):
    """A new password, proved by the old one."""

    old_password: str
    new_password: str


class FirstAdministrator(Value):
    """The first account, by the one-time code that `cloudclinic init` printed."""

    code: str
    sign_in_name: str
    display_name: str
    password: str
