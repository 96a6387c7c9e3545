"""What a scanner offers, and how it stands after one step."""

import msgspec
import pytest

from records.scanner_controls import (
    MODES,
    TURNABLE,
    ControlRange,
    ScannerControl,
    ScannerOffer,
    ScannerSetting,
    is_sound,
    is_sound_setting,
    turned,
)

C = ScannerControl
NOW = ScannerSetting(depth_mm=150, gain_db=0, frozen=False, mode=C.MODE_B)
OFFER = ScannerOffer(
    controls=tuple(sorted(TURNABLE)),
    setting=NOW,
    depth_mm=ControlRange(least=40, most=160, step=10),
    gain_db=ControlRange(least=-3, most=3, step=3),
)


def standing(**setting: object) -> ScannerOffer:
    return msgspec.structs.replace(OFFER, setting=msgspec.structs.replace(NOW, **setting))


@pytest.mark.parametrize(
    ("control", "changed"),
    [
        (C.DEPTH_MORE, {"depth_mm": 160}),
        (C.DEPTH_LESS, {"depth_mm": 140}),
        (C.GAIN_UP, {"gain_db": 3}),
        (C.GAIN_DOWN, {"gain_db": -3}),
        (C.FREEZE, {"frozen": True}),
        (C.MODE_M, {"mode": C.MODE_M}),
        (C.MODE_CW, {"mode": C.MODE_CW}),
    ],
)
def test_a_control_goes_one_step_and_changes_nothing_else(
    control: ScannerControl, changed: dict[str, object]
) -> None:
    assert turned(OFFER, control) == msgspec.structs.replace(NOW, **changed)


def test_nothing_goes_beyond_its_range_or_to_where_it_stands() -> None:
    assert turned(standing(depth_mm=160), C.DEPTH_MORE) is None
    assert turned(standing(depth_mm=45), C.DEPTH_LESS) is None
    assert turned(standing(gain_db=-3), C.GAIN_DOWN) is None
    assert turned(OFFER, C.UNFREEZE) is None
    assert turned(OFFER, C.MODE_B) is None


def test_what_is_not_offered_is_not_turned() -> None:
    assert turned(msgspec.structs.replace(OFFER, controls=(C.GAIN_UP,)), C.DEPTH_MORE) is None
    assert turned(OFFER, C.FOCUS_DEEPER) is None


def test_ten_steps_there_and_back_end_where_they_began() -> None:
    offer = msgspec.structs.replace(OFFER, gain_db=ControlRange(least=-30, most=30, step=0.1))
    for control in [C.GAIN_UP] * 10 + [C.GAIN_DOWN] * 10:
        after = turned(offer, control)
        assert after is not None
        offer = msgspec.structs.replace(offer, setting=after)
    assert abs(offer.setting.gain_db or 0) < 1e-9


@pytest.mark.parametrize(
    "wrong",
    [
        {"controls": (C.GAIN_UP, C.GAIN_UP)},
        {"controls": (C.SAVE_STILL,)},
        {"depth_mm": None},
        {"gain_db": ControlRange(least=-3, most=3, step=float("nan"))},
        {"gain_db": ControlRange(least=-3, most=3, step=-1)},
        {"setting": msgspec.structs.replace(NOW, depth_mm=None)},
        {"setting": msgspec.structs.replace(NOW, depth_mm=161.0)},
        {"setting": msgspec.structs.replace(NOW, mode=C.FREEZE)},
    ],
)
def test_an_offer_that_cannot_be_is_not_sound(wrong: dict[str, object]) -> None:
    assert is_sound(OFFER)
    assert not is_sound(msgspec.structs.replace(OFFER, **wrong))


def test_a_scanner_that_says_little_is_sound() -> None:
    assert is_sound(ScannerOffer(controls=(C.FREEZE,), setting=ScannerSetting(frozen=False)))
    assert is_sound_setting(ScannerSetting())
    assert not is_sound_setting(ScannerSetting(gain_db=float("inf")))


def test_modes_are_controls_that_can_be_turned() -> None:
    assert MODES < TURNABLE and C.FOCUS_DEEPER not in TURNABLE
