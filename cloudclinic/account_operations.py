"""What `cloudclinic account` does, inside one transaction each: with the audit entry beside it."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from cloudclinic.errors import CommandFailed
from records.accounts import Account, Language, Role
from records.audit import Action, AuditEvent
from records.ids import AccountId, SpecialtyCode, new_id
from records.ledger import Ledger, Records
from records.sessions import Password
from web.passwords import one_time_password
from web.routes.account_handlers import account_faults
from web.routes.administration import NewAccount
from web.sessions import new_token, token_hash

Arguments = Mapping[str, Any]
Hash = Callable[[str], str]
Operation = Callable[[Records, Hash, Arguments, dt.datetime], Awaitable[dict[str, Any]]]


async def list_accounts(records: Records, _: Hash, __: Arguments, ___: dt.datetime) -> dict[str, Any]:
    """All accounts."""
    accounts = await records.read(lambda ledger: ledger.accounts.all())
    return {"accounts": msgspec.to_builtins(accounts)}


async def add_account(
    records: Records, hash_password: Hash, given: Arguments, now: dt.datetime
) -> dict[str, Any]:
    """Make an account with a one-time password; a station gets a token instead, by its own command."""
    password = one_time_password()
    encoded = hash_password(password)

    def add(ledger: Ledger) -> Account:
        account = _new_account(ledger, given)
        ledger.accounts.add(account)
        if account.role is not Role.STATION:
            ledger.accounts.set_password(account.id, Password(encoded=encoded, one_time=True))
        ledger.audit.append(_event(Action.CREATE, account.id, now))
        return account

    account = await records.write(add)
    shown = {} if account.role is Role.STATION else {"password": password}
    return {"account": msgspec.to_builtins(account)} | shown


def _new_account(ledger: Ledger, given: Arguments) -> Account:
    institutions = {i.name_zh: i for i in ledger.directory.institutions()}
    institutions |= {i.name_en: i for i in ledger.directory.institutions()}
    if given["institution"] not in institutions:
        known = ", ".join(sorted(i.name_zh for i in ledger.directory.institutions())) or "none yet"
        raise CommandFailed(f"no institution {given['institution']!r}; there are: {known}")
    try:
        role = Role(given["role"])
    except ValueError:
        raise CommandFailed(f"no role {given['role']!r}; there are: {', '.join(Role)}") from None
    wanted = NewAccount(
        sign_in_name=given["name"],
        display_name=given.get("display_name") or given["name"],
        role=role,
        institution_id=institutions[given["institution"]].id,
        specialties=tuple(SpecialtyCode(code) for code in given.get("specialties", ())),
        languages=(Language.ZH, Language.EN),
    )
    faults = account_faults(ledger, wanted)
    if faults:
        raise CommandFailed("\n".join(f"{field}: {fault}" for field, fault in faults.items()))
    return Account(id=AccountId(new_id()), **msgspec.structs.asdict(wanted))


async def set_disabled(records: Records, _: Hash, given: Arguments, now: dt.datetime) -> dict[str, Any]:
    """Disable or enable an account."""

    def change(ledger: Ledger) -> Account:
        account = _by_name(ledger, given["name"])
        changed = msgspec.structs.replace(account, disabled=bool(given["disabled"]))
        ledger.accounts.save(changed)
        if changed.disabled:
            ledger.sessions.end_all(account.id)
        ledger.audit.append(_event(Action.CHANGE, account.id, now))
        return changed

    account = await records.write(change)
    return {"account": msgspec.to_builtins(account)}


async def reset_password(
    records: Records, hash_password: Hash, given: Arguments, now: dt.datetime
) -> dict[str, Any]:
    """Give an account a new one-time password."""
    password = one_time_password()
    encoded = hash_password(password)

    def change(ledger: Ledger) -> AccountId:
        account = _by_name(ledger, given["name"])
        if account.role is Role.STATION:
            raise CommandFailed(f"{given['name']!r} is a station; `account token` gives it a new token")
        ledger.accounts.set_password(account.id, Password(encoded=encoded, one_time=True))
        ledger.sessions.end_all(account.id)
        ledger.audit.append(_event(Action.CHANGE, account.id, now))
        return account.id

    return {"account_id": await records.write(change), "password": password}


async def make_token(records: Records, _: Hash, given: Arguments, now: dt.datetime) -> dict[str, Any]:
    """Give a station a token; the one before it no longer works."""
    token = new_token()

    def change(ledger: Ledger) -> AccountId:
        account = _by_name(ledger, given["name"])
        if account.role is not Role.STATION:
            raise CommandFailed(f"{given['name']!r} is a {account.role}; only a station has a token")
        ledger.accounts.set_token(account.id, token_hash(token))
        ledger.audit.append(_event(Action.CHANGE, account.id, now))
        return account.id

    return {"account_id": await records.write(change), "token": token}


async def revoke_token(records: Records, _: Hash, given: Arguments, now: dt.datetime) -> dict[str, Any]:
    """End a station's token."""

    def change(ledger: Ledger) -> AccountId:
        account = _by_name(ledger, given["name"])
        ledger.accounts.set_token(account.id, None)
        ledger.audit.append(_event(Action.CHANGE, account.id, now))
        return account.id

    return {"account_id": await records.write(change)}


def _by_name(ledger: Ledger, name: str) -> Account:
    account = ledger.accounts.by_name(name)
    if account is None:
        raise CommandFailed(f"no account {name!r}")
    return account


def _event(action: Action, account_id: AccountId, now: dt.datetime) -> AuditEvent:
    return AuditEvent(
        at=now,
        actor_id=None,
        actor_role="command_line",
        action=action,
        object_kind="account",
        object_id=account_id,
    )


OPERATIONS: dict[str, Operation] = {
    "account.list": list_accounts,
    "account.add": add_account,
    "account.set_disabled": set_disabled,
    "account.password": reset_password,
    "account.token": make_token,
    "account.revoke": revoke_token,
}
