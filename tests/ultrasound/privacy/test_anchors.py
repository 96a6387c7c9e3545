"""A place of the screen is recognised through codecs and colour ranges, and nothing else is taken for it."""

import cv2
import numpy as np
import pytest

from tests.ultrasound.cines import DEMO_CINE
from tests.ultrasound.privacy.profiles import LOGO, box, logiq, screen
from ultrasound.dicom import open_dicom
from ultrasound.errors import ProfileWrong
from ultrasound.planes import yuv420
from ultrasound.privacy.anchors import Anchor, anchor_at, is_there

SONOSITE_LOGO = box(2, 4, 20, 18)
GE_LOGO = box(304, 24, 28, 18)


def test_a_logo_is_there_in_every_frame_and_through_a_poor_jpeg() -> None:
    cine = open_dicom(DEMO_CINE)
    anchor = anchor_at(cine.frame(0), SONOSITE_LOGO)
    assert all(is_there(anchor, cine.frame(index)) for index in range(0, 120, 17))
    done, data = cv2.imencode(".jpg", cine.frame(3), [cv2.IMWRITE_JPEG_QUALITY, 20])
    assert done and is_there(anchor, cv2.imdecode(data, cv2.IMREAD_COLOR).astype(np.uint8))


def test_it_is_there_in_a_limited_range_and_in_the_luma_plane() -> None:
    picture = screen()
    anchor = anchor_at(picture, LOGO)
    assert is_there(anchor, (16 + picture.astype(np.float32) * (219 / 255)).astype(np.uint8))
    assert is_there(anchor, yuv420(picture)[:480])


def test_no_other_place_of_two_makers_screens_is_taken_for_it() -> None:
    sonosite, ge = open_dicom(DEMO_CINE).frame(0), logiq()
    for logo, own in ((SONOSITE_LOGO, sonosite), (GE_LOGO, ge)):
        bits = anchor_at(own, logo).bits
        places = [
            box(x, y, logo.width_px, logo.height_px) for x in range(0, 600, 23) for y in range(0, 440, 19)
        ]
        apart = [
            one
            for one in places
            if abs(one.left_px - logo.left_px) >= 20 or abs(one.top_px - logo.top_px) >= 18
        ]
        taken = [
            one
            for one in apart
            for picture in (sonosite, ge)
            if is_there(Anchor(place=one, bits=bits), picture)
        ]
        assert taken == []
        assert len(apart) > 500


def test_a_black_or_covered_place_is_not_there() -> None:
    anchor = anchor_at(screen(), LOGO)
    assert not is_there(anchor, np.zeros((480, 640, 3), np.uint8))
    covered = screen()
    covered[4:32, 4:24] = 0
    assert not is_there(anchor, covered)


def test_a_plain_or_small_place_or_one_past_the_picture_is_no_anchor() -> None:
    with pytest.raises(ProfileWrong, match="too plain"):
        anchor_at(screen(), box(0, 400, 40, 40))
    with pytest.raises(ProfileWrong, match="16x16"):
        anchor_at(screen(), box(8, 8, 12, 12))
    with pytest.raises(ProfileWrong, match="past the picture of 640x480"):
        anchor_at(screen(), box(620, 4, 40, 28))
