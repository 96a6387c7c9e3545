"""The recorder process: killed at any moment, stopped at a moment, overrun."""

import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudclinic.recorder import Until, record
from cloudclinic.tape_intake import Intake
from records.store.tape_files import Place, TapeFile, TapeWriter, scan, tape_path
from records.tape_records import RecordKind, TapeRecord, read_record, split_records
from tests.fakes.tapes import CIPHER, KEY, TAPE, act_record, packet_record, stream_record


class Recorder:
    """A recorder process, and a socket to it."""

    def __init__(self, directory: Path) -> None:
        self.file = tape_path(directory, TAPE)
        self.path = directory / "tap.sock"
        self.path.unlink(missing_ok=True)  # of one that was killed
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "cloudclinic.recorder", "--socket", str(self.path)),
                *("--file", str(self.file), "--tape", TAPE, "--epoch-us", "0"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(KEY.hex().encode() + b"\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == b"ready\n"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.connect(str(self.path))

    def send(self, *records: bytes) -> None:
        for one in records:
            self.socket.send(one)

    def stop(self, until_us: int | None = None) -> None:
        """End it in order."""
        if self.process.poll() is None and self.process.stdin:
            if until_us is not None:
                self.process.stdin.write(b"%d\n" % until_us)
            self.process.stdin.close()
            assert self.process.wait(20) == 0
        self.close()

    def kill(self) -> None:
        """kill -9."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.close()

    def close(self) -> None:
        self.socket.close()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()

    def kept(self) -> list[TapeRecord]:
        tape = TapeFile(self.file, TAPE, CIPHER)
        return [record for body in tape.bodies(0, 1 << 62) for record in split_records(body)]


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    running = Recorder(tmp_path)
    yield running
    running.stop()


def test_what_is_sent_is_kept_in_order(recorder: Recorder) -> None:
    sent = [packet_record(number, 1000 + number, os.urandom(1000)) for number in range(400)]
    recorder.send(stream_record(), *sent)
    recorder.stop()
    assert [one.pack() for one in recorder.kept() if one.kind == RecordKind.PACKET] == sent


def test_killed_it_has_lost_nothing_that_was_on_the_disk_and_the_tape_goes_on(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    recorder.send(stream_record())
    number = 0
    while len(_places(recorder.file)) < 3:  # the stream runs on while fragments are written
        number += 1
        recorder.send(packet_record(number, 1000 * number))
        time.sleep(0.004)  # the rate of an ultrasound, not a wait for anything
    on_the_disk = len(recorder.kept())
    recorder.kill()
    kept = [one for one in recorder.kept() if one.kind == RecordKind.PACKET]
    assert [one.sequence for one in kept] == list(range(1, len(kept) + 1))
    assert 1 + len(kept) >= on_the_disk > 3
    again = Recorder(tmp_path)
    again.send(packet_record(number + 1, 1000 * number + 1))
    again.stop()
    assert [one.sequence for one in again.kept() if one.kind == 2] == [
        *(one.sequence for one in kept),
        number + 1,
    ]


def _places(path: Path) -> list[Place]:
    return list(scan(path)[0]) if path.exists() else []


class Turns:
    """In the place of `Until`: its waits end when the next packets have come in; told to end at the sixth."""

    us = None

    def __init__(self, intake: Intake, sender: socket.socket, file: Path) -> None:
        self.told = self
        self.asked_s: list[float] = []
        self._intake, self._sender, self._file = intake, sender, file

    def wait(self, seconds: float) -> bool:
        """Everything that came before is on the disk; more comes."""
        before = 40 * len(self.asked_s)
        assert _packets(self._file) == list(range(before))
        self.asked_s.append(seconds)
        for number in range(before, before + 40):
            self._sender.send(packet_record(number, 1000 * number))
        while len(self._intake._waiting) < 40:
            time.sleep(0.001)
        return len(self.asked_s) == 6


def test_every_half_second_all_that_has_come_is_on_the_disk(tmp_path: Path) -> None:
    intake = Intake(tmp_path / "tap.sock")
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    sender.connect(str(tmp_path / "tap.sock"))
    file = tape_path(tmp_path, TAPE)
    writer, turns = TapeWriter(file, TAPE, CIPHER), Turns(intake, sender, file)
    record(intake, writer, turns, 0)  # type: ignore[arg-type]
    writer.close()
    sender.close()
    assert turns.asked_s == [0.5] * 6 and _packets(file) == list(range(240))


def _packets(file: Path) -> list[int]:
    if not file.exists():
        return []
    kept = [one for body in TapeFile(file, TAPE, CIPHER).bodies(0, 1 << 62) for one in split_records(body)]
    return [one.sequence for one in kept if one.kind == RecordKind.PACKET]


def test_nothing_that_came_after_the_moment_told_is_kept(recorder: Recorder) -> None:
    recorder.send(*(packet_record(number, 1000 * number) for number in range(1, 11)))
    recorder.stop(until_us=6000)
    assert [one.sequence for one in recorder.kept()] == [1, 2, 3, 4, 5, 6]


def test_what_is_on_the_disk_already_is_taken_back_when_the_moment_is_told_late(recorder: Recorder) -> None:
    """A worker that hangs, a server that is slow: by then fragments were written."""
    recorder.send(*(packet_record(number, 1000 * number) for number in range(1, 6)))
    _until_fragments(recorder, 1)
    recorder.send(*(packet_record(number, 1000 * number) for number in range(6, 11)))
    _until_fragments(recorder, 2)
    recorder.send(packet_record(11, 11_000), act_record(12_000, b'{"type":"tape_stopped"}'))
    recorder.stop(until_us=7000)
    assert [one.sequence for one in recorder.kept()] == [1, 2, 3, 4, 5, 6, 7]
    summaries = TapeFile(recorder.file, TAPE, CIPHER).summaries()
    assert [act.message for one in summaries for act in one.acts] == [b'{"type":"tape_stopped"}']


def _until_fragments(recorder: Recorder, count: int) -> None:
    while len(_places(recorder.file)) < count:
        time.sleep(0.01)


def test_an_overrun_recorder_counts_what_it_had_no_room_for(tmp_path: Path) -> None:
    intake = Intake(tmp_path / "tap.sock", queue_bytes=50 * len(packet_record(1, 1)))
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    sender.connect(str(tmp_path / "tap.sock"))
    for number in range(120):
        sender.send(packet_record(number, number))
    sender.close()
    intake.close()
    taken, lost = intake.take()
    assert [read_record(one).sequence for one in taken] == list(range(50))  # type: ignore[union-attr]
    assert lost == 70


def test_a_recorder_has_room_again_for_what_was_taken(tmp_path: Path) -> None:
    intake = Intake(tmp_path / "tap.sock", queue_bytes=50 * len(packet_record(1, 1)))
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    sender.connect(str(tmp_path / "tap.sock"))
    taken: list[bytes] = []
    lost = 0
    for first in (0, 40, 80):
        for number in range(first, first + 40):
            sender.send(packet_record(number, number))
        while len(taken) + lost < first + 40:
            more, missed = intake.take()
            taken, lost = taken + more, lost + missed
    sender.close()
    intake.close()
    assert [read_record(one).sequence for one in taken] == list(range(120))  # type: ignore[union-attr]
    assert lost == 0


class LateThread(threading.Thread):
    """A thread that gets to run only when it is waited for."""

    def start(self) -> None:
        pass

    def join(self, timeout: float | None = None) -> None:
        super().start()
        super().join(timeout)


def test_a_recorder_that_ends_hears_out_who_had_just_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "Thread", LateThread)
    intake = Intake(tmp_path / "tap.sock")
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    sender.connect(str(tmp_path / "tap.sock"))
    sender.send(packet_record(7, 7))
    intake.close()
    sender.close()
    assert [read_record(one).sequence for one in intake.take()[0]] == [7]  # type: ignore[union-attr]


def test_a_recorder_ends_in_order_also_where_its_thread_saw_the_end_first(tmp_path: Path) -> None:
    intake = Intake(tmp_path / "tap.sock")
    intake._closing = True
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    sender.connect(str(tmp_path / "tap.sock"))  # wakes the thread before it is woken to end
    intake._thread.join()
    intake.close()
    sender.close()
    assert intake.take() == ([], 0)


def test_what_a_recorder_had_no_room_for_is_a_gap_on_the_tape(tmp_path: Path) -> None:
    intake = Intake(tmp_path / "tap.sock", queue_bytes=50 * len(packet_record(1, 1)))
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    sender.connect(str(tmp_path / "tap.sock"))
    for number in range(120):
        sender.send(packet_record(number, number))
    sender.close()
    writer = TapeWriter(tape_path(tmp_path, TAPE), TAPE, CIPHER)
    until = Until(io.StringIO(""))
    until.told.wait()  # it ends at once
    record(intake, writer, until, 0)
    writer.close()
    tape = TapeFile(tape_path(tmp_path, TAPE), TAPE, CIPHER)
    lost = sum(loss.records for summary in tape.summaries() for loss in summary.losses)
    assert _packets(tape_path(tmp_path, TAPE)) == list(range(50)) and lost == 70
