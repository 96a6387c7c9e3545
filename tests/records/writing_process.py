"""A process that writes without end and tells of every write once it is acknowledged; to be killed."""

import asyncio
import sys
from pathlib import Path

from records.ledger import Ledger
from tests.fakes.records import fake_records
from tests.records.values import another_consult, event


async def write_without_end(directory: Path) -> None:
    records = await fake_records(directory)
    running = 0
    while True:
        running += 1

        def ask(ledger: Ledger, running: int = running) -> None:
            ledger.consults.add(another_consult(f"consult {running}", running))
            ledger.audit.append(event(object_id=f"consult {running}"))

        await records.write(ask)
        print(running, flush=True)


if __name__ == "__main__":
    asyncio.run(write_without_end(Path(sys.argv[1])))
