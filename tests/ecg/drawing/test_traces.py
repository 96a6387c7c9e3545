"""Traces are true to the samples, and what is no trace is never drawn as one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg.drawing.channels import DrawnChannel, Flaw, FlawKind
from ecg.drawing.draw_list import Ink, Layer, Line, Mark, Polyline, Rectangle, Text
from ecg.drawing.paper import Area, Scale
from ecg.drawing.traces import NARROWEST_MM, Cell, cell_marks, reach_mm, within
from ecg.ranges import SampleRange
from ecg.words import Language
from tests.ecg.drawing.reports import RATE_HZ

AREA = Area(31, 60, 250, 110)
NAN = float("nan")


def cell(count: int = 5000, scale: Scale | None = None, **more: object) -> Cell:
    return Cell("II", AREA, 115, SampleRange(0, count), RATE_HZ, scale or Scale(), **more)  # type: ignore[arg-type]


def channel(uv: np.ndarray, first: int = 0) -> DrawnChannel:
    return DrawnChannel("II", None, uv, first)


def lines(marks: list[Mark]) -> list[np.ndarray]:
    return [mark.points for mark in marks if isinstance(mark, Polyline)]


def names(marks: list[Mark]) -> list[str]:
    return [mark.words for mark in marks if isinstance(mark, Text)]


def marks_of(uv: np.ndarray, flaws: tuple[Flaw, ...] = (), place: Cell | None = None) -> list[Mark]:
    return list(cell_marks(place or cell(len(uv)), channel(uv), flaws, Language.EN))


@pytest.mark.parametrize("speed", [12.5, 25.0, 50.0])
@pytest.mark.parametrize("gain", [2.5, 5.0, 10.0, 20.0])
def test_every_sample_lies_where_speed_and_gain_put_it(speed: float, gain: float) -> None:
    uv = np.array([0.0, 1000.0, -500.0, 0.0])
    (points,) = lines(marks_of(uv, place=cell(4, Scale(speed, gain))))
    np.testing.assert_allclose(points[:, 0], 31 + np.arange(4) / RATE_HZ * speed)
    np.testing.assert_allclose(points[:, 1], 115 - uv / 1000 * gain)


def test_an_inverted_lead_hangs_down() -> None:
    (points,) = lines(marks_of(np.array([0.0, 1000.0]), place=cell(2, inverted=True)))
    assert points[1, 1] == 125


@settings(max_examples=60)
@given(st.lists(st.booleans(), min_size=2, max_size=400))
def test_no_line_crosses_a_hole(there: list[bool]) -> None:
    uv = np.where(there, 100.0, NAN)
    present = {round(31 + k * 25 / RATE_HZ, 6) for k, one in enumerate(there) if one}
    for points in lines(marks_of(uv)):
        assert np.diff(points[:, 0]).max() < 1.5 * max(25 / RATE_HZ, 0.2)
        if len(points) > 2:
            assert {round(x, 6) for x in points[:, 0].tolist()} <= present


def test_a_hole_is_hatched_and_named() -> None:
    uv = np.zeros(5000)
    uv[1000:2000] = NAN
    marks = marks_of(uv)
    (grey,) = [mark for mark in marks if isinstance(mark, Rectangle) and mark.fill is Ink.HOLE]
    assert (grey.x, grey.width) == (31 + 50, 50)
    assert len([mark for mark in marks if isinstance(mark, Line) and mark.pen.ink is Ink.HATCH]) > 30
    assert names(marks) == ["gap 2 s"]


def test_a_single_missing_sample_can_be_seen() -> None:
    uv = np.zeros(5000)
    uv[2500] = NAN
    (grey,) = [mark for mark in marks_of(uv) if isinstance(mark, Rectangle)]
    assert grey.width == NARROWEST_MM


def test_where_an_electrode_is_off_a_dashed_line_stands_and_no_trace() -> None:
    uv = np.sin(np.arange(5000) / 50) * 1000
    off = Flaw(FlawKind.OFF, SampleRange(1000, 2000), ("II",), ("LL",))
    marks = marks_of(uv, (off,))
    assert names(marks) == ["electrode LL off"]
    (dashed,) = [mark for mark in marks if isinstance(mark, Line) and mark.pen.dash_mm]
    assert (dashed.x1, dashed.x2, dashed.y1, dashed.y2) == (31 + 50, 31 + 150, 115, 115)
    for points in lines(marks):
        assert not ((points[:, 0] > 81) & (points[:, 0] < 180.99)).any()


def test_an_electrode_of_another_lead_changes_nothing() -> None:
    off = Flaw(FlawKind.OFF, SampleRange(0, 5000), ("V3",), ("V3",))
    assert names(marks_of(np.zeros(100), (off,))) == []


def test_clipped_values_are_drawn_under_a_bar() -> None:
    uv = np.full(5000, 500.0)
    clipped = Flaw(FlawKind.CLIPPED, SampleRange(1000, 1000), ("II",))
    marks = marks_of(uv, (clipped,))
    assert names(marks) == ["clipped"] and len(lines(marks)[0]) == 5000
    (bar,) = [mark for mark in marks if isinstance(mark, Line)]
    assert (bar.x1, bar.x2) == (81, 131) and bar.layer is Layer.TRACE


def test_the_end_of_the_recording_is_named() -> None:
    assert names(marks_of(np.zeros(100), place=cell(100, ends=True))) == ["recording ends"]


def test_a_spike_of_one_sample_is_as_high_as_it_was_at_a_high_rate() -> None:
    uv = np.zeros(80_000)
    uv[40_001] = 2500.0
    fast = Cell("II", AREA, 115, SampleRange(0, 80_000), 8000, Scale())
    (points,) = lines(list(cell_marks(fast, channel(uv), (), Language.EN)))
    assert points[:, 1].min() == pytest.approx(115 - 25) and len(points) < 12_000


def test_the_reach_leaves_out_what_is_not_drawn() -> None:
    uv = np.array([0.0, 800.0, 5000.0, -900.0])
    off = Flaw(FlawKind.OFF, SampleRange(2, 1), ("II",), ())
    assert reach_mm(cell(4), channel(uv), [off]) == (8, 9)


def test_a_trace_is_cut_exactly_at_the_edge() -> None:
    points = np.array([(0.0, 50.0), (1.0, 70.0), (2.0, 70.0), (3.0, 200.0), (4.0, 100.0)])
    pieces = within(points, 60, 170)
    assert [piece.tolist() for piece in pieces] == [
        [[0.5, 60.0], [1.0, 70.0], [2.0, 70.0], [2.0 + 100 / 130, 170.0]],
        [[3.3, 170.0], [4.0, 100.0]],
    ]


@given(st.lists(st.floats(-100, 300), min_size=2, max_size=50))
def test_nothing_is_drawn_beyond_the_edges_and_nothing_within_them_is_lost(heights: list[float]) -> None:
    points = np.column_stack((np.arange(len(heights), dtype=float), heights))
    pieces = within(points, 60, 170)
    for piece in pieces:
        assert piece[:, 1].min() >= 60 and piece[:, 1].max() <= 170
    drawn = {tuple(point) for piece in pieces for point in piece.tolist()}
    assert {tuple(p) for p in points.tolist() if 60 <= p[1] <= 170} <= drawn
