"""Cines: a grabber's packets byte by byte, pictures without loss, true times; a whole file or none."""

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest

from tests.ultrasound.cines import DEMO_CINE, colour_bars, jpeg
from tests.ultrasound.files.coding import noise
from tests.ultrasound.writing.objects import (
    IDENTITY,
    NINE_US,
    PLACE,
    PLANE,
    acquisition,
    complaints,
)
from ultrasound.cine import MAX_FRAMES
from ultrasound.dicom import open_dicom
from ultrasound.errors import PictureError, WritingRefused
from ultrasound.fidelity import psnr_db
from ultrasound.writing.cine import WrittenCine, write_cine
from ultrasound.writing.cine_times import HeartBeat
from ultrasound.writing.frame_coding import Lossless, jpeg_frames, lossless_frames
from ultrasound.writing.frame_stream import FrameStream
from ultrasound.writing.loss import Loss, LossMethod
from ultrasound.writing.mjpeg import grabbed_frames
from ultrasound.writing.synchronization import Synchronization, TimeDistribution

BARS = colour_bars()
PICTURES = [noise(33, 47, 3) for _ in range(3)]
CLOCK = Synchronization(
    frame_of_reference_uid="1.2.826.0.1.9", externally_set=True, distribution=TimeDistribution.NTP
)


def demo_packets() -> list[bytes]:
    cine = open_dicom(DEMO_CINE)
    return [cine.stored(k) for k in range(cine.frame_count)]


def even(count: int, step_us: int = 40_000) -> list[int]:
    return [NINE_US + k * step_us for k in range(count)]


def written(path: Path, frames: FrameStream, times_us: Sequence[int], **fields: Any) -> WrittenCine:
    said = {name: fields.pop(name, None) for name in ("beat", "synchronization")}
    return write_cine(path, frames, times_us, IDENTITY, PLACE, acquisition(**fields), **said)


