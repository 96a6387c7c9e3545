"""The audit trail: one entry with its change, and nothing taken back unseen."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from records.ids import AccountId, ResidentId
from records.ledger import Ledger
from records.store.audit_verification import AuditReport, verify
from records.store.database import AUDIT_HEAD_NAME, FILE_NAME, Database
from records.store.vault import Vault
from tests.fakes.records import LI_JIANGUO, SUN, WANG_XIUYING, ZHOU, fake_records
from tests.records.values import event, later

Tamper = Callable[[sqlite3.Connection], object]


async def write_ten(records: Database) -> None:
    for number in range(10):
        await records.write(lambda ledger, n=number: ledger.audit.append(event(at=later(n))))  # type: ignore[misc]


async def report_after(tmp_path: Path, tamper: Tamper) -> AuditReport:
    """Write ten entries, let somebody with the file and no triggers change it, and verify."""
    records = await fake_records(tmp_path)
    await write_ten(records)
    await records.close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        connection.execute("DROP TRIGGER audit_entries_no_update")
        connection.execute("DROP TRIGGER audit_entries_no_delete")
        tamper(connection)
    return await verified(tmp_path)


async def verified(tmp_path: Path) -> AuditReport:
    records = await Database.open(tmp_path, Vault.open(tmp_path / "master.key"))
    try:
        return await verify(records)
    finally:
        await records.close()


async def test_an_untouched_trail_is_whole(tmp_path: Path) -> None:
    report = await report_after(tmp_path, lambda _: None)
    assert (report.entries, report.broken_at, report.whole) == (10, None, True)


async def test_an_empty_trail_is_whole(records: Database) -> None:
    assert (await verify(records)).whole


@pytest.mark.parametrize(
    ("sql", "broken_at"),
    [
        ("UPDATE audit_entries SET body = replace(body, 'zhou', 'chen') WHERE seq = 4", 4),
        ("UPDATE audit_entries SET resident_id = 'li' WHERE seq = 4", 4),
        ("UPDATE audit_entries SET actor_id = NULL WHERE seq = 4", 4),
        ("UPDATE audit_entries SET at = at + 1 WHERE seq = 4", 4),
        ("UPDATE audit_entries SET body = x'00' WHERE seq = 4", 4),
        ("UPDATE audit_entries SET hash = previous_hash WHERE seq = 4", 4),
        ("DELETE FROM audit_entries WHERE seq = 1", 1),
        ("DELETE FROM audit_entries WHERE seq = 4", 4),
        ("DELETE FROM audit_entries WHERE seq > 7", 8),
        ("DELETE FROM audit_entries", 1),
        (
            "UPDATE audit_entries SET seq = CASE seq WHEN 4 THEN -5 ELSE 4 END WHERE seq IN (4, 5);"
            "UPDATE audit_entries SET seq = 5 WHERE seq = -5",
            4,
        ),
    ],
)
async def test_edit_deletion_change_of_order_and_cut_are_found(
    tmp_path: Path, sql: str, broken_at: int
) -> None:
    report = await report_after(tmp_path, lambda connection: connection.executescript(sql))
    assert report.broken_at == broken_at
    assert not report.whole


async def test_a_trail_that_was_cut_and_grew_again_is_found(tmp_path: Path) -> None:
    await report_after(
        tmp_path, lambda connection: connection.execute("DELETE FROM audit_entries WHERE seq > 7")
    )
    records = await Database.open(tmp_path, Vault.open(tmp_path / "master.key"))
    for _ in range(5):
        await records.write(lambda ledger: ledger.audit.append(event(reason="afterwards")))
    report = await verify(records)
    await records.close()
    assert (report.entries, report.broken_at) == (12, 8)


async def test_a_file_of_ends_begun_anew_is_found(tmp_path: Path) -> None:
    records = await fake_records(tmp_path)
    await write_ten(records)
    await records.close()
    (tmp_path / AUDIT_HEAD_NAME).unlink()
    report = await verified(tmp_path)
    assert report.notes_missing and not report.whole


async def test_an_end_torn_by_a_power_cut_is_passed_over(tmp_path: Path) -> None:
    records = await fake_records(tmp_path)
    await write_ten(records)
    await records.close()
    head = tmp_path / AUDIT_HEAD_NAME
    head.write_bytes(head.read_bytes()[:-20])
    records = await Database.open(tmp_path, Vault.open(tmp_path / "master.key"))
    await write_ten(records)
    report = await verify(records)
    await records.close()
    assert (report.entries, report.whole) == (20, True)


async def test_the_database_itself_refuses_to_change_or_delete(tmp_path: Path) -> None:
    records = await fake_records(tmp_path)
    await write_ten(records)
    await records.close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        for sql in ("UPDATE audit_entries SET body = x''", "DELETE FROM audit_entries WHERE seq = 10"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(sql)


async def test_search_is_by_person_resident_and_time_newest_first(records: Database) -> None:
    def fill(ledger: Ledger) -> None:
        for minute, (actor, resident) in enumerate(
            [(ZHOU, WANG_XIUYING), (SUN, WANG_XIUYING), (ZHOU, LI_JIANGUO), (ZHOU, WANG_XIUYING)]
        ):
            ledger.audit.append(event(at=later(minute), actor_id=actor.id, resident_id=resident.id))

    await records.write(fill)

    async def found(**asked: object) -> list[int]:
        entries = await records.read(lambda ledger: ledger.audit.search(**asked))  # type: ignore[arg-type]
        return [entry.seq for entry in entries]

    assert await found() == [4, 3, 2, 1]
    assert await found(actor_id=AccountId("zhou")) == [4, 3, 1]
    assert await found(resident_id=ResidentId("wang")) == [4, 2, 1]
    assert await found(actor_id=ZHOU.id, resident_id=WANG_XIUYING.id) == [4, 1]
    assert await found(since=later(1), until=later(3)) == [3, 2]
    assert await found(before_seq=4, limit=2) == [3, 2]
    assert await found(actor_id=AccountId("nobody")) == []


async def test_several_entries_of_one_change_follow_each_other(records: Database) -> None:
    entries = await records.write(lambda ledger: [ledger.audit.append(event()), ledger.audit.append(event())])
    assert [entry.seq for entry in entries] == [1, 2]
    assert entries[1].previous_hash == entries[0].hash
    assert (await verify(records)).whole
