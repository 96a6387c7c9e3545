"""The modality worklist of this server, for scanners in a network that reaches it."""

import datetime as dt
from collections.abc import Callable, Mapping

from records.exchange.archive.scheduled import ScannerWorklist
from records.exchange.archive.worklist_answers import Listen
from records.exchange.archive.worklist_listener import WorklistListener
from records.ledger import Ledger, Records
from records.scheduled_steps import ScheduledStep


class WorklistServer(WorklistListener):
    """`scanners`: the sign-in name of the station beside each, by AE title."""

    def __init__(
        self,
        records: Records,
        worklist: ScannerWorklist,
        clock: Callable[[], dt.datetime],
        listen: Listen,
        scanners: Mapping[str, str],
    ) -> None:
        super().__init__(listen, self._steps)
        self._records, self._worklist, self._clock = records, worklist, clock
        self._scanners = dict(scanners)

    async def _steps(self, scanner: str) -> tuple[ScheduledStep, ...]:
        station_name = self._scanners.get(scanner)
        if station_name is None:
            return ()
        now = self._clock()

        def read(ledger: Ledger) -> tuple[ScheduledStep, ...]:
            station = ledger.accounts.by_name(station_name)
            return () if station is None else self._worklist.steps(ledger, station, scanner, now)

        return await self._records.write(read)
