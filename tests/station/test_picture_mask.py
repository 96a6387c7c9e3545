"""What of a source's picture is kept and sent: by a signed profile, or nothing; and what is said of it."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.picture_mask import CHANGED_FOR_US, PictureMask
from station.picture_profiles import keep_profile
from tests.ultrasound.privacy.profiles import LOGO, screen, screen_profile, written
from ultrasound.captured import CapturedFrame, Packet, PacketCodec
from ultrasound.dicom import open_dicom
from ultrasound.pixels import Layout, Matrix, Pixels, of_array
from ultrasound.privacy.anchors import anchor_at
from ultrasound.privacy.grounds import WhenUnsure
from ultrasound.privacy.profile import DeviceProfile, EcgOffset
from ultrasound.privacy.shapes import lit
from ultrasound.regions import DataType, PhysicalUnit, Region, SpatialFormat
from ultrasound.trouble import PictureTrouble as T

GRABBER = "v4l2:/dev/video0"
CINE = Path("cloudclinic/demo_data/cardiac_a4c_120_frames.dcm")


def frame(picture: np.ndarray, capture_us: int = 1, regions: tuple[Region, ...] = ()) -> CapturedFrame:
    packet = Packet(PacketCodec.MJPEG, b"all of it")
    return CapturedFrame.of(0, capture_us, of_array(picture), packet, regions)


def of_grabber(made: DeviceProfile) -> DeviceProfile:
    return by(made, source=GRABBER)


def by(made: DeviceProfile, **fields: object) -> DeviceProfile:
    """The same with other fields, signed anew."""
    return msgspec.structs.replace(made, signed_off=None, **fields).signed("Li", "2026-11-28T05:00:00Z")


@pytest.mark.parametrize(
    "word", [GRABBER, "rtsp://scanner/live", "igtl:scanner", "ndi:Scan", "video:loop.mp4"]
)
def test_nothing_of_a_real_source_is_seen_until_a_profile_is_signed(word: str, tmp_path: Path) -> None:
    mask = PictureMask(word, tmp_path)
    assert mask.troubles(0) == {T.NO_PROFILE}  # said before the first picture
    allowed = mask(frame(screen()))
    assert not allowed.picture.any() and allowed.packet is None and mask.hides
    assert mask.troubles(1) == {T.NO_PROFILE}


def test_a_profile_holds_as_soon_as_it_is_signed(tmp_path: Path) -> None:
    mask, picture = PictureMask(GRABBER, tmp_path), screen()
    draft = of_grabber(screen_profile(picture))
    keep_profile(tmp_path, by(draft, layout="elsewhere", source="ndi:other"))
    assert not mask.look_again()  # of another source: nothing of this one is to be forgotten for it
    assert mask(frame(picture)) and mask.troubles(1) == {T.NO_PROFILE}
    keep_profile(tmp_path, draft)
    assert mask.look_again()
    seen = mask(frame(picture, 2)).picture
    inside = lit(draft.keep[0], 640, 480) | lit(draft.allowed[0], 640, 480)
    assert np.array_equal(seen[inside], picture[inside]) and not seen[~inside].any()
    assert mask.troubles(2) == frozenset()


def test_the_captured_picture_itself_is_not_touched(tmp_path: Path) -> None:
    captured = frame(screen())
    before = captured.pixels.samples.copy()
    PictureMask(GRABBER, tmp_path)(captured)
    assert np.array_equal(captured.pixels.samples, before)


@pytest.mark.parametrize("spoilt", [b"{", b""])
def test_a_damaged_profile_hides_all(tmp_path: Path, spoilt: bytes) -> None:
    keep_profile(tmp_path, of_grabber(screen_profile(screen())))
    (tmp_path / "spoilt.json").write_bytes(spoilt)
    mask = PictureMask(GRABBER, tmp_path)
    assert not mask(frame(screen())).picture.any()
    assert mask.troubles(1) == {T.PROFILE_BROKEN}


def test_a_made_up_source_is_seen_whole_with_its_packet_unless_a_profile_is_signed(tmp_path: Path) -> None:
    mask, captured = PictureMask("simulator:depth=12", tmp_path), frame(screen())
    assert mask(captured) is captured and not mask.hides and mask.troubles(1) == frozenset()
    keep_profile(tmp_path, by(screen_profile(screen()), source="simulator"))
    mask.look_again()
    assert mask.hides and not mask(captured).picture[470].any()


def region(kind: DataType, left: int, top: int, right: int, bottom: int) -> Region:
    cm = PhysicalUnit.CM
    return Region(left, top, right, bottom, SpatialFormat.TWO_D, kind, cm, cm, 0.05, 0.05)


def test_of_a_dicom_file_its_regions_of_picture_and_ecg_are_seen_alone() -> None:
    bright = np.full((48, 64, 3), 200, np.uint8)
    regions = (region(DataType.TISSUE, 4, 4, 40, 30), region(DataType.ECG, 4, 34, 40, 40))
    bar = region(DataType.COLOUR_BAR, 50, 4, 60, 30)
    mask = PictureMask("dicom:x.dcm", None)
    seen = mask(frame(bright, 1, (*regions, bar))).picture[:, :, 0] > 0
    right = np.zeros((48, 64), np.bool_)
    right[4:31, 4:41] = right[34:41, 4:41] = True
    assert np.array_equal(seen, right) and mask.troubles(1) == frozenset()


@pytest.mark.parametrize(
    "regions", [(), (region(DataType.TISSUE, 0, 0, 63, 47),), (region(DataType.TISSUE, 1, 0, 63, 47),)]
)
def test_a_dicom_file_whose_regions_hide_nothing_is_black(regions: tuple[Region, ...]) -> None:
    mask = PictureMask("dicom:x.dcm", None)
    assert not mask(frame(np.full((48, 64, 3), 200, np.uint8), 1, regions)).picture.any()
    assert mask.troubles(1) == {T.NO_PROFILE}


def test_the_bundled_cine_is_shown_with_its_depth_ruler_by_its_bundled_profile() -> None:
    mask = PictureMask(f"dicom:{CINE}", CINE.parent / "profiles")
    cine = open_dicom(CINE)
    for number in range(cine.frame_count):
        seen = mask(frame(cine.frame(number), number, cine.regions)).picture
        assert mask.troubles(number) == frozenset()
        assert np.array_equal(seen[31:415, 84:596], cine.frame(number)[31:415, 84:596])
        assert seen[30:400, 596:602].any() and not seen[420:].any()


def test_another_layout_is_said_for_a_while_and_new_text_at_the_third_look(tmp_path: Path) -> None:
    one = screen()
    other = one.copy()
    other[4:32, 4:44] = one[4:32, 4:44][:, ::-1]
    for name, picture in (("B mode", one), ("Doppler", other)):
        made = of_grabber(screen_profile(picture, name))
        keep_profile(tmp_path, by(made, anchors=(anchor_at(picture, LOGO),)))
    mask = PictureMask(GRABBER, tmp_path)
    mask(frame(one, 1))
    assert mask.troubles(1) == frozenset()
    mask(frame(other, 2))
    assert mask.troubles(2) == {T.LAYOUT_CHANGED}
    assert mask.troubles(2 + CHANGED_FOR_US) == frozenset()
    written(other, "WANG LI 1952", (200, 470))
    told = []
    for second in range(4):
        allowed = mask(frame(other, (20 + second) * 1_000_000))
        told.append(mask.troubles((20 + second) * 1_000_000))
        assert not allowed.picture[440:].any()
    assert told == [frozenset(), frozenset(), {T.NEW_TEXT}, {T.NEW_TEXT}]


def test_a_screen_no_profile_knows_shows_the_largest_shape_or_nothing(tmp_path: Path) -> None:
    picture = screen()
    keep_profile(tmp_path, of_grabber(screen_profile(picture)))
    picture[4:32, 4:44] = 0
    for when, shown in ((WhenUnsure.LARGEST_SHAPE, True), (WhenUnsure.NOTHING, False)):
        mask = PictureMask(GRABBER, tmp_path, when)
        seen = mask(frame(picture)).picture
        assert seen[120:360, 160:480].any() == shown and not seen[:110].any()
        assert mask.troubles(1) == {T.UNKNOWN_LAYOUT}


def test_the_offset_to_the_ecg_is_taken_off_every_frames_time_and_its_bound_is_known(tmp_path: Path) -> None:
    picture = screen()
    offset = EcgOffset(picture_late_ms=120.5, uncertainty_ms=8.0)
    keep_profile(tmp_path, by(screen_profile(picture), source=GRABBER, ecg_offset=offset))
    mask = PictureMask(GRABBER, tmp_path)
    assert mask.ecg_offset == offset
    other = np.zeros_like(picture)
    times = [mask(frame(one, 1_000_000 * k)).capture_us for k, one in enumerate((picture, other, picture), 1)]
    assert times == [1_000_000 * k - 120_500 for k in (1, 2, 3)]


def test_profiles_that_contradict_each_other_of_the_offset_give_none(tmp_path: Path) -> None:
    for layout, late_ms in (("B mode", 100.0), ("Doppler", 90.0)):
        offset = EcgOffset(picture_late_ms=late_ms, uncertainty_ms=8.0)
        keep_profile(tmp_path, by(screen_profile(screen(), layout), source=GRABBER, ecg_offset=offset))
    mask = PictureMask(GRABBER, tmp_path)
    assert mask.ecg_offset is None and mask(frame(screen(), 5)).capture_us == 5


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([(64, 48), (48, 64), (640, 480)]),
    st.sampled_from(list(Layout)),
    st.sampled_from(list(Matrix)),
    st.integers(0, 2**32 - 1),
)
def test_no_pixel_of_an_unknown_layout_is_seen_outside_the_largest_shape(
    tmp_path: Path, size: tuple[int, int], layout: Layout, matrix: Matrix, seed: int
) -> None:
    known = of_grabber(screen_profile(screen()))
    keep_profile(tmp_path, known)
    width, height = size
    shapes = {Layout.RGB: (height, width, 3), Layout.GREY: (height, width)}
    shape = shapes.get(layout, (height * 3 // 2, width))
    noise = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
    captured = CapturedFrame.of(0, 1, Pixels(layout, noise, matrix), Packet(PacketCodec.H264, b"x"))
    mask = PictureMask(GRABBER, tmp_path)
    allowed = mask(captured)
    visible = lit(known.keep[0], width, height) if size == (640, 480) else np.zeros((height, width), np.bool_)
    assert allowed.packet is None and not allowed.picture[~visible].any()
    assert mask.troubles(1) == {T.UNKNOWN_LAYOUT}
