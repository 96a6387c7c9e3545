"""The station answers the scanner beside it with whose scan it makes, and says so where it does not know."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from records.archive_uids import study_uid
from records.audit import Action
from records.ids import ConsultId
from station.scanner_worklist import ScannerWorklist
from station.settings import StationSettings
from station.uploads import Uploads
from tests.fakes.clinic import bind, in_call
from tests.fakes.records import CHEN, STATION, WANG_XIUYING, ZHOU
from tests.fakes.scanner import asked, question
from tests.fakes.served import TOKEN, Served, open_doors

SUCCESS, UNABLE = 0x0000, 0xC001


@contextlib.asynccontextmanager
async def answering(settings: StationSettings) -> AsyncIterator[ScannerWorklist]:
    async with Uploads(settings) as uploads:
        worklist = ScannerWorklist(settings, uploads.ask)
        task = asyncio.create_task(worklist.run())
        try:
            await worklist.listening.wait()
            yield worklist
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def settings_for(port: int, token: str = TOKEN) -> StationSettings:
    return StationSettings(
        server_url=f"http://127.0.0.1:{port}",
        token=token,
        worklist_title="ROOM2",
        worklist_scanners=("VIVID",),
    )


async def ask(
    worklist: ScannerWorklist, scanner: str = "VIVID", called: str = "ROOM2"
) -> tuple[list[Any], int] | None:
    assert worklist.port is not None
    return await asyncio.to_thread(asked, worklist.port, scanner, called, question())


async def bound(served: Served) -> ConsultId:
    doctor, chen = await served.clinic.sign_in(ZHOU), await served.clinic.sign_in(CHEN)
    await served.clinic.station()
    consult_id = await in_call(served.clinic, doctor, chen)
    await bind(doctor, consult_id)
    return consult_id


async def test_a_scanner_is_told_whom_its_station_is_bound_to(tmp_path: Path) -> None:
    async with open_doors(tmp_path) as served, answering(settings_for(served.listening.port)) as worklist:
        assert await ask(worklist) == ([], SUCCESS)
        consult_id = await bound(served)
        for _ in range(2):
            answer = await ask(worklist)
            assert answer is not None and answer[1] == SUCCESS
            (item,) = answer[0]
            assert (item.PatientID, str(item.PatientName)) == (
                WANG_XIUYING.record_number,
                "Wang^Xiuying=王^秀英",
            )
            assert item.StudyInstanceUID == study_uid(consult_id, WANG_XIUYING.id)
        trail = await served.clinic.records.read(lambda ledger: [one.event for one in ledger.audit.all()])
        told = [one for one in trail if one.object_kind == "worklist_step"]
        assert [(one.action, one.actor_id, one.object_id) for one in told] == [
            (Action.EXPORT, STATION.id, consult_id)
        ]


async def test_nobody_is_answered_whom_the_station_was_not_told_of(tmp_path: Path) -> None:
    async with open_doors(tmp_path) as served, answering(settings_for(served.listening.port)) as worklist:
        await bound(served)
        assert await ask(worklist, scanner="STRANGER") is None
        assert await ask(worklist, called="OTHER") is None


async def test_a_station_without_its_server_says_that_it_does_not_know(tmp_path: Path) -> None:
    async with open_doors(tmp_path) as served:
        await bound(served)
        port = served.listening.port
        async with answering(settings_for(port, token="x" * 43)) as worklist:
            assert await ask(worklist) == ([], UNABLE)
    async with answering(settings_for(port)) as worklist:
        assert await ask(worklist) == ([], UNABLE)
