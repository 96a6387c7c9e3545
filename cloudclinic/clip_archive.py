"""The parts of kept clips as the web room uses them; sealed and opened in another thread."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

from records.ecg_studies import SampleSeal
from records.ids import KeptClipId, ResidentId
from records.store.sealed_files import ULTRASOUND_CLIPS, SealedFiles
from records.store.vault import Cipher
from records.ultrasound_clips import UltrasoundClip


class ClipArchive:
    """Implements `web.ports.ClipArchive`."""

    def __init__(self, directory: Path, cipher: Callable[[ResidentId], Awaitable[Cipher]]) -> None:
        self._files = SealedFiles(ULTRASOUND_CLIPS, directory)
        self._cipher = cipher

    async def keep(
        self, clip_id: KeptClipId, number: int, resident_id: ResidentId, part: bytes
    ) -> SampleSeal:
        """Seal a part under a resident's key; on the disk when this returns."""
        cipher = await self._cipher(resident_id)
        sha256 = await asyncio.to_thread(self._keep, clip_id, number, part, cipher)
        return SampleSeal(sha256=sha256, size_bytes=len(part), resident_id=resident_id)

    def _keep(self, clip_id: KeptClipId, number: int, part: bytes, cipher: Cipher) -> str:
        self._files.remove(_name(clip_id, number))  # of a try that broke off before it was told
        self._files.write(_name(clip_id, number), part, cipher)
        return hashlib.sha256(part).hexdigest()

    async def part(self, clip: UltrasoundClip, number: int) -> bytes:
        """A part as it was kept; raise `SealBroken` when it is not, `NotFound`."""
        seal = clip.parts[number]
        cipher = await self._cipher(seal.resident_id)
        return await asyncio.to_thread(self._files.read, _name(clip.id, number), seal, cipher)

    async def forget(self, clip_id: KeptClipId, parts: int) -> None:
        """Remove the parts of a clip that was not filed after all."""
        for number in range(parts + 1):
            await asyncio.to_thread(self._files.remove, _name(clip_id, number))


def _name(clip_id: KeptClipId, number: int) -> str:
    return f"{clip_id}x{number:04}"
