"""A filled store for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from records.store.database import Database
from tests.fakes.records import fake_records


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Database]:
    database = await fake_records(tmp_path)
    yield database
    await database.close()
