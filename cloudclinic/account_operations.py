"""What `cloudclinic account` does, inside one transaction each: with the audit entry beside it."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from cloudclinic.errors import CommandFailed
from records.accounts import Account, Language, Role
from records.audit import Action, AuditEvent
from records.ids import AccountId, SpecialtyCode, new_id
from records.ledger import Ledger, Records
from records.sessions import Password

Arguments = Mapping[str, Any]
Hash = Callable[[str], str]
Operation = Callable[[Records, Hash, Arguments, dt.datetime], Awaitable[dict[str, Any]]]


def new_password() -> str:
    """A one-time password that can be read over the telephone: 80 bits."""
    alphabet = "23456789abcdefghjkmnpqrstuvwxyz"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


def new_token() -> tuple[str, str]:
    """A station's token and the hash that is kept of it."""
    token = secrets.token_urlsafe(32)
    return token, hashlib.sha256(token.encode()).hexdigest()


async def list_accounts(records: Records, _: Hash, __: Arguments, ___: dt.datetime) -> dict[str, Any]:
    """All accounts."""
    accounts = await records.read(lambda ledger: ledger.accounts.all())
    return {"accounts": msgspec.to_builtins(accounts)}


async def add_account(
    records: Records, hash_password: Hash, given: Arguments, now: dt.datetime
) -> dict[str, Any]:
    """Make an account with a one-time password."""
    password = new_password()
    encoded = hash_password(password)

    def add(ledger: Ledger) -> Account:
        if ledger.accounts.by_name(given["name"]) is not None:
            raise CommandFailed(f"there is an account {given['name']!r} already")
        account = _new_account(ledger, given)
        ledger.accounts.add(account)
        ledger.accounts.set_password(account.id, Password(encoded=encoded, one_time=True))
        ledger.audit.append(_event(Action.CREATE, account.id, now))
        return account

    account = await records.write(add)
    return {"account": msgspec.to_builtins(account), "password": password}


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
    return Account(
        id=AccountId(new_id()),
        sign_in_name=given["name"],
        display_name=given.get("display_name") or given["name"],
        role=role,
        institution_id=institutions[given["institution"]].id,
        specialties=tuple(SpecialtyCode(code) for code in given.get("specialties", ())),
        languages=(Language.ZH, Language.EN),
    )


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
    password = new_password()
    encoded = hash_password(password)

    def change(ledger: Ledger) -> AccountId:
        account = _by_name(ledger, given["name"])
        ledger.accounts.set_password(account.id, Password(encoded=encoded, one_time=True))
        ledger.sessions.end_all(account.id)
        ledger.audit.append(_event(Action.CHANGE, account.id, now))
        return account.id

    return {"account_id": await records.write(change), "password": password}


async def make_token(records: Records, _: Hash, given: Arguments, now: dt.datetime) -> dict[str, Any]:
    """Give a station a token; the one before it no longer works."""
    token, token_hash = new_token()

    def change(ledger: Ledger) -> AccountId:
        account = _by_name(ledger, given["name"])
        if account.role is not Role.STATION:
            raise CommandFailed(f"{given['name']!r} is a {account.role}; only a station has a token")
        ledger.accounts.set_token(account.id, token_hash)
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
