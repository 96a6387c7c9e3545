"""The result of a FAST or eFAST examination from its windows.

Richards and McGahan 2017, Radiology 283:30. A window nobody saw well is no negative window.
"""

import enum

from records.errors import RuleBroken
from records.rules import Rule
from records.values import Value


class Window(enum.StrEnum):
    """Where it was looked."""

    RIGHT_UPPER = "right_upper"
    LEFT_UPPER = "left_upper"
    PELVIS = "pelvis"
    PERICARDIUM = "pericardium"
    RIGHT_LUNG = "right_lung"  # of eFAST
    LEFT_LUNG = "left_lung"


class WindowResult(enum.StrEnum):
    """What was seen there: free fluid, or in the chest no sliding."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    INDETERMINATE = "indeterminate"  # or not done


ABDOMEN_AND_HEART = frozenset({Window.RIGHT_UPPER, Window.LEFT_UPPER, Window.PELVIS, Window.PERICARDIUM})
LUNGS = frozenset({Window.RIGHT_LUNG, Window.LEFT_LUNG})


class Fast(Value):
    """What was seen in each window; one that is missing was not looked at."""

    extended: bool
    windows: dict[Window, WindowResult]


class FastResult(Value):
    """The whole examination, and which windows decided it."""

    extended: bool
    result: WindowResult
    positive: tuple[Window, ...]
    indeterminate: tuple[Window, ...]


def conclude(fast: Fast) -> FastResult:
    """Positive when any window is; negative only when every window is.

    Raises
    ------
    RuleBroken : windows that do not belong to the examination
    """
    extended, windows = fast.extended, fast.windows
    wanted = ABDOMEN_AND_HEART | (LUNGS if extended else frozenset())
    foreign = sorted(set(windows) - wanted)
    if foreign:
        raise RuleBroken(Rule.OUT_OF_RANGE, f"{', '.join(foreign)}: a window of eFAST; extended is right")
    seen = {one: windows.get(one, WindowResult.INDETERMINATE) for one in Window if one in wanted}
    positive = tuple(one for one, result in seen.items() if result is WindowResult.POSITIVE)
    unsure = tuple(one for one, result in seen.items() if result is WindowResult.INDETERMINATE)
    result = WindowResult.INDETERMINATE if unsure else WindowResult.NEGATIVE
    return FastResult(
        extended=extended,
        result=WindowResult.POSITIVE if positive else result,
        positive=positive,
        indeterminate=unsure,
    )
