"""Unanswered rings: when the stored deadline has passed, a wider circle is rung.

The widest is told from outside, by the webhook. That it is due is stored with the consult until it was
delivered: it is tried three times, and again after a restart of the server. It may come twice, never not at
all.
"""

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import msgspec

from records.audit import Action
from records.consults import Consult, ConsultState
from records.ids import ConsultId
from records.ledger import Ledger
from signaling import changes, queue, ringing
from signaling.announcing import Shown
from signaling.carrying import by_server
from signaling.parts import Parts
from signaling.ports import WebhookFailed

log = logging.getLogger(__name__)

Webhook = Callable[[str, dict[str, Any]], Awaitable[object]]

UNANSWERED = "consult_unanswered"
"""The webhook's event when nobody connected has answered."""

TRIES = 3
BACK_OFF_S = (5, 30)
"""How long after the first and the second failure the webhook is tried again."""

GRACE = dt.timedelta(seconds=15)
"""After a start, so long an empty circle is not taken for nobody being there: clients are coming back."""


class _Failed(NamedTuple):
    """How often the webhook has failed for a consult since the start, and when it is tried again."""

    tries: int
    again_at: dt.datetime

    def once_more(self, now: dt.datetime) -> "_Failed":
        wait_s = BACK_OFF_S[min(self.tries, len(BACK_OFF_S) - 1)]
        return _Failed(self.tries + 1, now + dt.timedelta(seconds=wait_s))


_NONE_FAILED = _Failed(0, dt.datetime.min.replace(tzinfo=dt.UTC))


class Escalation:
    """Widens circles by the deadlines that are stored with the consults."""

    def __init__(self, parts: Parts, webhook: Webhook | None) -> None:
        self._parts = parts
        self._webhook = webhook
        self._calls: dict[ConsultId, asyncio.Task[None]] = {}
        self._failed: dict[ConsultId, _Failed] = {}
        self._started_at: dt.datetime | None = None

    async def tick(self, now: dt.datetime) -> None:
        """Widen every circle whose time has passed, and at once one that rings nobody."""
        self._started_at = self._started_at or now
        due = [one for one in self._parts.announcer.waiting.values() if self._is_due(one, now)]
        for shown in due:
            await self._widen(shown.consult.id, now, nobody=not shown.rings)
        self._tell_outside(now)

    async def stop(self) -> None:
        """Wait for the webhook's calls that are under way."""
        await asyncio.gather(*self._calls.values(), return_exceptions=True)

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
            if self._webhook is not None and wider.ring_circle >= ringing.WHOLE_CIRCLE:
                wider = msgspec.structs.replace(wider, webhook_due_at=now)
            ledger.consults.save(wider)
            ledger.audit.append(by_server(now, Action.CHANGE, consult_id))
            return wider

        await self._parts.records.write(work)
        await self._parts.announcer.consults_moved(consult_id)

    # --- the webhook ------------------------------------------------------------------------------------

    def _tell_outside(self, now: dt.datetime) -> None:
        """Begin every call that is due; forget failures of consults that wait no more."""
        if self._webhook is None:
            return
        waiting = self._parts.announcer.waiting
        self._failed = {one: failed for one, failed in self._failed.items() if one in waiting}
        for shown in list(waiting.values()):
            consult = shown.consult
            if consult.webhook_due_at is None or consult.id in self._calls:
                continue
            failed = self._failed.get(consult.id)
            if failed is None or (failed.tries < TRIES and failed.again_at <= now):
                call = asyncio.create_task(self._call(self._webhook, consult, now))
                self._calls[consult.id] = call

    async def _call(self, webhook: Webhook, consult: Consult, now: dt.datetime) -> None:
        try:
            await self._post(webhook, consult, now)
            await self._parts.records.write(lambda ledger: _told_outside(ledger, consult.id, now))
            await self._parts.announcer.consults_moved(consult.id)
        except Exception as error:
            self._failed[consult.id] = self._failed.get(consult.id, _NONE_FAILED).once_more(now)
            log.warning("webhook for consult %s: %s", consult.id, _words(error))
        finally:
            del self._calls[consult.id]

    async def _post(self, webhook: Webhook, consult: Consult, now: dt.datetime) -> None:
        about = {
            "consult_id": consult.id,
            "number": consult.number,
            "specialty": consult.specialty,
            "urgency": consult.urgency.value,
            "waited_s": queue.waited_s(consult, now),
        }
        await webhook(UNANSWERED, about)


def _told_outside(ledger: Ledger, consult_id: ConsultId, now: dt.datetime) -> None:
    consult = ledger.consults.get(consult_id)
    if consult.webhook_due_at is not None:
        ledger.consults.save(changes.told_outside(consult))
        ledger.audit.append(by_server(now, Action.EXPORT, consult_id))


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, WebhookFailed) else type(error).__name__
