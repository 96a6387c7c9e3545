"""What is around a frozen picture stays while the ring moves on; nothing leaps over what is gone."""

import numpy as np
import pytest

from station.around_still import AroundStill
from station.r_waves import KeptEcg, RWaves
from ultrasound.captured import CapturedFrame
from ultrasound.pixels import of_array
from ultrasound.ring import Ring

STEP_US = 500_000
PIXELS = of_array(np.zeros((2, 2), np.uint8))
KEPT_US = 20 * STEP_US  # a ring of ten seconds: as long as is held on either side


class EcgOfNow(RWaves):
    """Another ECG at every asking."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[KeptEcg] = []

    def kept(self) -> KeptEcg | None:
        self.asked.append(object.__new__(KeptEcg))
        return self.asked[-1]


class Scene:
    def __init__(self) -> None:
        self.ring = Ring(kept_us=KEPT_US)
        self.ecg = EcgOfNow()
        self.around = AroundStill(self.ring, self.ecg)
        self.run(0, 41)

    def run(self, first: int, end: int) -> None:
        """Capture these frames."""
        for number in range(first, end):
            self.ring.add(CapturedFrame.of(number, number * STEP_US, PIXELS))

    def numbers(self, at: int) -> list[int]:
        """Of the frames that can be stepped through from this one."""
        return [one.number for one in self.around.frames(at * STEP_US)]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_while_the_ring_has_it_all_of_the_ring_can_be_stepped_through(scene: Scene) -> None:
    assert scene.numbers(40) == list(range(20, 41))
    scene.around.hold(scene.ring.frame(40))
    scene.run(41, 46)
    assert scene.numbers(40) == list(range(25, 46))


def test_what_the_ring_let_go_of_is_there_and_leads_on_into_the_ring(scene: Scene) -> None:
    scene.around.hold(scene.ring.frame(30))
    scene.run(41, 56)
    assert scene.ring.frame(36).held and scene.numbers(30) == list(range(20, 56))


def test_held_frames_that_the_ring_no_longer_touches_end_where_they_end(scene: Scene) -> None:
    scene.around.hold(scene.ring.frame(40))
    scene.run(41, 200)
    assert scene.numbers(40) == list(range(20, 41)), "no step leads over a minute that is gone"
    assert scene.numbers(190) == list(range(179, 200)), "another freeze is of the ring"


def test_a_step_within_what_is_held_loses_only_what_is_farther_away(scene: Scene) -> None:
    scene.around.hold(scene.ring.frame(40))
    scene.run(41, 200)
    frames = scene.around.frames(40 * STEP_US)
    scene.around.hold(frames[5])
    assert scene.numbers(25) == list(range(20, 41))


def test_the_ecg_is_of_the_time_of_the_picture(scene: Scene) -> None:
    scene.around.hold(scene.ring.frame(40))
    held = scene.ecg.asked[-1]
    assert scene.around.ecg(40 * STEP_US) is not held, "newer, and of that time as well"
    scene.run(41, 200)
    assert scene.around.ecg(40 * STEP_US) is held
    scene.around.hold(scene.around.frames(40 * STEP_US)[3])
    assert scene.around.ecg(23 * STEP_US) is held
    assert scene.around.ecg(190 * STEP_US) is scene.ecg.asked[-1]


def test_nothing_is_held_once_it_is_let_go(scene: Scene) -> None:
    scene.around.hold(scene.ring.frame(40))
    scene.run(41, 200)
    scene.around.let_go()
    assert scene.numbers(40) == list(range(179, 200)), "in which the frame is not found"
    scene.ring.clear()
    assert scene.numbers(40) == []
