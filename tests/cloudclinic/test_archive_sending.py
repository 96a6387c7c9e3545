"""What is queued reaches the archive once, whatever ends in between; what does not says why."""

import asyncio
import datetime as dt
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from pydicom.uid import (
    ColorSoftcopyPresentationStateStorage,
    ComprehensiveSRStorage,
    ExplicitVRLittleEndian,
    GeneralECGWaveformStorage,
    GrayscaleSoftcopyPresentationStateStorage,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    UltrasoundImageStorage,
    UltrasoundMultiFrameImageStorage,
)

from ecg import wire
from ecg.description import StreamDescription
from ecg.leads import STANDARD_LEADS
from ecg.packets import Meta, Wave
from records import archive_outbox as outbox
from records.archive_outbox import ArchiveObject, OutboxEntry, SendState
from records.derived_measurements import PartName
from records.exchange.archive.process_answers import (
    ArchiveAnswer,
    ArchiveFailed,
    ArchiveRequest,
    ObjectsSent,
    SendObjects,
    SentObject,
)
from records.ids import KeptStillId
from records.ledger import Ledger
from records.store.database import Database
from records.store.vault import Vault
from records.ultrasound_exams import ArchiveTrouble
from tests.cloudclinic.archive_room import ArchiveRoom, filled
from tests.fakes.archive import FakeArchive, archive
from tests.fakes.ports import free_port
from tests.fakes.records import LI_JIANGUO, WANG_XIUYING
from tests.records.exchange.archive.kept import derived_value
from tests.records.values import binding, consult, recording
from ultrasound.measuring.derived import Derivation
from ultrasound.measuring.unit import Unit

PICTURES = (JPEGBaseline8Bit, JPEGLSLossless, ExplicitVRLittleEndian)
ALL = {
    UltrasoundImageStorage: PICTURES,
    UltrasoundMultiFrameImageStorage: PICTURES,
    **{
        kind: (ExplicitVRLittleEndian,)
        for kind in (
            ComprehensiveSRStorage,
            GrayscaleSoftcopyPresentationStateStorage,
            ColorSoftcopyPresentationStateStorage,
            GeneralECGWaveformStorage,
        )
    },
}


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[ArchiveRoom]:
    one = await filled(tmp_path)
    yield one
    await one.records.close()


def at(there: FakeArchive) -> str:
    return f"127.0.0.1:{there.port}/ARCHIVE"


def states(entries: tuple[OutboxEntry, ...]) -> Counter[SendState]:
    return Counter(one.state for one in entries)


async def all_of(room: ArchiveRoom, destination: str, **more: Any) -> None:
    sending = room.sending([destination], **more)
    while await sending.send_some(destination):
        pass


async def test_everything_that_was_kept_is_sent_as_the_consults(room: ArchiveRoom) -> None:
    with archive(ALL) as there:
        await room.queue(at(there))
        await all_of(room, at(there))
    assert states(await room.entries()) == {SendState.SENT: 4}
    kept = {str(one.SOPInstanceUID): one for one in there.kept}
    assert set(kept) == {one.sop_instance_uid for one in await room.entries()}
    for one in kept.values():
        assert one.PatientID == WANG_XIUYING.record_number
        assert one.AccessionNumber == consult().number
    assert len({one.StudyInstanceUID for one in kept.values()}) == 1


async def test_the_ecg_of_a_clips_seconds_follows_the_clip(room: ArchiveRoom) -> None:
    """The clip's clock and the ECG's are the station's: frame one was taken at one second of it."""
    await with_ecg(room, started_us=0, seconds=3)
    with archive(ALL) as there:
        await room.queue(at(there))
        await all_of(room, at(there))
    entries = await room.entries()
    assert states(entries) == {SendState.SENT: 5}
    (ecg,) = [one for one in there.kept if one.SOPClassUID == GeneralECGWaveformStorage]
    (clip,) = [one for one in there.kept if one.SOPClassUID == UltrasoundMultiFrameImageStorage]
    assert ecg.SynchronizationFrameOfReferenceUID == clip.SynchronizationFrameOfReferenceUID
    assert str(ecg.AcquisitionDateTime)[:14] == str(clip.AcquisitionDateTime)[:14]
    assert ecg.WaveformSequence[0].NumberOfWaveformSamples == 81  # 160 ms at 500 Hz, both ends


