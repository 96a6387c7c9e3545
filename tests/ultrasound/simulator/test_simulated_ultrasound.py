"""The simulated scanner: its millimetres are where its calibration says, and what goes wrong does."""

import numpy as np
import pytest
from numpy.typing import NDArray

from ultrasound import timecode
from ultrasound.regions import Region
from ultrasound.simulator.language import read_scenario
from ultrasound.simulator.phantom import CYSTS, diameter_mm
from ultrasound.simulator.simulated_ultrasound import SimulatedUltrasound, read_counter

START_US = 1_790_000_000_123_000


def simulated(scenario: str = "") -> SimulatedUltrasound:
    return SimulatedUltrasound(read_scenario(scenario))


def place_px(region: Region, across_mm: float, deep_mm: float) -> tuple[float, float]:
    """Where the calibration says a place is (DICOM PS3.3 C.8.5.5.1: references count from the corner)."""
    assert region.reference_x_px is not None and region.reference_y_px is not None
    column = region.left_px + region.reference_x_px + across_mm / 10 / region.delta_x
    return column, region.top_px + region.reference_y_px + deep_mm / 10 / region.delta_y


def brightest_px(
    picture: NDArray[np.uint8], column: float, row: float, reach: int = 6
) -> tuple[float, float]:
    """The centre of what is bright around a place."""
    left, top = round(column) - reach, round(row) - reach
    part = picture[top : top + 2 * reach + 1, left : left + 2 * reach + 1].astype(np.float64)
    weight = np.clip(part - 160, 0, None)
    rows, columns = np.mgrid[0 : part.shape[0], 0 : part.shape[1]]
    return left + float((weight * columns).sum() / weight.sum()), top + float(
        (weight * rows).sum() / weight.sum()
    )


@pytest.mark.parametrize("scenario", ["", "preset=cardiac", "preset=vascular", "depth=22.5", "size=1280x960"])
def test_wires_are_where_the_calibration_says_to_a_tenth_of_a_millimetre(scenario: str) -> None:
    scanner = simulated(scenario)
    (region,) = scanner.regions(0)
    picture = scanner.picture(0, START_US)
    found = {}
    for across_mm, deep_mm in ((0.0, 10.0), (0.0, 40.0), (-10.0, 30.0), (15.0, 30.0)):
        column, row = brightest_px(picture, *place_px(region, across_mm, deep_mm))
        found[across_mm, deep_mm] = column, row
    down_mm = 10 * region.delta_y * (found[0.0, 40.0][1] - found[0.0, 10.0][1])
    across_mm = 10 * region.delta_x * (found[15.0, 30.0][0] - found[-10.0, 30.0][0])
    assert abs(down_mm - 30) <= 0.1 and abs(across_mm - 25) <= 0.1


def test_a_cyst_is_dark_and_as_wide_as_it_was_told_at_that_moment() -> None:
    scanner, cyst = simulated(), CYSTS[3]
    assert cyst.pulse_mm > 0
    (region,) = scanner.regions(0)
    widths = []
    for number in (0, 15):
        picture = scanner.picture(number, START_US)
        column, row = (round(one) for one in place_px(region, cyst.across_mm, cyst.deep_mm))
        dark = picture[row, column - 100 : column + 100] < 8
        widths.append(dark.sum() * 10 * region.delta_x)
        assert abs(widths[-1] - diameter_mm(cyst, scanner.due_us(number))) <= 0.7
    assert widths[1] - widths[0] > 1.2


def test_speckle_moves_and_the_same_picture_is_the_same_at_every_run() -> None:
    first, again = simulated(), simulated()
    assert np.array_equal(first.picture(9, START_US), again.picture(9, START_US))
    changed = first.picture(9, START_US)[200:600, 300:700] != first.picture(21, START_US)[200:600, 300:700]
    assert changed.mean() > 0.5


def test_its_number_and_its_time_are_read_from_the_pixels() -> None:
    scanner = simulated()
    for number in (0, 1, 70_000):
        picture = scanner.picture(number, START_US + number)
        assert read_counter(picture) == number
        assert timecode.read(picture) == (START_US + number) // 1000 % timecode.MODULUS_MS
    assert read_counter(np.repeat(picture[:, :, None], 3, axis=2)) == 70_000


def test_depth_changes_and_the_ruler_and_the_calibration_with_it() -> None:
    scanner = simulated("depth=10,for=2/depth=20,for=2")
    (near,), (far,) = scanner.regions(59), scanner.regions(60)
    assert far.delta_y == pytest.approx(2 * near.delta_y)
    for number, region, deep_cm in ((59, near, 10), (60, far, 20)):
        ruler = scanner.picture(number, 0)[60:, -76:-71]
        ticks = np.flatnonzero(ruler.min(axis=1) > 150)
        assert len(ticks) == deep_cm + 1
        assert (ticks[-1] - ticks[0]) * region.delta_y == pytest.approx(deep_cm, abs=0.05)
    assert scanner.regions(120) == scanner.regions(0)  # all begin again


def test_a_frozen_picture_stays_the_same_and_goes_on_afterwards() -> None:
    scanner = simulated("for=1/change=frozen,for=1/change=none")
    frozen = [scanner.picture(number, START_US + scanner.due_us(number)) for number in range(30, 60)]
    assert all(np.array_equal(one, frozen[0]) for one in frozen)
    assert read_counter(scanner.picture(60, START_US)) == 60


def test_black_lost_and_small_are_what_they_say() -> None:
    scanner = simulated("for=1/change=black,for=1/change=lost,for=5/change=small,for=1")
    assert not scanner.picture(30, START_US).any() and scanner.regions(30) == ()
    assert scanner.due_us(60) - scanner.due_us(59) == 5_000_000 + 1_000_000 - 966_666
    assert scanner.picture(60, START_US).shape == (480, 640)
    assert scanner.picture(90, START_US).shape == (768, 1024) and scanner.due_us(90) == 8_000_000
