"""Profiles, shapes and screens the tests of privacy share."""

import cv2
import msgspec
import numpy as np
import pydicom
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydicom import examples

from ultrasound.privacy.anchors import anchor_at
from ultrasound.privacy.fans import fan_from_angles
from ultrasound.privacy.profile import DeviceProfile
from ultrasound.privacy.shapes import Box, Fan, Point, Polygon, Shape

WIDTH, HEIGHT = 64, 48
AT = "2026-11-28T05:00:00Z"


def box(left: int, top: int, width: int, height: int) -> Box:
    return Box(left_px=left, top_px=top, width_px=width, height_px=height)


FAN = fan_from_angles(Point(32.0, -4.0), 8.0, 44.0, -40.0, 40.0)


def profile(*keep: Shape, **fields: object) -> DeviceProfile:
    """Of a 64 x 48 picture, not signed off."""
    whole = DeviceProfile(
        source="scanner", layout="B mode", width_px=WIDTH, height_px=HEIGHT, keep=keep or (FAN,)
    )
    return msgspec.structs.replace(whole, **fields)


def signed(of: DeviceProfile) -> DeviceProfile:
    return of.signed("Li", AT)


def screen(width: int = 640, height: int = 480, seed: int = 1) -> NDArray[np.uint8]:
    """A made screen: a logo at the upper left, a line of text below it, a ruler, noise for tissue; RGB."""
    picture = np.zeros((height, width, 3), np.uint8)
    cv2.rectangle(picture, (4, 4), (43, 31), (200, 120, 40), -1)
    cv2.circle(picture, (17, 13), 8, (255, 255, 255), -1)
    noise = np.random.default_rng(seed).integers(0, 160, (height // 2, width // 2, 1), np.uint8)
    picture[height // 4 : height // 4 + height // 2, width // 4 : width // 4 + width // 2] = noise
    written(picture, "MI 0.9", (width - 120, 24))
    return picture


LOGO = box(4, 4, 40, 28)


def written(picture: NDArray[np.uint8], text: str, at: tuple[int, int]) -> None:
    """Burn text into a picture, its lower left corner at `at`."""
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (230, 230, 230), 1, cv2.LINE_AA)


def screen_profile(picture: NDArray[np.uint8], layout: str = "B mode", **fields: object) -> DeviceProfile:
    """The profile of `screen`, signed off: the tissue, MI, and the logo as an anchor."""
    height, width = picture.shape[:2]
    made = DeviceProfile(
        source="scanner",
        layout=layout,
        width_px=width,
        height_px=height,
        keep=(box(width // 4, height // 4, width // 2, height // 2),),
        allowed=(box(width - 124, 8, 120, 24),),
        anchors=(anchor_at(picture, LOGO),),
    )
    return signed(msgspec.structs.replace(made, **fields))


def logiq() -> NDArray[np.uint8]:
    """GE LOGIQ 700, 640x480 RGB, the hospital's name and numbers burned in (pydicom's own J2K example)."""
    dataset = pydicom.dcmread(examples.get_path("jpeg2k"))
    return np.ascontiguousarray(dataset.pixel_array)


places = st.floats(-80, 140, allow_nan=False).map(lambda value: round(value, 1))
points = st.builds(Point, places, places)
boxes = st.builds(
    lambda left, top, width, height: box(left, top, min(width, WIDTH - left), min(height, HEIGHT - top)),
    st.integers(0, WIDTH - 1),
    st.integers(0, HEIGHT - 1),
    st.integers(1, WIDTH),
    st.integers(1, HEIGHT),
)
fans = st.builds(
    lambda apex, inner, thick, left, opening: fan_from_angles(
        apex, inner, inner + thick, left, left + opening
    ),
    points,
    st.floats(0, 60),
    st.floats(1, 80),
    st.floats(-170, 170),
    st.floats(1, 170),
)
polygons = st.builds(lambda them: Polygon(points=tuple(them)), st.lists(points, min_size=3, max_size=9))
shapes: st.SearchStrategy[Fan | Box | Polygon] = st.one_of(boxes, fans, polygons)
