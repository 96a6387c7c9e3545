"""Transactions: wholly or not at all, one writer, readers that cannot write, and disks that fail."""

import asyncio
import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest
from sqlalchemy.exc import OperationalError

from records.errors import Conflict, NotFound, StoreError, StoreLocked, StoreReadOnly
from records.ids import ConsultId, InstitutionId
from records.ledger import Ledger
from records.store.database import FILE_NAME, Database
from records.store.ledger import SqlLedger
from records.store.vault import Vault
from tests.fakes.records import BINJIANG, ZHOU, fake_records
from tests.records.values import consult, event


class Interrupted(Exception):
    """Something the work raised by itself."""


def rename(ledger: Ledger) -> None:
    ledger.directory.save_institution(msgspec.structs.replace(BINJIANG, name_en="Renamed"))


async def test_what_was_written_is_read_back_by_the_next_process(tmp_path: Path) -> None:
    first = await fake_records(tmp_path)
    await first.write(rename)
    await first.close()
    second = await Database.open(tmp_path, Vault.open(tmp_path / "master.key"))
    found = await second.read(lambda ledger: ledger.directory.institution(BINJIANG.id))
    await second.close()
    assert found.name_en == "Renamed"


async def test_a_work_that_raises_leaves_nothing_behind(records: Database) -> None:
    def work(ledger: Ledger) -> None:
        rename(ledger)
        ledger.audit.append(event())
        ledger.consults.next_number(event().at.date())
        raise Interrupted

    with pytest.raises(Interrupted):
        await records.write(work)
    assert await records.read(lambda ledger: ledger.directory.institution(BINJIANG.id)) == BINJIANG
    assert await records.read(lambda ledger: list(ledger.audit.all())) == []
    number = await records.write(lambda ledger: ledger.consults.next_number(event().at.date()))
    assert number == "HZ-20261123-0001"


async def test_reading_cannot_write(records: Database) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        await records.read(rename)
    assert await records.read(lambda ledger: ledger.directory.institution(BINJIANG.id)) == BINJIANG


async def test_writes_at_the_same_instant_come_one_after_the_other(records: Database) -> None:
    day = event().at.date()
    numbers = await asyncio.gather(
        *(records.write(lambda ledger: ledger.consults.next_number(day)) for _ in range(30))
    )
    assert sorted(numbers) == [f"HZ-20261123-{running:04}" for running in range(1, 31)]


async def test_a_reader_sees_one_moment_while_somebody_writes(records: Database) -> None:
    loop = asyncio.get_running_loop()
    began, wrote = asyncio.Event(), asyncio.Event()

    def look_twice(ledger: SqlLedger) -> tuple[str, str]:
        before = ledger.directory.institution(BINJIANG.id).name_en
        loop.call_soon_threadsafe(began.set)
        asyncio.run_coroutine_threadsafe(wrote.wait(), loop).result(10)
        return before, ledger.directory.institution(BINJIANG.id).name_en

    reading = asyncio.create_task(records.read(look_twice))
    await began.wait()
    await records.write(rename)
    wrote.set()
    before, after = await reading
    assert before == after == BINJIANG.name_en


async def test_what_refers_to_nothing_is_not_found_and_what_exists_is_a_conflict(records: Database) -> None:
    with pytest.raises(NotFound):
        await records.write(lambda ledger: ledger.consults.add(consult(asked_by="nobody")))
    await records.write(lambda ledger: ledger.consults.add(consult()))
    with pytest.raises(Conflict):
        await records.write(lambda ledger: ledger.consults.add(consult()))
    with pytest.raises(Conflict):
        await records.write(lambda ledger: ledger.consults.add(consult(id=ConsultId("same number"))))


async def test_an_error_caught_within_a_transaction_does_not_end_it(records: Database) -> None:
    def work(ledger: Ledger) -> None:
        with pytest.raises(Conflict):
            ledger.accounts.add(ZHOU)
        rename(ledger)

    await records.write(work)
    found = await records.read(lambda ledger: ledger.directory.institution(BINJIANG.id))
    assert found.name_en == "Renamed"


