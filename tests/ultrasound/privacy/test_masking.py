"""No pixel outside of what a signed profile shows ever stays, whatever the size, the layout or the format."""

from collections.abc import Callable

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.ultrasound.privacy.oracle import bright, left_of, masked_as, may_stay
from tests.ultrasound.privacy.profiles import (
    FAN,
    HEIGHT,
    LOGO,
    WIDTH,
    box,
    boxes,
    logiq,
    profile,
    screen,
    screen_profile,
    shapes,
    signed,
    written,
)
from ultrasound.errors import PictureError, ProfileWrong
from ultrasound.planes import yuv420
from ultrasound.privacy.anchors import anchor_at
from ultrasound.privacy.found_text import find_text
from ultrasound.privacy.grounds import Seen, Unsure, WhenUnsure
from ultrasound.privacy.masking import Cover, Masked, Masker
from ultrasound.privacy.profile import DeviceProfile
from ultrasound.privacy.shapes import Box, Shape, lit_any
from ultrasound.privacy.visible import visible_by_profile

Pictures = NDArray[np.uint8]


@given(st.lists(shapes, min_size=1, max_size=3), st.lists(boxes, max_size=2), st.booleans())
def test_what_is_seen_is_what_the_profile_shows_and_it_is_unchanged(
    keep: list[Shape], black: list[Box], coloured: bool
) -> None:
    one = signed(profile(*keep, black=tuple(black)))
    before = bright(HEIGHT, WIDTH, 3) if coloured else bright(HEIGHT, WIDTH)
    picture = before.copy()
    assert Masker([one]).mask(picture) == Masked(Seen.BY_PROFILE, "B mode", None)
    seen = lit_any(tuple(keep), WIDTH, HEIGHT) & ~lit_any(tuple(black), WIDTH, HEIGHT)
    assert (left_of(picture) == seen).all()
    assert (picture[seen] == before[seen]).all()


@given(
    st.lists(st.tuples(st.lists(shapes, min_size=1, max_size=2), st.lists(boxes, max_size=1)), max_size=3),
    st.tuples(st.integers(1, 90), st.integers(1, 90)),
    st.sampled_from(["rgb", "grey", "planes"]),
    st.sampled_from(WhenUnsure),
    st.booleans(),
)
def test_no_pixel_outside_the_largest_shape_stays_when_no_profile_holds(
    made: list[tuple[list[Shape], list[Box]]],
    size: tuple[int, int],
    format: str,
    when_unsure: WhenUnsure,
    same_size: bool,
) -> None:
    # Anchors that are not in the picture: every layout of the size is another one.
    anchored = (anchor_at(screen(), LOGO),)
    known = [
        signed(profile(*keep, black=tuple(black), anchors=anchored, allowed=(box(0, 0, 64, 48),)))
        for keep, black in made
    ]
    width, height = (WIDTH, HEIGHT) if same_size else size
    if format == "planes":
        width, height = width + width % 2, height + height % 2
    masked, stays = masked_as(format, Masker(known, when_unsure), width, height)
    assert not (stays & ~may_stay(known, width, height, when_unsure)).any()
    assert masked.seen is not Seen.BY_PROFILE and masked.layout is None and masked.unsure is not None


def test_without_a_profile_everything_is_black_and_it_says_why() -> None:
    picture = bright(HEIGHT, WIDTH, 3)
    assert Masker([]).mask(picture) == Masked(Seen.NOTHING, None, Unsure.NO_PROFILE)
    assert not picture.any()


@pytest.mark.parametrize(
    "unsigned",
    [
        profile(),
        msgspec.structs.replace(signed(profile()), keep=(box(0, 0, 64, 48),)),
    ],
    ids=["never signed", "changed since"],
)
def test_a_profile_nobody_signed_shows_nothing(unsigned: DeviceProfile) -> None:
    picture = bright(HEIGHT, WIDTH)
    assert Masker([unsigned]).mask(picture) == Masked(Seen.NOTHING, None, Unsure.NOT_SIGNED_OFF)
    assert not picture.any()


def test_of_another_size_nothing_stays() -> None:
    picture = bright(HEIGHT, WIDTH + 2)
    assert Masker([signed(profile())]).mask(picture) == Masked(Seen.NOTHING, None, Unsure.UNKNOWN_SIZE)
    assert not picture.any()


def test_the_layout_is_recognised_by_its_anchor_and_comes_back() -> None:
    masker = Masker([screen_profile(screen())])
    held, other = screen(seed=2), screen(seed=3)
    other[4:32, 4:44] = screen()[4:32, 43:3:-1]  # a mirrored logo is another one
    assert masker.mask(held).seen is Seen.BY_PROFILE
    assert held[8:32, 516:636].any(), "MI may be seen"
    assert masker.mask(other) == Masked(Seen.LARGEST_SHAPE, None, Unsure.UNKNOWN_LAYOUT)
    assert not other[8:32, 516:636].any(), "without the layout, no text area is sure"
    assert other[120:360, 160:480].any()
    assert masker.mask(screen(seed=4)).seen is Seen.BY_PROFILE


