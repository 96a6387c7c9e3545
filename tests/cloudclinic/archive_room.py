"""A store in which a consult kept stills and clips, and the outbox over it; also a process to be killed."""

import asyncio
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

from cloudclinic.archive_sending import ArchiveSending, Ask, ask_to_send
from cloudclinic.clip_archive import ClipArchive
from cloudclinic.still_archive import StillArchive
from records.archive_outbox import OutboxEntry
from records.archive_queueing import queue_consult
from records.consults import ConsultState
from records.exchange.archive.destination import Trust
from records.ids import KeptClipId, KeptStillId
from records.ledger import Ledger
from records.store.database import Database
from records.store.vault import Vault
from records.ultrasound_clips import UltrasoundClip
from records.ultrasound_stills import UltrasoundStill
from tests.fakes.records import NOW, WANG_XIUYING, fake_records
from tests.fakes.samples import FakeSamples
from tests.records.exchange.archive.kept import kept_clip, kept_still
from tests.records.values import binding, consult


class ArchiveRoom:
    """`now` is moved by hand."""

    def __init__(self, directory: Path, records: Database) -> None:
        self.records = records
        self.samples = FakeSamples()
        self.now = NOW + dt.timedelta(hours=1)
        self.stills = StillArchive(directory / "stills", records.cipher)
        self.clips = ClipArchive(directory / "clips", records.cipher)

    async def keep(self, stills: int = 1, clips: int = 1) -> None:
        """File them with their content; the consult's opinion is signed."""
        kept: list[UltrasoundStill | UltrasoundClip] = []
        for at in range(1, stills + 1):
            still, png = kept_still(id=KeptStillId(f"still{at}"), number=f"CS-20261123-{at:04}")
            await self.stills.keep(still.id, WANG_XIUYING.id, png)
            kept.append(still)
        for at in range(1, clips + 1):
            clip, content = kept_clip(id=KeptClipId(f"clip{at}"), number=f"CD-20261123-{at:04}")
            await self.clips.keep(clip.id, 0, WANG_XIUYING.id, content)
            kept.append(clip)

        def file(ledger: Ledger) -> None:
            ledger.consults.add(consult(state=ConsultState.SIGNED))
            ledger.bindings.add(binding())
            for one in kept:
                if isinstance(one, UltrasoundStill):
                    ledger.ultrasound_stills.add(one, one.id)
                else:
                    ledger.ultrasound_clips.add(one)

        await self.records.write(file)

    async def queue(self, *destinations: str) -> None:
        await self.records.write(lambda ledger: queue_consult(ledger, consult(), destinations, self.now))

    def sending(self, destinations: Sequence[str], ask: Ask = ask_to_send) -> ArchiveSending:
        return ArchiveSending(
            self.records,
            self.stills,
            self.clips,
            self.samples,
            lambda: self.now,
            destinations,
            "CLOUDCLINIC",
            Trust(),
            ask,
        )

    async def entries(self) -> tuple[OutboxEntry, ...]:
        return await self.records.read(lambda ledger: ledger.archive_outbox.of_consult(consult().id))


async def filled(directory: Path, stills: int = 1, clips: int = 1) -> ArchiveRoom:
    room = ArchiveRoom(directory, await fake_records(directory))
    await room.keep(stills, clips)
    return room


async def send_all(directory: Path, destination: str) -> None:
    """Send what is due, telling each state as it is written; for a process that is killed meanwhile."""
    room = ArchiveRoom(directory, await Database.open(directory, Vault.open(directory / "master.key")))
    sending = room.sending([destination])
    await room.records.write(sending._recovered)
    while await sending.send_some(destination):
        print(" ".join(one.state.value for one in await room.entries()), flush=True)
    await room.records.close()


if __name__ == "__main__":
    asyncio.run(send_all(Path(sys.argv[1]), sys.argv[2]))
