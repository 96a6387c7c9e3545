"""A process killed while it writes loses nothing it acknowledged."""

import subprocess
import sys
from pathlib import Path

import pytest

from records.store.audit_verification import verify
from records.store.database import Database
from records.store.vault import Vault

ROOT = Path(__file__).resolve().parents[2]


def acknowledged_until_killed(directory: Path, count: int) -> int:
    """Kill a writing process after so many acknowledgements; tell the last number it told."""
    command = [sys.executable, "-m", "tests.records.writing_process", str(directory)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(count):
            last = process.stdout.readline()
        process.kill()
        rest = process.stdout.read().splitlines(keepends=True)
    whole = [line for line in (last, *rest) if line.endswith("\n")]
    return int(whole[-1])


@pytest.mark.parametrize("count", [1, 7, 60])
async def test_every_acknowledged_transaction_is_there_with_its_audit_entry(
    tmp_path: Path, count: int
) -> None:
    acknowledged = acknowledged_until_killed(tmp_path, count)
    assert acknowledged >= count
    records = await Database.open(tmp_path, Vault.open(tmp_path / "master.key"))
    consults = await records.read(lambda ledger: ledger.consults.open())
    entries = await records.read(lambda ledger: list(ledger.audit.all()))
    report = await verify(records)
    await records.close()
    assert {f"consult {n}" for n in range(1, acknowledged + 1)} <= {consult.id for consult in consults}
    assert len(entries) == len(consults)
    assert report.whole
