"""The simulated scanner's controls: each is shown by the next picture, with the calibration that fits it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.ultrasound.simulator.test_simulated_ultrasound import START_US, brightest_px, place_px, simulated
from ultrasound import timecode
from ultrasound.regions import PhysicalUnit, SpatialFormat
from ultrasound.simulator.hand import REMEMBERED, Turn
from ultrasound.simulator.simulated_ultrasound import SimulatedUltrasound, read_counter


def inside(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return picture[100:700, 300:700]


def take(scanner: SimulatedUltrasound, number: int, turn: Turn | None = None) -> NDArray[np.uint8]:
    capture_us = START_US + scanner.due_us(number)
    if turn is not None:
        scanner.turn(turn, number, capture_us)
    return scanner.picture(number, capture_us)


def test_another_depth_holds_from_the_next_picture_on_and_its_millimetres_fit() -> None:
    scanner = simulated("preset=cardiac")
    take(scanner, 0)
    assert scanner.standing.depth_mm == 160
    picture = take(scanner, 1, Turn(depth_mm=100))
    assert scanner.standing.depth_mm == 100
    (before,), (after,) = scanner.regions(0), scanner.regions(1)
    assert after.delta_y == pytest.approx(before.delta_y * 100 / 160)
    top, bottom = (brightest_px(picture, *place_px(after, 0.0, deep_mm))[1] for deep_mm in (20.0, 80.0))
    assert abs(10 * after.delta_y * (bottom - top) - 60) <= 0.1


def test_gain_brightens_the_tissue_and_not_the_writing() -> None:
    scanner = simulated()
    plain = take(scanner, 0)
    again = simulated().picture(1, START_US)
    loud = take(scanner, 1, Turn(gain_db=6))
    ratio = inside(loud).mean() / inside(again).mean()
    assert 1.5 < ratio < 2.05  # 6 dB are twice as much, as far as white allows
    assert np.array_equal(loud[40:60, 16:200], plain[40:60, 16:200])


def test_a_freeze_shows_the_same_picture_with_the_time_it_was_taken_and_ends() -> None:
    scanner = simulated()
    take(scanner, 0)
    first, later = take(scanner, 1, Turn(frozen=True)), take(scanner, 40)
    assert np.array_equal(first, later) and scanner.standing.frozen
    assert read_counter(later) == 1
    assert timecode.read(later) == (START_US + scanner.due_us(1)) // 1000 % timecode.MODULUS_MS
    assert read_counter(take(scanner, 41, Turn(frozen=False))) == 41


def test_m_mode_is_calibrated_in_seconds_and_its_newest_column_moves_left() -> None:
    scanner = simulated()
    early, late = take(scanner, 0, Turn(m_mode=True)), take(scanner, 30)
    (region,) = scanner.regions(30)
    assert region.spatial_format is SpatialFormat.M_MODE
    assert (region.unit_x, region.unit_y) == (PhysicalUnit.SECONDS, PhysicalUnit.CM)
    second_px = round(1 / region.delta_x)
    rows = slice(region.top_px, region.bottom_px + 1)
    newest = early[rows, region.right_px - 99 : region.right_px + 1].astype(int)
    moved = late[rows, region.right_px - 99 - second_px : region.right_px + 1 - second_px].astype(int)
    assert np.mean(np.abs(newest - moved) <= 8) > 0.9


def test_what_was_turned_ends_with_the_episode() -> None:
    scanner = simulated("depth=15,for=1/depth=12,for=1")
    take(scanner, 0)
    take(scanner, 1, Turn(depth_mm=100))
    take(scanner, 35)
    assert scanner.standing.depth_mm == 120


def test_the_newest_turn_is_remembered_however_many_there_were() -> None:
    scanner = simulated()
    for number in range(3 * REMEMBERED):
        take(scanner, number, Turn(depth_mm=100 + number))
    assert scanner.standing.depth_mm == 100 + 3 * REMEMBERED - 1


def test_a_picture_that_its_scenario_froze_or_took_away_is_not_turned() -> None:
    for scenario in ("for=1/change=frozen", "for=1/change=black"):
        scanner = simulated(scenario)
        take(scanner, 0)
        assert scanner.turns
        take(scanner, 31)
        assert not scanner.turns
