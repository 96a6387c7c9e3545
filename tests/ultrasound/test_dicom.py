"""Cines from DICOM: the right pixels, the right colours, the right times, or a refusal."""

import struct
import warnings
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels.processing import apply_color_lut
from pydicom.pixels.utils import pixel_array
from pydicom.sequence import Sequence

from tests.ultrasound.cines import (
    DEMO_CINE,
    TWO_PALETTE_FRAMES,
    colour_bars,
    encapsulated,
    jpeg,
    native,
    of_pydicom,
    saved,
)
from ultrasound.dicom import open_dicom
from ultrasound.errors import FrameOutOfRange, SourceUnreadable
from ultrasound.fidelity import psnr_db
from ultrasound.regions import PhysicalUnit, Region

BARS = colour_bars()
HEIGHT, WIDTH = BARS.shape[:2]


def bars_in_jpeg(photometric: str = "YBR_FULL_422", frames: int = 2) -> Dataset:
    return encapsulated([jpeg(BARS)] * frames, WIDTH, HEIGHT, photometric)


def test_the_demo_cine_is_what_the_scanner_recorded() -> None:
    cine = open_dicom(DEMO_CINE)
    assert (cine.frame_count, cine.width, cine.height) == (120, 640, 480)
    assert cine.frame_time_ms(0) == 0
    assert cine.frame_time_ms(119) == pytest.approx(119 * 33.333)
    assert cine.duration_ms == pytest.approx(120 * 33.333)
    assert not cine.simulated


def test_the_demo_cine_has_the_scanners_centimetres() -> None:
    (region,) = open_dicom(DEMO_CINE).regions
    assert (region.left_px, region.top_px, region.right_px, region.bottom_px) == (84, 31, 595, 414)
    assert (region.unit_x, region.unit_y) == (PhysicalUnit.CM, PhysicalUnit.CM)
    assert region.delta_x == pytest.approx(0.05105, abs=1e-5)


@pytest.mark.parametrize("index", [0, 59, 119])
def test_jpeg_frames_agree_with_another_decoder(index: int) -> None:
    dataset = pydicom.dcmread(DEMO_CINE)
    data = list(generate_frames(dataset.PixelData, number_of_frames=120))[index]
    (other,) = av.CodecContext.create("mjpeg", "r").decode(av.Packet(data))
    shown = open_dicom(DEMO_CINE).frame(index)
    luma = shown @ np.array([0.299, 0.587, 0.114])
    plane = np.frombuffer(other.planes[0], np.uint8).reshape(480, -1)[:, :640]
    whole = ((shown > 0) & (shown < 255)).all(axis=2)  # a clipped colour no longer tells its Y
    assert whole.sum() > 10_000
    assert np.abs(luma - plane)[whole].max() <= 2
    assert psnr_db(shown, other.to_ndarray(format="rgb24")) > 45  # chroma is interpolated differently


def test_frames_in_any_order_are_the_same_frames() -> None:
    cine = open_dicom(DEMO_CINE)
    last, first = cine.frame(119), cine.frame(0)
    assert np.array_equal(cine.frame(119), last)
    assert not np.array_equal(first, last)


@pytest.mark.parametrize("index", [-1, 120])
def test_a_frame_that_does_not_exist_is_refused(index: int) -> None:
    cine = open_dicom(DEMO_CINE)
    with pytest.raises(FrameOutOfRange, match="of 120; 0 to 119 exist"):
        cine.frame(index)
    with pytest.raises(FrameOutOfRange):
        cine.frame_time_ms(index)


