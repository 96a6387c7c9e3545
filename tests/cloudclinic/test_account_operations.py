"""What `cloudclinic account` changes, on the real store."""

from pathlib import Path

import pytest

from cloudclinic.account_operations import OPERATIONS
from cloudclinic.errors import CommandFailed
from records.ids import SessionId
from records.sessions import Session
from records.store.database import Database
from tests.fakes.records import BINJIANG, CHEN, NOW, STATION, ZHOU, fake_records


def hashed(password: str) -> str:
    return f"hash of {password}"


async def run(records: Database, operation: str, /, **given: object) -> dict[str, object]:
    return await OPERATIONS[f"account.{operation}"](records, hashed, given, NOW)


@pytest.fixture
async def records(tmp_path: Path):  # type: ignore[no-untyped-def]
    database = await fake_records(tmp_path)
    yield database
    await database.close()


async def test_a_new_account_gets_a_password_for_one_sign_in(records: Database) -> None:
    done = await run(records, "add", name="new", role="nurse", institution=BINJIANG.name_zh)
    account = await records.read(lambda ledger: ledger.accounts.by_name("new"))
    assert account is not None and account.institution_id == BINJIANG.id
    password = await records.read(lambda ledger: ledger.accounts.password(account.id))
    assert password is not None and password.one_time
    assert password.encoded == f"hash of {done['password']}"


async def test_a_name_is_given_once(records: Database) -> None:
    with pytest.raises(CommandFailed, match="sign_in_name: taken"):
        await run(records, "add", name=ZHOU.sign_in_name, role="nurse", institution=BINJIANG.name_zh)


async def test_what_the_pages_refuse_the_command_refuses(records: Database) -> None:
    with pytest.raises(CommandFailed) as refused:
        wrong = {"name": "li li", "display_name": "x" * 81, "specialties": ["astrology"]}
        await run(records, "add", role="specialist", institution=BINJIANG.name_zh, **wrong)
    told = [fault.split(":")[0] for fault in str(refused.value).splitlines()]
    assert told == ["sign_in_name", "display_name", "specialties"]


async def test_a_station_has_a_token_and_never_a_password(records: Database) -> None:
    done = await run(records, "add", name="station-9", role="station", institution=BINJIANG.name_zh)
    assert "password" not in done
    account = await records.read(lambda ledger: ledger.accounts.by_name("station-9"))
    assert account is not None
    assert await records.read(lambda ledger: ledger.accounts.password(account.id)) is None
    with pytest.raises(CommandFailed, match="account token"):
        await run(records, "password", name="station-9")
    assert (await run(records, "token", name="station-9"))["token"]


async def test_an_unknown_role_is_answered_by_the_known_ones(records: Database) -> None:
    with pytest.raises(CommandFailed, match="community_doctor, nurse"):
        await run(records, "add", name="new", role="king", institution=BINJIANG.name_zh)


async def test_disabling_ends_every_session(records: Database) -> None:
    session = Session(
        id=SessionId("s1"),
        account_id=CHEN.id,
        token_hash="00" * 32,
        started_at=NOW,
        last_used_at=NOW,
        expires_at=NOW,
        address="127.0.0.1",
    )
    await records.write(lambda ledger: ledger.sessions.add(session))
    await run(records, "set_disabled", name=CHEN.sign_in_name, disabled=True)
    assert await records.read(lambda ledger: ledger.sessions.of_account(CHEN.id)) == ()
    assert (await records.read(lambda ledger: ledger.accounts.get(CHEN.id))).disabled


async def test_only_the_hash_of_a_stations_token_is_kept(records: Database) -> None:
    done = await run(records, "token", name=STATION.sign_in_name)
    assert await records.read(lambda ledger: ledger.accounts.by_token(str(done["token"]))) is None
    await run(records, "revoke", name=STATION.sign_in_name)
    assert await records.read(lambda ledger: ledger.accounts.with_token()) == frozenset()


async def test_people_have_no_token(records: Database) -> None:
    with pytest.raises(CommandFailed, match="only a station"):
        await run(records, "token", name=ZHOU.sign_in_name)


async def test_every_change_leaves_one_audit_entry(records: Database) -> None:
    before = len(list(await records.read(lambda ledger: tuple(ledger.audit.all()))))
    await run(records, "password", name=ZHOU.sign_in_name)
    after = await records.read(lambda ledger: tuple(ledger.audit.all()))
    assert len(after) == before + 1
    assert after[-1].event.actor_role == "command_line"
