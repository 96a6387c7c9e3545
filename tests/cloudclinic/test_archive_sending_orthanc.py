"""A real archive keeps what consults kept, by DIMSE and by DICOMweb, also when it was down meanwhile."""

import datetime as dt
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pydicom
import pytest

from records.archive_outbox import SendState
from records.ultrasound_exams import ArchiveTrouble
from tests.cloudclinic.archive_room import ArchiveRoom, filled
from tests.cloudclinic.test_archive_sending import all_of, states, with_ecg
from tests.fakes.orthanc import Orthanc, orthanc
from tests.fakes.records import WANG_XIUYING
from tests.records.values import consult
from tests.ultrasound.writing.objects import complaints

pytestmark = [pytest.mark.orthanc, pytest.mark.timeout(240)]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[ArchiveRoom]:
    (tmp_path / "records").mkdir()
    one = await filled(tmp_path / "records", stills=2, clips=1)
    await with_ecg(one, started_us=0, seconds=3)
    yield one
    await one.records.close()


def kept(there: Orthanc) -> list[tuple[pydicom.Dataset, bytes]]:
    files = [there.get(f"/instances/{name}/file") for name in there.told("/instances")]
    return [(pydicom.dcmread(io.BytesIO(data)), data) for data in files]


@pytest.mark.dicom3tools
@pytest.mark.parametrize("way", ["dimse", "web"])
async def test_all_of_a_consult_is_one_study_of_its_resident(
    room: ArchiveRoom, tmp_path: Path, way: str
) -> None:
    with orthanc(tmp_path) as there:
        destination: str = getattr(there, way)
        await room.queue(destination)
        await all_of(room, destination)
        entries = await room.entries()
        assert states(entries) == {SendState.SENT: 8}, [(one.kind, one.detail) for one in entries]
        found = kept(there)
        (patient,) = there.told("/patients")
        assert there.told(f"/patients/{patient}")["MainDicomTags"]["PatientID"] == WANG_XIUYING.record_number
        assert len(there.told("/studies")) == 1
    assert {str(one.SOPInstanceUID) for one, _ in found} == {one.sop_instance_uid for one in entries}
    for number, (one, data) in enumerate(found):
        assert one.AccessionNumber == consult().number
        path = tmp_path / f"{number}.dcm"
        path.write_bytes(data)
        assert complaints(path) == []


@pytest.mark.parametrize("way", ["dimse", "web"])
async def test_down_and_up_again(room: ArchiveRoom, tmp_path: Path, way: str) -> None:
    with orthanc(tmp_path) as there:
        destination, ports = getattr(there, way), (there.address.port, there.http_port)
    await room.queue(destination)
    await all_of(room, destination)
    told: Any = {one.trouble for one in await room.entries()} - {None}
    assert told == {ArchiveTrouble.UNREACHABLE}
    with orthanc(tmp_path, ports) as there:
        room.now += dt.timedelta(seconds=11)
        await all_of(room, destination)
        assert states(await room.entries()) == {SendState.SENT: 8}
        assert len(there.told("/instances")) == 8


async def test_sent_twice_it_is_there_once(room: ArchiveRoom, tmp_path: Path) -> None:
    with orthanc(tmp_path) as there:
        for destination in (there.dimse, there.web):
            await room.queue(destination)
            await all_of(room, destination)
        assert states(await room.entries()) == {SendState.SENT: 16}
        assert len(there.told("/instances")) == 8
