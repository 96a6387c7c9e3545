"""Who waits for samples to be stored is woken when some are."""

import asyncio
import contextlib
from collections.abc import Iterator

from records.ids import BindingId


class StoredGrowth:
    """Wakes those who watch a binding's stream."""

    def __init__(self) -> None:
        self._watching: dict[BindingId, list[asyncio.Event]] = {}

    def note(self, binding_id: BindingId) -> None:
        """Samples of a binding are stored."""
        for event in self._watching.get(binding_id, ()):
            event.set()

    @contextlib.contextmanager
    def watched(self, binding_id: BindingId) -> Iterator[asyncio.Event]:
        """An event that is set whenever samples of a binding are stored."""
        event = asyncio.Event()
        self._watching.setdefault(binding_id, []).append(event)
        try:
            yield event
        finally:
            self._watching[binding_id].remove(event)
            if not self._watching[binding_id]:
                del self._watching[binding_id]
