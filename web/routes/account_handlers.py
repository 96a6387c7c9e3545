"""Handlers of `web.routes.administration`: accounts of people and stations."""

from typing import Any

import msgspec

from records.accounts import Account, Role, VouchedEncoder
from records.audit import Action
from records.errors import NotFound, RuleBroken
from records.ids import AccountId, new_id
from records.ledger import Ledger
from records.permissions import Permission, Scope
from records.sessions import Password
from signaling.refusals import Refusal
from web.call import Call
from web.errors import ProblemCode, Refused
from web.passwords import one_time_password
from web.routes.administration import (
    AccountList,
    AccountMade,
    AccountRow,
    ChangeAccount,
    NewAccount,
    StationToken,
)
from web.routes.directory_handlers import check_names
from web.routing import RouteTable
from web.sessions import new_token, token_hash
from web.signing_in import LONGEST_NAME, hash_password

table = RouteTable()
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@")


@table.route("GET", "/api/accounts", permission=Permission.MANAGE_ACCOUNTS, scope=Scope.NONE)
async def list_accounts(call: Call[None]) -> AccountList:
    """Every account and every station."""

    def read(ledger: Ledger) -> AccountList:
        used, tokens = ledger.accounts.last_used(), ledger.accounts.with_token()
        rows = tuple(
            AccountRow(account=one, last_used_at=used.get(one.id), has_token=one.id in tokens)
            for one in ledger.accounts.all()
        )
        return AccountList(accounts=rows, stations=call.parts.desk.station_cards(ledger))

    return await call.parts.records.read(read)


@table.route(
    "POST", "/api/accounts", permission=Permission.MANAGE_ACCOUNTS, scope=Scope.NONE, body=NewAccount
)
async def make_account(call: Call[NewAccount]) -> AccountMade:
    """Make an account with a one-time password; a station gets a token instead, by its own route."""
    password = one_time_password()
    hashed = await hash_password(call, password, one_time=True)

    def make(ledger: Ledger) -> Account:
        faults = account_faults(ledger, call.body)
        if faults:
            taken = faults.get("sign_in_name") == "taken"
            raise Refused(ProblemCode.NAME_TAKEN if taken else ProblemCode.BAD_FIELDS, faults)
        return add_account(ledger, call, call.body, hashed)

    account = await call.parts.records.write(make)
    await call.parts.desk.announce_account(account.id)
    return AccountMade(account=account, password=password if account.role is not Role.STATION else "")


def account_faults(ledger: Ledger, given: NewAccount) -> dict[str, str]:
    """What is wrong with a new account, field by field; {} when all is well."""
    faults: dict[str, str] = {}
    name = given.sign_in_name
    if not 1 <= len(name) <= LONGEST_NAME or set(name) - _NAME_CHARACTERS:
        faults["sign_in_name"] = "1 to 64 letters, digits, . _ - @"
    elif ledger.accounts.by_name(name) is not None:
        faults["sign_in_name"] = "taken"
    if not 1 <= len(given.display_name.strip()) <= 80 or not given.display_name.isprintable():
        faults["display_name"] = "1 to 80 characters"
    return faults | _place_faults(ledger, given)


def _place_faults(ledger: Ledger, given: NewAccount | ChangeAccount) -> dict[str, str]:
    faults: dict[str, str] = {}
    if given.institution_id not in {one.id for one in ledger.directory.institutions()}:
        faults["institution_id"] = "no such institution"
    departments = {one.id: one.institution_id for one in ledger.directory.departments()}
    if given.department_id is not None and departments.get(given.department_id) != given.institution_id:
        faults["department_id"] = "no such department of this institution"
    if set(given.specialties) - {one.code for one in ledger.directory.specialties()}:
        faults["specialties"] = "no such specialty"
    if not given.languages:
        faults["languages"] = "at least one"
    return faults


def _role_faults(before: Role, after: Role) -> dict[str, str]:
    if before is not after and Role.STATION in (before, after):
        return {"role": "a station stays a station, and nobody becomes one"}
    return {}


def add_account(ledger: Ledger, call: Call[Any], given: NewAccount, password: Password) -> Account:
    """Add an account that has no faults, with its audit entry."""
    account = Account(
        id=AccountId(new_id()),
        sign_in_name=given.sign_in_name,
        display_name=given.display_name.strip(),
        role=given.role,
        institution_id=given.institution_id,
        department_id=given.department_id,
        title=given.title.strip()[:80],
        specialties=given.specialties,
        languages=given.languages,
    )
    ledger.accounts.add(account)
    if account.role is not Role.STATION:
        ledger.accounts.set_password(account.id, password)
    ledger.audit.append(call.event(Action.CREATE, "account", account.id))
    return account


