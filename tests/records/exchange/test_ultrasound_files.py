"""Ultrasound files of strangers: read in a process of its own, which ends in time and within its memory."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from records.exchange import ultrasound_files
from records.exchange.ultrasound_files import LIMITS, read_ultrasound
from tests.ultrasound.cines import DEMO_CINE, TWO_PALETTE_FRAMES, native, saved
from tests.ultrasound.files.coding import noise, sparse_cine
from ultrasound.dicom import open_dicom
from ultrasound.errors import SourceUnreadable


async def test_what_is_read_apart_is_what_is_read_here() -> None:
    read = await read_ultrasound(DEMO_CINE, 120)
    assert read.frame is not None
    assert read.frame.samples == open_dicom(DEMO_CINE).frame(119).tobytes()
    assert (read.description.maker, read.description.frame_count) == ("SonoSite, Inc.", 120)
    assert read.description.regions == open_dicom(DEMO_CINE).regions
    assert (await read_ultrasound(TWO_PALETTE_FRAMES)).frame is None


async def test_grey_comes_as_one_plane(tmp_path: Path) -> None:
    frames = noise(2, 33, 47)
    path = saved(native(tmp_path, frames, "MONOCHROME2"), tmp_path / "x.dcm")
    coloured = saved(native(tmp_path, np.repeat(frames[:, :, :, None], 3, axis=3)), tmp_path / "y.dcm")
    for file in (path, coloured):
        read = await read_ultrasound(file, 2)
        assert read.frame is not None
        assert read.frame.samples == frames[1].tobytes()


@pytest.mark.parametrize("frame", [0, -1, 121])
async def test_a_frame_that_does_not_exist_is_refused(frame: int) -> None:
    with pytest.raises(SourceUnreadable, match=f"no frame {frame}; 1 to 120 exist"):
        await read_ultrasound(DEMO_CINE, frame)


async def test_a_file_larger_than_the_memory_is_read(tmp_path: Path) -> None:
    path = sparse_cine(tmp_path / "large.dcm", 300, 1024, 768, {299: b"\x07\x08\x09"})
    assert path.stat().st_size > 512 << 20
    read = await read_ultrasound(path, 300)
    assert read.frame is not None
    assert read.frame.samples == b"\x07\x08\x09".ljust(1024 * 768 * 3, b"\0")


async def test_too_little_memory_ends_in_one_sentence(tmp_path: Path) -> None:
    path = saved(native(tmp_path, noise(1, 2000, 3000, 3)), tmp_path / "x.dcm")
    with pytest.raises(SourceUnreadable, match="x.dcm: .*memory|MemoryError"):
        await read_ultrasound(path, 1, replace(LIMITS, data_bytes=104 << 20))


async def test_too_little_time_ends_in_one_sentence() -> None:
    with pytest.raises(SourceUnreadable, match="takes longer to read than a picture may"):
        await read_ultrasound(DEMO_CINE, 1, replace(LIMITS, wall_s=0.02))


async def test_a_reader_that_breaks_off_or_answers_nonsense_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("tests.records.exchange.absent", "platform"):
        monkeypatch.setattr(ultrasound_files, "MODULE", module)
        with pytest.raises(SourceUnreadable, match="the reader broke off on it"):
            await read_ultrasound(DEMO_CINE)


async def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(SourceUnreadable, match="no file, but a directory or a device"):
            await read_ultrasound(path)
    with pytest.raises(FileNotFoundError):
        await read_ultrasound(tmp_path / "absent.dcm")


def test_the_limits_are_those_that_were_promised() -> None:
    libraries_bytes = 100 << 20
    assert LIMITS.data_bytes is not None
    assert LIMITS.data_bytes + libraries_bytes <= 512 << 20
    assert LIMITS.cpu_s <= 10


async def test_no_descriptor_is_left_open() -> None:
    await read_ultrasound(TWO_PALETTE_FRAMES)
    before = len(os.listdir("/proc/self/fd"))
    await read_ultrasound(TWO_PALETTE_FRAMES)
    assert len(os.listdir("/proc/self/fd")) == before


NESTED = b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
LONG = b"\x09\x00\x10\x00OB\0\0" + (900 << 20).to_bytes(4, "little")


@pytest.mark.parametrize(
    ("planted", "sentence"),
    [
        (NESTED * 20_000, r"damaged \(RecursionError\)"),
        (NESTED + LONG, "a value of 943718400 bytes in its header"),
        (
            NESTED[:12] + b"\xfe\xff\x00\xe0\0\0\0\0" * 2_000_000,
            "more elements in its header than",
        ),
    ],
)
async def test_what_is_planted_in_a_header_ends_in_one_sentence(
    tmp_path: Path, planted: bytes, sentence: str
) -> None:
    path = saved(native(tmp_path, noise(1, 20, 30, 3)), tmp_path / "x.dcm")
    data = path.read_bytes()
    at = data.index(b"\x08\x00\x60\x00CS")
    path.write_bytes(data[:at] + planted + data[at:])
    os.truncate(path, path.stat().st_size + (1 << 30))  # with holes
    with pytest.raises(SourceUnreadable, match=f"^x.dcm: .*{sentence}"):
        await read_ultrasound(path, 1, replace(LIMITS, cpu_s=3))
