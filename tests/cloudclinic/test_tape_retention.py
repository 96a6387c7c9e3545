"""The daily job deletes what is due and says so; a legal hold stops it."""

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from cloudclinic.tape_library import TapeLibrary
from cloudclinic.tape_retention import delete_daily, delete_due
from records.audit import Action, AuditEvent
from records.consults import Consult
from records.errors import RuleBroken
from records.ids import ConsentId, TapeId
from records.ledger import Ledger
from records.rules import Rule
from records.store.database import Database
from records.tapes import LegalHold, Tape, TapeEnd, deleted, ended, sealed
from tests.cloudclinic.test_tape_library import cipher_of, key_of
from tests.fakes.records import HAN, NOW, WANG_XIUYING, ZHOU, fake_records
from tests.fakes.tapes import write_tape
from tests.records.values import consult

KEPT = dt.timedelta(days=90)
OLD, NEW, HELD = TapeId("old"), TapeId("new"), TapeId("held")


def tape(tape_id: TapeId, of: Consult, seal_from: Path, ended_at: dt.datetime) -> Tape:
    begun = Tape(
        id=tape_id,
        consult_id=of.id,
        resident_id=of.resident_id,
        consent_id=ConsentId("consent"),
        started_by=ZHOU.id,
        started_at=ended_at - dt.timedelta(minutes=5),
        simulated=True,
    )
    return sealed(ended(begun, TapeEnd.STOPPED, ended_at, KEPT), write_tape(seal_from, tape_id))


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Database]:
    store = await fake_records(tmp_path)
    hold = LegalHold(by=HAN.id, at=NOW, reason="court order 17")

    def fill(ledger: Ledger) -> None:
        ledger.consults.add(consult())
        old = tape(OLD, consult(), tmp_path / "tapes", NOW)
        ledger.tapes.add(old)
        ledger.tapes.add(tape(NEW, consult(), tmp_path / "tapes", NOW + dt.timedelta(days=1)))
        held = tape(HELD, consult(), tmp_path / "tapes", NOW)
        ledger.tapes.add(msgspec.structs.replace(held, hold=hold))

    await store.write(fill)
    yield store
    await store.close()


def shelf(tmp_path: Path) -> TapeLibrary:
    return TapeLibrary(tmp_path / "tapes", cipher_of, key_of)


async def trail(records: Database) -> list[AuditEvent]:
    return await records.read(lambda ledger: [one.event for one in ledger.audit.all()])


async def test_what_is_due_is_deleted_and_written_down_and_nothing_else(
    records: Database, tmp_path: Path
) -> None:
    library = shelf(tmp_path)
    assert await delete_due(records, library, NOW + KEPT - dt.timedelta(seconds=1)) == ()
    assert await library.stored() == (HELD, NEW, OLD)
    now = NOW + KEPT
    assert await delete_due(records, library, now) == (OLD,)
    assert await library.stored() == (HELD, NEW)
    event = (await trail(records))[-1]
    assert (event.action, event.object_id, event.resident_id, event.reason, event.actor_role) == (
        Action.DELETE,
        OLD,
        WANG_XIUYING.id,
        "due",
        "server",
    )
    gone = await records.read(lambda ledger: ledger.tapes.get(OLD))
    assert gone.deleted_at == now and not gone.playable
    assert await delete_due(records, library, now) == ()


async def test_a_legal_hold_stops_it_until_it_is_released(records: Database, tmp_path: Path) -> None:
    library, later = shelf(tmp_path), NOW + dt.timedelta(days=4000)
    assert set(await delete_due(records, library, later)) == {OLD, NEW}
    assert await library.stored() == (HELD,)

    def release(ledger: Ledger) -> None:
        ledger.tapes.save(msgspec.structs.replace(ledger.tapes.get(HELD), hold=None))

    await records.write(release)
    assert await delete_due(records, library, later) == (HELD,)
    assert await library.stored() == ()


async def test_content_that_a_dead_server_left_behind_goes_the_next_time(
    records: Database, tmp_path: Path
) -> None:
    library = shelf(tmp_path)
    await delete_due(records, library, NOW + KEPT)
    write_tape(tmp_path / "tapes", OLD)  # as if it had died before the file was gone
    write_tape(tmp_path / "tapes", "unknown")
    await delete_due(records, library, NOW + KEPT)
    assert await library.stored() == (HELD, NEW, TapeId("unknown"))


def test_a_running_or_held_tape_is_never_deleted(tmp_path: Path) -> None:
    done = tape(OLD, consult(), tmp_path, NOW)
    hold = LegalHold(by=HAN.id, at=NOW, reason="court order 17")
    with pytest.raises(RuleBroken) as held:
        deleted(msgspec.structs.replace(done, hold=hold), NOW)
    with pytest.raises(RuleBroken) as runs:
        deleted(msgspec.structs.replace(done, ended_at=None), NOW)
    assert [held.value.rule, runs.value.rule] == [Rule.TAPE_HELD, Rule.TAPE_RUNS]


class Days:
    """Lets the job's days go by, one at each rest; after the last it is stopped."""

    def __init__(self, days: int) -> None:
        self.now, self.left = NOW, days
        self.rests: list[float] = []

    def clock(self) -> dt.datetime:
        return self.now

    async def rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.now += dt.timedelta(seconds=seconds)
        self.left -= 1
        if self.left == 0:
            raise asyncio.CancelledError


class BrokenOnce(TapeLibrary):
    """A disk that refuses the first time it is asked."""

    asked = 0

    async def delete(self, tape_id: TapeId) -> None:
        self.asked += 1
        if self.asked == 1:
            raise OSError("input/output error")
        await super().delete(tape_id)


async def test_the_job_runs_every_day_logs_what_it_deletes_and_tries_again_what_failed(
    records: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    library, days = BrokenOnce(tmp_path / "tapes", cipher_of, key_of), Days(93)
    monkeypatch.setattr("cloudclinic.tape_retention.asyncio.sleep", days.rest)
    with caplog.at_level(logging.INFO), pytest.raises(asyncio.CancelledError):
        await delete_daily(records, library, days.clock)
    assert set(days.rests) == {24 * 3600.0} and len(days.rests) == 93
    assert await library.stored() == (HELD,)
    logged = [one.getMessage() for one in caplog.records if one.name == "cloudclinic.tape_retention"]
    assert logged == [
        "tapes that are due could not be deleted",
        "tape new: its content was deleted",
        "tape old: its content was deleted",
    ]
