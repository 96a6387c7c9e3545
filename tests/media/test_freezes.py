"""When a picture stood still."""

from media.freezes import Freezes


def test_a_steady_picture_has_none_and_a_pause_is_one() -> None:
    freezes = Freezes()
    for number in range(60):
        freezes.frame(number / 30)
    assert (freezes.count, freezes.total_s) == (0, 0.0)
    freezes.frame(59 / 30 + 0.9)
    assert freezes.count == 1 and abs(freezes.total_s - 0.9) < 1e-9
    freezes.frame(60 / 30 + 0.9)
    assert freezes.count == 1


def test_a_slow_picture_is_judged_by_its_own_pace() -> None:
    freezes = Freezes()
    for number in range(20):
        freezes.frame(number / 2)
    freezes.frame(19 / 2 + 0.6)
    assert freezes.count == 0
    freezes.frame(19 / 2 + 0.6 + 1.6)
    assert freezes.count == 1


def test_what_was_paused_on_purpose_did_not_freeze() -> None:
    freezes = Freezes()
    for number in range(30):
        freezes.frame(number / 30)
    freezes.pause()
    freezes.frame(100.0)
    assert freezes.count == 0
