"""New text under the mask rings, flicker and what was signed off do not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.ultrasound.cines import DEMO_CINE
from tests.ultrasound.privacy.profiles import box, screen, screen_profile, signed, written
from ultrasound.dicom import open_dicom
from ultrasound.privacy.found_text import find_text
from ultrasound.privacy.profile import DeviceProfile
from ultrasound.privacy.proposal import propose
from ultrasound.privacy.text_watch import LOOK_EVERY_US, LOOKS, TextWatch
from ultrasound.privacy.visible import visible_by_profile

PLAIN = screen()


def of_screen(**fields: object) -> DeviceProfile:
    first = screen_profile(PLAIN)
    known = find_text(PLAIN, ~visible_by_profile(first))
    return screen_profile(PLAIN, **({"known_text": known} | fields))


def with_name(name: str = "ZHANG SAN", at: tuple[int, int] = (200, 440)) -> NDArray[np.uint8]:
    picture = PLAIN.copy()
    written(picture, name, at)
    return picture


def rings(watch: TextWatch, pictures: list[NDArray[np.uint8]], first: int = 0) -> list[int]:
    """How many boxes ring after each look, a second apart."""
    return [len(watch.see(one, (first + k) * LOOK_EVERY_US)) for k, one in enumerate(pictures)]


def test_new_text_rings_at_the_third_look_and_says_where() -> None:
    watch = TextWatch(of_screen())
    assert rings(watch, [PLAIN, PLAIN, *[with_name()] * 4]) == [0, 0, 0, 0, 1, 1]
    (where,) = watch.see(with_name(), 7 * LOOK_EVERY_US)
    assert 195 <= where.left_px <= 205 and 425 <= where.top_px <= 435


def test_it_is_silent_again_only_after_three_looks_without_it() -> None:
    watch = TextWatch(of_screen())
    assert rings(watch, [with_name()] * LOOKS)[-1] == 1
    assert rings(watch, [PLAIN, PLAIN, with_name(), PLAIN, PLAIN, PLAIN], first=3) == [1, 1, 1, 1, 1, 0]


def test_text_that_flickers_does_not_ring() -> None:
    watch = TextWatch(of_screen())
    assert rings(watch, [with_name(), with_name(), PLAIN] * 6) == [0] * 18


def test_what_was_signed_off_may_change_its_letters_but_not_spread() -> None:
    named = with_name("LI SI 12")
    first = screen_profile(named)
    known = find_text(named, ~visible_by_profile(first))
    watch = TextWatch(screen_profile(named, known_text=known))
    assert rings(watch, [with_name("WU SI 34")] * 4) == [0] * 4
    assert rings(watch, [with_name("LI SI 12 OUYANG WENJING")] * 4, first=4)[-1] == 1


@pytest.mark.parametrize("field", ["black", "allowed"])
def test_text_in_a_black_box_or_an_allowed_area_is_expected(field: str) -> None:
    area = (box(190, 420, 200, 30), box(516, 8, 120, 24))
    assert rings(TextWatch(of_screen(**{field: area})), [with_name()] * 4) == [0] * 4


def test_it_looks_once_a_second_and_again_when_the_clock_goes_back() -> None:
    watch = TextWatch(of_screen())
    assert [len(watch.see(with_name(), k * LOOK_EVERY_US // 30)) for k in range(60)][-1] == 0
    assert len(watch.see(with_name(), 2 * LOOK_EVERY_US)) == 1
    again = TextWatch(of_screen())
    assert [len(again.see(with_name(), at)) for at in (9_000_000, 3_000_000, 2_000_000)] == [0, 0, 1]


def test_a_real_loop_does_not_ring_by_itself_and_a_typed_name_does() -> None:
    cine = open_dicom(DEMO_CINE)
    one = signed(propose(cine.frame(index) for index in range(0, 120, 5)).profile("SonoSite", "cardiac"))
    watch = TextWatch(one)
    assert rings(watch, [cine.frame(index) for index in range(0, 120, 6)]) == [0] * 20
    typed = cine.frame(0).copy()
    written(typed, "ZHANG SAN", (450, 440))
    assert rings(watch, [typed] * 3, first=20)[-1] == 1
