"""The scale of a grabbed picture: of its own layout and depth, or none; set anew by two clicks in a room."""

from pathlib import Path

import msgspec
import pytest

from signaling.messages import ScaleRefusal
from station.picture_scales import LOOK_EVERY_US, PictureScales, ScaleRefused
from tests.ultrasound.ruler.drawn import Drawn
from ultrasound.captured import CapturedFrame
from ultrasound.cine import Picture
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.pixels import of_array
from ultrasound.privacy.profile import DeviceProfile, read_profile, write_profile
from ultrasound.privacy.shapes import Box
from ultrasound.regions import DataType, PhysicalUnit, Region, SpatialFormat
from ultrasound.ring import ExactFrame
from ultrasound.ruler.finding import find_ruler
from ultrasound.ruler.keeping import as_calibration, as_kept
from ultrasound.ruler.scale import by_ruler, kept_by_ruler
from ultrasound.shown import Rectangle
from ultrasound.trouble import PictureTrouble as T

SECTOR = Box(left_px=128, top_px=40, width_px=352, height_px=400)
WRITTEN = Box(left_px=5, top_px=40, width_px=80, height_px=30)
DRAWN = Drawn(spacing_px=30, first_px=41, ticks=12, texture=20)
DEEPER = Drawn(spacing_px=22, first_px=41, ticks=16, texture=20, depth="15 cm")
CLICKS = ((598.0, 41.0), (598.0, 341.0))  # ten ticks of DRAWN
PLAIN = DeviceProfile(
    source="v4l2:/dev/video0",
    layout="B mode",
    width_px=640,
    height_px=480,
    keep=(SECTOR,),
    depth_written=(WRITTEN,),
)


def exact(picture: Picture, layout: str | None = "B mode", regions: tuple[Region, ...] = ()) -> ExactFrame:
    return ExactFrame(7, 1, of_array(picture), None, regions, layout)


def scales(folder: Path, *profiles: DeviceProfile) -> PictureScales:
    known = {one.layout: one for one in profiles or (PLAIN,)}
    return PictureScales(folder, lambda layout, width, height: known.get(layout or ""))


def with_ruler(picture: Picture, depth_mm: float) -> DeviceProfile:
    """The profile with a scale of that depth, a tick being a centimetre."""
    ruler = find_ruler(picture)
    place = Rectangle(SECTOR.left_px, SECTOR.top_px, SECTOR.width_px, SECTOR.height_px)
    written = Rectangle(WRITTEN.left_px, WRITTEN.top_px, WRITTEN.width_px, WRITTEN.height_px)
    kept = kept_by_ruler(by_ruler(ruler, 10.0, place), picture, ruler, [written])
    return msgspec.structs.replace(PLAIN, calibrations=(as_calibration(kept, depth_mm),))


def test_a_scale_comes_back_out_of_a_profiles_file_as_it_was(tmp_path: Path) -> None:
    picture = DRAWN.picture()
    profile = read_profile(write_profile(with_ruler(picture, 110.0)))
    kept = as_kept(profile.calibrations[0], 640, 480)
    assert kept is not None and kept.watch.still_holds(picture)
    assert kept.scale.region.delta_y == pytest.approx(1 / 30, rel=1e-3)
    assert not kept.watch.still_holds(DEEPER.picture())


def test_a_frame_at_the_depth_of_a_profiles_scale_is_measured_by_it_and_no_other(
    tmp_path: Path,
) -> None:
    of = scales(tmp_path, with_ruler(DRAWN.picture(), 110.0))
    found = of.calibration_of(exact(DRAWN.picture()))
    assert found is not None and found.source is CalibrationSource.RULER and found.profile == "B mode"
    assert found.regions[0].delta_y == pytest.approx(1 / 30, rel=1e-3) and found.scale_uncertainty > 0
    assert of.calibration_of(exact(DEEPER.picture())) is None
    assert of.calibration_of(exact(DRAWN.picture(), layout="Doppler")) is None
    assert of.calibration_of(exact(DRAWN.picture(), layout=None)) is None
    other_depth = Drawn(spacing_px=30, first_px=41, ticks=12, texture=20, depth="17 cm")
    assert of.calibration_of(exact(other_depth.picture())) is None  # the same ticks, worth something else


