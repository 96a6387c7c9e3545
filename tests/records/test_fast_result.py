"""FAST and eFAST: negative only when every window is."""

import pytest

from records.errors import RuleBroken
from records.fast_result import ABDOMEN_AND_HEART, LUNGS, Fast, Window, WindowResult, conclude

NEGATIVE, POSITIVE, UNSURE = WindowResult.NEGATIVE, WindowResult.POSITIVE, WindowResult.INDETERMINATE
CLEAR = dict.fromkeys(ABDOMEN_AND_HEART, NEGATIVE)


def test_all_windows_negative_is_negative() -> None:
    assert conclude(Fast(extended=False, windows=CLEAR)).result is NEGATIVE
    assert conclude(Fast(extended=True, windows=CLEAR | dict.fromkeys(LUNGS, NEGATIVE))).result is NEGATIVE


@pytest.mark.parametrize("window", sorted(ABDOMEN_AND_HEART))
def test_one_positive_window_makes_it_positive_whatever_the_others_are(window: Window) -> None:
    concluded = conclude(Fast(extended=False, windows={window: POSITIVE}))
    assert (concluded.result, concluded.positive) == (POSITIVE, (window,))
    assert set(concluded.indeterminate) == ABDOMEN_AND_HEART - {window}


@pytest.mark.parametrize("window", sorted(ABDOMEN_AND_HEART))
def test_a_window_that_was_not_seen_is_not_negative(window: Window) -> None:
    missing = {one: result for one, result in CLEAR.items() if one is not window}
    for windows in (missing, CLEAR | {window: UNSURE}):
        concluded = conclude(Fast(extended=False, windows=windows))
        assert (concluded.result, concluded.indeterminate) == (UNSURE, (window,))


def test_efast_without_the_lungs_is_not_negative() -> None:
    concluded = conclude(Fast(extended=True, windows=CLEAR))
    assert concluded.result is UNSURE and set(concluded.indeterminate) == LUNGS


def test_a_lung_is_no_window_of_fast() -> None:
    with pytest.raises(RuleBroken, match="right_lung"):
        conclude(Fast(extended=False, windows=CLEAR | {Window.RIGHT_LUNG: NEGATIVE}))
