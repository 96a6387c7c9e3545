"""H.264 goes into an object as it came, in MP4, with its times; or is refused."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pydicom
import pytest
from pydicom.encaps import generate_frames

from tests.ultrasound.cines import DEMO_CINE
from tests.ultrasound.writing.objects import IDENTITY, NINE_US, PLACE, acquisition, complaints
from ultrasound.dicom import open_dicom
from ultrasound.errors import WritingRefused
from ultrasound.video import open_video
from ultrasound.writing.h264_cine import write_h264_cine

TIMES_US = [NINE_US + 33_000 * k + (k % 2) * 500 for k in range(12)]


def packets(**options: str) -> Iterator[bytes]:
    """Twelve frames of the demonstration cine, in Annex B."""
    cine = open_dicom(DEMO_CINE)
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = cine.width, cine.height, "yuv420p"
    encoder.time_base = Fraction(1, 30)
    encoder.options = {"preset": "veryfast", "tune": "zerolatency", "profile": "main"} | options
    for k in range(12):
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(cine.frame(k)), format="rgb24")
        frame.pts = k
        yield b"".join(bytes(packet) for packet in encoder.encode(frame))
    yield b"".join(bytes(packet) for packet in encoder.encode(None))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "c.dcm"
    done = write_h264_cine(path, packets(), TIMES_US, IDENTITY, PLACE, acquisition())
    assert done.frame_count == 12
    assert [file.name for file in tmp_path.iterdir()] == ["c.dcm"]
    return path


def test_the_video_is_inside_with_every_frame_and_time(written: Path) -> None:
    dataset = pydicom.dcmread(written)
    assert dataset.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.102"
    (inside,) = generate_frames(dataset.PixelData, number_of_frames=1)
    video = written.with_suffix(".mp4")
    video.write_bytes(inside)
    cine = open_video(video)
    assert (cine.frame_count, cine.width, cine.height) == (12, 640, 480)
    taken_ms = [(at - NINE_US) / 1000 for at in TIMES_US]
    assert [cine.frame_time_ms(k) for k in range(12)] == pytest.approx(taken_ms, abs=0.1)
    source = open_dicom(DEMO_CINE)
    assert np.abs(cine.frame(11).astype(int) - source.frame(11)).mean() < 4


def test_what_was_lost_is_said(written: Path) -> None:
    dataset = pydicom.dcmread(written)
    assert dataset.LossyImageCompressionMethod == "ISO_14496_10"
    assert float(dataset.LossyImageCompressionRatio) > 10
    assert dataset.PhotometricInterpretation == "YBR_PARTIAL_420"


@pytest.mark.dicom3tools
def test_dciodvfy_finds_no_error(written: Path) -> None:
    assert complaints(written) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"tune": "film", "bf": "2", "profile": "main"}, "reordered"),
        ({"level": "5.1"}, "level 5.1"),
    ],
)
def test_what_not_every_decoder_plays_is_refused(options: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(WritingRefused, match=words):
        write_h264_cine(tmp_path / "c.dcm", packets(**options), TIMES_US, IDENTITY, PLACE, acquisition())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("times_us", [TIMES_US[:11], [*TIMES_US, TIMES_US[-1] + 9]])
def test_another_number_of_times_is_refused(times_us: list[int], tmp_path: Path) -> None:
    with pytest.raises(WritingRefused, match="12 frames where"):
        write_h264_cine(tmp_path / "c.dcm", packets(), times_us, IDENTITY, PLACE, acquisition())
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_h264_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WritingRefused, match="no H.264"):
        write_h264_cine(tmp_path / "c.dcm", [b"nothing"] * 12, TIMES_US, IDENTITY, PLACE, acquisition())
    assert list(tmp_path.iterdir()) == []
