"""Unanswered rings: when the stored deadline has passed, a wider circle is rung."""

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from records.audit import Action
from records.consults import Consult, ConsultState
from records.ids import ConsultId
from records.ledger import Ledger
from signaling import changes, queue, ringing
from signaling.announcing import Shown
from signaling.carrying import by_server
from signaling.parts import Parts

log = logging.getLogger(__name__)

Webhook = Callable[[str, dict[str, Any]], Awaitable[object]]

UNANSWERED = "consult_unanswered"
"""The webhook's event when nobody connected has answered."""

GRACE = dt.timedelta(seconds=15)
"""After a start, so long an empty circle is not taken for nobody being there: clients are coming back."""


class Escalation:
    """Widens circles by the deadlines that are stored with the consults."""

    def __init__(self, parts: Parts, webhook: Webhook | None) -> None:
        self._parts = parts
        self._webhook = webhook
        self._calls: set[asyncio.Task[None]] = set()
        self._started_at: dt.datetime | None = None

    async def tick(self, now: dt.datetime) -> None:
        """Widen every circle whose time has passed, and at once one that rings nobody."""
        self._started_at = self._started_at or now
        due = [one for one in self._parts.announcer.waiting.values() if self._is_due(one, now)]
        for shown in due:
            await self._widen(shown.consult.id, now, nobody=not shown.rings)

    async def stop(self) -> None:
        """Wait for the webhook's calls that are under way."""
        await asyncio.gather(*self._calls, return_exceptions=True)

    def _is_due(self, shown: Shown, now: dt.datetime) -> bool:
        deadline = shown.consult.ring_deadline_at
        if deadline is None:
            return False
        assert self._started_at is not None
        return deadline <= now or (not shown.rings and now - self._started_at >= GRACE)

    async def _widen(self, consult_id: ConsultId, now: dt.datetime, nobody: bool) -> None:
        timeout = self._parts.settings.ring_timeout

        def work(ledger: Ledger) -> Consult | None:
            consult = ledger.consults.get(consult_id)
            deadline = consult.ring_deadline_at
            if (
                consult.state is not ConsultState.WAITING
                or deadline is None
                or not (nobody or deadline <= now)
            ):
                return None
            wider = changes.widened(consult, now, timeout)
            ledger.consults.save(wider)
            ledger.audit.append(by_server(now, Action.CHANGE, consult_id))
            return wider

        wider = await self._parts.records.write(work)
        if wider is not None and wider.ring_circle >= ringing.WHOLE_CIRCLE:
            self._call(wider, now)
        await self._parts.announcer.consults_moved(consult_id)

    def _call(self, consult: Consult, now: dt.datetime) -> None:
        if self._webhook is None:
            return
        task = asyncio.create_task(self._post(self._webhook, consult, now))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _post(self, webhook: Webhook, consult: Consult, now: dt.datetime) -> None:
        about = {
            "consult_id": consult.id,
            "number": consult.number,
            "specialty": consult.specialty,
            "urgency": consult.urgency.value,
            "waited_s": queue.waited_s(consult, now),
        }
        try:
            await webhook(UNANSWERED, about)
        except Exception:
            log.exception("the webhook failed for consult %s", consult.id)
