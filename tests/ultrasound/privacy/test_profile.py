"""Profiles as JSON: read back as they were, refused in words, signed by a person and by no one else."""

import json
from typing import Any

import msgspec
import pytest

from tests.ultrasound.privacy.profiles import AT, FAN, box, profile, screen, screen_profile, signed
from ultrasound.errors import ProfileWrong
from ultrasound.privacy.profile import DepthCalibration, EcgOffset, read_profile, write_profile
from ultrasound.privacy.shapes import Fan, Point, Polygon

FULL = profile(
    FAN,
    box(1, 2, 3, 4),
    Polygon(points=(Point(1.0, 2.0), Point(40.0, 3.5), Point(30.0, 40.0))),
    black=(box(5, 5, 5, 5),),
    known_text=(box(0, 0, 20, 8),),
    calibrations=(
        DepthCalibration(depth_mm=110, mm_per_px_x=0.26, mm_per_px_y=0.262, place=box(0, 0, 64, 48)),
        DepthCalibration(depth_mm=160, mm_per_px_x=0.38, mm_per_px_y=0.381, place=box(0, 0, 64, 48)),
    ),
    ecg_offset=EcgOffset(picture_late_ms=62, uncertainty_ms=8),
)


def test_a_profile_is_read_back_as_it_was_written() -> None:
    for one in (FULL, signed(FULL), screen_profile(screen())):
        assert read_profile(write_profile(one)) == one


def test_a_signature_holds_for_what_was_signed_and_for_nothing_else() -> None:
    one = signed(FULL)
    assert one.is_signed_off and not FULL.is_signed_off
    assert one.signed_off is not None and (one.signed_off.by, one.signed_off.at) == ("Li", AT)
    for changed in (
        msgspec.structs.replace(one, black=()),
        msgspec.structs.replace(one, keep=(box(0, 0, 64, 48),)),
        msgspec.structs.replace(one, ecg_offset=None),
        msgspec.structs.replace(one, layout="M mode"),
    ):
        assert not changed.is_signed_off


def test_nobody_signs_what_is_empty_or_cannot_be_recognised() -> None:
    with pytest.raises(ProfileWrong, match="nobody"):
        FULL.signed("  ", AT)
    with pytest.raises(ProfileWrong, match="no shape"):
        msgspec.structs.replace(FULL, keep=()).signed("Li", AT)
    with pytest.raises(ProfileWrong, match="no anchor"):
        msgspec.structs.replace(FULL, allowed=(box(0, 0, 9, 9),)).signed("Li", AT)


def spoiled(**fields: Any) -> bytes:
    told = json.loads(write_profile(FULL))
    return json.dumps(told | fields).encode()


FAN_JSON = json.loads(msgspec.json.encode(FAN))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a device profile"),
        (b"\xff\xfe", "not a device profile"),
        (b"[" * 100_000, "not a device profile"),
        (b" " * (1 << 20) + b"{}", "at most 1048576"),
        (spoiled(version=2), "version"),
        (spoiled(surprise=1), "surprise"),
        (spoiled(width_px=0), "0x48 pixels"),
        (spoiled(width_px="640"), "width_px"),
        (spoiled(source=" "), "source and layout"),
        (spoiled(keep=[{"shape": "circle"}]), "circle"),
        (spoiled(keep=[FAN_JSON | {"outer_radius_px": 3}]), "radii 8 and 3"),
        (spoiled(keep=[FAN_JSON | {"left": FAN_JSON["right"], "right": FAN_JSON["left"]}]), "sides of a fan"),
        (spoiled(keep=[FAN_JSON | {"apex": [1e300, 0]}]), "1e\\+300"),
        (spoiled(keep=[FAN_JSON | {"apex": [1, 2, 3]}]), "length 2"),
        (spoiled(keep=[{"shape": "polygon", "points": [[0, 0], [5, 5]]}]), "2 points"),
        (spoiled(keep=[FAN_JSON] * 65), "more than 64"),
        (
            spoiled(
                black=[{"shape": "rectangle", "left_px": 60, "top_px": 0, "width_px": 5, "height_px": 5}]
            ),
            "5x5",
        ),
        (spoiled(black=[FAN_JSON]), "black"),
        (
            spoiled(anchors=[{"place": json.loads(msgspec.json.encode(box(0, 0, 20, 20))), "bits": "00"}]),
            "64 of",
        ),
        (
            spoiled(anchors=[{"place": json.loads(msgspec.json.encode(box(0, 0, 9, 9))), "bits": "0" * 64}]),
            "16x16",
        ),
        (spoiled(calibrations=[json.loads(write_profile(FULL))["calibrations"][0]] * 2), "two calibrations"),
        (
            spoiled(calibrations=[json.loads(write_profile(FULL))["calibrations"][0] | {"mm_per_px_x": 0}]),
            "0 x 0.262 mm",
        ),
        (spoiled(ecg_offset={"picture_late_ms": 9000, "uncertainty_ms": 5}), "9000 ms"),
        (spoiled(ecg_offset={"picture_late_ms": 10, "uncertainty_ms": -5}), "not plausible"),
    ],
)
def test_what_is_wrong_with_a_profile_is_said(data: bytes, says: str) -> None:
    with pytest.raises(ProfileWrong, match=says):
        read_profile(data)


def test_a_fan_made_in_code_is_checked_before_it_is_written() -> None:
    no_number = Fan(
        apex=Point(float("nan"), 0.0), left=FAN.left, right=FAN.right, inner_radius_px=1, outer_radius_px=2
    )
    with pytest.raises(ProfileWrong):
        write_profile(profile(no_number))
