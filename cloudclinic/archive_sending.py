"""The outbox at work: what is due is read, written as DICOM and sent, one destination beside the other."""

import asyncio
import contextlib
import datetime as dt
import functools
import logging
from collections.abc import Awaitable, Callable, Sequence

from cloudclinic.clip_ecg import EcgComing, ecg_of_clip
from records import archive_outbox as outbox
from records.accounts import Account
from records.archive_outbox import ArchiveObject, OutboxCount, OutboxEntry, SendState
from records.archive_queueing import Kept, queue_ecg
from records.derived_measurements import DerivedMeasurement
from records.errors import NotFound, SealBroken
from records.exchange.archive.asking import SENDING, ask, forget_left_folders, sending_folder
from records.exchange.archive.destination import Trust
from records.exchange.archive.identifying import identity_of
from records.exchange.archive.kept_objects import ClipEcg, KeptObject
from records.exchange.archive.person_names import person_name
from records.exchange.archive.process_answers import (
    ArchiveAnswer,
    ArchiveRequest,
    ObjectsSent,
    Peer,
    SendObjects,
    SentObject,
)
from records.ids import DerivedId, KeptClipId, KeptStillId
from records.ledger import Ledger, Records
from records.ultrasound_clips import UltrasoundClip
from records.ultrasound_exams import ArchiveTrouble
from records.ultrasound_stills import UltrasoundStill
from signaling.ports import Samples
from ultrasound.writing.identity import Identity
from web.ports import ClipArchive, StillArchive

log = logging.getLogger(__name__)

MOST_TOGETHER = 12
LOOKS_EVERY_S = 60.0
RESTS_AFTER_FAULT_S = 10.0
ECG_AWAITED = dt.timedelta(days=1)
"""So long a clip waits for the ECG of its seconds: once sent it is never sent otherwise."""

_OF_CLIPS = frozenset({ArchiveObject.CLIP, ArchiveObject.ECG})
_NOBODY_THERE = frozenset({ArchiveTrouble.UNREACHABLE, ArchiveTrouble.DECLINED})

Ask = Callable[[ArchiveRequest], Awaitable[ArchiveAnswer]]


async def ask_to_send(request: ArchiveRequest) -> ArchiveAnswer:
    """In a process of its own."""
    return await ask(request, SENDING)


