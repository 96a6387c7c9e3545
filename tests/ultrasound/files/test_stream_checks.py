"""Colours are believed where frame and header agree, or where only one of them can be right."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.ultrasound.cines import cine_dataset, colour_bars, encapsulated, jpeg, native, saved
from tests.ultrasound.files.coding import in_fragments, in_jpeg_ls, noise, transcoded
from ultrasound.dicom import open_dicom
from ultrasound.errors import SourceUnreadable

BARS = colour_bars()
HEIGHT, WIDTH = BARS.shape[:2]
ADOBE = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00"


def whole_jpeg(picture: NDArray[np.uint8], sampling: int = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444) -> bytes:
    options = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling, cv2.IMWRITE_JPEG_QUALITY, 95]
    done, data = cv2.imencode(".jpg", picture[:, :, ::-1], options)
    assert done
    return data.tobytes()


def silent(data: bytes) -> bytes:
    """Without JFIF's marker, which says that the components are Y Cb Cr."""
    assert data[2:4] == b"\xff\xe0"
    return data[:2] + data[4 + int.from_bytes(data[4:6], "big") :]


def one_table(data: bytes) -> bytes:
    """The frame header says the first quantisation table for every component (what they mean is changed)."""
    at = data.index(b"\xff\xc0")
    return data[: at + 15] + b"\0" + data[at + 16 : at + 18] + b"\0" + data[at + 19 :]


def components_of(data: bytes) -> NDArray[np.uint8]:
    """As they are stored: R G B where nothing was transformed."""
    told = data[:2] + ADOBE + b"\0" + silent(data)[2:]
    return cv2.imdecode(np.frombuffer(told, np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]


def shown(data: bytes, photometric: str, path: Path) -> NDArray[np.uint8]:
    return open_dicom(saved(encapsulated([data, data], WIDTH, HEIGHT, photometric), path)).frame(1)


def test_a_jpeg_that_says_nothing_is_ybr_where_the_header_says_so(tmp_path: Path) -> None:
    for data in (silent(jpeg(BARS)), silent(whole_jpeg(BARS))):
        picture = shown(data, "YBR_FULL_422", tmp_path / "x.dcm")
        assert np.abs(picture[:, 8::16].astype(int) - BARS[:, 8::16]).max() <= 6


def test_a_jpeg_that_says_nothing_is_rgb_where_the_header_says_so_and_all_is_coded_alike(
    tmp_path: Path,
) -> None:
    data = one_table(whole_jpeg(BARS))
    picture = shown(silent(data), "RGB", tmp_path / "x.dcm")
    assert np.array_equal(picture, components_of(data))
    assert not np.array_equal(picture[0, 0], BARS[0, 0])


def test_a_jpeg_with_fewer_samples_of_two_components_is_ybr_whatever_the_header_says(tmp_path: Path) -> None:
    right = shown(jpeg(BARS), "YBR_FULL_422", tmp_path / "y.dcm")
    by_adobe = silent(jpeg(BARS))[:2] + ADOBE + b"\x01" + silent(jpeg(BARS))[2:]
    for data in (silent(jpeg(BARS)), jpeg(BARS), by_adobe):  # jpeg: with JFIF's marker
        assert np.array_equal(shown(data, "RGB", tmp_path / "x.dcm"), right)


@pytest.mark.parametrize(
    ("data", "photometric"),
    [
        (whole_jpeg(BARS), "RGB"),  # JFIF
        (silent(whole_jpeg(BARS)), "RGB"),  # a table of its own for what would be green and blue
        (silent(jpeg(BARS))[:2] + ADOBE + b"\x00" + silent(jpeg(BARS))[2:], "YBR_FULL_422"),
        (silent(jpeg(BARS))[:2] + ADOBE + b"\x00" + silent(jpeg(BARS))[2:], "YBR_FULL"),
    ],
)
def test_a_jpeg_that_contradicts_its_header_is_refused(tmp_path: Path, data: bytes, photometric: str) -> None:
    with pytest.raises(SourceUnreadable, match="colours unknown"):
        shown(data, photometric, tmp_path / "x.dcm")


def test_progressive_is_no_baseline(tmp_path: Path) -> None:
    done, data = cv2.imencode(".jpg", BARS, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])
    assert done
    with pytest.raises(SourceUnreadable, match=r"coded otherwise than as JPEG \(marker 0xc2\)"):
        shown(data.tobytes(), "YBR_FULL_422", tmp_path / "x.dcm")


