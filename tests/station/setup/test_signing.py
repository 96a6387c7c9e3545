"""A draft is signed when it holds for what was seen, beside the other layouts; and not otherwise."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from station.picture_mask import PictureMask
from station.picture_profiles import keep_profile, read_profiles
from station.setup.signing import FEWEST, NotDone, Ruled, WhyNot, calibrated, proposed, sign
from tests.ultrasound.privacy.profiles import box, screen, screen_profile, written
from tests.ultrasound.ruler.drawn import Drawn
from ultrasound.captured import CapturedFrame
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.pixels import of_array
from ultrasound.privacy.anchors import anchor_at
from ultrasound.privacy.profile import DeviceProfile

GRABBER = "v4l2:/dev/video0"
AT = dt.datetime(2026, 11, 28, 5, tzinfo=dt.UTC)


def frames(*pictures: np.ndarray) -> list[CapturedFrame]:
    return [CapturedFrame.of(k, k * 125_000, of_array(one)) for k, one in enumerate(pictures)]


def moving(count: int = FEWEST) -> list[CapturedFrame]:
    """The made screen with its tissue moving, and a patient's name."""
    pictures = [screen(seed=k) for k in range(count)]
    for picture in pictures:
        written(picture, "WANG LI 1952", (200, 470))
    return frames(*pictures)


def draft(**fields: object) -> DeviceProfile:
    made = msgspec.structs.replace(screen_profile(screen()), signed_off=None, source=GRABBER)
    return msgspec.structs.replace(made, **fields)


def signed(of: DeviceProfile, seen: Sequence[CapturedFrame], folder: Path) -> DeviceProfile:
    return sign(of, "Li Wen", seen, folder, lambda: AT)


def test_a_signed_draft_is_kept_and_masks_at_once_and_its_known_text_is_no_alarm(tmp_path: Path) -> None:
    made = signed(draft(), moving(), tmp_path)
    assert made.is_signed_off and made.signed_off is not None and made.signed_off.by == "Li Wen"
    assert read_profiles(tmp_path, GRABBER).signed == (made,)
    assert any(one.top_px > 450 for one in made.known_text)
    mask = PictureMask(GRABBER, tmp_path)
    for second, one in enumerate(moving(6)):
        at = CapturedFrame.of(second, second * 1_000_000, one.pixels)
        assert not mask(at).picture[440:].any()
        assert mask.troubles(at.capture_us) == frozenset()


@pytest.mark.parametrize(
    ("fields", "by", "why"),
    [
        ({}, " ", WhyNot.NAMELESS),
        ({"keep": ()}, "Li", WhyNot.NOT_PLAUSIBLE),
        ({"layout": ""}, "Li", WhyNot.NOT_PLAUSIBLE),
        ({"anchors": ()}, "Li", WhyNot.NOT_PLAUSIBLE),
        ({"width_px": 800, "height_px": 600}, "Li", WhyNot.NOT_RECOGNISED),
        ({"keep": (box(0, 0, 9999, 10),)}, "Li", WhyNot.NOT_PLAUSIBLE),
    ],
)
def test_what_cannot_be_signed_is_not_and_nothing_is_kept(
    tmp_path: Path, fields: dict[str, object], by: str, why: WhyNot
) -> None:
    with pytest.raises(NotDone) as refused:
        sign(draft(**fields), by, moving(), tmp_path, lambda: AT)
    assert refused.value.why is why and not list(tmp_path.iterdir())


def test_a_draft_is_signed_on_enough_frames_that_are_all_in_its_layout(tmp_path: Path) -> None:
    for seen, why in (([], WhyNot.NO_PICTURE), (moving(FEWEST - 1), WhyNot.FEW_FRAMES)):
        with pytest.raises(NotDone) as refused:
            signed(draft(), seen, tmp_path)
        assert refused.value.why is why
    other = screen()
    other[4:32, 4:44] = 0
    with pytest.raises(NotDone) as refused:
        signed(draft(), [*moving(), *frames(other)], tmp_path)
    assert refused.value.why is WhyNot.NOT_RECOGNISED and not list(tmp_path.iterdir())


def test_two_layouts_that_one_screen_fits_are_not_both_signed(tmp_path: Path) -> None:
    signed(draft(), moving(), tmp_path)
    with pytest.raises(NotDone) as refused:
        signed(draft(layout="Doppler"), moving(), tmp_path)
    assert refused.value.why is WhyNot.NOT_TOLD_APART
    signed(draft(black=(box(300, 200, 9, 9),)), moving(), tmp_path)  # the same layout anew
    assert len(read_profiles(tmp_path, GRABBER).signed) == 1


def test_nothing_is_signed_beside_a_damaged_profile(tmp_path: Path) -> None:
    keep_profile(tmp_path, draft(layout="other"))
    (tmp_path / "x.json").write_text("{")
    with pytest.raises(NotDone) as refused:
        signed(draft(), moving(), tmp_path)
    assert refused.value.why is WhyNot.OTHERS_BROKEN


def test_a_shape_is_proposed_for_what_moves() -> None:
    found = proposed(moving(16))
    assert found.keep is not None and found.agreement > 0.94
    assert any(one.top_px > 450 for one in found.text)


RULED = Drawn(spacing_px=30, first_px=41, ticks=12, texture=20)
DEPTH = box(5, 40, 80, 30)


def ruled_draft(picture: np.ndarray) -> DeviceProfile:
    return DeviceProfile(
        source=GRABBER,
        layout="B mode",
        width_px=640,
        height_px=480,
        keep=(box(128, 40, 352, 400),),
        allowed=(DEPTH, box(560, 30, 60, 440)),
        anchors=(anchor_at(picture, DEPTH),),
    )


@pytest.mark.parametrize("by_ticks", [True, False])
def test_the_scale_of_a_depth_is_reckoned_on_the_masked_picture(by_ticks: bool) -> None:
    picture = RULED.picture()
    (frame,) = frames(picture)
    ends = ((598.0, 41.0), (598.0, 341.0))
    said = (
        Ruled(depth_mm=110.0, written=DEPTH, tick_mm=10.0)
        if by_ticks
        else Ruled(depth_mm=110.0, written=DEPTH, clicks=ends, apart_mm=100.0)
    )
    found = calibrated(ruled_draft(picture), frame, said)
    assert found.mm_per_px_y == pytest.approx(1 / 3, rel=1e-3) and found.depth_mm == 110.0
    assert found.source is (CalibrationSource.RULER if by_ticks else CalibrationSource.USER)


def test_a_depth_that_the_mask_hides_is_nothing_to_watch() -> None:
    picture = RULED.picture()
    (frame,) = frames(picture)
    hidden = msgspec.structs.replace(ruled_draft(picture), allowed=(box(560, 30, 60, 440),))
    with pytest.raises(NotDone) as refused:
        calibrated(hidden, frame, Ruled(depth_mm=110.0, written=DEPTH, tick_mm=10.0))
    assert refused.value.why is WhyNot.NO_SCALE