def test_what_the_source_says_itself_goes_first(tmp_path: Path) -> None:
    cm = PhysicalUnit.CM
    region = Region(0, 0, 639, 479, SpatialFormat.TWO_D, DataType.TISSUE, cm, cm, 0.05, 0.05)
    found = scales(tmp_path, with_ruler(DRAWN.picture(), 110.0)).calibration_of(
        exact(DRAWN.picture(), regions=(region,))
    )
    assert found is not None and found.source is CalibrationSource.FILE


def test_two_clicks_set_the_scale_of_this_depth_and_it_is_kept(tmp_path: Path) -> None:
    of = scales(tmp_path)
    assert of.calibration_of(exact(DRAWN.picture())) is None
    of.renew(exact(DRAWN.picture()), CLICKS, 100.0)
    for one in (of, scales(tmp_path)):
        found = one.calibration_of(exact(DRAWN.picture()))
        assert found is not None and found.source is CalibrationSource.USER
        assert found.regions[0].delta_y == pytest.approx(10 / 300, rel=1e-3)
        assert found.scale_uncertainty == pytest.approx(2 / 300)
        assert one.calibration_of(exact(DEEPER.picture())) is None


def test_what_is_set_again_takes_the_place_of_what_was_set_and_of_the_profile(tmp_path: Path) -> None:
    of = scales(tmp_path, with_ruler(DRAWN.picture(), 110.0))
    of.renew(exact(DRAWN.picture()), CLICKS, 100.0)
    of.renew(exact(DRAWN.picture()), CLICKS, 101.0)
    found = of.calibration_of(exact(DRAWN.picture()))
    assert found is not None and found.regions[0].delta_y == pytest.approx(10.1 / 300, rel=1e-3)
    (file,) = tmp_path.iterdir()
    assert file.read_bytes().count(b"depth_mm") == 1


@pytest.mark.parametrize(
    ("changed", "layout", "clicks", "apart_mm", "why"),
    [
        ({}, "Doppler", CLICKS, 100.0, ScaleRefusal.NO_LAYOUT),
        ({"depth_written": ()}, "B mode", CLICKS, 100.0, ScaleRefusal.NO_DEPTH_WRITTEN),
        ({"keep": (SECTOR, WRITTEN)}, "B mode", CLICKS, 100.0, ScaleRefusal.SEVERAL_PICTURES),
        ({}, "B mode", ((598.0, 41.0), (598.0, 71.0)), 10.0, ScaleRefusal.CLICKS_TOO_CLOSE),
        ({}, "B mode", CLICKS, 0.1, ScaleRefusal.SCALE_ABSURD),
        ({}, "B mode", ((10.0, 400.0), (10.0, 200.0)), 100.0, ScaleRefusal.NOTHING_TO_WATCH),
    ],
)
def test_a_scale_that_could_not_be_trusted_is_refused(
    tmp_path: Path,
    changed: dict[str, object],
    layout: str,
    clicks: tuple[tuple[float, float], tuple[float, float]],
    apart_mm: float,
    why: ScaleRefusal,
) -> None:
    of = scales(tmp_path, msgspec.structs.replace(PLAIN, **changed))
    with pytest.raises(ScaleRefused) as refused:
        of.renew(exact(DRAWN.picture(), layout), clicks, apart_mm)
    assert refused.value.why is why and not list(tmp_path.iterdir())


def test_a_changed_depth_is_said_until_it_is_back_or_set_anew(tmp_path: Path) -> None:
    of, at_us = scales(tmp_path, with_ruler(DRAWN.picture(), 110.0)), 0

    def seen(picture: Picture, layout: str | None = "B mode") -> frozenset[T]:
        nonlocal at_us
        at_us += LOOK_EVERY_US
        frame = CapturedFrame.of(0, at_us, of_array(picture))
        frame.layout = layout
        of.see(frame)
        return of.troubles()

    assert seen(DRAWN.picture()) == frozenset()
    assert seen(DEEPER.picture()) == {T.SCALE_VOID}
    assert seen(DRAWN.picture()) == frozenset()
    assert seen(DEEPER.picture(), None) == frozenset()  # of no layout: nothing was promised
    of.renew(exact(DEEPER.picture()), ((598.0, 41.0), (598.0, 261.0)), 100.0)
    assert seen(DEEPER.picture()) == frozenset()


def test_a_damaged_file_of_scales_gives_none(tmp_path: Path) -> None:
    of = scales(tmp_path)
    of.renew(exact(DRAWN.picture()), CLICKS, 100.0)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-3])
    assert of.calibration_of(exact(DRAWN.picture())) is None