def test_two_layouts_are_told_apart_and_both_at_once_hold_for_none() -> None:
    one = screen()
    other = one.copy()
    other[4:32, 4:44] = one[31:3:-1, 4:44]
    small = (box(200, 160, 20, 20),)
    masker = Masker([screen_profile(one, "B mode"), screen_profile(other, "M mode", keep=small)])
    assert masker.mask(one.copy()).layout == "B mode"
    assert masker.mask(other.copy()).layout == "M mode"
    twice = Masker([screen_profile(one, "B mode"), screen_profile(one, "M mode", keep=small)])
    picture = one.copy()
    assert twice.mask(picture) == Masked(Seen.LARGEST_SHAPE, None, Unsure.AMBIGUOUS_LAYOUT)
    assert not picture[8:32, 516:636].any()


def test_planes_lose_the_same_pixels_and_no_colour_shines_across_the_rim() -> None:
    one = signed(profile(FAN))
    planes = yuv420(np.full((HEIGHT, WIDTH, 3), (255, 0, 0), np.uint8))
    assert Masker([one]).mask_planes(planes, WIDTH, HEIGHT).seen is Seen.BY_PROFILE
    seen = visible_by_profile(one)
    assert ((planes[:HEIGHT] != 16) == seen).all()
    colour = planes[HEIGHT:].reshape(2, HEIGHT // 2, WIDTH // 2)
    whole = seen.reshape(HEIGHT // 2, 2, WIDTH // 2, 2).all(axis=(1, 3))
    assert ((colour != 128).all(axis=0) == whole).all()
    assert 0 < whole.sum() < seen.sum() / 4


@pytest.mark.parametrize(
    "view",
    [
        lambda whole: whole[:, ::-1],
        lambda whole: whole[::-1],
        lambda whole: whole[:, :, ::-1],
        lambda whole: np.asfortranarray(whole),
    ],
)
def test_pictures_that_are_not_in_one_piece_are_masked_too(view: Callable[[Pictures], Pictures]) -> None:
    one = signed(profile(FAN))
    picture = view(bright(HEIGHT, WIDTH, 3))
    assert not picture.flags.c_contiguous
    Masker([one]).mask(picture)
    assert (left_of(picture) == visible_by_profile(one)).all()


@pytest.mark.parametrize(
    "picture",
    [
        np.ones((HEIGHT, WIDTH, 3), np.uint16),
        np.ones((HEIGHT, WIDTH, 4), np.uint8),
        np.ones((HEIGHT, WIDTH, 1), np.uint8),
        np.ones((HEIGHT,), np.uint8),
        np.ones((0, WIDTH), np.uint8),
        np.frombuffer(b"\1" * HEIGHT * WIDTH, np.uint8).reshape(HEIGHT, WIDTH),
    ],
    ids=["16 bits", "four colours", "one colour", "a line", "nothing", "read only"],
)
def test_what_cannot_be_masked_is_refused_never_passed(picture: Pictures) -> None:
    with pytest.raises(PictureError):
        Masker([signed(profile())]).mask(picture)


def test_planes_of_an_odd_size_or_of_other_sides_are_refused() -> None:
    masker = Masker([signed(profile())])
    for planes, width, height in (
        (bright(72, 64), 64, 49),
        (bright(72, 63), 63, 48),
        (bright(70, 64), 64, 48),
    ):
        with pytest.raises(PictureError):
            masker.mask_planes(planes, width, height)
    with pytest.raises(PictureError):
        Cover(np.ones((5, 5), np.bool_)).put_on_planes(bright(7, 5))


def test_a_profile_that_is_not_plausible_stops_at_the_door() -> None:
    with pytest.raises(ProfileWrong):
        Masker([profile(box(60, 40, 50, 50))])


def test_a_crop_is_told_what_it_must_not_cut() -> None:
    masker = Masker([screen_profile(screen())])
    assert masker.shown_box(640, 480) == box(160, 8, 476, 352)  # the sector and MI
    assert masker.shown_box(800, 600) is None


def test_all_text_beside_the_sector_of_a_real_screen_is_gone() -> None:
    picture = logiq()
    assert len(find_text(picture, ~lit_any((box(0, 104, 640, 236),), 640, 480))) >= 10
    one = DeviceProfile(
        source="GE LOGIQ 700", layout="dual", width_px=640, height_px=480, keep=(box(14, 108, 610, 230),)
    )
    assert Masker([signed(one)]).mask(picture).seen is Seen.BY_PROFILE
    assert not picture[:108].any() and not picture[338:].any()
    assert not picture[:, :14].any() and not picture[:, 624:].any()
    assert picture[108:338, 14:624].any()


def test_text_that_comes_into_a_masked_area_never_reaches_the_picture() -> None:
    masker = Masker([screen_profile(screen())])
    picture = screen()
    written(picture, "ZHANG SAN 4711", (200, 440))
    masker.mask(picture)
    assert not picture[420:450].any()
