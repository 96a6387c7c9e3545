"""Keeps what sessions under way have come to, so that their scores outlive a restart of the server."""

import datetime as dt

from records.ledger import Ledger, Records
from records.session_scores import SessionTally
from signaling.scoring import Scoring
from signaling.transitions import ENDED

KEPT_EVERY = dt.timedelta(seconds=10)
"""A server that is killed loses at most the reports of so long."""


class Tallying:
    """All sessions in one write."""

    def __init__(self, records: Records, scoring: Scoring) -> None:
        self._records, self._scoring = records, scoring
        self._kept_at: dt.datetime | None = None

    async def begin_again(self) -> None:
        """At the start of a server: go on with what the one before it counted."""
        self._scoring.resume(await self._records.write(_still_running))

    async def tick(self, now: dt.datetime) -> None:
        """To be called every second."""
        if self._kept_at is None or now - self._kept_at >= KEPT_EVERY:
            self._kept_at = now
            await self.keep()

    async def keep(self) -> None:
        """Keep everything that changed."""
        tallies = self._scoring.changed()
        if tallies:
            await self._records.write(lambda ledger: _keep(ledger, tallies))
            self._scoring.kept(tallies)


def _keep(ledger: Ledger, tallies: tuple[SessionTally, ...]) -> None:
    for tally in tallies:
        if ledger.consults.get(tally.consult_id).state not in ENDED:
            ledger.session_scores.keep_tally(tally)


def _still_running(ledger: Ledger) -> tuple[SessionTally, ...]:
    running = []
    for tally in ledger.session_scores.tallies():
        if ledger.consults.get(tally.consult_id).state in ENDED:
            ledger.session_scores.forget_tally(tally.consult_id)
        else:
            running.append(tally)
    return tuple(running)
