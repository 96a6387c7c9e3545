"""A scanner is told whom it scans, by the consult; nobody else's, and no other scanner."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from cloudclinic.scanners import scanners_of
from cloudclinic.worklist_server import WorklistServer
from records.archive_uids import study_uid
from records.consults import ConsultState
from records.exchange.archive.scheduled import ScannerWorklist
from records.exchange.archive.worklist_answers import Listen
from records.ids import ConsultId
from records.ledger import Ledger
from records.store.database import Database
from tests.fakes.records import LI_JIANGUO, LIUXI, NOW, STATION, WANG_XIUYING, fake_records
from tests.fakes.scanner import asked, question
from tests.records.values import another_consult, binding, consult


@contextlib.asynccontextmanager
async def opened(directory: Path) -> AsyncIterator[tuple[Database, WorklistServer]]:
    records = await fake_records(directory)
    scanners = {"VIVID": STATION.sign_in_name, "GONE": "no such station"}
    listen = Listen(host="127.0.0.1", port=0, title="CLINIC", scanners=tuple(scanners))
    server = WorklistServer(records, ScannerWorklist(), lambda: NOW, listen, scanners)
    task = asyncio.create_task(server.run())
    try:
        await server.listening.wait()
        yield records, server
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await records.close()


async def ask(
    server: WorklistServer, scanner: str = "VIVID", called: str = "CLINIC", **keys: str
) -> list[Any] | None:
    assert server.port is not None
    answer = await asyncio.to_thread(asked, server.port, scanner, called, question(**keys))
    return None if answer is None else list(answer[0])


async def add(records: Database, *bound: bool) -> None:
    def write(ledger: Ledger) -> None:
        ledger.consults.add(consult(state=ConsultState.ACCEPTED))
        ledger.consults.add(another_consult("second", 2, resident_id=LI_JIANGUO.id))
        ledger.consults.add(another_consult("over", 3, state=ConsultState.CLOSED))
        ledger.consults.add(another_consult("elsewhere", 4, institution_id=LIUXI.id))
        if bound:
            ledger.bindings.add(binding())

    await records.write(write)


async def test_a_bound_station_has_one_scan_to_make_with_the_consults_identity(tmp_path: Path) -> None:
    async with opened(tmp_path) as (records, server):
        await add(records, True)
        (item,) = await ask(server) or []
    assert str(item.PatientName) == "Wang^Xiuying=王^秀英"
    assert item.PatientID == WANG_XIUYING.record_number
    assert item.AccessionNumber == consult().number
    assert item.StudyInstanceUID == study_uid(consult().id, WANG_XIUYING.id)
    (step,) = item.ScheduledProcedureStepSequence
    assert (step.Modality, step.ScheduledStationAETitle) == ("US", "VIVID")
    assert step.ScheduledProcedureStepStartDate == "20261123"


async def test_an_unbound_one_has_those_of_its_institution_that_are_not_over(tmp_path: Path) -> None:
    async with opened(tmp_path) as (records, server):
        await add(records)
        assert {one.PatientID for one in await ask(server) or []} == {
            WANG_XIUYING.record_number,
            LI_JIANGUO.record_number,
        }
        for keys, count in (
            ({"PatientID": LI_JIANGUO.record_number}, 1),
            ({"PatientName": "wang*"}, 1),
            ({"PatientName": "王*"}, 1),
            ({"PatientID": "*"}, 2),
            ({"Modality": "CT"}, 0),
            ({"ScheduledStationAETitle": "OTHER"}, 0),
            ({"ScheduledProcedureStepStartDate": "20261123"}, 2),
            ({"ScheduledProcedureStepStartDate": "20261120-20261122"}, 0),
            ({"ScheduledProcedureStepStartDate": "20261120-"}, 2),
            ({"AccessionNumber": consult().number}, 1),
        ):
            assert len(await ask(server, **keys) or []) == count, keys
        trail = await records.read(lambda ledger: [one.event for one in ledger.audit.all()])
        told = [one for one in trail if one.object_kind == "worklist_step"]
        assert {(one.object_id, one.resident_id) for one in told} == {
            (consult().id, WANG_XIUYING.id),
            (ConsultId("second"), LI_JIANGUO.id),
        }
        assert len(told) == 2


async def test_nobody_else_is_answered(tmp_path: Path) -> None:
    async with opened(tmp_path) as (records, server):
        await add(records)
        assert await ask(server, scanner="STRANGER") is None
        assert await ask(server, called="OTHER") is None
        assert await ask(server, scanner="GONE") == []


@pytest.mark.parametrize("texts", [("VIVID",), ("=station",), ("VIVID=",), ("A=b", "A=c")])
def test_scanners_that_are_not_understood_are_refused(texts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError):
        scanners_of(texts)
