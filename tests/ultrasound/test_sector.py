"""What of the picture is alive: nothing that moved lately is ever cut off."""

import numpy as np

from ultrasound.cine import Picture
from ultrasound.sector import BLOCK_PX, KEPT_US, SectorFinder
from ultrasound.shown import Rectangle

WIDTH, HEIGHT = 640, 480
FRAME_US = 33_333


class Screen:
    """A scanner's screen: a still scale and text, and what is drawn on it."""

    def __init__(self) -> None:
        self.finder = SectorFinder(WIDTH, HEIGHT)
        self.now_us = 1_790_000_000_000_000
        self._random = np.random.default_rng(5)
        self._still = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        self._still[20:30, 500:600] = 255  # text
        self._still[100:400:20, 10:20] = 200  # a scale

    def look(self, count: int, *moving: Rectangle) -> None:
        for _ in range(count):
            picture: Picture = self._still.copy()
            for one in moving:
                speckle = self._random.integers(0, 255, (one.height, one.width, 1), np.uint8)
                picture[one.top : one.top + one.height, one.left : one.left + one.width] = speckle
            self.finder.see(picture, self.now_us)
            self.now_us += FRAME_US


SECTOR = Rectangle(192, 96, 256, 320)
AROUND = Rectangle(192 - BLOCK_PX, 96 - BLOCK_PX, 256 + 2 * BLOCK_PX, 320 + 2 * BLOCK_PX)


def test_the_sector_is_found_without_the_text_and_the_scale_beside_it() -> None:
    screen = Screen()
    screen.look(30, SECTOR)
    assert screen.finder.alive is None  # too little was seen
    screen.look(60, SECTOR)
    assert screen.finder.alive == AROUND


def test_whatever_moves_outside_of_it_is_in_it_with_the_very_next_picture() -> None:
    screen = Screen()
    screen.look(90, SECTOR)
    clock = Rectangle(560, 440, 32, 16)
    screen.look(1, SECTOR, clock)
    alive = screen.finder.alive
    assert alive is not None and alive.holds(AROUND) and alive.holds(clock)


def test_what_moved_once_stays_in_it_for_ten_seconds() -> None:
    screen = Screen()
    screen.look(90, SECTOR)
    screen.look(1, SECTOR, Rectangle(560, 440, 32, 16))
    screen.look(KEPT_US // FRAME_US - 20, SECTOR)
    assert screen.finder.alive != AROUND
    screen.look(60, SECTOR)
    assert screen.finder.alive == AROUND


def test_a_frozen_scanner_says_nothing_of_its_sector() -> None:
    screen = Screen()
    screen.look(400)
    assert screen.finder.alive is None


def test_the_grain_of_a_grabber_is_no_movement() -> None:
    finder, random = SectorFinder(WIDTH, HEIGHT), np.random.default_rng(6)
    for number in range(120):
        picture = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
        picture += random.integers(0, 9, (HEIGHT, WIDTH, 1), np.uint8)
        finder.see(picture, number * FRAME_US)
    assert finder.alive is None


def test_a_picture_of_odd_size_is_taken_to_its_edge() -> None:
    finder, random = SectorFinder(101, 75), np.random.default_rng(7)
    for number in range(120):
        finder.see(random.integers(0, 255, (75, 101, 3), np.uint8), number * FRAME_US)
    assert finder.alive == Rectangle(0, 0, 102, 76)