async def test_a_clip_waits_for_samples_of_its_seconds_that_the_station_still_owes(room: ArchiveRoom) -> None:
    await with_ecg(room, started_us=0, seconds=3, complete=False)
    packets = room.samples.packets[binding().id]
    owed = packets.pop(6)  # META first; of 500 to 600: the clip begins at sample 500
    sent: list[ArchiveObject] = []

    def note(request: SendObjects) -> ObjectsSent:
        sent.extend(one.kind for one in request.objects)
        assert all(one.ecg is not None for one in request.objects if one.clip is not None)
        return stored(request)

    await room.queue("somewhere:104/A")
    await all_of(room, "somewhere:104/A", ask=answering(note))
    (clip,) = [one for one in await room.entries() if one.kind is ArchiveObject.CLIP]
    assert ArchiveObject.CLIP not in sent and (clip.state, clip.tries) == (SendState.WAITING, 0)
    packets.append(owed)
    room.now += dt.timedelta(minutes=2)
    await all_of(room, "somewhere:104/A", ask=answering(note))
    assert sent[-2:] == [ArchiveObject.CLIP, ArchiveObject.ECG]


async def test_a_clip_whose_ecg_never_comes_is_sent_after_a_day(room: ArchiveRoom) -> None:
    await with_ecg(room, started_us=0, seconds=3, complete=False)
    room.samples.packets[binding().id] = room.samples.packets[binding().id][:1]
    await room.queue("somewhere:104/A")
    await all_of(room, "somewhere:104/A", ask=answering(stored))
    assert states(await room.entries()) == {SendState.SENT: 3, SendState.WAITING: 1}
    room.now += dt.timedelta(hours=25)
    await all_of(room, "somewhere:104/A", ask=answering(stored))
    assert states(await room.entries()) == {SendState.SENT: 4}