class ArchiveSending:
    """Sends what is queued to the destinations of the settings, and tells how many stand where.

    `calling`: our application entity title. Each entry's state is on the disk before and after it is sent.
    """

    def __init__(
        self,
        records: Records,
        stills: StillArchive,
        clips: ClipArchive,
        samples: Samples,
        clock: Callable[[], dt.datetime],
        destinations: Sequence[str],
        calling: str,
        trust: Trust,
        ask: Ask = ask_to_send,
    ) -> None:
        self._records, self._stills, self._clips, self._samples = records, stills, clips, samples
        self._clock = clock
        self._destinations = tuple(destinations)
        self._calling, self._trust, self._ask = calling, trust, ask
        self._wanted = {one: asyncio.Event() for one in self._destinations}
        self._rests_until: dict[str, dt.datetime] = {}
        self.counts: tuple[OutboxCount, ...] = ()

    def hint(self) -> None:
        """Something was queued, or is to be tried at once."""
        self._rests_until.clear()
        for wanted in self._wanted.values():
            wanted.set()

    async def run(self) -> None:
        """Until it is cancelled. First, what was being sent when the server ended waits again."""
        while True:
            try:
                await asyncio.to_thread(forget_left_folders)
                await self._records.write(self._recovered)
                await self._count()
                break
            except Exception:
                log.exception("the outbox to archives cannot begin; it is tried again")
                await asyncio.sleep(RESTS_AFTER_FAULT_S)
        async with asyncio.TaskGroup() as tasks:
            for destination in self._destinations:
                tasks.create_task(self._serve(destination), name="archive outbox")

    def _recovered(self, ledger: Ledger) -> None:
        now = self._clock()
        for entry in ledger.archive_outbox.in_state(SendState.SENDING, limit=100_000):
            ledger.archive_outbox.save(outbox.interrupted(entry, now))
        for entry in ledger.archive_outbox.in_state(SendState.WAITING, limit=100_000):
            if entry.destination not in self._wanted:
                gone = outbox.troubled(entry, now, ArchiveTrouble.NO_SUCH_ARCHIVE)
                ledger.archive_outbox.save(gone)

    async def _serve(self, destination: str) -> None:
        """Nothing may end this: without it nothing would ever reach the archive."""
        wanted = self._wanted[destination]
        while True:
            wanted.clear()
            try:
                while await self.send_some(destination):
                    pass
                await self._count()
                wait_s = await self._wait_s(destination)
            except Exception:
                log.exception("the outbox to an archive failed; it goes on in a moment")
                wait_s = RESTS_AFTER_FAULT_S
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wanted.wait(), wait_s)

    async def _wait_s(self, destination: str) -> float:
        due = await self._records.read(lambda ledger: ledger.archive_outbox.next_due(destination))
        times = [one for one in (due, self._rests_until.get(destination)) if one is not None]
        if not times:
            return LOOKS_EVERY_S
        return min(LOOKS_EVERY_S, max(0.5, (max(times) - self._clock()).total_seconds()))

    async def send_some(self, destination: str) -> bool:
        """Send what is due next; tells whether there was something."""
        now = self._clock()
        if (until := self._rests_until.get(destination)) is not None and now < until:
            return False
        batch = await self._records.write(lambda ledger: _begun(ledger, destination, now))
        if not batch:
            return False
        try:
            await self._send(destination, batch)
        except Exception:
            await self._records.write(lambda ledger: self._put_back(ledger, batch))
            raise
        await self._count()
        return True

    def _put_back(self, ledger: Ledger, batch: Sequence[OutboxEntry]) -> None:
        """What a fault of ours left between is tried again, each by itself; else it would stay there."""
        for one in batch:
            entry = ledger.archive_outbox.get(one.id)
            if entry.state is SendState.SENDING:
                broken = outbox.troubled(entry, self._clock(), ArchiveTrouble.BROKE_OFF)
                ledger.archive_outbox.save(broken)

    async def _send(self, destination: str, batch: Sequence[OutboxEntry]) -> None:
        ready: list[tuple[OutboxEntry, KeptObject]] = []
        for entry in batch:
            try:
                made = await self._made(entry)
            except EcgComing:
                later = outbox.postponed(entry, self._clock())
                await self._records.write(functools.partial(_saved, later))
                continue
            if isinstance(made, ArchiveTrouble):
                await self._note(entry, SentObject(trouble=made))
            else:
                ready.append((entry, made))
        if not ready:
            return
        peer = Peer(destination=destination, calling=self._calling, trust=self._trust)
        with sending_folder() as folder:
            answer = await self._ask(
                SendObjects(peer=peer, objects=tuple(one for _, one in ready), folder=folder)
            )
        if isinstance(answer, ObjectsSent) and len(answer.objects) == len(ready):
            for (entry, made), one in zip(ready, answer.objects, strict=True):
                await self._note(entry, one, made.ecg)
            return
        trouble = getattr(answer, "trouble", ArchiveTrouble.BROKE_OFF)
        failed = SentObject(trouble=trouble, detail=getattr(answer, "detail", ""))
        for entry, _ in ready:
            await self._note(entry, failed)
        if trouble in _NOBODY_THERE:
            wait = outbox.wait_after(min(entry.tries for entry, _ in ready))
            self._rests_until[destination] = self._clock() + wait

    async def _note(self, entry: OutboxEntry, answer: SentObject, ecg: ClipEcg | None = None) -> None:
        """Write down how it went; with a clip that is stored, its ECG is queued in the same transaction."""
        now = self._clock()

        def note(ledger: Ledger) -> None:
            if answer.trouble is None:
                ledger.archive_outbox.save(outbox.sent(entry, now, answer.detail))
            else:
                ledger.archive_outbox.save(outbox.troubled(entry, now, answer.trouble, answer.detail))
            if entry.kind is ArchiveObject.CLIP and ecg is not None:
                queue_ecg(ledger, entry, now)

        await self._records.write(note)
        if answer.trouble is not None:
            log.warning("outbox entry %s to an archive: %s", entry.id, answer.trouble.value)

    async def _made(self, entry: OutboxEntry) -> KeptObject | ArchiveTrouble:
        """What is to be written; or why it is not any more."""
        try:
            kept, whose = await self._records.read(lambda ledger: _of_record(ledger, entry))
            void = isinstance(kept, DerivedMeasurement) and kept.void
            if void or kept.resident_id != entry.resident_id:
                return ArchiveTrouble.OTHER_PATIENT  # it was moved to the resident it was really of
            waits = self._clock() - entry.queued_at < ECG_AWAITED
            content, ecg = await self._content(kept, waits)
        except (NotFound, SealBroken):
            return ArchiveTrouble.CHANGED
        return whose.object(entry.kind, kept, content, ecg)

    async def _content(self, kept: Kept, waits: bool) -> tuple[bytes, ClipEcg | None]:
        if isinstance(kept, DerivedMeasurement):
            return b"", None
        if isinstance(kept, UltrasoundStill):
            return await self._stills.png(kept), None
        ecg = await ecg_of_clip(self._records, self._samples, kept, waits=waits)
        parts = [await self._clips.part(kept, number) for number in range(len(kept.parts))]
        return b"".join(parts), ecg

    async def _count(self) -> None:
        self.counts = await self._records.read(lambda ledger: ledger.archive_outbox.counts())


