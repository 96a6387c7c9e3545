"""A running server: what was queued before it started reaches the archive, and a scanner is answered."""

import asyncio
from pathlib import Path

import pytest

from cloudclinic.directory import DataDirectory
from cloudclinic.running import open_server, open_store
from cloudclinic.settings import Settings
from records.archive_outbox import SendState
from tests.cloudclinic.archive_room import filled
from tests.cloudclinic.test_archive_sending import ALL, at
from tests.fakes.archive import archive
from tests.fakes.ports import free_port
from tests.fakes.records import STATION, WANG_XIUYING
from tests.fakes.scanner import asked, question
from tests.records.values import another_consult, consult


@pytest.mark.timeout(120)
async def test_a_server_sends_what_waits_and_answers_its_scanner(tmp_path: Path) -> None:
    room = await filled(tmp_path)
    with archive(ALL) as there:
        await room.queue(at(there))
        await room.records.write(lambda ledger: ledger.consults.add(another_consult("now", 2)))
        await room.records.close()
        settings = Settings(
            port=0,
            data=tmp_path,
            archives=(at(there),),
            worklist_port=free_port(),
            worklist_scanners=(f"VIVID={STATION.sign_in_name}",),
        )
        async with open_store(DataDirectory(tmp_path)) as store, open_server(settings, store):
            async with asyncio.timeout(90):
                await listens(settings.worklist_port)
                answer = await asyncio.to_thread(
                    asked, settings.worklist_port, "VIVID", settings.worklist_title, question()
                )
                while True:
                    entries = await store.records.read(
                        lambda ledger: ledger.archive_outbox.of_consult(consult().id)
                    )
                    if {one.state for one in entries} == {SendState.SENT}:
                        break
                    await asyncio.sleep(0.1)
    assert answer is not None and [item.PatientID for item in answer[0]] == [WANG_XIUYING.record_number]
    assert {str(one.SOPInstanceUID) for one in there.kept} == {one.sop_instance_uid for one in entries}


async def listens(port: int) -> None:
    """Until somebody does."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        await writer.wait_closed()
        return