async def test_a_fault_of_our_own_leaves_nothing_between_waiting_and_sent(
    room: ArchiveRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room() -> None:
        raise OSError(28, "No space left on device")

    await room.queue("somewhere:104/A")
    sending = room.sending(["somewhere:104/A"], answering(stored))
    with monkeypatch.context() as broken:
        broken.setattr("cloudclinic.archive_sending.sending_folder", no_room)
        with pytest.raises(OSError, match="No space"):
            await sending.send_some("somewhere:104/A")
    assert states(await room.entries()) == {SendState.WAITING: 4}
    room.now += dt.timedelta(hours=2)
    await all_of(room, "somewhere:104/A", ask=answering(stored))
    assert states(await room.entries()) == {SendState.SENT: 4}


async def with_ecg(room: ArchiveRoom, started_us: int, seconds: int, complete: bool = True) -> None:
    about = StreamDescription(
        leads=STANDARD_LEADS, rate_hz=500.0, nv_per_lsb=2500.0, started_us=started_us, device="test"
    )
    stream = binding().ecg_stream_id
    samples = (np.arange(12 * 500 * seconds) % 900).reshape(12, -1).astype(np.int16)
    await room.samples.append(binding().id, wire.encode(Meta(stream_id=stream, description=about)))
    for first in range(0, samples.shape[1], 100):
        piece = samples[:, first : first + 100]
        packet = Wave(
            stream_id=stream, first_index=first, captured_us=started_us + first * 2000, samples=piece
        )
        await room.samples.append(binding().id, wire.encode(packet))
    stored = recording(
        sample_count=samples.shape[1],
        rate_hz=500.0,
        binding_id=binding().id,
        consult_id=consult().id,
        complete=complete,
    )
    await room.records.write(lambda ledger: ledger.recordings.add(stored))


async def test_an_archive_that_is_down_gets_it_when_it_is_up(room: ArchiveRoom) -> None:
    port = free_port()
    destination = f"127.0.0.1:{port}/ARCHIVE"
    await room.queue(destination)
    sending = room.sending([destination])
    assert await sending.send_some(destination)
    waiting = [one for one in await room.entries() if one.trouble is not None]
    assert {(one.state, one.trouble) for one in waiting} == {(SendState.WAITING, ArchiveTrouble.UNREACHABLE)}
    assert not await sending.send_some(destination)  # it rests: nobody is there for the others either
    with archive(ALL, port=port) as there:
        room.now += dt.timedelta(seconds=11)
        while await sending.send_some(destination):
            pass
        assert len(there.kept) == 4
    assert states(await room.entries()) == {SendState.SENT: 4}


async def test_a_server_killed_in_the_middle_sends_the_rest_and_nothing_twice(tmp_path: Path) -> None:
    """The archive has the first object of a batch and has not answered when the server dies."""
    room = await filled(tmp_path, stills=3)
    with archive(ALL, stops_at=2) as there:
        await room.queue(at(there))
        await room.records.close()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.cloudclinic.archive_room", str(tmp_path), at(there)),
            stdout=asyncio.subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert await asyncio.to_thread(there.reached.wait, 60)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        there.stops_at = None
        there.goes_on.set()
        again = ArchiveRoom(tmp_path, await reopened(tmp_path))
        entries = await again.entries()
        assert SendState.SENDING in states(entries)
        sending = again.sending([at(there)])
        await again.records.write(sending._recovered)
        while await sending.send_some(at(there)):
            pass
        entries = await again.entries()
        assert states(entries) == {SendState.SENT: 10}
        kept = [str(one.SOPInstanceUID) for one in there.kept]
        assert set(kept) == {one.sop_instance_uid for one in entries}
        by_uid = {str(one.SOPInstanceUID): one for one in there.kept}
        assert all(by_uid[str(one.SOPInstanceUID)] == one for one in there.kept)
        await again.records.close()


async def reopened(directory: Path) -> Database:
    return await Database.open(directory, Vault.open(directory / "master.key"))


async def test_a_refusal_fails_with_the_reason_and_can_be_retried(room: ArchiveRoom) -> None:
    with archive({UltrasoundImageStorage: [JPEGBaseline8Bit]}) as there:
        await room.queue(at(there))
        await all_of(room, at(there))
    entries = await room.entries()
    assert states(entries) == {SendState.FAILED: 4}
    assert all(one.trouble is ArchiveTrouble.REFUSED and one.detail for one in entries)
    with archive(ALL, port=there.port) as better:
        await room.records.write(lambda ledger: _retry_all(ledger, entries, room.now))
        await all_of(room, at(better))
    assert states(await room.entries()) == {SendState.SENT: 4}


def _retry_all(ledger: Ledger, entries: tuple[OutboxEntry, ...], now: dt.datetime) -> None:
    for one in entries:
        ledger.archive_outbox.save(outbox.retried(one, now))


def answering(answer: Callable[[SendObjects], ArchiveAnswer]) -> Callable[[ArchiveRequest], Awaitable[Any]]:
    async def ask(request: ArchiveRequest) -> ArchiveAnswer:
        assert isinstance(request, SendObjects)
        return answer(request)

    return ask


def stored(request: SendObjects) -> ObjectsSent:
    return ObjectsSent(objects=tuple(SentObject() for _ in request.objects))


async def test_what_became_another_residents_meanwhile_is_not_sent(room: ArchiveRoom) -> None:
    await room.queue("somewhere:104/A")

    def move(ledger: Ledger) -> None:
        for still in ledger.ultrasound_stills.of_consult(consult().id):
            ledger.ultrasound_stills.save(msgspec.structs.replace(still, resident_id=LI_JIANGUO.id))

    await room.records.write(move)
    sent: list[ArchiveObject] = []

    def note(request: SendObjects) -> ObjectsSent:
        sent.extend(one.kind for one in request.objects)
        return stored(request)

    await all_of(room, "somewhere:104/A", ask=answering(note))
    assert sent == [ArchiveObject.CLIP]
    failed = [one for one in await room.entries() if one.state is SendState.FAILED]
    assert {one.trouble for one in failed} == {ArchiveTrouble.OTHER_PATIENT}
    assert len(failed) == 3


async def test_content_that_was_changed_on_the_disk_is_not_sent(room: ArchiveRoom, tmp_path: Path) -> None:
    await room.queue("somewhere:104/A")
    (file,) = (tmp_path / "stills").iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    await all_of(room, "somewhere:104/A", ask=answering(stored))
    changed = {one.kind for one in await room.entries() if one.trouble is ArchiveTrouble.CHANGED}
    assert changed == {ArchiveObject.STILL, ArchiveObject.MARKS, ArchiveObject.MEASUREMENTS}


async def test_one_object_that_breaks_the_process_does_not_keep_the_others(room: ArchiveRoom) -> None:
    def break_off(request: SendObjects) -> ArchiveAnswer:
        if any(one.kind is ArchiveObject.MARKS for one in request.objects):
            return ArchiveFailed(trouble=ArchiveTrouble.BROKE_OFF)
        return stored(request)

    await room.queue("somewhere:104/A")
    sending = room.sending(["somewhere:104/A"], answering(break_off))
    for _ in range(8):
        while await sending.send_some("somewhere:104/A"):
            pass
        room.now += dt.timedelta(hours=2)
    by_kind = {one.kind: one.state for one in await room.entries()}
    assert by_kind.pop(ArchiveObject.MARKS) is SendState.FAILED
    assert set(by_kind.values()) == {SendState.SENT}


async def test_one_archive_that_is_down_does_not_keep_another(room: ArchiveRoom) -> None:
    up, down = "up:104/UP", "down:104/DOWN"

    async def ask(request: ArchiveRequest) -> ArchiveAnswer:
        assert isinstance(request, SendObjects)
        if request.peer.destination == down:
            return ArchiveFailed(trouble=ArchiveTrouble.UNREACHABLE)
        return stored(request)

    await room.queue(down, up)
    sending = room.sending([down, up], ask)
    task = asyncio.create_task(sending.run())
    while sum(one.sent for one in sending.counts) < 4:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    sent = {one.destination for one in await room.entries() if one.state is SendState.SENT}
    assert sent == {up}


async def test_an_archive_that_the_settings_name_no_more_is_told(room: ArchiveRoom) -> None:
    await room.queue("gone:104/GONE")
    sending = room.sending(["other:104/OTHER"], answering(stored))
    await room.records.write(sending._recovered)
    entries = await room.entries()
    assert {(one.state, one.trouble) for one in entries} == {
        (SendState.FAILED, ArchiveTrouble.NO_SUCH_ARCHIVE)
    }


async def test_nothing_of_the_resident_is_logged_or_left(
    room: ArchiveRoom, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"), archive({}) as there:
        await room.queue(at(there))
        await all_of(room, at(there))
    for told in (caplog.text, *(one.detail for one in await room.entries())):
        assert WANG_XIUYING.name not in told
        assert WANG_XIUYING.record_number not in told
    assert left_folders() == []


def left_folders() -> list[Path]:
    """Of this process."""
    return list(Path("/dev/shm").glob(f"cloudclinic-sending-{os.getpid()}-*"))


async def test_what_is_derived_goes_along_with_all_it_is_made_of(room: ArchiveRoom) -> None:
    length = PartName(kept_id=KeptStillId("still1"), index=0)
    volume = msgspec.structs.replace(
        derived_value("v", Derivation.ELLIPSOID, Unit.ML, length, length, length),
        still_ids=(KeptStillId("still1"),),
    )
    void = msgspec.structs.replace(volume, id="void", number="DM-2", void=True)
    await room.records.write(lambda ledger: ledger.derived_measurements.add(volume, "request-1"))
    await room.records.write(lambda ledger: ledger.derived_measurements.add(void, "request-2"))
    with archive(ALL) as there:
        await room.queue(at(there))
        await all_of(room, at(there))
    assert states(await room.entries()) == {SendState.SENT: 5}
    reports = [one for one in there.kept if one.SOPClassUID == ComprehensiveSRStorage]
    assert len(reports) == 2
