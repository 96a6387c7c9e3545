"""ECG files of strangers, read in a process of their own: what comes of good, bad and hostile ones."""

import asyncio
import os
from pathlib import Path

import pytest

from ecg.errors import SourceUnreadable, Unread
from ecg.files.door import read_any
from ecg.tracing import FileKind
from records.ecg_samples import pack_tracing
from records.exchange import ecg_files, ecg_reading_process
from records.exchange.apart import Limits, Why, WorkFailed, work_apart
from records.exchange.ecg_answers import EcgRefused, NamedFile, ReadEcg
from records.exchange.ecg_files import EcgFileReader, digest_of_files
from records.exchange.ecg_reading_process import answer_to
from tests.fakes.ecgs import DATA, LUDB, PHILIPS


def named(files: dict[str, bytes]) -> tuple[NamedFile, ...]:
    return tuple(NamedFile(name=name, data=data) for name, data in files.items())


def refusal(files: dict[str, bytes]) -> str:
    answer = answer_to(ReadEcg(files=named(files)))
    assert isinstance(answer, EcgRefused)
    return answer.sentence


async def test_a_file_is_read_apart_exactly_as_it_is_read_here() -> None:
    found = await EcgFileReader().read(named(PHILIPS))
    here = read_any(PHILIPS["ecg.xml"], "file")
    assert pack_tracing(found.tracing) == pack_tracing(here)
    assert (found.tracing.kind, found.stated.patient_id) == (FileKind.PHILIPS_SIERRA, "9999")


async def test_a_record_of_several_files_is_read_in_whatever_order_they_come() -> None:
    forwards, backwards = named(LUDB), named(LUDB)[::-1]
    found = await EcgFileReader().read(backwards)
    assert (found.tracing.sample_count, len(found.tracing.channels)) == (5000, 12)
    assert found.file_sha256 == digest_of_files(forwards)


async def test_a_refusal_comes_back_with_its_place_and_its_reason() -> None:
    with pytest.raises(SourceUnreadable, match="none of that is read|of no kind that is read") as refused:
        await EcgFileReader().read(named({"x.bin": bytes(100)}))
    assert refused.value.why is Unread.OTHER_KIND


async def test_a_reader_that_needs_too_much_memory_is_a_refusal_and_nothing_else() -> None:
    reader = EcgFileReader(Limits(memory_bytes=48 << 20))
    with pytest.raises(SourceUnreadable, match="broke off"):
        await reader.read(named(PHILIPS))


async def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ecg_files, "MODULE", "tests.records.exchange.endless")
    with pytest.raises(SourceUnreadable, match="longer to read"):
        await EcgFileReader(Limits(wall_s=0.05)).read(named(PHILIPS))


async def test_more_files_than_can_wait_are_turned_away_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    going = asyncio.Event()

    async def never(*_: object) -> bytes:
        await going.wait()
        raise WorkFailed(Why.NOT_STARTED)

    monkeypatch.setattr(ecg_files, "work_apart", never)
    reader = EcgFileReader()
    waiting = [asyncio.create_task(reader.read(named(PHILIPS))) for _ in range(10)]
    await asyncio.sleep(0)
    with pytest.raises(WorkFailed) as failed:
        await reader.read(named(PHILIPS))
    going.set()
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert failed.value.why is Why.BUSY
    assert [one.why for one in ended if isinstance(one, WorkFailed)] == [Why.NOT_STARTED] * 10


def test_no_name_of_a_file_is_repeated() -> None:
    header = LUDB["1.hea"].replace(b"1.dat", b"wangxiuying.dat")
    said = refusal({"wangxiuying.hea": header, "wangxiuying.dat": b"cut"})
    assert "wang" not in said and "file 2" in said
    assert "王" not in refusal({"王秀英.hea": LUDB["1.hea"], "王秀英.dat": b""})


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.xml": PHILIPS["ecg.xml"], "b.xml": PHILIPS["ecg.xml"]}, "2 files with 0 headers"),
        ({"1.hea": LUDB["1.hea"]}, "signal file 1.dat is not beside it"),
        ({"1.hea": LUDB["1.hea"], "../1.dat": LUDB["1.dat"]}, "is not beside it"),
        ({"a.pdf": b"%PDF-1.7"}, "a picture of an ECG, not its samples"),
        ({"a": b""}, "empty"),
    ],
)
def test_what_cannot_be_shown_faithfully_is_refused(files: dict[str, bytes], said: str) -> None:
    assert said in refusal(files)


def test_a_recording_that_nobody_reads_at_one_sitting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ecg_reading_process, "LONGEST_S", 9.0)
    assert "at most" in refusal(LUDB)


# --- the process itself -----------------------------------------------------------------------------------


async def test_what_is_done_apart_has_none_of_our_environment_and_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLOUDCLINIC_METRICS_TOKEN", "secret")
    with (tmp_path / "open").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        told = (await work_apart("tests.records.exchange.looking_around", b"look")).decode().splitlines()
    environment, descriptors, written, folder = told
    assert "CLOUDCLINIC" not in environment and "secret" not in environment
    assert descriptors == "0,1,2"
    assert written == "refused"
    assert folder == "/"


async def test_an_answer_without_end_is_cut_off() -> None:
    with pytest.raises(WorkFailed) as failed:
        await work_apart("tests.records.exchange.endless", b"talk", Limits(answer_bytes=1 << 20))
    assert failed.value.why is Why.ANSWER_TOO_LARGE


async def test_work_that_dies_is_told_as_that_and_no_process_is_left() -> None:
    with pytest.raises(WorkFailed) as failed:
        await work_apart("tests.records.exchange.no_such_module", b"")
    assert failed.value.why is Why.BROKE_OFF
    task = asyncio.create_task(work_apart("tests.records.exchange.endless", b""))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert _endless() == []


def _endless() -> list[Path]:
    """Processes of ours that should have ended."""
    ours = f"PPid:\t{os.getpid()}\n"
    return [path for path in Path("/proc").glob("[0-9]*") if _is_endless(path, ours)]


def _is_endless(process: Path, ours: str) -> bool:
    try:
        return ours in (process / "status").read_text() and b"endless" in _command_line(process)
    except OSError:
        return False


def _command_line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def test_the_recordings_of_these_tests_are_there() -> None:
    assert (DATA / "ludb" / "1.dat").stat().st_size == 120_000
