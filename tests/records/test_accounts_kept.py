"""Accounts, sessions and the directory, as the store keeps them."""

import datetime as dt

import msgspec
import pytest

from records.accounts import Role
from records.errors import Conflict, NotFound
from records.ids import AccountId, SessionId
from records.ledger import Ledger
from records.sessions import Password, Session
from records.store.database import Database
from tests.fakes.records import (
    ACCOUNTS,
    BINJIANG,
    CHEN,
    HEART,
    INSTITUTIONS,
    NOW,
    SPECIALTIES,
    STATION,
    SUN,
    WU,
    ZHAO,
    ZHOU,
)
from tests.records.values import later


def session(name: str, of: AccountId, used: dt.datetime = NOW) -> Session:
    return Session(
        id=SessionId(name),
        account_id=of,
        token_hash=f"hash of {name}",
        started_at=NOW,
        last_used_at=used,
        expires_at=later(600),
        address="127.0.0.1",
    )


async def test_a_sign_in_name_is_found_in_any_case_and_taken_once(records: Database) -> None:
    assert await records.read(lambda ledger: ledger.accounts.by_name(" ZHOU ")) == ZHOU
    assert await records.read(lambda ledger: ledger.accounts.by_name("nobody")) is None
    twin = msgspec.structs.replace(ZHOU, id=AccountId("twin"), sign_in_name="Zhou")
    with pytest.raises(Conflict):
        await records.write(lambda ledger: ledger.accounts.add(twin))


async def test_accounts_are_listed_by_name_and_role(records: Database) -> None:
    everybody = await records.read(lambda ledger: ledger.accounts.all())
    assert everybody == tuple(sorted(ACCOUNTS, key=lambda account: account.sign_in_name))
    assert await records.read(lambda ledger: ledger.accounts.by_role(Role.SPECIALIST)) == (CHEN, ZHAO)


async def test_a_changed_account_keeps_its_password_and_token(records: Database) -> None:
    password = Password(encoded="$argon2id$...", one_time=True)
    disabled = msgspec.structs.replace(STATION, disabled=True)

    def change(ledger: Ledger) -> None:
        ledger.accounts.set_password(STATION.id, password)
        ledger.accounts.set_token(STATION.id, "hash")
        ledger.accounts.save(disabled)

    await records.write(change)
    assert await records.read(lambda ledger: ledger.accounts.password(STATION.id)) == password
    assert await records.read(lambda ledger: ledger.accounts.by_token("hash")) == disabled
    assert await records.read(lambda ledger: ledger.accounts.with_token()) == {STATION.id}


async def test_a_revoked_token_opens_nothing(records: Database) -> None:
    await records.write(lambda ledger: ledger.accounts.set_token(STATION.id, "hash"))
    await records.write(lambda ledger: ledger.accounts.set_token(STATION.id, None))
    assert await records.read(lambda ledger: ledger.accounts.by_token("hash")) is None
    assert await records.read(lambda ledger: ledger.accounts.with_token()) == frozenset()


async def test_nobody_has_no_password(records: Database) -> None:
    assert await records.read(lambda ledger: ledger.accounts.password(WU.id)) is None
    password = Password(encoded="x", one_time=False)
    with pytest.raises(NotFound):
        await records.write(lambda ledger: ledger.accounts.set_password(AccountId("nobody"), password))


async def test_an_ended_session_is_gone_and_its_use_is_remembered(records: Database) -> None:
    def sign_in(ledger: Ledger) -> None:
        ledger.sessions.add(session("one", ZHOU.id))
        ledger.sessions.add(session("two", ZHOU.id))
        ledger.sessions.add(session("hers", SUN.id))
        ledger.sessions.touch(SessionId("one"), later(7))

    await records.write(sign_in)
    one = session("one", ZHOU.id, later(7))
    assert await records.read(lambda ledger: ledger.sessions.by_token("hash of one")) == one
    of_zhou = await records.read(lambda ledger: ledger.sessions.of_account(ZHOU.id))
    assert [found.id for found in of_zhou] == ["one", "two"]
    await records.write(lambda ledger: ledger.sessions.end(SessionId("one")))
    assert await records.read(lambda ledger: ledger.sessions.by_token("hash of one")) is None
    assert await records.write(lambda ledger: ledger.sessions.end_all(ZHOU.id)) == ("two",)
    assert await records.read(lambda ledger: ledger.sessions.of_account(ZHOU.id)) == ()
    assert await records.read(lambda ledger: ledger.accounts.last_used()) == {ZHOU.id: later(7), SUN.id: NOW}


async def test_a_session_that_ended_cannot_be_touched(records: Database) -> None:
    with pytest.raises(NotFound):
        await records.write(lambda ledger: ledger.sessions.touch(SessionId("gone"), NOW))


async def test_the_directory_is_replaced_by_id_and_code(records: Database) -> None:
    renamed = msgspec.structs.replace(SPECIALTIES[0], name_en="Heart")

    def change(ledger: Ledger) -> None:
        ledger.directory.save_specialty(renamed)
        ledger.directory.save_department(HEART)
        ledger.directory.save_institution(BINJIANG)

    await records.write(change)
    assert await records.read(lambda ledger: ledger.directory.institutions()) == INSTITUTIONS
    assert await records.read(lambda ledger: ledger.directory.departments()) == (HEART,)
    found = await records.read(lambda ledger: ledger.directory.specialties())
    assert found == (renamed, SPECIALTIES[2], SPECIALTIES[1])
