"""What the benchmark of damaged ECG files takes for right: the whole file, no other scale, rate, sample."""

import multiprocessing
import os
import random
import signal
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection

import numpy as np
import pytest

from benchmarks import ecg_damaged_files, ecg_mutations
from benchmarks.ecg_damaged_files import KINDS, Case, Source, case_of, sources_of
from benchmarks.ecg_mutations import Tally, measure, rows, tried
from benchmarks.ecg_right_signal import complaint, unfit
from benchmarks.ecg_witness import Witness
from ecg.annotations import Annotation, AnnotationCode
from ecg.errors import SourceUnreadable
from ecg.tracing import FileKind, Tracing
from tests.ecg.files.samples import tracing, with_gap

SMALL = tracing(np.arange(20, dtype=np.int16).reshape(2, 10))


def witness_of(of: Tracing) -> Witness:
    return Witness(of.rate_hz, [channel.nanovolts() for channel in of.channels])


def whole(source: Source) -> Case:
    return replace(source, damage=lambda data, chance: data).case(random.Random(0))


def test_every_kind_of_file_is_damaged() -> None:
    assert set(KINDS) == set(FileKind) - {FileKind.E1}


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_whole_file_the_witness_says_the_same(kind: FileKind) -> None:
    for source in sources_of(kind):
        case = whole(source)
        found = case.read()
        assert found.kind is kind
        assert complaint(found, case.witness) == "", source.name


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {FileKind.SCP_ECG, FileKind.PHILIPS_SIERRA}))
def test_the_witness_sees_another_scale_rate_sample_and_gap(kind: FileKind) -> None:
    for source in sources_of(kind):
        case = whole(source)
        found = case.read()
        for change in (scaled, slower, moved, filled):
            assert complaint(change(found), case.witness) != "", (source.name, change.__name__)


def channel_changed(of: Tracing, **fields: object) -> Tracing:
    return replace(of, channels=(replace(of.channels[0], **fields), *of.channels[1:]))  # type: ignore[arg-type]


def scaled(of: Tracing) -> Tracing:
    return channel_changed(of, nv_per_step=of.channels[0].nv_per_step * 1.01)


def slower(of: Tracing) -> Tracing:
    return replace(of, rate_hz=of.rate_hz / 2)


def moved(of: Tracing) -> Tracing:
    return channel_changed(of, samples=np.roll(of.channels[0].samples, 1))


def filled(of: Tracing) -> Tracing:
    samples = of.channels[0].samples.copy()
    samples[3] = of.channels[0].missing_value if samples[3] != of.channels[0].missing_value else 0
    return channel_changed(of, samples=samples)


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (with_gap(SMALL, 2, 4), "missing at other places"),
        (replace(SMALL, channels=SMALL.channels[:1]), "1 channels where the bytes say 2"),
        (replace(SMALL, rate_hz=250), "250 Hz where the bytes say 500"),
        (replace(SMALL, annotations=(Annotation(11, AnnotationCode.NOTE),)), "annotation outside"),
        (replace(SMALL, acquired="20240231120000"), "no calendar"),
        (replace(SMALL, device="a\nb"), "a device that is no line"),
        (channel_changed(SMALL, name="x\0"), "a name that is no line"),
    ],
)
def test_what_does_not_fit_is_complained_of(found: Tracing, wrong: str) -> None:
    assert wrong in complaint(found, lambda _: witness_of(SMALL))
    assert unfit(SMALL) == ""


def test_a_witness_that_stumbles_is_a_complaint() -> None:
    def stumble(found: Tracing) -> Witness:
        raise KeyError("x")

    assert complaint(SMALL, stumble) == "the witness stumbles: KeyError"


def raising(fault: BaseException) -> Callable[[], Tracing]:
    def read() -> Tracing:
        raise fault

    return read


@pytest.mark.parametrize(
    ("read", "refused", "right", "wrong", "crashed"),
    [
        (lambda: SMALL, 0, 1, 0, 0),
        (raising(SourceUnreadable("x.edf, byte 3: nothing there")), 1, 0, 0, 0),
        (raising(SourceUnreadable("no")), 0, 0, 1, 0),
        (raising(SourceUnreadable("x" * 401)), 0, 0, 1, 0),
        (raising(SourceUnreadable("two lines\nof it")), 0, 0, 1, 0),
        (lambda: slower(SMALL), 0, 0, 1, 0),
        (raising(ValueError("x")), 0, 0, 0, 1),
        (raising(MemoryError()), 0, 0, 0, 1),
    ],
)
def test_each_file_is_counted_once(
    read: Callable[[], Tracing], refused: int, right: int, wrong: int, crashed: int
) -> None:
    tally = Tally(FileKind.CSV)
    tried(Case("x", read, lambda _: witness_of(SMALL)), 7, tally)
    counted = (tally.refused, tally.right, len(tally.wrong), len(tally.crashed))
    assert counted == (refused, right, wrong, crashed)
    assert tally.count == 1 and tally.met == (not wrong and not crashed)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_number_is_the_same_damage_and_most_of_it_is_met(kind: FileKind) -> None:
    tally = Tally(kind)
    for number in range(60):
        tried(case_of(kind, number), number, tally)
    assert tally.met, (tally.wrong, tally.crashed)
    assert tally.refused and tally.count == 60


@pytest.mark.timeout(120)
def test_processes_read_and_what_they_tell_becomes_rows() -> None:
    tallies = measure(120, (FileKind.CSV, FileKind.WFDB))
    assert [(one.kind, one.count, one.met) for one in tallies] == [
        (FileKind.CSV, 120, True),
        (FileKind.WFDB, 120, True),
    ]
    assert 0 < tallies[0].peak_bytes < 512 << 20
    made = rows(tallies)
    assert len(made) == 4 and all(row.met for row in made)
    assert made[0].why == f"{tallies[0].refused} refused, {tallies[0].right} right"


@pytest.mark.timeout(120)
def test_a_process_that_dies_is_a_crash_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ecg_mutations, "work", _dies_at_seven)
    (tally,) = measure(120, (FileKind.CSV,))
    assert tally.count == 120
    assert tally.crashed == [(7, "the process died")]
    assert tally.refused + tally.right == 119


@pytest.mark.timeout(120)
def test_a_process_that_hangs_is_a_crash_and_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ecg_mutations, "HUNG_S", 0.1)
    monkeypatch.setattr(ecg_mutations, "work", _never_answers)
    (tally,) = measure(2, (FileKind.CSV,))
    assert tally.crashed == [(0, "nothing for 0.1 s"), (1, "nothing for 0.1 s")]
    assert multiprocessing.active_children() == []


def _never_answers(pipe: Connection) -> None:
    pipe.recv()
    signal.pause()


def _dies_at_seven(pipe: Connection) -> None:
    """What a process does when its reader kills it."""

    def case(kind: FileKind, number: int) -> Case:
        if number == 7:
            os.kill(os.getpid(), signal.SIGKILL)
        return ecg_damaged_files.case_of(kind, number)

    ecg_mutations.case_of = case
    ecg_mutations.work(pipe)
