"""No two parts of a captured picture are sent in one size."""

from hypothesis import given
from hypothesis import strategies as st

from station.part_sizes import PartSizes
from ultrasound.shown import Rectangle, Scale, Shown

WIDTH, HEIGHT = 160, 120


def part(left: int, top: int, width: int, height: int, scale: Scale = Scale.WHOLE) -> Shown:
    return Shown(WIDTH, HEIGHT, Rectangle(left, top, width, height), scale)


def test_a_part_keeps_its_size_and_another_of_that_size_grows() -> None:
    sizes = PartSizes(WIDTH, HEIGHT)
    first, second = part(10, 10, 70, 50), part(20, 10, 70, 50)
    assert sizes.apart(first) == first
    grown = sizes.apart(second)
    assert (grown.width, grown.height) == (72, 50) and grown.part.holds(second.part)
    assert (sizes.apart(first), sizes.apart(second), sizes.apart(grown)) == (first, grown, grown)


def test_a_part_as_large_as_the_whole_picture_made_smaller_is_not_taken_for_it() -> None:
    sizes = PartSizes(WIDTH, HEIGHT)
    half = Shown.whole(WIDTH, HEIGHT, Scale.HALF)
    assert sizes.apart(half) == half
    cut = sizes.apart(part(0, 0, half.width, half.height))
    assert (cut.width, cut.height) != (half.width, half.height)


sides, tops = st.integers(1, 40), st.integers(1, 20)


@given(st.lists(st.tuples(sides, tops, sides, sides, st.sampled_from(Scale)), max_size=60))
def test_whatever_is_sent_one_size_is_one_part_that_holds_what_was_wanted(
    wanted: list[tuple[int, int, int, int, Scale]],
) -> None:
    sizes = PartSizes(WIDTH, HEIGHT)
    parts: dict[tuple[int, int], Rectangle] = {}
    for left, top, width, height, scale in wanted:
        asked = part(2 * left, 2 * top, 2 * width, 2 * height, scale)
        shown = sizes.apart(asked)
        assert shown.part.holds(asked.part) and shown.scale is scale
        assert Shown.whole(WIDTH, HEIGHT).part.holds(shown.part)
        assert parts.setdefault((shown.width, shown.height), shown.part) == shown.part
