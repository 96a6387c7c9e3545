"""Rulers of scanners and drawn ones: their spacing right within 1 %, or a refusal."""

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.ultrasound.cines import DEMO_CINE
from tests.ultrasound.measuring.frames import refused
from tests.ultrasound.ruler.drawn import Drawn, scanner
from ultrasound.cine import Picture
from ultrasound.dicom import open_dicom
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.ruler.finding import find_ruler
from ultrasound.shown import Rectangle


@pytest.mark.parametrize(
    ("name", "tick_px", "ticks"),
    [
        ("sonosite", 1 / 0.05104970559477806, 18),  # dots 1 cm apart; the file's own scale
        ("philips", 1 / 0.02622878766196998, 12),  # ticks 1 cm apart; the file's own scale
        ("clarius", (873.44 - 85.98) / 20, 21),  # dots 2 mm apart: 4 cm from the first to the last
        ("butterfly", (1037.44 - 67.48) / 23, 24),  # ticks 2 mm apart
    ],
)
def test_the_ruler_of_a_scanner_is_read_within_a_half_per_cent(name: str, tick_px: float, ticks: int) -> None:
    ruler = find_ruler(scanner(name))
    assert ruler.spacing_px == pytest.approx(tick_px, rel=0.005)
    assert abs(ruler.spacing_px / tick_px - 1) <= ruler.spacing_uncertainty
    assert (len(ruler.rows_px), ruler.major_every) == (ticks, 5)


def test_the_ruler_is_the_same_in_every_frame_of_a_loop() -> None:
    cine = open_dicom(DEMO_CINE)
    found = {round(find_ruler(cine.frame(index)).spacing_px, 2) for index in range(0, 120, 17)}
    assert found == {19.58}


def test_a_ruler_says_where_its_ticks_are() -> None:
    ruler = find_ruler(Drawn(spacing_px=30, first_px=41, ticks=12).picture())
    assert ruler.rows_px[0] == pytest.approx(40.5, abs=0.6)
    assert ruler.slots == tuple(range(12))
    assert ruler.span_px == pytest.approx(330, abs=1)
    assert (ruler.place.left, ruler.place.width) == (584, 16)


rulers = st.builds(
    Drawn,
    spacing_px=st.floats(6, 60),
    first_px=st.floats(10, 60),
    ticks=st.integers(3, 40),
    major_every=st.sampled_from([1, 2, 4, 5, 10, 100]),
    dots=st.booleans(),
    side=st.sampled_from([-1, 0, 1]),
    grey=st.integers(15, 255),
    thick_px=st.integers(1, 3),
    noise=st.sampled_from([0.0, 2.0, 5.0]),
    texture=st.sampled_from([0.0, 20.0, 60.0]),
    seed=st.integers(0, 1000),
)


def zoomed(picture: Picture, zoom: float) -> Picture:
    how = cv2.INTER_AREA if zoom < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, None, fx=zoom, fy=zoom, interpolation=how), np.uint8)


FINE = Drawn(spacing_px=8.0, first_px=10.0, ticks=34, major_every=1, dots=False, side=-1, grey=20, thick_px=1)


@settings(max_examples=120)
@given(rulers, st.sampled_from([1.0, 0.75, 1.5]))
@example(FINE, 1.0)  # no row lies clear of where finer ticks would be
def test_a_drawn_ruler_is_read_within_one_per_cent_or_refused(drawn: Drawn, zoom: float) -> None:
    try:
        ruler = find_ruler(zoomed(drawn.picture(), zoom))
    except Refusal as refusal:
        assert refusal.code in (RefusalCode.NO_RULER, RefusalCode.SEVERAL_RULERS)
        return
    assert ruler.spacing_px == pytest.approx(drawn.spacing_px * zoom, rel=0.01)


def test_clear_rulers_are_found() -> None:
    found = 0
    for k in range(30):
        drawn = Drawn(
            spacing_px=14 + k, ticks=12 - k // 6, dots=k % 2 == 0, side=k % 3 - 1, texture=20, seed=k
        )
        found += abs(find_ruler(drawn.picture()).spacing_px / drawn.spacing_px - 1) < 0.01
    assert found == 30


@pytest.mark.parametrize("seed", range(6))
def test_texture_alone_is_no_ruler(seed: int) -> None:
    refused(RefusalCode.NO_RULER, find_ruler, Drawn(ticks=0, texture=30 + 10 * seed, seed=seed).picture())


def test_a_loop_whose_ruler_is_masked_has_none() -> None:
    cine = open_dicom(DEMO_CINE)
    for index in range(0, 120, 20):
        picture = cine.frame(index).copy()
        picture[:, 585:602] = 0
        refused(RefusalCode.NO_RULER, find_ruler, picture)


def test_four_ticks_are_too_few() -> None:
    refused(RefusalCode.NO_RULER, find_ruler, Drawn(ticks=4, spacing_px=80).picture())
    assert find_ruler(Drawn(ticks=5, spacing_px=80).picture()).spacing_px == pytest.approx(80, rel=0.01)


def test_ticks_that_are_not_evenly_spaced_are_no_ruler() -> None:
    picture = np.zeros((480, 640, 3), np.uint8)
    for k in range(12):
        row = 40 + 12 * k + 2 * k * k
        picture[row : row + 2, 600:610] = 200
    refused(RefusalCode.NO_RULER, find_ruler, picture)


def test_of_two_rulers_a_person_says_which() -> None:
    picture = np.maximum(Drawn(spacing_px=30).picture(), Drawn(spacing_px=23).picture()[:, ::-1])
    assert "23.0 px" in refused(RefusalCode.SEVERAL_RULERS, find_ruler, picture)
    right = find_ruler(picture, Rectangle(320, 0, 320, 480))
    assert right.spacing_px == pytest.approx(30, rel=0.01)
    assert right.left_px >= 320
    assert find_ruler(picture, Rectangle(0, 0, 100, 480)).spacing_px == pytest.approx(23, rel=0.01)


def test_a_hidden_tick_is_left_out_and_the_others_keep_their_number() -> None:
    picture = Drawn(spacing_px=30, first_px=41, ticks=12).picture()
    picture[95:107] = 0
    ruler = find_ruler(picture)
    assert ruler.slots == (0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11)
    assert ruler.spacing_px == pytest.approx(30, rel=0.003)
