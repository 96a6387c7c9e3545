"""Work of which one piece may fail without the next being left undone."""

import logging
from collections.abc import Awaitable

log = logging.getLogger(__name__)


async def guarded(work: Awaitable[None]) -> None:
    """Carry out one thing; that it fails is logged, and what comes after goes on."""
    try:
        await work
    except Exception:
        log.exception("not carried out; what comes after goes on")
