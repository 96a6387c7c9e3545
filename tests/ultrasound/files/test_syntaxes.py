"""Every transfer syntax: the pixels that were coded, and those that a second decoder sees."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels.processing import apply_color_lut
from pydicom.pixels.utils import pixel_array

from tests.ultrasound.cines import native, of_pydicom, saved
from tests.ultrasound.files.coding import (
    Pixels,
    as_ultrasound,
    by_ffmpeg,
    in_fragments,
    in_jpeg_ls,
    in_run_lengths,
    noise,
    transcoded,
)
from tests.ultrasound.files.lossless_jpeg import lossless_jpeg, smooth
from ultrasound.dicom import DicomCine, open_dicom
from ultrasound.errors import SourceUnreadable
from ultrasound.files.pixel_form import SYNTAXES, Coding

ODD = (3, 33, 47)
"""Three frames of odd sides: none of them begins on an even byte but the first."""

JPEG_LOSSLESS_57, JPEG_LOSSLESS_70 = "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"
JPEG_LS, JPEG_2000, RLE = "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.5"
PLUGIN = {
    Coding.RUN_LENGTHS: "pydicom",
    Coding.JPEG: "pillow",
    Coding.JPEG_LOSSLESS: "gdcm",
    Coding.JPEG_LS: "gdcm",
    Coding.JPEG_2000: "gdcm",
}
"""Which of pydicom's decoders, so that it is another one than the reader's."""


def shown(dataset: Dataset, path: Path) -> DicomCine:
    return open_dicom(saved(dataset, path))


def frames_of(dataset: Dataset) -> list[bytes]:
    return list(generate_frames(dataset.PixelData, number_of_frames=int(dataset.NumberOfFrames)))


@pytest.mark.parametrize("syntax", [JPEG_LOSSLESS_57, JPEG_LOSSLESS_70, JPEG_LS, JPEG_2000, RLE])
def test_colours_of_a_lossless_coding_are_the_ones_that_were_coded(tmp_path: Path, syntax: str) -> None:
    frames = noise(*ODD, 3)
    cine = shown(transcoded(frames, "RGB", syntax, tmp_path), tmp_path / "x.dcm")
    assert not cine.grey
    assert all(np.array_equal(cine.frame(k), frames[k]) for k in (2, 0, 1))


@pytest.mark.parametrize("syntax", [JPEG_LOSSLESS_57, JPEG_LOSSLESS_70, JPEG_LS, JPEG_2000, RLE])
def test_grey_of_a_lossless_coding_stays_one_plane(tmp_path: Path, syntax: str) -> None:
    frames = noise(*ODD)
    cine = shown(transcoded(frames, "MONOCHROME2", syntax, tmp_path), tmp_path / "x.dcm")
    assert cine.grey
    assert all(np.array_equal(cine.grey_frame(k), frames[k]) for k in range(3))
    assert np.array_equal(cine.frame(1), np.repeat(frames[1][:, :, None], 3, axis=2))


@pytest.mark.parametrize("syntax", [JPEG_LOSSLESS_57, JPEG_LOSSLESS_70, JPEG_LS, JPEG_2000, RLE])
@pytest.mark.parametrize("photometric", ["RGB", "MONOCHROME2"])
def test_a_second_decoder_sees_the_same(tmp_path: Path, syntax: str, photometric: str) -> None:
    frames = noise(*ODD, 3) if photometric == "RGB" else noise(*ODD)
    dataset = transcoded(frames, photometric, syntax, tmp_path)
    cine = shown(dataset, tmp_path / "x.dcm")
    if syntax == JPEG_2000:  # FFmpeg's is not made from OpenJPEG, as the others are
        other = by_ffmpeg("jpeg2000", frames_of(dataset)[1])
    else:
        coding, _ = SYNTAXES[dataset.file_meta.TransferSyntaxUID]
        other = pixel_array(tmp_path / "x.dcm", index=1, decoding_plugin=PLUGIN[coding])
    assert np.array_equal(cine.frame(1), other if photometric == "RGB" else grey_as_rgb(other))


def test_grey_jpeg_ls_is_seen_the_same_by_ffmpeg(tmp_path: Path) -> None:
    dataset = transcoded(noise(*ODD), "MONOCHROME2", JPEG_LS, tmp_path)
    cine = shown(dataset, tmp_path / "x.dcm")
    assert np.array_equal(cine.grey_frame(1), by_ffmpeg("jpegls", frames_of(dataset)[1]))


@pytest.mark.parametrize("shape", [(21, 35), (21, 35, 3)])
@pytest.mark.parametrize("predictor", range(1, 8))
def test_every_predictor_of_lossless_jpeg_is_undone(
    tmp_path: Path, predictor: int, shape: tuple[int, ...]
) -> None:
    pixels = smooth(*shape)
    coded = lossless_jpeg(pixels, predictor)
    photometric = "RGB" if pixels.ndim == 3 else "MONOCHROME2"
    dataset = in_fragments([coded], native(tmp_path, pixels[None], photometric), JPEG_LOSSLESS_57)
    picture = shown(dataset, tmp_path / "x.dcm").frame(0)
    assert np.array_equal(picture, pixels if pixels.ndim == 3 else grey_as_rgb(pixels))
    other = pixel_array(tmp_path / "x.dcm", index=0, decoding_plugin="gdcm")
    assert np.array_equal(other, pixels)


def test_lossless_jpeg_that_ends_early_is_noticed_though_it_has_its_end_marker(tmp_path: Path) -> None:
    pixels = smooth(60, 80, 3)
    coded = lossless_jpeg(pixels, 1)
    for kept in (0.3, 0.6, 0.9):
        cut = coded[: int(kept * len(coded))] + b"\xff\xd9"
        dataset = in_fragments([cut], native(tmp_path, pixels[None]), JPEG_LOSSLESS_57)
        with pytest.raises(SourceUnreadable, match="the JPEG Lossless data are damaged"):
            shown(dataset, tmp_path / "x.dcm").frame(0)


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-9], lambda data: data[:64] + data[80:], lambda data: b"\1" + data[1:]]
)
def test_run_lengths_that_do_not_fill_the_picture_are_refused(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    frames = noise(2, 33, 47, 3)
    dataset = in_run_lengths(frames, "RGB")
    coded = [damage(frames_of(dataset)[0]), frames_of(dataset)[1]]
    cine = shown(in_fragments(coded, dataset, RLE), tmp_path / "x.dcm")
    with pytest.raises(SourceUnreadable, match="frame 1 of 2: .* segments? of run lengths"):
        cine.frame(0)
    assert np.array_equal(cine.frame(1), frames[1])


def grey_as_rgb(plane: Pixels) -> Pixels:
    return np.repeat(plane[:, :, None], 3, axis=2)


def test_what_another_coder_wrote_in_jpeg_ls_is_read(tmp_path: Path) -> None:
    for photometric, frames in (("RGB", noise(*ODD, 3)), ("MONOCHROME2", noise(*ODD))):
        cine = shown(in_jpeg_ls(frames, photometric), tmp_path / "x.dcm")
        expected = frames[2] if frames.ndim == 4 else grey_as_rgb(frames[2])
        assert np.array_equal(cine.frame(2), expected)


@pytest.mark.parametrize("photometric", ["RGB", "MONOCHROME2", "YBR_FULL"])
def test_what_another_coder_wrote_in_run_lengths_is_read(tmp_path: Path, photometric: str) -> None:
    frames = np.repeat(noise(3, 33, 7, 3), 5, axis=2)  # runs and literals
    frames = frames[..., 0] if photometric == "MONOCHROME2" else frames
    cine = shown(in_run_lengths(frames, photometric), tmp_path / "x.dcm")
    expected = pixel_array(tmp_path / "x.dcm", index=2, decoding_plugin="pydicom")
    difference = cine.frame(2).astype(int) - (expected if expected.ndim == 3 else grey_as_rgb(expected))
    assert np.abs(difference).max() <= (1 if photometric == "YBR_FULL" else 0)  # one rounds, one cuts


@pytest.mark.parametrize("order", ["little", "big", "implicit"])
@pytest.mark.parametrize("planar", [0, 1])
def test_uncompressed_frames_of_odd_size_begin_where_they_begin(
    tmp_path: Path, planar: int, order: str
) -> None:
    frames = noise(*ODD, 3)
    dataset = native(tmp_path, frames.transpose(0, 3, 1, 2) if planar else frames)
    dataset.Rows, dataset.Columns, dataset.PlanarConfiguration = 33, 47, planar
    cine = open_dicom(stored_as(dataset, order, tmp_path / "x.dcm"))
    assert all(np.array_equal(cine.frame(k), frames[k]) for k in range(3))


def stored_as(dataset: Dataset, order: str, path: Path) -> Path:
    """Saved in another order of bytes; pixels of 8 bits are words there, as the standard wants them."""
    uids = {"little": "1.2.840.10008.1.2.1", "big": "1.2.840.10008.1.2.2", "implicit": "1.2.840.10008.1.2"}
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.UID(uids[order])
    if order == "big":
        pairs = np.frombuffer(dataset.PixelData, np.uint8).reshape(-1, 2)
        dataset.PixelData = np.ascontiguousarray(pairs[:, ::-1]).tobytes()
        dataset["PixelData"].VR = "OW"
    return saved(dataset, path)


def test_big_endian_words_are_swapped_as_pydicom_swaps_them(tmp_path: Path) -> None:
    path = stored_as(native(tmp_path, noise(*ODD, 3)), "big", tmp_path / "x.dcm")
    assert np.array_equal(open_dicom(path).frame(1), pixel_array(path, index=1))


@pytest.mark.parametrize("photometric", ["YBR_FULL", "YBR_FULL_422"])
def test_uncompressed_ybr_is_shown_as_pydicom_shows_it(tmp_path: Path, photometric: str) -> None:
    frames = noise(2, 33, 48, 3) if photometric == "YBR_FULL" else noise(2, 33, 48, 2)
    path = saved(native(tmp_path, frames, photometric), tmp_path / "x.dcm")
    expected = pixel_array(path, index=1)
    assert np.abs(open_dicom(path).frame(1).astype(int) - expected).max() <= 1


@pytest.mark.parametrize("coding", ["uncompressed", "RLE"])
@pytest.mark.parametrize(("bits", "entries"), [(8, 256), (8, 200), (16, 300), (16, 65536)])
def test_colour_tables_are_applied_as_pydicom_applies_them(
    tmp_path: Path, bits: int, entries: int, coding: str
) -> None:
    indices = np.random.default_rng(1).integers(0, entries, (2, 33, 47)).astype(f"u{bits // 8}")
    dataset = (
        in_run_lengths(indices, "PALETTE COLOR")
        if coding == "RLE"
        else native(tmp_path, indices, "PALETTE COLOR")
    )
    dataset.BitsAllocated = dataset.BitsStored = bits
    dataset.HighBit = bits - 1
    if bits == 16:
        dataset["PixelData"].VR = "OB" if coding == "RLE" else "OW"
    with_tables(dataset, entries)
    path = saved(dataset, tmp_path / "x.dcm")
    expected = apply_color_lut(indices[1], pydicom.dcmread(path)) >> 8
    assert np.array_equal(open_dicom(path).frame(1), expected)
    assert len(np.unique(expected)) > 100


def with_tables(dataset: Dataset, entries: int) -> None:
    for k in range(3):  # red, green, blue
        table = np.random.default_rng(k).integers(0, 65536, entries).astype("<u2")
        descriptor = [entries % 65536, 0, 16]
        dataset.add_new((0x0028, 0x1101 + k), "US", descriptor)
        dataset.add_new((0x0028, 0x1201 + k), "OW", table.tobytes())


@pytest.mark.parametrize(
    "name",
    [
        "ExplVR_BigEnd.dcm",
        "JPEGLSNearLossless_08.dcm",
        "SC_jpeg_no_color_transform.dcm",
        "SC_jpeg_no_color_transform_2.dcm",
        "SC_rgb_dcmtk_+eb+cr.dcm",
        "SC_rgb_dcmtk_+eb+cy+n1.dcm",
        "SC_rgb_dcmtk_+eb+cy+n2.dcm",
        "SC_rgb_dcmtk_+eb+cy+np.dcm",
        "SC_rgb_dcmtk_+eb+cy+s2.dcm",
        "SC_rgb_dcmtk_+eb+cy+s4.dcm",
        "SC_rgb_gdcm_KY.dcm",
        "SC_rgb_jls_lossy_line.dcm",
        "SC_rgb_jls_lossy_sample.dcm",
        "SC_rgb_jpeg_app14_dcmd.dcm",
        "SC_rgb_jpeg_dcmtk.dcm",
        "SC_rgb_jpeg_gdcm.dcm",
        "SC_rgb_jpeg_lossy_gdcm.dcm",
        "SC_rgb_rle_2frame.dcm",
        "SC_rgb_small_odd.dcm",
        "SC_rgb_small_odd_big_endian.dcm",
        "SC_rgb_small_odd_jpeg.dcm",
        "SC_ybr_full_422_uncompressed.dcm",
        "examples_jpeg2k.dcm",
        "examples_rgb_color.dcm",
        "examples_ybr_color.dcm",
    ],
)
@pytest.mark.filterwarnings("ignore:.*:UserWarning")  # pydicom remarks on what it repairs
def test_files_of_other_coders_are_shown_as_pydicom_shows_them(tmp_path: Path, name: str) -> None:
    path, dataset = as_ultrasound(name, tmp_path / "x.dcm")
    plugin = PLUGIN.get(SYNTAXES[dataset.file_meta.TransferSyntaxUID][0], "")
    expected = pixel_array(path, index=0, decoding_plugin=plugin)
    picture = open_dicom(path, paced=False).frame(0)
    assert np.array_equal(picture, expected if expected.ndim == 3 else grey_as_rgb(expected))
    assert picture.std() > 0.5


def test_a_real_frame_of_jpeg_2000_is_seen_the_same_by_ffmpeg(tmp_path: Path) -> None:
    path, dataset = as_ultrasound("examples_jpeg2k.dcm", tmp_path / "x.dcm")
    (coded,) = generate_frames(dataset.PixelData, number_of_frames=1)
    assert np.array_equal(open_dicom(path).frame(0), by_ffmpeg("jpeg2000", coded))


def test_every_coding_is_tried_here() -> None:
    assert {coding for coding, _ in SYNTAXES.values()} == set(Coding)
    assert len(SYNTAXES) == 12


def test_a_picture_may_be_drawn_on(tmp_path: Path) -> None:
    frames = noise(1, 4, 6, 3)
    picture = shown(native(tmp_path, frames), tmp_path / "x.dcm").frame(0)
    picture[:] = 0
    assert np.array_equal(open_dicom(tmp_path / "x.dcm").frame(0), frames[0])


def test_the_same_palette_frame_is_read_from_the_wheel_of_pydicom() -> None:
    path = of_pydicom("examples_palette.dcm")
    assert not open_dicom(path).grey
