"""The samples of studies on the disk of a running clinic, under the resident's own key."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
import pytest_asyncio

from cloudclinic.ecg_archive import EcgArchive
from records.ecg_studies import EcgStudy
from records.errors import NotFound, SealBroken
from records.ids import EcgStudyId
from records.store.database import Database
from tests.fakes.ecgs import a_tracing
from tests.fakes.records import LI_JIANGUO, WANG_XIUYING, fake_records
from tests.records.ecgs import study

ID = EcgStudyId("0190abcdef")


@pytest_asyncio.fixture
async def records(tmp_path: Path) -> AsyncIterator[Database]:
    database = await fake_records(tmp_path)
    yield database
    await database.close()


async def kept(archive: EcgArchive) -> EcgStudy:
    seal = await archive.keep(ID, WANG_XIUYING.id, a_tracing())
    return study(id=ID, seal=seal)


async def test_samples_come_back_as_they_were_kept(records: Database, tmp_path: Path) -> None:
    archive = EcgArchive(tmp_path / "ecgs", records.cipher)
    found = await archive.tracing(await kept(archive))
    pairs = zip(found.channels, a_tracing().channels, strict=True)
    assert all(np.array_equal(one.samples, other.samples) for one, other in pairs)


async def test_they_open_under_the_key_of_whom_they_were_taken_for(records: Database, tmp_path: Path) -> None:
    """A study that was moved keeps its key; another resident's does not open it."""
    archive = EcgArchive(tmp_path / "ecgs", records.cipher)
    one = await kept(archive)
    moved = msgspec.structs.replace(one, resident_id=LI_JIANGUO.id)
    assert (await archive.tracing(moved)).sample_count == 5000
    wrong = msgspec.structs.replace(one.seal, resident_id=LI_JIANGUO.id)
    with pytest.raises(SealBroken):
        await archive.tracing(msgspec.structs.replace(one, seal=wrong))


async def test_what_was_not_filed_after_all_is_gone(records: Database, tmp_path: Path) -> None:
    archive = EcgArchive(tmp_path / "ecgs", records.cipher)
    one = await kept(archive)
    await archive.forget(ID)
    await archive.forget(ID)
    with pytest.raises(NotFound):
        await archive.tracing(one)