def without_tables(packet: bytes) -> bytes:
    """As some grabbers send it: the Huffman tables are taken for known."""
    kept, at = packet[:2], 2
    while packet[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(packet[at + 2 : at + 4], "big")
        kept += packet[at:end] if packet[at + 1] != 0xC4 else b""
        at = end
    return kept + packet[at:]


def test_every_packet_of_a_grabber_is_in_the_file_byte_by_byte(tmp_path: Path) -> None:
    packets = demo_packets()
    done = written(tmp_path / "c.dcm", grabbed_frames(packets), even(120))
    assert (done.frame_count, done.completed) == (120, ())
    cine = open_dicom(tmp_path / "c.dcm")
    for k, packet in enumerate(packets):
        stored = cine.stored(k)
        assert stored[: len(packet)] == packet
        assert stored[len(packet) :] in (b"", b"\0")
    header = pydicom.dcmread(tmp_path / "c.dcm")
    assert header.PhotometricInterpretation == "YBR_FULL_422"
    assert len(list(pydicom.encaps.generate_frames(header.PixelData, number_of_frames=120))) == 120
    ratio = 640 * 480 * 3 * 120 / sum(len(packet) for packet in packets)
    assert float(header.LossyImageCompressionRatio) == pytest.approx(ratio, abs=1e-3)
    assert header.LossyImageCompressionMethod == "ISO_10918_1"


def test_tables_are_put_in_only_where_they_lack_and_that_is_told(tmp_path: Path) -> None:
    whole = jpeg(BARS)
    bare = without_tables(whole)
    assert len(bare) < len(whole)
    done = written(tmp_path / "c.dcm", grabbed_frames([whole, bare, whole]), even(3))
    assert done.completed == (2,)
    cine = open_dicom(tmp_path / "c.dcm")
    assert cine.stored(0).startswith(whole)
    assert bare not in cine.stored(1)
    assert np.array_equal(cine.frame(1), cine.frame(0))
    assert np.array_equal(pydicom.dcmread(tmp_path / "c.dcm").pixel_array[1], cine.frame(0))


@pytest.mark.parametrize("coding", tuple(Lossless))
@pytest.mark.parametrize("grey", [False, True])
def test_pictures_without_loss_come_back(coding: Lossless, grey: bool, tmp_path: Path) -> None:
    pictures = [picture[:, :, 0] if grey else picture for picture in PICTURES]
    written(tmp_path / "c.dcm", lossless_frames(pictures, coding), even(3))
    cine = open_dicom(tmp_path / "c.dcm")
    read = [cine.grey_frame(k) if grey else cine.frame(k) for k in range(3)]
    assert np.array_equal(read, pictures)
    other = pydicom.dcmread(tmp_path / "c.dcm")
    assert np.array_equal(other.pixel_array, pictures)
    assert other.LossyImageCompression == "00"


@pytest.mark.parametrize("grey", [False, True])
def test_jpeg_of_high_quality_is_near_and_says_what_it_lost(grey: bool, tmp_path: Path) -> None:
    source = open_dicom(DEMO_CINE)
    pictures = [source.frame(k)[:, :, 0] if grey else source.frame(k) for k in range(3)]
    losses = (Loss(LossMethod.H264, 30),)
    written(tmp_path / "c.dcm", jpeg_frames(pictures), even(3), losses=losses)
    cine = open_dicom(tmp_path / "c.dcm")
    read = [cine.grey_frame(k) if grey else cine.frame(k) for k in range(3)]
    assert min(psnr_db(a, b) for a, b in zip(read, pictures, strict=True)) > 40
    assert list(cine.header.LossyImageCompressionMethod) == ["ISO_14496_10", "ISO_10918_1"]


def test_even_steps_are_a_frame_time(tmp_path: Path) -> None:
    written(tmp_path / "c.dcm", lossless_frames(PICTURES), even(3, 33_333))
    header = open_dicom(tmp_path / "c.dcm").header
    assert float(header.FrameTime) == pytest.approx(33.333)
    assert header.FrameIncrementPointer == 0x00181063
    assert "FrameTimeVector" not in header


def test_uneven_steps_are_told_to_the_microsecond(tmp_path: Path) -> None:
    times_us = [NINE_US, NINE_US + 33_333, NINE_US + 100_001]
    written(tmp_path / "c.dcm", lossless_frames(PICTURES), times_us)
    cine = open_dicom(tmp_path / "c.dcm")
    assert [cine.frame_time_ms(k) for k in range(3)] == pytest.approx([0, 33.333, 100.001])
    assert cine.header.FrameIncrementPointer == 0x00181065
    assert float(cine.header.FrameTimeVector[0]) == 0


def test_beats_within_the_cine_are_told_in_ms_from_its_first_frame(tmp_path: Path) -> None:
    beat = HeartBeat(71.6, (NINE_US - 5, NINE_US + 80_000, NINE_US + 12_500, NINE_US + 90_000))
    written(tmp_path / "c.dcm", lossless_frames(PICTURES), even(3), beat=beat)
    header = open_dicom(tmp_path / "c.dcm").header
    assert header.HeartRate == 72
    assert list(header.RWaveTimeVector) == [12.5, 80.0]


def test_no_beat_within_it_is_not_an_empty_one(tmp_path: Path) -> None:
    written(tmp_path / "c.dcm", lossless_frames(PICTURES), even(3), beat=HeartBeat(None, (NINE_US - 1,)))
    header = open_dicom(tmp_path / "c.dcm").header
    assert "HeartRate" not in header
    assert "RWaveTimeVector" not in header


def test_the_clock_is_named(tmp_path: Path) -> None:
    written(tmp_path / "c.dcm", lossless_frames(PICTURES), even(3), synchronization=CLOCK)
    header = open_dicom(tmp_path / "c.dcm").header
    assert header.SynchronizationFrameOfReferenceUID == "1.2.826.0.1.9"
    assert header.SynchronizationTrigger == "NO TRIGGER"
    assert (header.AcquisitionTimeSynchronized, header.TimeDistributionProtocol) == ("Y", "NTP")


def streams() -> dict[str, FrameStream]:
    grey = [picture[:, :, 0] for picture in PICTURES]
    return {
        "grabbed": grabbed_frames([jpeg(BARS), without_tables(jpeg(BARS)), jpeg(BARS)]),
        "grabbed grey": grabbed_frames([jpeg(BARS[:, :, 0])] * 3),
        "high quality": jpeg_frames(PICTURES),
        "high quality grey": jpeg_frames(grey),
        **{coding.value: lossless_frames(PICTURES, coding) for coding in Lossless},
        **{f"{coding.value} grey": lossless_frames(grey, coding) for coding in Lossless},
    }


@pytest.mark.dicom3tools
@pytest.mark.parametrize("kind", streams())
@pytest.mark.parametrize("times_us", [even(3), [NINE_US, NINE_US + 7, NINE_US + 9_000_000]])
def test_dciodvfy_finds_no_error(kind: str, times_us: list[int], tmp_path: Path) -> None:
    stream = streams()[kind]
    written(
        tmp_path / "c.dcm",
        stream,
        times_us,
        beat=HeartBeat(60, (NINE_US, NINE_US + 8)),
        synchronization=CLOCK,
        regions=(dataclasses.replace(PLANE, right_px=40, bottom_px=30),),
    )
    assert complaints(tmp_path / "c.dcm") == []


@pytest.mark.dicom3tools
def test_dciodvfy_finds_no_error_in_a_cine_of_one_frame(tmp_path: Path) -> None:
    written(tmp_path / "c.dcm", lossless_frames(PICTURES[:1]), even(1))
    assert complaints(tmp_path / "c.dcm") == []


def test_no_more_than_one_frame_is_asked_for_before_it_is_written(tmp_path: Path) -> None:
    """What was asked for is in the file, or is the frame being written."""
    sizes = []

    def pictures() -> Iterator[np.ndarray[Any, np.dtype[np.uint8]]]:
        for _ in range(5):
            sizes.append(sum(file.stat().st_size for file in tmp_path.iterdir()))
            yield np.zeros((512, 512), np.uint8)

    written(tmp_path / "c.dcm", lossless_frames(pictures(), Lossless.UNCOMPRESSED), even(5))
    steps = [after - before for before, after in zip(sizes[1:], sizes[2:], strict=False)]
    assert steps == [512 * 512] * 3


def test_a_cine_takes_the_place_of_one_of_its_name(tmp_path: Path) -> None:
    for pictures in (PICTURES, PICTURES[:2]):
        written(tmp_path / "c.dcm", lossless_frames(pictures), even(len(pictures)))
    assert open_dicom(tmp_path / "c.dcm").frame_count == 2
    assert [file.name for file in tmp_path.iterdir()] == ["c.dcm"]


def another_size() -> list[bytes]:
    return [jpeg(BARS), jpeg(BARS[:32])]


@pytest.mark.parametrize(
    ("packets", "words"),
    [
        ([], "no packet"),
        ([b"no JPEG at all"], "packet 1"),
        (another_size(), "packet 2: 96x32"),
        ([jpeg(BARS), jpeg(BARS[:, :, 0])], "packet 2"),
        ([jpeg(BARS), jpeg(BARS)[:-40]], "packet 2: the JPEG is cut off"),
        ([jpeg(BARS).replace(b"\xff\xc0", b"\xff\xc2", 1)], "0xc2"),
    ],
)
def test_packets_that_are_no_cine_leave_nothing_behind(
    packets: list[bytes], words: str, tmp_path: Path
) -> None:
    with pytest.raises(WritingRefused, match=words):
        written(tmp_path / "c.dcm", grabbed_frames(packets), even(max(1, len(packets))))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("times_us", "words"),
    [
        ([], "0 frames"),
        ([NINE_US, NINE_US, NINE_US + 1], "frame 2"),
        (even(2), "more than 2 frames"),
        (even(4), "3 frames where 4"),
        (range(MAX_FRAMES + 1), "10001 frames"),
        ([k * 40_000 + k * k for k in range(MAX_FRAMES)], "two parts"),
    ],
)
def test_times_that_are_not_the_frames_leave_nothing_behind(
    times_us: Sequence[int], words: str, tmp_path: Path
) -> None:
    with pytest.raises(WritingRefused, match=words):
        written(tmp_path / "c.dcm", lossless_frames(PICTURES), times_us)
    assert list(tmp_path.iterdir()) == []


def test_pictures_of_two_sizes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="picture 2"):
        written(tmp_path / "c.dcm", lossless_frames([PICTURES[0], PICTURES[0][:9]]), even(2))
    with pytest.raises(WritingRefused, match="no picture"):
        lossless_frames([])
    with pytest.raises(WritingRefused, match="quality 50"):
        jpeg_frames(PICTURES, 50)
    assert list(tmp_path.iterdir()) == []