@table.route(
    "PUT",
    "/api/accounts/{account_id}",
    permission=Permission.MANAGE_ACCOUNTS,
    scope=Scope.NONE,
    body=ChangeAccount,
)
async def change_account(call: Call[ChangeAccount]) -> Account:
    """Change an account; disabling it, or another role, ends its sessions, sockets and media at once."""
    check_names(display_name=call.body.display_name)

    def change(ledger: Ledger) -> tuple[Account, Account]:
        before = _account(ledger, call)
        role = call.body.role or before.role
        faults = _place_faults(ledger, call.body) | _role_faults(before.role, role)
        if faults:
            raise Refused(ProblemCode.BAD_FIELDS, faults)
        if call.body.disabled or role is not Role.ADMINISTRATOR:
            _check_not_last_administrator(ledger, before)
        after = msgspec.structs.replace(before, **(msgspec.structs.asdict(call.body) | {"role": role}))
        ledger.accounts.save(after)
        if after.disabled or after.role is not before.role:
            ledger.sessions.end_all(after.id)
        ledger.audit.append(call.event(Action.CHANGE, "account", after.id))
        return before, after

    before, account = await call.parts.records.write(change)
    if account.disabled or account.role is not before.role:
        await call.parts.desk.end_account(account.id, Refusal.SIGNED_OUT.value)
    await call.parts.desk.announce_account(account.id)
    return account


def _account(ledger: Ledger, call: Call[Any]) -> Account:
    return ledger.accounts.get(AccountId(call.named("account_id")))


def _station(ledger: Ledger, call: Call[Any]) -> Account:
    account = _account(ledger, call)
    if account.role is not Role.STATION:
        raise NotFound("only a station has a token and an encoder")
    return account


def _check_not_last_administrator(ledger: Ledger, account: Account) -> None:
    others = [one for one in ledger.accounts.by_role(Role.ADMINISTRATOR) if not one.disabled]
    if account.role is Role.ADMINISTRATOR and [one.id for one in others] == [account.id]:
        raise RuleBroken("last_administrator", "the last administrator cannot be disabled")


@table.route(
    "POST",
    "/api/accounts/{account_id}/password",
    permission=Permission.MANAGE_ACCOUNTS,
    scope=Scope.NONE,
)
async def reset_password(call: Call[None]) -> AccountMade:
    """A new one-time password; every session of the account ends."""
    password = one_time_password()
    hashed = await hash_password(call, password, one_time=True)

    def reset(ledger: Ledger) -> Account:
        account = _account(ledger, call)
        if account.role is Role.STATION:
            raise NotFound("a station has no password")
        ledger.accounts.set_password(account.id, hashed)
        ledger.sessions.end_all(account.id)
        ledger.audit.append(call.event(Action.CHANGE, "password", account.id))
        return account

    account = await call.parts.records.write(reset)
    await call.parts.desk.end_account(account.id, Refusal.SIGNED_OUT.value)
    return AccountMade(account=account, password=password)


@table.route(
    "POST", "/api/accounts/{account_id}/token", permission=Permission.MANAGE_ACCOUNTS, scope=Scope.NONE
)
async def make_token(call: Call[None]) -> StationToken:
    """A new token for a station; the one before it ends at once, with its socket."""
    token = new_token()
    account = await _set_token(call, token_hash(token))
    return StationToken(account_id=account.id, token=token)


@table.route(
    "DELETE", "/api/accounts/{account_id}/token", permission=Permission.MANAGE_ACCOUNTS, scope=Scope.NONE
)
async def revoke_token(call: Call[None]) -> None:
    """End a station's token, and its socket at once."""
    await _set_token(call, None)


@table.route(
    "POST", "/api/accounts/{account_id}/encoder", permission=Permission.MANAGE_ACCOUNTS, scope=Scope.NONE
)
async def vouch_for_encoder(call: Call[None]) -> Account:
    """Answer for it that no resident is named in the ultrasound picture of a station's encoder."""
    by = call.account
    return await _set_encoder(call, VouchedEncoder(by=by.id, by_name=by.display_name, at=call.now))


@table.route(
    "DELETE", "/api/accounts/{account_id}/encoder", permission=Permission.MANAGE_ACCOUNTS, scope=Scope.NONE
)
async def stop_encoder(call: Call[None]) -> Account:
    """Nobody answers for a station's encoder any more; what it sends ends at once."""
    account = await _set_encoder(call, None)
    await call.parts.desk.doors.end_unvouched(account.id)
    return account


async def _set_encoder(call: Call[None], vouched: VouchedEncoder | None) -> Account:
    def change(ledger: Ledger) -> Account:
        account = _station(ledger, call)
        after = msgspec.structs.replace(account, encoder=vouched)
        ledger.accounts.save(after)
        action = Action.DELETE if vouched is None else Action.CREATE
        ledger.audit.append(call.event(action, "encoder", account.id))
        return after

    return await call.parts.records.write(change)


async def _set_token(call: Call[None], hashed: str | None) -> Account:
    def change(ledger: Ledger) -> Account:
        account = _station(ledger, call)
        ledger.accounts.set_token(account.id, hashed)
        ledger.audit.append(call.event(Action.CHANGE, "token", account.id))
        return account

    account = await call.parts.records.write(change)
    await call.parts.desk.end_account(account.id, "revoked")
    return account
