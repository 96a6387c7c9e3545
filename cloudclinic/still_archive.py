"""The pictures of kept stills as the web room uses them; sealed and opened in another thread."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

from records.ecg_studies import SampleSeal
from records.ids import KeptStillId, ResidentId
from records.store.sealed_files import ULTRASOUND_STILLS, SealedFiles
from records.store.vault import Cipher
from records.ultrasound_stills import UltrasoundStill


class StillArchive:
    """Implements `web.ports.StillArchive`."""

    def __init__(self, directory: Path, cipher: Callable[[ResidentId], Awaitable[Cipher]]) -> None:
        self._files = SealedFiles(ULTRASOUND_STILLS, directory)
        self._cipher = cipher

    async def keep(self, still_id: KeptStillId, resident_id: ResidentId, png: bytes) -> SampleSeal:
        """Seal a picture under a resident's key; on the disk when this returns."""
        cipher = await self._cipher(resident_id)
        await asyncio.to_thread(self._files.write, still_id, png, cipher)
        sha256 = await asyncio.to_thread(lambda: hashlib.sha256(png).hexdigest())
        return SampleSeal(sha256=sha256, size_bytes=len(png), resident_id=resident_id)

    async def png(self, still: UltrasoundStill) -> bytes:
        """A still's picture as it was kept; raise `SealBroken` when it is not, `NotFound`."""
        cipher = await self._cipher(still.seal.resident_id)
        return await asyncio.to_thread(self._files.read, still.id, still.seal, cipher)

    async def forget(self, still_id: KeptStillId) -> None:
        """Remove a picture whose still was not filed after all."""
        await asyncio.to_thread(self._files.remove, still_id)
