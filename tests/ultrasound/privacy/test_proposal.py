"""The proposed shape is the sector of a real loop; a still has none."""

import numpy as np
import pytest

from tests.ultrasound.cines import DEMO_CINE
from tests.ultrasound.privacy.profiles import box, screen
from ultrasound.dicom import open_dicom
from ultrasound.errors import PictureError, ProfileWrong
from ultrasound.privacy.fans import fan_from_angles
from ultrasound.privacy.proposal import propose
from ultrasound.privacy.shapes import Box, Fan, Lit, Point, Polygon, Shape, lit
from ultrasound.synthetic import SyntheticUltrasound


def agreement(a: Lit, b: Lit) -> float:
    return float((a & b).sum() / (a | b).sum())


def test_the_sector_of_a_real_cardiac_loop_is_a_fan_inside_its_dicom_region() -> None:
    cine = open_dicom(DEMO_CINE)
    found = propose(cine.frame(index) for index in range(0, 120, 5))
    assert isinstance(found.keep, Fan)
    assert found.agreement > 0.96
    inside = lit(found.keep, 640, 480)
    assert inside[31:415, 84:596].sum() > 0.99 * inside.sum()
    assert inside[60:400, 335:345].all() and not inside[:20].any() and not inside[:, :75].any()
    assert any(one.left_px < 40 and one.top_px < 20 for one in found.text), "the name at the upper left"
    assert len(found.text) >= 12


def test_the_synthetic_sector_is_found_to_a_few_pixels() -> None:
    source = SyntheticUltrasound(1024, 768)
    found = propose(source.frame(41_000 * k) for k in range(24))
    assert isinstance(found.keep, Fan)
    true = fan_from_angles(Point(511.5, 18.0), 45.0, 750.0, -40.0, 40.0)
    assert agreement(lit(found.keep, 1024, 768), lit(true, 1024, 768)) > 0.97


def moving(shape: Shape) -> list[np.ndarray]:
    """A loop in which the shape's pixels are noise, the rest stands still."""
    rng, inside = np.random.default_rng(3), lit(shape, 640, 480)
    frames = []
    for _ in range(8):
        picture = screen() // 4 * 0 + screen()
        picture[inside] = rng.integers(0, 200, (int(inside.sum()), 1), np.uint8)
        frames.append(picture)
    return frames


def test_a_linear_arrays_rectangle_is_a_rectangle() -> None:
    wanted = box(150, 90, 330, 300)
    found = propose(moving(wanted))
    assert isinstance(found.keep, Box)
    assert agreement(lit(found.keep, 640, 480), lit(wanted, 640, 480)) > 0.97


def test_a_steered_arrays_parallelogram_is_a_polygon_around_it() -> None:
    corners = (Point(120.0, 90.0), Point(420.0, 90.0), Point(540.0, 400.0), Point(240.0, 400.0))
    wanted = Polygon(points=corners)
    found = propose(moving(wanted))
    assert isinstance(found.keep, Polygon)
    assert agreement(lit(found.keep, 640, 480), lit(wanted, 640, 480)) > 0.97


def test_a_still_has_text_but_no_shape_and_gives_no_profile() -> None:
    found = propose([screen()] * 3)
    assert (found.keep, found.agreement) == (None, 0.0)
    assert len(found.text) >= 1
    with pytest.raises(ProfileWrong, match="moving"):
        found.profile("scanner", "B mode")


def test_a_proposal_is_a_profile_nobody_signed() -> None:
    proposed = propose(moving(box(150, 90, 330, 300))).profile("scanner", "linear")
    assert not proposed.is_signed_off
    assert (proposed.width_px, proposed.height_px, proposed.black, proposed.allowed) == (640, 480, (), ())
    assert len(proposed.known_text) >= 1


def test_no_frame_or_frames_of_two_sizes_are_refused() -> None:
    with pytest.raises(PictureError, match="no frame"):
        propose([])
    with pytest.raises(PictureError, match="one size"):
        propose([screen(), screen(800, 600)])
