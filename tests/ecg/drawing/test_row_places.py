"""Rows get the room their traces need, and stay on the lines of the grid where they can."""

from hypothesis import example, given
from hypothesis import strategies as st

from ecg.drawing.row_places import Reach, baselines, crowded

MILLIMETRES = st.floats(0, 60)


def row(up: float, down: float, left: float = 0, right: float = 250) -> list[Reach]:
    return [Reach(left, right, up, down)]


ROWS = st.lists(st.tuples(MILLIMETRES, MILLIMETRES).map(lambda at: row(*at)), min_size=1, max_size=12)


@given(ROWS)
@example([row(0, 0), row(41, 0)])  # no trace reaches an edge
@example([row(1e-162, 0), row(0, 0), row(0, 43.75), row(60, 0)])
def test_rows_follow_each_other_inside_the_area(rows: list[list[Reach]]) -> None:
    at = baselines(rows, 110)
    assert len(at) == len(rows) and list(at) == sorted(at)
    assert 0 <= at[0] and at[-1] <= 110


@given(ROWS)
def test_rows_that_fit_are_not_crowded_by_more_than_a_millimetre(rows: list[list[Reach]]) -> None:
    needed = sum(one[0].up + one[0].down for one in rows)
    at = baselines(rows, 110)
    if needed <= 0.6 * 110 / len(rows):
        loose = [
            [Reach(one.left, one.right, max(one.up - 1, 0), max(one.down - 1, 0)) for one in r] for r in rows
        ]
        assert crowded(loose, at) == frozenset()


def test_ordinary_rows_are_even_and_on_lines_of_five_millimetres() -> None:
    at = baselines([row(12, 5)] * 4, 110)
    assert [b - a for a, b in zip(at, at[1:], strict=False)] == [25, 25, 25]
    assert all(y % 5 == 0 for y in at)


def test_a_tall_row_takes_room_from_flat_ones() -> None:
    at = baselines([row(10, 5), row(35, 5), row(10, 5), row(10, 5)], 110)
    assert at[1] - at[0] >= 40 > at[2] - at[1]
    assert crowded([row(10, 5), row(35, 5), row(10, 5), row(10, 5)], at) == frozenset()


def test_traces_in_different_columns_do_not_push_each_other() -> None:
    upper = [Reach(0, 60, 10, 30), Reach(60, 120, 10, 2)]
    lower = [Reach(0, 60, 5, 5), Reach(60, 120, 30, 5)]
    at = baselines([upper, lower], 60)
    assert crowded([upper, lower], at) == frozenset()


def test_what_cannot_fit_is_found() -> None:
    rows = [row(40, 40)] * 3
    at = baselines(rows, 110)
    assert crowded(rows, at) == {(0, 0), (1, 0), (2, 0)}


def test_rows_overlap_before_a_trace_is_cut_at_the_edge() -> None:
    rows = [row(40, 15), row(15, 15), row(15, 15), row(15, 10)]
    at = baselines(rows, 110)
    assert at[0] >= 40 and at[3] + 10 <= 110
    assert crowded(rows, at)


def test_rows_keep_most_of_their_distance_even_when_something_must_be_cut() -> None:
    at = baselines([row(60, 5), row(10, 5), row(10, 5), row(10, 60)], 110)
    assert all(b - a >= 0.7 * 110 / 4 - 1 for a, b in zip(at, at[1:], strict=False))
    assert at[0] > 20 and at[3] < 90  # the room at the edges is shared