async def test_two_processes_never_have_one_directory(records: Database, tmp_path: Path) -> None:
    with pytest.raises(StoreLocked, match=f"process {os.getpid()} has"):
        await Database.open(tmp_path, Vault.open(tmp_path / "master.key"))
    await records.write(rename)


async def test_a_closed_store_lets_the_next_one_in_and_takes_nothing_more(tmp_path: Path) -> None:
    records = await fake_records(tmp_path)
    await records.close()
    with pytest.raises(StoreError, match="closed"):
        await records.write(rename)
    with pytest.raises(StoreError, match="closed"):
        await records.read(lambda ledger: ledger.accounts.all())
    again = await Database.open(tmp_path, Vault.open(tmp_path / "master.key"))
    await again.close()


async def test_a_damaged_file_is_refused_at_the_start(tmp_path: Path) -> None:
    records = await fake_records(tmp_path)
    await records.close()
    with (tmp_path / FILE_NAME).open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xa5" * 4096 * 4)
    with pytest.raises(StoreError, match="restore the latest backup"):
        await Database.open(tmp_path, Vault.open(tmp_path / "master.key"))


async def test_what_is_no_database_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"something else entirely" * 100)
    with pytest.raises(StoreError, match="damaged"):
        await Database.open(tmp_path, Vault.create(tmp_path / "master.key"))


async def test_a_lock_held_by_a_stranger_is_told_and_waited_out(records: Database, tmp_path: Path) -> None:
    await records.setting("busy_timeout=0")
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program"):
            await records.write(rename)
        stranger.execute("ROLLBACK")
    await records.write(rename)


def many(ledger: Ledger) -> None:
    for number in range(300):
        ledger.directory.save_institution(
            msgspec.structs.replace(BINJIANG, id=InstitutionId(f"new {number}"), address="路" * 2_000)
        )


async def test_a_full_disk_refuses_the_write_and_takes_the_next_when_there_is_space(
    records: Database,
) -> None:
    # The limit SQLite meets is its own here; its answer is that of a full disk.
    await records.setting("max_page_count=1")
    with pytest.raises(StoreReadOnly, match="free some space"):
        await records.write(many)
    await records.setting("max_page_count=1000000")
    assert len(await records.read(lambda ledger: ledger.directory.institutions())) == 3
    await records.write(many)


@contextmanager
def failing_disk(limit_bytes: int) -> Iterator[None]:
    """Let the kernel refuse every write beyond a length of file (EFBIG): to SQLite a failed write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_after_a_failed_write_nothing_is_acknowledged_any_more(
    records: Database, tmp_path: Path
) -> None:
    with failing_disk((tmp_path / f"{FILE_NAME}-wal").stat().st_size):
        with pytest.raises(StoreReadOnly, match="writing to disk failed"):
            await records.write(many)
    with pytest.raises(StoreReadOnly, match="until a restart"):
        await records.write(rename)
    assert len(await records.read(lambda ledger: ledger.directory.institutions())) == 3


async def test_an_audit_end_that_cannot_be_noted_stops_the_writing(records: Database, tmp_path: Path) -> None:
    os.truncate(records.audit_head_path, 100_000_000)  # sparse: the next line lies beyond the limit
    with failing_disk(50_000_000):
        with pytest.raises(StoreReadOnly, match="audit trail"):
            await records.write(lambda ledger: ledger.audit.append(event()))
    with pytest.raises(StoreReadOnly):
        await records.write(rename)


async def test_the_files_settings_are_those_that_survive_a_power_cut(records: Database) -> None:
    assert await records.setting("journal_mode") == "wal"
    assert await records.setting("synchronous") == 2  # FULL
    assert await records.setting("foreign_keys") == 1
    assert await records.setting("busy_timeout") == 5_000


async def test_no_name_or_number_is_in_an_error(records: Database) -> None:
    with pytest.raises(OperationalError) as refused:
        await records.read(rename)
    assert "滨江" not in str(refused.value)


def test_the_library_is_safe_for_threads() -> None:
    assert sqlite3.threadsafety == 3  # serialised: connections are closed by another thread
