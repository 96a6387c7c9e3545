"""Signing in: one answer for every way of failing, and the same time for names that do not exist."""

from typing import Any

from aiohttp.web import Response

from records.accounts import Account, Role
from records.audit import Action, Outcome
from records.ledger import Ledger
from records.passwords import check_password
from records.sessions import Password, Session
from web.call import Call
from web.errors import ProblemCode, Refused
from web.passwords import TooBusy
from web.sessions import COOKIE

LONGEST_NAME = 64


async def check_sign_in(call: Call[Any], sign_in_name: str, password: str) -> Account:
    """The account of a name and a password.

    Raises
    ------
    Refused : `RATE_LIMITED`, or `WRONG_SIGN_IN` whatever was wrong
    """
    name = sign_in_name.strip()[:LONGEST_NAME]
    if not call.parts.rates.allows(name, call.address, call.now):
        raise Refused(ProblemCode.RATE_LIMITED)
    account, stored = await call.parts.records.read(lambda ledger: _find(ledger, name))
    fits = await verify(call, stored.encoded if stored else None, password)
    if not fits or account is None or account.disabled or account.role is Role.STATION:
        await _note_failure(call, account)
        raise Refused(ProblemCode.WRONG_SIGN_IN)
    call.parts.rates.signed_in(name, call.address)
    return account


async def check_again(call: Call[Any], password: str) -> None:
    """A second sign-in of who is signed in already; raises `Refused`."""
    account = call.account
    if not call.parts.rates.allows(account.sign_in_name, call.address, call.now):
        raise Refused(ProblemCode.RATE_LIMITED)
    stored = await call.parts.records.read(lambda ledger: ledger.accounts.password(account.id))
    if not await verify(call, stored.encoded if stored else None, password):
        await _note_failure(call, account)
        raise Refused(ProblemCode.WRONG_PASSWORD)


async def verify(call: Call[Any], encoded: str | None, password: str) -> bool:
    """Tell whether a password fits, off the loop; raises `Refused` when too many wait already."""
    try:
        return await call.parts.passwords.verify(encoded, password)
    except TooBusy:
        raise Refused(ProblemCode.RATE_LIMITED) from None


async def new_password(call: Call[Any], password: str, sign_in_name: str) -> Password:
    """A password somebody chose, hashed; raises `RuleBroken` when it is too weak."""
    check_password(password, sign_in_name)
    return await hash_password(call, password, one_time=False)


async def hash_password(call: Call[Any], password: str, one_time: bool) -> Password:
    """A password as it is kept."""
    try:
        return Password(encoded=await call.parts.passwords.hash(password), one_time=one_time)
    except TooBusy:
        raise Refused(ProblemCode.RATE_LIMITED) from None


def _find(ledger: Ledger, name: str) -> tuple[Account | None, Password | None]:
    account = ledger.accounts.by_name(name)
    return account, ledger.accounts.password(account.id) if account else None


async def _note_failure(call: Call[Any], account: Account | None) -> None:
    """Who was tried, if that is an account; never the text that was typed: it may be a password."""
    event = call.event(
        Action.SIGN_IN_FAILED, "account", account.id if account else "", outcome=Outcome.REFUSED
    )
    await call.parts.records.write(lambda ledger: ledger.audit.append(event))


def set_cookie(response: Response, token: str, session: Session) -> None:
    """Give the browser its token. No `Max-Age`: it goes with the browser, the server's limits stand."""
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="Strict")


def drop_cookie(response: Response) -> None:
    """Take the token away, and all else the browser kept of these pages."""
    response.set_cookie(COOKIE, "", max_age=0, path="/", secure=True, httponly=True, samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
