"""Frames lie where the fragments say, whatever the offset tables say; none is held."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, encapsulate_extended, fragment_frame
from pydicom.uid import JPEGBaseline8Bit

from tests.ultrasound.cines import cine_dataset, colour_bars, encapsulated, jpeg, native, saved
from tests.ultrasound.files.coding import in_run_lengths, noise, sparse_cine
from ultrasound.dicom import open_dicom
from ultrasound.errors import SourceUnreadable

PICTURES = [colour_bars() // divisor for divisor in (1, 2, 3)]
CODED = [jpeg(picture) for picture in PICTURES]
HEIGHT, WIDTH = PICTURES[0].shape[:2]


def item(data: bytes, tag: bytes = b"\xfe\xff\x00\xe0") -> bytes:
    return tag + len(data).to_bytes(4, "little") + data


def with_pixels(value: bytes, frames: int = 3) -> Dataset:
    dataset = cine_dataset(frames, WIDTH, HEIGHT, "YBR_FULL_422")
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    dataset.PixelData = value
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return dataset


def fragmented(pieces: Sequence[int], offsets: bool) -> bytes:
    """The three frames in so many fragments each."""
    frames = [list(fragment_frame(data, count)) for data, count in zip(CODED, pieces, strict=True)]
    items = [b"".join(map(item, frame)) for frame in frames]
    starts = np.cumsum([0, *map(len, items)])[:-1].astype("<u4").tobytes() if offsets else b""
    return item(starts) + b"".join(items)


def shows_the_three(path: Path) -> bool:
    cine = open_dicom(path)
    return all(np.abs(cine.frame(k).astype(int) - PICTURES[k]).mean() < 5 for k in (2, 0, 1))


@pytest.mark.parametrize("offsets", [True, False])
@pytest.mark.parametrize("pieces", [(1, 1, 1), (2, 1, 3), (4, 4, 4)])
def test_frames_of_several_fragments_are_put_together(
    tmp_path: Path, pieces: tuple[int, ...], offsets: bool
) -> None:
    path = saved(with_pixels(fragmented(pieces, offsets)), tmp_path / "x.dcm")
    assert shows_the_three(path)
    assert open_dicom(path).stored(1).rstrip(b"\0") == CODED[1].rstrip(b"\0")


def test_an_extended_offset_table_is_no_hindrance(tmp_path: Path) -> None:
    value, offsets, lengths = encapsulate_extended(CODED)
    dataset = with_pixels(value)
    dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths = offsets, lengths
    assert shows_the_three(saved(dataset, tmp_path / "x.dcm"))


def test_a_wrong_offset_table_is_not_followed(tmp_path: Path) -> None:
    right = encapsulate(CODED)
    wrong = right[:8] + (7).to_bytes(4, "little") * 3 + right[20:]
    assert shows_the_three(saved(with_pixels(wrong), tmp_path / "x.dcm"))


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (item(b"") + b"\xfe\xff\x00\xe0", "its fragments are damaged or cut off"),
        (item(b""), "0 frames where 3 are announced"),
        (fragmented((2, 2, 2), False)[: -len(CODED[2])], "its fragments are damaged or cut off"),
        (item(b"\0\0\0") + b"".join(map(item, CODED)), "begin without an offset table"),
        (encapsulate(CODED[:2]), "2 frames where 3 are announced"),
        (encapsulate(CODED + CODED), "6 frames where 3 are announced"),
        (item(b"") + b"".join(item(b"\0\0") for _ in range(100_001)), "more than 100000 fragments"),
    ],
)
def test_fragments_that_are_no_frames_are_refused_at_once(
    tmp_path: Path, value: bytes, sentence: str
) -> None:
    path = saved(with_pixels(value), tmp_path / "x.dcm")
    with pytest.raises(SourceUnreadable, match=sentence):
        open_dicom(path)


def test_run_lengths_are_one_fragment_a_frame(tmp_path: Path) -> None:
    dataset = in_run_lengths(noise(3, 5, 7, 3), "RGB")
    dataset.NumberOfFrames = 2
    with pytest.raises(SourceUnreadable, match="3 frames where 2 are announced"):
        open_dicom(saved(dataset, tmp_path / "x.dcm"))


def test_a_frame_far_larger_than_its_pixels_is_not_read(tmp_path: Path) -> None:
    huge = CODED[0] + b"\0" * (3 << 20)
    cine = open_dicom(saved(encapsulated([huge, CODED[1]], WIDTH, HEIGHT), tmp_path / "x.dcm"))
    with pytest.raises(SourceUnreadable, match="frame 1 of 2: takes more than .* bytes compressed"):
        cine.frame(0)
    assert cine.frame(1).shape == (HEIGHT, WIDTH, 3)


def test_a_file_that_was_cut_off_is_refused_at_once(tmp_path: Path) -> None:
    path = saved(native(tmp_path, noise(3, 20, 30, 3)), tmp_path / "x.dcm")
    os.truncate(path, path.stat().st_size - 100)
    with pytest.raises(SourceUnreadable, match="the file ends within its pixels"):
        open_dicom(path)


def test_a_file_that_is_cut_off_while_it_is_open_is_told_of(tmp_path: Path) -> None:
    path = saved(native(tmp_path, noise(3, 20, 30, 3)), tmp_path / "x.dcm")
    cine = open_dicom(path)
    os.truncate(path, path.stat().st_size - 100)
    assert cine.frame(1).shape == (20, 30, 3)
    with pytest.raises(SourceUnreadable, match="frame 3 of 3: the file ends within a frame"):
        cine.frame(2)


def test_pixels_that_are_not_in_fragments_though_compressed_are_refused(tmp_path: Path) -> None:
    path = saved(native(tmp_path, noise(2, 20, 30, 3)), tmp_path / "x.dcm")
    data = path.read_bytes().replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.5\0")
    path.write_bytes(data)
    with pytest.raises(SourceUnreadable, match="its pixels are not in fragments, as RLE has to be"):
        open_dicom(path)


def test_a_closed_cine_has_given_back_its_file(tmp_path: Path) -> None:
    path = saved(native(tmp_path, noise(2, 20, 30, 3)), tmp_path / "x.dcm")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        open_dicom(path).close()
        with pytest.raises(SourceUnreadable):
            path.with_name("absent.dcm").exists() or open_dicom(path.with_name("absent.dcm"))
    assert len(os.listdir("/proc/self/fd")) == before


READ_THREE = """
import sys
from ultrasound.dicom import open_dicom
def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
open_dicom(sys.argv[2]).frame(0)  # libraries loaded, buffers made
before = peak()
cine = open_dicom(sys.argv[1])
sums = [int(cine.frame(k).sum()) for k in (0, cine.frame_count // 2, cine.frame_count - 1)]
print(cine.frame_count, *sums, peak() - before)
"""


def test_a_long_cine_takes_the_memory_of_a_few_frames(tmp_path: Path) -> None:
    small = saved(native(tmp_path, noise(1, 768, 1024, 3)), tmp_path / "small.dcm")
    known = {index: b"\x01" * (index + 1) for index in (0, 250, 499)}
    large = sparse_cine(tmp_path / "large.dcm", 500, 1024, 768, known)
    assert large.stat().st_size > 1 << 30
    done = subprocess.run(
        [sys.executable, "-c", READ_THREE, large, small], capture_output=True, text=True, check=True
    )
    count, first, middle, last, grown_kb = map(int, done.stdout.split())
    assert (count, first, middle, last) == (500, 1, 251, 500)
    assert grown_kb * 1024 < 10 * 1024 * 768 * 3
