"""A grabbed picture's scale: from its ruler or two clicks, with its doubt; void when the picture changes."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ultrasound.cines import DEMO_CINE
from tests.ultrasound.measuring.frames import refused
from tests.ultrasound.ruler.drawn import Drawn, scanner
from ultrasound.cine import Picture
from ultrasound.dicom import DicomCine, open_dicom
from ultrasound.measuring.frame import Frame, Standing
from ultrasound.measuring.length import distance
from ultrasound.measuring.measured import CalibrationSource, Uncalibrated
from ultrasound.measuring.refusal import RefusalCode
from ultrasound.measuring.unit import Unit
from ultrasound.ruler.finding import find_ruler
from ultrasound.ruler.scale import KeptScale, by_clicks, by_ruler, kept_by_clicks, kept_by_ruler
from ultrasound.ruler.watch import Change
from ultrasound.shown import Rectangle

SECTOR = Rectangle(128, 40, 352, 400)
WRITTEN = Rectangle(5, 40, 80, 30)
OF_LOOP = (Rectangle(84, 31, 512, 384), [Rectangle(570, 395, 25, 20)])
"""The sector of the demo loop, and where it writes 19."""
DRAWN = Drawn(spacing_px=30, first_px=41, ticks=12, texture=20, noise=2)


def scaled(picture: Picture) -> KeptScale:
    """A tick of `DRAWN` is a centimetre."""
    return _kept(picture, SECTOR, [WRITTEN])


def _kept(picture: Picture, area: Rectangle, written: list[Rectangle]) -> KeptScale:
    ruler = find_ruler(picture)
    return kept_by_ruler(by_ruler(ruler, 10.0, area), picture, ruler, written)


def test_a_length_by_the_ruler_is_what_the_file_says_it_is() -> None:
    cine = open_dicom(DEMO_CINE)
    picture = cine.frame(0)
    scale = _kept(picture, *OF_LOOP)
    grabbed = scale.frame(picture, Standing.EXACT)
    line = [(200.0, 100.0), (400.0, 350.0)]
    by_file = distance(_of_file(cine), line)
    measured = distance(grabbed, line)
    assert measured.value == pytest.approx(by_file.value, rel=0.005)
    assert (measured.calibration, measured.region) == (CalibrationSource.RULER, 0)
    assert measured.uncertainty > by_file.uncertainty
    assert abs(measured.value - by_file.value) < measured.uncertainty - by_file.uncertainty


def _of_file(cine: DicomCine) -> Frame:
    return Frame(cine.width, cine.height, Standing.STORED, cine.regions)


def test_two_clicks_on_a_ruler_give_a_scale_by_hand() -> None:
    picture = scanner("philips")
    clicks = [(795.0, 97.0), (795.0, 516.0)]  # 11 cm, as its ruler shows
    scale = by_clicks(clicks, 110.0, Rectangle(120, 60, 660, 458))
    measured = distance(scale.frame(picture, Standing.EXACT), [(460, 290.5), (499, 301.5)])
    assert measured.value == pytest.approx(10.6, rel=0.005)  # "1.06 cm"
    assert measured.calibration is CalibrationSource.USER
    assert scale.uncertainty == pytest.approx(2 / 419)


def test_the_scale_holds_in_the_sector_only() -> None:
    picture = DRAWN.picture()
    frame = scaled(picture).frame(picture, Standing.EXACT)
    assert distance(frame, [(200, 100), (200, 130)]).value == pytest.approx(10, rel=0.005)
    assert distance(frame, [(10, 100), (200, 130)]).uncalibrated is Uncalibrated.OUTSIDE_REGIONS


def test_pixels_of_a_stretched_picture_are_wider_than_high() -> None:
    picture = DRAWN.picture()
    scale = by_ruler(find_ruler(picture), 10.0, SECTOR, pixel_aspect=4 / 3)
    frame = scale.frame(picture, Standing.EXACT)
    assert distance(frame, [(200, 100), (230, 100)]).value == pytest.approx(13.33, rel=0.005)


@settings(max_examples=25)
@given(st.floats(20, 35), st.floats(1, 15))
def test_a_known_length_is_within_the_doubt_that_is_shown(spacing_px: float, tick_mm: float) -> None:
    picture = Drawn(spacing_px=spacing_px, first_px=41, ticks=12).picture()
    frame = by_ruler(find_ruler(picture), tick_mm, SECTOR).frame(picture, Standing.EXACT)
    measured = distance(frame, [(300, 50), (300, 350)])
    assert measured.value == pytest.approx(300 / spacing_px * tick_mm, rel=0.01)
    assert abs(measured.value - 300 / spacing_px * tick_mm) <= measured.uncertainty


def changed(how: str) -> Picture:
    """What a scanner shows after something was changed."""
    drawn = {
        "depth": Drawn(spacing_px=27.5, first_px=41, ticks=13, texture=20, noise=2, depth="12 cm"),
        "slightly deeper": Drawn(spacing_px=29.7, first_px=41, ticks=12, texture=20, noise=2),
        "a finer ruler": Drawn(spacing_px=15, first_px=41, ticks=23, texture=20, noise=2),
        "another depth with the same ruler": Drawn(30, 41, 12, texture=20, noise=2, depth="10 cm"),
        "pan": Drawn(spacing_px=30, first_px=52, ticks=12, texture=20, noise=2),
        "no ruler": Drawn(ticks=0, texture=20, noise=2),
    }
    if how in drawn:
        return drawn[how].picture()
    picture = DRAWN.picture()
    if how == "shifted":
        return np.roll(picture, 6, axis=1)
    if how == "zoomed":
        return np.asarray(cv2.resize(picture, None, fx=1.1, fy=1.1)[:480, 64:704], np.uint8)
    return np.asarray(cv2.resize(picture, (800, 600)), np.uint8)


@pytest.mark.parametrize(
    ("how", "change"),
    [
        ("depth", Change.WRITING),
        ("slightly deeper", Change.RULER),
        ("a finer ruler", Change.RULER),
        ("another depth with the same ruler", Change.WRITING),
        ("pan", Change.RULER),
        ("no ruler", Change.RULER),
        ("shifted", Change.WRITING),
        ("zoomed", Change.WRITING),
        ("another size", Change.PICTURE_SIZE),
    ],
)
def test_a_change_of_depth_zoom_or_layout_voids_the_scale(how: str, change: Change) -> None:
    scale, picture = scaled(DRAWN.picture()), changed(how)
    assert scale.watch.change(picture) is change
    frame = scale.frame(picture, Standing.EXACT)
    assert distance(frame, [(200, 100), (200, 130)]).unit is Unit.PX


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_scale_holds_while_only_the_body_moves(seed: int) -> None:
    scale = scaled(DRAWN.picture())
    later = Drawn(spacing_px=30, first_px=41, ticks=12, texture=25, noise=3, seed=seed).picture()
    assert scale.watch.still_holds(later)


def test_a_scale_holds_through_the_whole_of_a_real_loop() -> None:
    cine = open_dicom(DEMO_CINE)
    picture = cine.frame(0)
    scale = _kept(picture, *OF_LOOP)
    assert all(scale.watch.still_holds(cine.frame(index)) for index in range(0, 120, 10))


def test_a_grabbers_jpeg_does_not_void_a_scale() -> None:
    picture = DRAWN.picture()
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
    grabbed = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    assert scaled(picture).watch.still_holds(grabbed)


def test_a_clicked_mark_that_moves_voids_a_scale_by_hand() -> None:
    picture = DRAWN.picture()
    clicks = [(592.0, 41.0), (592.0, 341.0)]
    scale = kept_by_clicks(by_clicks(clicks, 100.0, SECTOR), picture, clicks, [WRITTEN])
    assert scale.watch.still_holds(picture)
    assert scale.watch.change(changed("pan")) is Change.WRITING


@pytest.mark.parametrize("tick_mm", [0.0, -10.0, math.nan, math.inf, 0.01, 100.0])
def test_a_scale_that_no_scanner_has_is_refused(tick_mm: float) -> None:
    picture = DRAWN.picture()
    refused(RefusalCode.SCALE_ABSURD, by_ruler, find_ruler(picture), tick_mm, SECTOR)


def test_clicks_that_give_no_scale_are_refused() -> None:
    refused(RefusalCode.CLICKS_TOO_CLOSE, by_clicks, [(592, 41), (592, 101)], 20, SECTOR)
    refused(RefusalCode.POINT_NOT_A_NUMBER, by_clicks, [(592, 41), (592, math.nan)], 9, SECTOR)


def test_clicks_on_nothing_are_not_kept() -> None:
    picture = DRAWN.picture()
    clicks = [(620.0, 41.0), (620.0, 341.0)]
    scale = by_clicks(clicks, 99, SECTOR)
    refused(RefusalCode.NOTHING_TO_WATCH, kept_by_clicks, scale, picture, clicks, [WRITTEN])
    outside = [(650.0, 41.0), (650.0, 341.0)]
    refused(RefusalCode.POINT_OUTSIDE_PICTURE, kept_by_clicks, scale, picture, outside, [WRITTEN])


def test_a_scale_is_kept_only_with_a_place_where_the_depth_is_written() -> None:
    picture = DRAWN.picture()
    ruler = find_ruler(picture)
    scale = by_ruler(ruler, 10.0, SECTOR)
    refused(RefusalCode.NOTHING_TO_WATCH, kept_by_ruler, scale, picture, ruler, [])
    refused(RefusalCode.NOTHING_TO_WATCH, kept_by_ruler, scale, picture, ruler, [Rectangle(5, 200, 80, 30)])
    refused(RefusalCode.NOTHING_TO_WATCH, kept_by_ruler, scale, picture, ruler, [Rectangle(600, 0, 80, 30)])
