"""Vigilance: no picture, a still one, a blank one, another size are noticed; a living one is not accused."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ultrasound.captured import CapturedFrame, Packet, PacketCodec
from ultrasound.errors import SourceUnreadable
from ultrasound.pixels import Pixels, of_array
from ultrasound.synthetic import SyntheticUltrasound
from ultrasound.trouble import PictureTrouble
from ultrasound.vigilance import Vigilance

FRAME_US = 33_333
SECTOR = SyntheticUltrasound(416, 320)
STILL = SECTOR.frame(0)
RANDOM = np.random.default_rng(5)


class Watched:
    """A source that is looked at after each frame."""

    def __init__(self) -> None:
        self.us = 0
        self.vigilance = Vigilance(0)
        self.number = 0

    def show(
        self, seconds: float, picture: NDArray[np.uint8] | None = None, packet: bool = False
    ) -> set[PictureTrouble]:
        """Frames for so long, of one picture or of the living sector; what was told of any of them."""
        told: set[PictureTrouble] = set()
        for _ in range(round(seconds * 30)):
            shown = SECTOR.frame(self.us) if picture is None else picture
            made = Packet(PacketCodec.MJPEG, cv2.imencode(".jpg", shown)[1].tobytes()) if packet else None
            self.vigilance.see(CapturedFrame.of(self.number, self.us, of_array(shown), made))
            told |= self.vigilance.troubles(self.us)
            self.us += FRAME_US
            self.number += 1
        return told

    def now(self) -> frozenset[PictureTrouble]:
        return self.vigilance.troubles(self.us)


def test_a_living_picture_is_in_no_trouble() -> None:
    assert Watched().show(6) == set()


def test_a_picture_that_stands_still_is_told_and_forgotten_when_it_moves() -> None:
    watched = Watched()
    watched.show(1)
    assert watched.show(1.5, STILL) == set()
    assert watched.show(1, STILL) == {PictureTrouble.FROZEN}
    assert watched.show(0.1) == set()


def test_packets_that_repeat_are_a_still_picture() -> None:
    watched = Watched()
    assert watched.show(3, STILL, packet=True) == {PictureTrouble.FROZEN}
    assert watched.show(3, packet=True) == set()


def test_one_changed_pixel_is_a_living_picture() -> None:
    watched, picture = Watched(), STILL.copy()
    for step in range(90):
        picture = picture.copy()
        picture[-1, -1] = 100 + step % 2
        assert watched.show(1 / 30, picture) == set()


def test_a_black_picture_with_a_grabbers_noise_is_blank() -> None:
    watched = Watched()
    for _ in range(60):
        noise = RANDOM.integers(0, 9, STILL.shape, dtype=np.uint8)
        watched.show(1 / 30, noise)
    assert watched.now() == {PictureTrouble.BLANK}
    blue = np.zeros_like(STILL)
    blue[:, :, 2] = 200
    assert watched.show(3, blue) == {PictureTrouble.BLANK, PictureTrouble.FROZEN}
    assert watched.show(1) <= {PictureTrouble.BLANK} and watched.now() == frozenset()


def test_a_dark_picture_with_its_scanners_writing_is_not_blank() -> None:
    watched, dark = Watched(), np.zeros_like(STILL)
    cv2.putText(dark, "MI 0.9  TI 0.4  12 cm", (4, 200), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (200, 200, 200), 2)
    assert PictureTrouble.BLANK not in watched.show(3, dark)


def test_no_picture_is_told_from_the_beginning_and_after_the_last_one() -> None:
    vigilance = Vigilance(0)
    assert vigilance.troubles(2_900_000) == frozenset()
    assert vigilance.troubles(3_100_000) == {PictureTrouble.LOST}
    watched = Watched()
    watched.show(5, STILL)
    assert watched.vigilance.troubles(watched.us + 3_100_000) == {PictureTrouble.LOST}
    watched.us += 10_000_000
    assert watched.show(1, STILL) == set()


def test_another_size_is_told_for_a_while() -> None:
    watched = Watched()
    assert watched.show(1) == set()
    smaller = cv2.resize(STILL, (208, 160)).astype(np.uint8)
    assert watched.show(1 / 30, smaller) == {PictureTrouble.RESIZED}
    watched.show(9)
    assert watched.now() == {PictureTrouble.RESIZED}
    watched.show(12)
    assert watched.now() == frozenset()


def test_a_damaged_packet_says_nothing_of_the_picture() -> None:
    watched = Watched()
    watched.show(0.5)

    def damaged() -> Pixels:
        raise SourceUnreadable("frame 1: the JPEG data are damaged")

    for _ in range(60):
        watched.vigilance.see(CapturedFrame(1, watched.us, 416, 320, damaged, None))
        watched.us += FRAME_US
    assert watched.now() == frozenset()
    watched.us += 2_000_000
    assert watched.now() == {PictureTrouble.LOST}
