"""Whether the audit trail is whole, for the page that shows it."""

import asyncio
import datetime as dt

from records.audit import verify_chain
from records.ledger import Records

CHECKED_FOR = dt.timedelta(minutes=5)


class ChainCheck:
    """Whether the whole chain holds. Walking it takes a while: the verdict is kept for 5 minutes."""

    def __init__(self) -> None:
        self._verdict: tuple[dt.datetime, bool] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def holds(self, records: Records, now: dt.datetime) -> bool:
        """Walk the chain unless that was done just now."""
        async with self._one_at_a_time:
            if self._verdict is None or not dt.timedelta(0) <= now - self._verdict[0] < CHECKED_FOR:
                broken = await records.read(lambda ledger: verify_chain(ledger.audit.all()))
                self._verdict = (now, broken is None)
            return self._verdict[1]