@pytest.mark.parametrize("photometric", ["YBR_FULL_422", "YBR_FULL"])
def test_jpeg_colours_are_the_colours_that_were_encoded(tmp_path: Path, photometric: str) -> None:
    cine = open_dicom(saved(bars_in_jpeg(photometric), tmp_path / "bars.dcm"))
    middles = [k * WIDTH // 6 + WIDTH // 12 for k in range(6)]
    shown, meant = cine.frame(1)[:, middles].astype(int), BARS[:, middles].astype(int)
    assert np.abs(shown - meant).max() <= 4


def test_uncompressed_rgb_is_exact(tmp_path: Path) -> None:
    frames = np.random.default_rng(1).integers(0, 256, (3, 20, 30, 3)).astype(np.uint8)
    path = tmp_path / "rgb.dcm"
    cine = open_dicom(saved(native(path, frames), path))
    assert all(np.array_equal(cine.frame(k), frames[k]) for k in range(3))


def test_monochrome_is_grey(tmp_path: Path) -> None:
    frames = np.random.default_rng(2).integers(0, 256, (2, 20, 30)).astype(np.uint8)
    path = tmp_path / "grey.dcm"
    shown = open_dicom(saved(native(path, frames, "MONOCHROME2"), path)).frame(1)
    assert np.array_equal(shown, np.repeat(frames[1][:, :, None], 3, axis=2))


def test_monochrome_jpeg_is_grey(tmp_path: Path) -> None:
    grey = np.tile(np.arange(96, dtype=np.uint8) * 2, (64, 1))
    dataset = encapsulated([jpeg(grey)], 96, 64, "MONOCHROME2")
    shown = open_dicom(saved(dataset, tmp_path / "grey.dcm")).frame(0)
    assert np.abs(shown.astype(int) - grey[:, :, None]).max() <= 4
    assert (shown[:, :, 0] == shown[:, :, 2]).all()


def test_uncompressed_ybr_becomes_rgb(tmp_path: Path) -> None:
    grey_red = np.array([[[[128, 128, 128], [76, 85, 255]]]], np.uint8)  # Y Cb Cr of mid grey and of red
    path = tmp_path / "ybr.dcm"
    shown = open_dicom(saved(native(path, grey_red, "YBR_FULL"), path)).frame(0)
    assert np.abs(shown[0].astype(int) - [[128, 128, 128], [255, 0, 0]]).max() <= 2


@pytest.mark.parametrize("name", ["examples_palette.dcm", "examples_rgb_color.dcm", "ExplVR_BigEnd.dcm"])
def test_stills_are_shown_as_pydicom_decodes_them(name: str) -> None:
    path = of_pydicom(name)
    expected = pixel_array(path)
    if pydicom.dcmread(path).PhotometricInterpretation == "PALETTE COLOR":
        table = apply_color_lut(expected, pydicom.dcmread(path))
        expected = (table >> 8 if table.dtype == np.uint16 else table).astype(np.uint8)
    cine = open_dicom(path)
    assert np.array_equal(cine.frame(0), expected)
    assert cine.frame_count == 1
    assert cine.duration_ms > 0


def test_palette_frames_in_run_lengths_are_shown_as_pydicom_decodes_them(tmp_path: Path) -> None:
    dataset = pydicom.dcmread(TWO_PALETTE_FRAMES)
    dataset.FrameTime = "50"
    cine = open_dicom(saved(dataset, tmp_path / "timed.dcm"))
    expected = apply_color_lut(pixel_array(TWO_PALETTE_FRAMES, index=1), dataset)
    assert expected.dtype == np.uint16
    assert np.array_equal(cine.frame(1), (expected >> 8).astype(np.uint8))
    assert cine.frame(1).max() > 100


def test_a_region_that_reaches_beyond_the_picture_is_clamped(tmp_path: Path) -> None:
    dataset = pydicom.dcmread(TWO_PALETTE_FRAMES)
    dataset.FrameTime = "50"
    stated = [int(item.RegionLocationMaxX1) for item in dataset.SequenceOfUltrasoundRegions]
    regions = open_dicom(saved(dataset, tmp_path / "timed.dcm")).regions
    assert max(stated) == 800
    assert max(region.right_px for region in regions) == 799
    assert {region.unit_x for region in regions} == {PhysicalUnit.CM, PhysicalUnit.SECONDS}


def test_an_incomplete_region_gives_no_calibration(tmp_path: Path) -> None:
    dataset = bars_in_jpeg()
    dataset.SequenceOfUltrasoundRegions = Sequence([Dataset()])
    assert open_dicom(saved(dataset, tmp_path / "bars.dcm")).regions == ()


def test_a_complete_region_is_read_whole(tmp_path: Path) -> None:
    dataset, item = bars_in_jpeg(), Dataset()
    item.RegionLocationMinX0, item.RegionLocationMinY0 = 2, 3
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = 40, 50
    item.RegionSpatialFormat, item.RegionDataType = 3, 4
    item.PhysicalUnitsXDirection, item.PhysicalUnitsYDirection = 4, 7
    item.PhysicalDeltaX, item.PhysicalDeltaY = 0.01, -2.5
    item.ReferencePixelX0, item.ReferencePixelY0 = 0, 25
    dataset.SequenceOfUltrasoundRegions = Sequence([item])
    (region,) = open_dicom(saved(dataset, tmp_path / "bars.dcm")).regions
    assert region == Region(
        left_px=2,
        top_px=3,
        right_px=40,
        bottom_px=50,
        spatial_format=3,
        data_type=4,
        unit_x=PhysicalUnit.SECONDS,
        unit_y=PhysicalUnit.CM_PER_SECOND,
        delta_x=0.01,
        delta_y=-2.5,
        reference_x_px=0,
        reference_y_px=25,
    )


def test_a_vector_of_frame_times_is_kept_to(tmp_path: Path) -> None:
    dataset = bars_in_jpeg(frames=4)
    dataset.FrameTimeVector = ["0", "40", "20", "60"]
    cine = open_dicom(saved(dataset, tmp_path / "bars.dcm"))
    assert [cine.frame_time_ms(k) for k in range(4)] == [0, 40, 60, 120]
    assert cine.duration_ms == 160


def test_of_two_frame_times_the_one_that_is_pointed_to_holds(tmp_path: Path) -> None:
    dataset = bars_in_jpeg(frames=3)
    dataset.FrameTimeVector, dataset.FrameTime = ["0", "20", "70"], "40"
    dataset.FrameIncrementPointer = 0x00181063
    assert open_dicom(saved(dataset, tmp_path / "bars.dcm")).frame_time_ms(2) == 80
    dataset.FrameIncrementPointer = 0x00181065
    assert open_dicom(saved(dataset, tmp_path / "bars.dcm")).frame_time_ms(2) == 90


def test_a_cine_rate_serves_where_there_is_no_frame_time(tmp_path: Path) -> None:
    dataset = bars_in_jpeg()
    del dataset.FrameTime
    dataset.CineRate = 25
    assert open_dicom(saved(dataset, tmp_path / "bars.dcm")).frame_time_ms(1) == 40


def test_frames_without_times_are_not_played_at_a_guess() -> None:
    with pytest.raises(SourceUnreadable, match="does not say how long a frame lasts"):
        open_dicom(TWO_PALETTE_FRAMES)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda dataset: dataset.__setattr__("Rows", 5000), "96x5000 pixels; 1x1 to 4096x4096"),
        (lambda dataset: dataset.__setattr__("NumberOfFrames", 10_001), "10001 frames; 1 to 10000"),
        (lambda dataset: dataset.__setattr__("NumberOfFrames", -1), "-1 frames"),
        (lambda dataset: dataset.__setattr__("NumberOfFrames", 3), "2 frames where 3 are announced"),
        (
            lambda dataset: dataset.__setattr__("PhotometricInterpretation", "YBR_ICT"),
            "YBR_ICT; read are RGB",
        ),
        (lambda dataset: dataset.__setattr__("SamplesPerPixel", 1), "1 samples a pixel contradict"),
        (lambda dataset: dataset.__setattr__("BitsAllocated", 16), "16 bits a sample; 8 unsigned"),
        (lambda dataset: dataset.__setattr__("FrameTime", "0"), "how long a frame lasts"),
        (lambda dataset: dataset.__setattr__("FrameTime", "-40"), "how long a frame lasts"),
        (lambda dataset: dataset.__delattr__("Columns"), "has no Columns"),
        (lambda dataset: dataset.__setattr__("BitsAllocated", [8, 8]), "its BitsAllocated is not one number"),
        (lambda dataset: dataset.__delattr__("PixelData"), "has no PixelData"),
        (
            lambda dataset: dataset.__setattr__("SOPClassUID", "1.2.840.10008.5.1.4.1.1.2"),
            "ultrasound images and screens are read only",
        ),
        (
            lambda dataset: dataset.file_meta.__setattr__("TransferSyntaxUID", "1.2.840.10008.1.2.4.102"),
            "transfer syntax MPEG-4 .* are read",
        ),
    ],
)
def test_what_cannot_be_shown_faithfully_is_refused(
    tmp_path: Path, change: Callable[[Dataset], object], sentence: str
) -> None:
    dataset = bars_in_jpeg()
    change(dataset)
    path = saved(dataset, tmp_path / "wrong.dcm")
    with pytest.raises(SourceUnreadable, match=r"wrong\.dcm: .*" + sentence):
        open_dicom(path)


