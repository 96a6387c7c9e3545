"""Tapes with real processes: a worker that forwards, a recorder that writes, a withdrawal, a kill."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest

from cloudclinic.tape_recorders import TapeRecorderProcesses
from media.api import WorkerProcess
from media.packetizer import packetize
from media.rtp import read_packet
from records.errors import SealBroken
from records.ids import AccountId, ConsentId, ConsultId, ResidentId, TapeId
from records.store.tape_ends import backwards
from records.store.tape_files import Place, TapeFile, check_seal, scan, tape_path
from records.tape_records import RecordKind, TapeRecord, split_records
from records.tapes import Tape, TapeSeal
from signaling.ports import RecorderUnavailable
from tests.fakes.records import LI_JIANGUO, NOW, WANG_XIUYING, fake_records
from tests.fakes.tapes import CIPHER, KEY, bytes_read, write_long_tape
from tests.media.test_call import IDR, publish

TAPE = Tape(
    id=TapeId("tape1"),
    consult_id=ConsultId("room"),
    resident_id=ResidentId("wang"),
    consent_id=ConsentId("consent"),
    started_by=AccountId("zhou"),
    started_at=NOW,
    simulated=False,
)


EPOCH_US = (time.time_ns() - time.monotonic_ns()) // 1000


async def data_key(resident_id: ResidentId) -> bytes:
    assert resident_id == TAPE.resident_id
    return KEY


@pytest.fixture
async def recorders(tmp_path: Path) -> AsyncIterator[TapeRecorderProcesses]:
    running = TapeRecorderProcesses(tmp_path / "tapes", tmp_path, data_key)
    yield running
    await running.close()


async def until(seen: Callable[[], bool]) -> None:
    """Look until it is so; the test's own time limit ends it otherwise."""
    while not seen():
        await asyncio.to_thread(time.sleep, 0.01)


def kept(tmp_path: Path) -> list[TapeRecord]:
    file = TapeFile(tape_path(tmp_path / "tapes", TAPE.id), TAPE.id, CIPHER)
    return [record for body in file.bodies(0, 1 << 62) for record in split_records(body)]


def packets(tmp_path: Path) -> list[TapeRecord]:
    return [one for one in kept(tmp_path) if one.kind == RecordKind.PACKET]


def fragments(path: Path) -> list[Place]:
    return scan(path)[0] if path.exists() else []


async def test_a_withdrawal_leaves_nothing_later_on_the_tape_though_packets_go_on(
    recorders: TapeRecorderProcesses, tmp_path: Path
) -> None:
    process = await WorkerProcess.start(tmp_path)
    publisher, _ = await publish(process.worker)
    await process.worker.open_tap("room", await recorders.start(TAPE, EPOCH_US), EPOCH_US)
    for number in range(50):
        publisher.send_frame(IDR, 1_000_000 + 40_000 * number)
        await asyncio.sleep(0)
    while (await process.worker.figures()).peers[0].tracks[0].packets < 50 * len(packetize(IDR)):
        pass
    path = tape_path(tmp_path / "tapes", TAPE.id)
    withdrawn_us = EPOCH_US + time.monotonic_ns() // 1000
    on_the_disk = len(fragments(path))
    sent_later = 0
    while len(fragments(path)) < on_the_disk + 3:  # the tap stays open, and what comes by it is written
        publisher.send_frame(IDR, 9_000_000 + 40_000 * sent_later)
        sent_later += 1
        await asyncio.to_thread(time.sleep, 0.04)
    late = [one for one in packets(tmp_path) if one.at_us > withdrawn_us]
    assert late  # or this would prove nothing
    await recorders.stop(TAPE.id, withdrawn_us)
    seal = await recorders.seal(TAPE.id)
    found = packets(tmp_path)
    assert len(found) == 50 * len(packetize(IDR))
    assert all(one.at_us <= withdrawn_us for one in found)
    assert seal.end_us is not None and seal.end_us <= withdrawn_us
    sent = [payload for _ in range(50) for payload in packetize(IDR)]
    read = [read_packet(memoryview(one.payload)) for one in found]
    assert [bytes(one.payload) for one in read if one] == sent
    assert check_seal(tape_path(tmp_path / "tapes", TAPE.id), seal)
    await publisher.close()
    await process.stop()


