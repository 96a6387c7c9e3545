"""The sealed samples of ECG studies as the web room uses them; sealed and opened in another thread."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from ecg.tracing import Tracing
from records.ecg_samples import digest_of, pack_tracing, unpack_tracing
from records.ecg_studies import EcgStudy, SampleSeal
from records.ids import EcgStudyId, ResidentId
from records.store.sealed_files import ECG_STUDIES, SealedFiles
from records.store.vault import Cipher


class EcgArchive:
    """Implements `web.ports.EcgArchive`."""

    def __init__(self, directory: Path, cipher: Callable[[ResidentId], Awaitable[Cipher]]) -> None:
        self._files = SealedFiles(ECG_STUDIES, directory)
        self._cipher = cipher

    async def keep(self, study_id: EcgStudyId, resident_id: ResidentId, tracing: Tracing) -> SampleSeal:
        """Seal a tracing under a resident's key; on the disk when this returns."""
        cipher = await self._cipher(resident_id)
        return await asyncio.to_thread(self._keep, study_id, resident_id, tracing, cipher)

    def _keep(
        self, study_id: EcgStudyId, resident_id: ResidentId, tracing: Tracing, cipher: Cipher
    ) -> SampleSeal:
        samples = pack_tracing(tracing)
        self._files.write(study_id, samples, cipher)
        return SampleSeal(sha256=digest_of(samples), size_bytes=len(samples), resident_id=resident_id)

    async def tracing(self, study: EcgStudy) -> Tracing:
        """A study's samples as they were kept; raise `SealBroken` when they are not, `NotFound`."""
        cipher = await self._cipher(study.seal.resident_id)
        return await asyncio.to_thread(self._read, study, cipher)

    def _read(self, study: EcgStudy, cipher: Cipher) -> Tracing:
        return unpack_tracing(self._files.read(study.id, study.seal, cipher))

    async def forget(self, study_id: EcgStudyId) -> None:
        """Remove samples whose study was not filed after all."""
        await asyncio.to_thread(self._files.remove, study_id)
