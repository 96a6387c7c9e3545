"""Which lead stands where on a page of twelve leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ecg.leads import STANDARD_LEADS, Lead


class Layout(StrEnum):
    """Rows by columns, and how many rows of rhythm below them."""

    THREE_BY_FOUR_ONE = "3x4+1"
    THREE_BY_FOUR_THREE = "3x4+3"
    SIX_BY_TWO = "6x2"
    TWELVE_BY_ONE = "12x1"


class LimbOrder(StrEnum):
    """How the limb leads follow each other: as ever, or by their angle from aVL to III with aVR inverted."""

    CLASSIC = "classic"
    CABRERA = "Cabrera"


@dataclass(frozen=True, slots=True)
class Placed:
    """A channel at its place, by name; `inverted`: drawn upside down, and labelled so."""

    name: str
    inverted: bool = False

    @property
    def label(self) -> str:
        """What is printed beside the trace."""
        return f"−{self.name}" if self.inverted else self.name


Row = tuple[Placed, ...]
"""From left to right, in columns of equal width."""

_COLUMNS = {
    Layout.THREE_BY_FOUR_ONE: 4,
    Layout.THREE_BY_FOUR_THREE: 4,
    Layout.SIX_BY_TWO: 2,
    Layout.TWELVE_BY_ONE: 1,
}
_RHYTHM_LEADS = (Lead.II, Lead.V1, Lead.V5)
_RHYTHM_ROWS = {
    Layout.THREE_BY_FOUR_ONE: 1,
    Layout.THREE_BY_FOUR_THREE: 3,
    Layout.SIX_BY_TWO: 0,
    Layout.TWELVE_BY_ONE: 0,
}
_CABRERA = (
    Placed(Lead.AVL),
    Placed(Lead.I),
    Placed(Lead.AVR, inverted=True),
    Placed(Lead.II),
    Placed(Lead.AVF),
    Placed(Lead.III),
)


def rows_of_twelve(
    layout: Layout, order: LimbOrder = LimbOrder.CLASSIC, rhythm: Sequence[Lead] = _RHYTHM_LEADS
) -> tuple[Row, ...]:
    """The rows of a page of twelve leads, those of rhythm last; `rhythm` names them, the first ones first."""
    limb = _CABRERA if order is LimbOrder.CABRERA else tuple(map(Placed, STANDARD_LEADS[:6]))
    leads = (*limb, *map(Placed, STANDARD_LEADS[6:]))
    columns = _COLUMNS[layout]
    height = len(leads) // columns
    rows = [tuple(leads[column * height + row] for column in range(columns)) for row in range(height)]
    return (*rows, *((Placed(lead),) for lead in rhythm[: _RHYTHM_ROWS[layout]]))


def rows_of_few(names: Sequence[str]) -> tuple[Row, ...]:
    """One full row for each of these channels."""
    return tuple((Placed(name),) for name in names)