async def test_a_killed_recorder_is_told_and_the_next_goes_on_behind_what_was_whole(
    recorders: TapeRecorderProcesses, tmp_path: Path
) -> None:
    await recorders.start(TAPE, EPOCH_US)
    recorders.act(TAPE.id, 1000, b'{"type":"first"}')
    file = tape_path(tmp_path / "tapes", TAPE.id)
    await until(lambda: file.exists() and file.stat().st_size > 0)
    pid = recorders.pid(TAPE.id)
    assert pid is not None and recorders.alive(TAPE.id)
    os.kill(pid, signal.SIGKILL)
    await until(lambda: not recorders.alive(TAPE.id))
    recorders.act(TAPE.id, 2000, b'{"type":"nobody listens"}')
    await recorders.start(TAPE, EPOCH_US)
    recorders.act(TAPE.id, 3000, b'{"type":"second"}')
    await recorders.stop(TAPE.id, 4000)
    seal = await recorders.seal(TAPE.id)
    summaries = TapeFile(file, TAPE.id, CIPHER).summaries()
    acts = [act.message for summary in summaries for act in summary.acts]
    assert acts == [b'{"type":"first"}', b'{"type":"second"}']
    assert seal.fragments == 2 and not recorders.alive(TAPE.id)


async def test_behind_a_long_tape_a_recorder_comes_up_and_ends_without_reading_it(
    recorders: TapeRecorderProcesses, tmp_path: Path
) -> None:
    file = tape_path(tmp_path / "tapes", TAPE.id)
    number, digest = write_long_tape(file, 2 << 30)
    ours = bytes_read()
    await recorders.start(TAPE, EPOCH_US)
    its = bytes_read(recorders.pid(TAPE.id) or 0)
    recorders.act(TAPE.id, 3000, b'{"type":"after"}')
    await recorders.stop(TAPE.id, 10_000_000)
    assert bytes_read() - ours + its < 64 << 20  # what a program is made of, and one end of a file
    with file.open("rb") as read:
        last = next(backwards(read, file.stat().st_size))
    assert (last.head.number, last.head.previous) == (number + 1, digest)


async def test_the_key_is_on_no_command_line_and_in_no_environment(
    recorders: TapeRecorderProcesses,
) -> None:
    await recorders.start(TAPE, EPOCH_US)
    proc = Path("/proc") / str(recorders.pid(TAPE.id))
    seen = (proc / "cmdline").read_bytes() + (proc / "environ").read_bytes()
    assert KEY.hex().encode() not in seen and KEY not in seen


async def test_an_empty_tape_is_sealed_as_one(recorders: TapeRecorderProcesses) -> None:
    await recorders.start(TAPE, EPOCH_US)
    await recorders.stop(TAPE.id, 1)
    assert await recorders.seal(TAPE.id) == TapeSeal(
        fragments=0, size_bytes=0, digest="", begin_us=None, end_us=None
    )
    with pytest.raises(RecorderUnavailable):
        await recorders.stop(TAPE.id, 1)


async def test_a_recorder_that_cannot_write_does_not_begin(tmp_path: Path) -> None:
    (tmp_path / "tapes").write_text("a file where a directory should be")
    recorders = TapeRecorderProcesses(tmp_path / "tapes", tmp_path, data_key)
    with pytest.raises(RecorderUnavailable):
        await recorders.start(TAPE, EPOCH_US)
    assert not recorders.alive(TAPE.id)


async def test_a_tape_lies_on_the_disk_under_its_residents_own_key(tmp_path: Path) -> None:
    store = await fake_records(tmp_path)
    recorders = TapeRecorderProcesses(tmp_path / "tapes", tmp_path, store.data_key)
    tape = msgspec.structs.replace(TAPE, resident_id=WANG_XIUYING.id)
    await recorders.start(tape, EPOCH_US)
    recorders.act(tape.id, 1000, b'{"type":"first"}')
    await recorders.stop(tape.id, 2000)
    path = tape_path(tmp_path / "tapes", tape.id)
    assert b"first" not in path.read_bytes()
    own = TapeFile(path, tape.id, await store.cipher(WANG_XIUYING.id)).summaries()
    assert [act.message for one in own for act in one.acts] == [b'{"type":"first"}']
    with pytest.raises(SealBroken):
        TapeFile(path, tape.id, await store.cipher(LI_JIANGUO.id)).summaries()
    await store.close()