def test_a_lossless_jpeg_is_what_the_header_says_unless_it_says_otherwise_itself(tmp_path: Path) -> None:
    frames = noise(2, 33, 47, 3)
    dataset = transcoded(frames, "RGB", "1.2.840.10008.1.2.4.70", tmp_path)
    dataset.PhotometricInterpretation = "YBR_FULL"
    with pytest.raises(SourceUnreadable, match="3 plain components, the header YBR_FULL: colours unknown"):
        open_dicom(saved(dataset, tmp_path / "x.dcm")).frame(0)


@pytest.mark.parametrize(("photometric", "coding"), [("YBR_FULL", "90"), ("YBR_FULL", "80")])
def test_lossless_ybr_becomes_rgb(tmp_path: Path, photometric: str, coding: str) -> None:
    frames = noise(2, 33, 47, 3)
    if coding == "80":
        dataset = in_jpeg_ls(frames, "RGB")
    else:
        dataset = transcoded(frames, "RGB", f"1.2.840.10008.1.2.4.{coding}", tmp_path)
    transformed = b"\xff\x52\x00\x0c\x00\x00\x00\x01\x01" in dataset.PixelData
    dataset.PhotometricInterpretation = photometric
    cine = open_dicom(saved(dataset, tmp_path / "x.dcm"))
    if transformed:  # the code stream says that it was RGB
        with pytest.raises(SourceUnreadable, match="a colour transform, the header YBR_FULL"):
            cine.frame(1)
        return
    plain = saved(native(tmp_path, frames, "YBR_FULL"), tmp_path / "plain.dcm")
    assert np.array_equal(cine.frame(1), open_dicom(plain).frame(1))


def test_a_code_stream_without_the_transform_its_header_tells_of_is_refused(tmp_path: Path) -> None:
    dataset = transcoded(noise(1, 33, 47, 3), "RGB", "1.2.840.10008.1.2.4.90", tmp_path)
    at = dataset.PixelData.index(b"\xff\x52")
    changed = bytearray(dataset.PixelData)
    changed[at + 8] ^= 1
    told = "a" if changed[at + 8] else "no"
    dataset.PixelData = bytes(changed)
    dataset.PhotometricInterpretation = "YBR_FULL" if told == "a" else "YBR_RCT"
    with pytest.raises(SourceUnreadable, match=f"the code stream has {told} colour transform"):
        open_dicom(saved(dataset, tmp_path / "x.dcm")).frame(0)


def test_a_code_stream_of_another_size_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    dataset = transcoded(noise(1, 33, 47), "MONOCHROME2", "1.2.840.10008.1.2.4.90", tmp_path)
    dataset.Rows = 30
    with pytest.raises(SourceUnreadable, match="47x33 of 8 bits where the header says 47x30 of 8"):
        open_dicom(saved(dataset, tmp_path / "x.dcm")).frame(0)


@pytest.mark.parametrize(
    "coded",
    [
        b"\0\0",
        b"\xff\x4f",
        b"\xff\x4f\xff\x51\x00\x02",
        b"\xff\x4f\xff\x51\x00\x00",
        b"\xff\x4f\x00\x51\x00\x09abcdefgh",
    ],
)
def test_what_has_no_main_header_is_refused(tmp_path: Path, coded: bytes) -> None:
    dataset = in_fragments([coded], cine_dataset(1, 47, 33, "RGB"), "1.2.840.10008.1.2.4.90")
    with pytest.raises(SourceUnreadable, match="main header|does not begin|no marker"):
        open_dicom(saved(dataset, tmp_path / "x.dcm")).frame(0)