def test_a_jpeg_of_another_size_than_announced_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    dataset = encapsulated([jpeg(colour_bars(192, 128))], WIDTH, HEIGHT)
    cine = open_dicom(saved(dataset, tmp_path / "size.dcm"))
    with pytest.raises(SourceUnreadable, match="192x128 of 8 bits where the header says 96x64"):
        cine.frame(0)


def test_colours_that_file_and_frame_tell_differently_are_refused(tmp_path: Path) -> None:
    sampling = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    whole = cv2.imencode(".jpg", BARS, sampling)[1].tobytes()
    cine = open_dicom(saved(encapsulated([whole], WIDTH, HEIGHT, "RGB"), tmp_path / "bars.dcm"))
    with pytest.raises(SourceUnreadable, match="the JPEG says YBR, the header RGB: colours unknown"):
        cine.frame(0)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:40],
        lambda data: data[:-20],
        lambda data: b"\0" * len(data),
        lambda data: b"\xff\xd8",
    ],
)
def test_a_damaged_frame_is_refused_and_the_next_one_shown(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    dataset = encapsulated([damage(jpeg(BARS)), jpeg(BARS)], WIDTH, HEIGHT)
    cine = open_dicom(saved(dataset, tmp_path / "damaged.dcm"))
    with pytest.raises(SourceUnreadable, match="damaged.dcm, frame 1 of 2: "):
        cine.frame(0)
    assert cine.frame(1).shape == BARS.shape


def test_pixels_that_end_early_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "short.dcm"
    dataset = native(path, np.zeros((2, 20, 30, 3), np.uint8))
    dataset.PixelData = dataset.PixelData[:1000]
    with pytest.raises(SourceUnreadable, match="short.dcm: 1000 bytes of pixels where 3600 are announced"):
        open_dicom(saved(dataset, path))


def test_a_file_that_is_deflated_as_a_whole_is_refused_before_it_is_unfolded(tmp_path: Path) -> None:
    dataset = native(tmp_path, np.zeros((1, 16, 16), np.uint8), "MONOCHROME2")
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1.99"
    path = saved(dataset, tmp_path / "deflated.dcm")
    begun = path.read_bytes()[: path.read_bytes().index(b"1.2.840.10008.1.2.1.99") + 22]
    path.write_bytes(begun + b"no deflated data, as nobody looks at them")
    with pytest.raises(SourceUnreadable, match="deflated as a whole"):
        open_dicom(path)


def private(count: int) -> bytes:
    """So many elements of two bytes each, in groups of no maker."""
    at = (struct.pack("<HH", 9 + 2 * (k // 50_000), 0x1000 + k % 50_000) for k in range(count))
    return b"".join(tag + b"UN\0\0\2\0\0\0ab" for tag in at)


def test_a_header_of_more_elements_than_a_scanner_writes_is_refused(tmp_path: Path) -> None:
    path = saved(native(tmp_path, np.zeros((1, 16, 16), np.uint8), "MONOCHROME2"), tmp_path / "many.dcm")
    data = path.read_bytes()
    at = data.index(b"\x28\0\x02\0US")
    path.write_bytes(data[:at] + private(20_000) + data[at:])
    assert open_dicom(path, paced=False).frame_count == 1
    path.write_bytes(data[:at] + private(200_000) + data[at:])
    with pytest.raises(SourceUnreadable, match="more elements in its header than a scanner writes"):
        open_dicom(path, paced=False)


def test_more_regions_than_a_picture_has_are_refused(tmp_path: Path) -> None:
    dataset = native(tmp_path, np.zeros((1, 16, 16), np.uint8), "MONOCHROME2")
    dataset.SequenceOfUltrasoundRegions = Sequence([Dataset() for _ in range(140_000)])
    with pytest.raises(SourceUnreadable, match=r"1120000 bytes of regions; a picture has a few"):
        open_dicom(saved(dataset, tmp_path / "regions.dcm"), paced=False)


@pytest.mark.parametrize(
    "name", ["SC_rgb_small_odd_jpeg.dcm", "SC_rgb_rle_2frame.dcm", "JPEGLSNearLossless_08.dcm"]
)
def test_a_secondary_capture_is_shown_as_pydicom_decodes_it_and_has_no_scale(name: str) -> None:
    cine = open_dicom(of_pydicom(name), paced=False)
    decoded = pixel_array(pydicom.dcmread(of_pydicom(name)))
    for index in range(cine.frame_count):
        right = decoded[index] if cine.frame_count > 1 else decoded
        assert np.array_equal(cine.frame(index), right if right.ndim == 3 else np.stack([right] * 3, axis=2))
    assert cine.regions == ()


def test_a_directory_of_files_is_never_followed() -> None:
    with pytest.raises(SourceUnreadable, match="ultrasound images and screens are read only"):
        open_dicom(of_pydicom("DICOMDIR"))


def test_other_files_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not DICOM, but long enough to be looked at " * 20)
    with pytest.raises(SourceUnreadable, match=r"notes\.txt: not a DICOM file"):
        open_dicom(tmp_path / "notes.txt")
    with pytest.raises(SourceUnreadable, match=r"absent\.dcm: cannot be opened \(No such file"):
        open_dicom(tmp_path / "absent.dcm")


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@pytest.mark.filterwarnings("ignore")  # pydicom warns of much that it repairs
def test_a_damaged_file_is_shown_or_refused_and_nothing_else(tmp_path: Path, draws: st.DataObject) -> None:
    path = saved(bars_in_jpeg(), tmp_path / "damaged.dcm")
    data = bytearray(path.read_bytes())
    for _ in range(draws.draw(st.integers(1, 5))):
        data[draws.draw(st.integers(128, len(data) - 1))] = draws.draw(st.integers(0, 255))
    path.write_bytes(data[: draws.draw(st.integers(128, len(data)))])
    try:
        cine = open_dicom(path)
        assert cine.frame(0).shape == (cine.height, cine.width, 3)
    except SourceUnreadable as refusal:
        assert "damaged.dcm" in str(refusal)


@pytest.mark.parametrize("field", ["SOPClassUID", "PhotometricInterpretation"])
def test_neither_a_warning_nor_a_refusal_quotes_what_stands_in_a_damaged_field(
    field: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    dataset = bars_in_jpeg()
    written = str(dataset[field].value).encode()
    data = saved(dataset, tmp_path / "x.dcm").read_bytes()
    at = data.rindex(written)
    damaged = data[:at] + b"Zhang San 42"[: len(written)].ljust(len(written)) + data[at + len(written) :]
    (tmp_path / "x.dcm").write_bytes(damaged)
    with warnings.catch_warnings(record=True) as warned, pytest.raises(SourceUnreadable) as refused:
        warnings.simplefilter("always")
        open_dicom(tmp_path / "x.dcm")
    assert (warned, caplog.records) == ([], [])
    assert "Zhang" not in str(refused.value)
