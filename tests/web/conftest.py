"""An open clinic for every test that asks for `served`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.served import Served, open_doors


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with open_doors(tmp_path) as opened:
        yield opened