class _Whose:
    """Whose a consult's objects are, and who made them."""

    def __init__(
        self,
        identity: Identity,
        station: Account,
        observer: Account,
        organization: str,
        stills: tuple[UltrasoundStill, ...] = (),
        made_of: tuple[DerivedMeasurement, ...] = (),
    ) -> None:
        self._identity, self._station, self._observer = identity, station, observer
        self._organization = organization
        self._stills, self._made_of = stills, made_of

    def object(
        self,
        kind: ArchiveObject,
        kept: Kept,
        content: bytes,
        ecg: ClipEcg | None,
    ) -> KeptObject:
        at = kept.kept_at if isinstance(kept, DerivedMeasurement) else kept.taken_at
        offset = at.astimezone().utcoffset() or dt.timedelta()
        return KeptObject(
            kind=kind,
            identity=self._identity,
            still=kept if isinstance(kept, UltrasoundStill) else None,
            clip=kept if isinstance(kept, UltrasoundClip) else None,
            derived=kept if isinstance(kept, DerivedMeasurement) else None,
            stills=self._stills,
            made_of=self._made_of,
            content=content,
            zone_offset_s=round(offset.total_seconds()),
            station_name=self._station.display_name,
            observer=person_name(self._observer.display_name),
            organization=self._organization,
            ecg=ecg,
        )


def _of_record(ledger: Ledger, entry: OutboxEntry) -> tuple[Kept, _Whose]:
    kept: Kept
    stills: tuple[UltrasoundStill, ...] = ()
    made_of: tuple[DerivedMeasurement, ...] = ()
    if entry.kind in _OF_CLIPS:
        kept = ledger.ultrasound_clips.get(KeptClipId(entry.kept_id))
        maker, station_id = ledger.accounts.get(kept.asked_by), kept.station_id
    elif entry.kind is ArchiveObject.DERIVED:
        kept = ledger.derived_measurements.get(DerivedId(entry.kept_id))
        stills = tuple(ledger.ultrasound_stills.get(one) for one in kept.still_ids)
        made_of = ledger.derived_measurements.of_consult(entry.consult_id)
        maker, station_id = ledger.accounts.get(kept.kept_by), stills[0].station_id
    else:
        kept = ledger.ultrasound_stills.get(KeptStillId(entry.kept_id))
        maker, station_id = ledger.accounts.get(kept.kept_by), kept.station_id
    consult = ledger.consults.get(entry.consult_id)
    identity = identity_of(
        consult,
        ledger.residents.get(entry.resident_id),
        ledger.accounts.get(consult.asked_by),
        ledger.directory.institution(consult.institution_id),
        None,
    )
    organization = ledger.directory.institution(maker.institution_id).name_zh
    station = ledger.accounts.get(station_id)
    return kept, _Whose(identity, station, maker, organization, stills, made_of)


def _begun(ledger: Ledger, destination: str, now: dt.datetime) -> tuple[OutboxEntry, ...]:
    """Take what is due next: what is of stills of one consult together, clips and what broke off alone."""
    due = ledger.archive_outbox.due(destination, now)
    if not due:
        return ()
    first = due[0]
    together = [first]
    if _goes_along(first):
        others = (one for one in due[1:] if _goes_along(one) and one.consult_id == first.consult_id)
        together += list(others)[: MOST_TOGETHER - 1]
    taken = tuple(outbox.begun(one, now) for one in together)
    for entry in taken:
        ledger.archive_outbox.save(entry)
    return taken


def _saved(entry: OutboxEntry, ledger: Ledger) -> None:
    ledger.archive_outbox.save(entry)


def _goes_along(entry: OutboxEntry) -> bool:
    return entry.kind not in _OF_CLIPS and entry.trouble is not ArchiveTrouble.BROKE_OFF
