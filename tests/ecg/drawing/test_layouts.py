"""Which lead stands where."""

from ecg.drawing.layouts import Layout, LimbOrder, rows_of_twelve

ALL = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]


def labels(layout: Layout, order: LimbOrder = LimbOrder.CLASSIC) -> list[list[str]]:
    return [[placed.label for placed in row] for row in rows_of_twelve(layout, order)]


def test_three_rows_of_four_and_a_rhythm() -> None:
    assert labels(Layout.THREE_BY_FOUR_ONE) == [
        ["I", "aVR", "V1", "V4"],
        ["II", "aVL", "V2", "V5"],
        ["III", "aVF", "V3", "V6"],
        ["II"],
    ]


def test_the_other_layouts() -> None:
    assert labels(Layout.THREE_BY_FOUR_THREE)[3:] == [["II"], ["V1"], ["V5"]]
    assert labels(Layout.SIX_BY_TWO) == [[limb, chest] for limb, chest in zip(ALL[:6], ALL[6:], strict=True)]
    assert labels(Layout.TWELVE_BY_ONE) == [[lead] for lead in ALL]


def test_cabrera_goes_by_the_angle_with_avr_inverted() -> None:
    rows = labels(Layout.SIX_BY_TWO, LimbOrder.CABRERA)
    assert [row[0] for row in rows] == ["aVL", "I", "−aVR", "II", "aVF", "III"]
    assert [row[1] for row in rows] == ALL[6:]
