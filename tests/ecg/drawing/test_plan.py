"""Which samples stand on which page: all of them, each where it belongs."""

import numpy as np
import pytest

from ecg.drawing.layouts import Layout
from ecg.drawing.paper import Scale
from ecg.drawing.plan import MOST_PAGES, Columns, Kind, TracePage, trace_pages
from ecg.drawing.report import EcgReport
from ecg.errors import ReportError
from ecg.ranges import SampleRange, SampleRanges
from tests.ecg.drawing.reports import SOFTWARE, of_rows, record, synthetic


def plan(report: EcgReport) -> tuple[TracePage, ...]:
    return trace_pages(report)


def of_length(seconds: float, *names: str, **more: object) -> EcgReport:
    rows = {name: np.zeros(round(seconds * 500), np.int16) for name in names}
    return EcgReport(tracing=of_rows(rows), software=SOFTWARE, **more)  # type: ignore[arg-type]


def shown(pages: tuple[TracePage, ...], name: str) -> SampleRanges:
    """The samples of a channel that stand anywhere."""
    there = SampleRanges()
    for page in pages:
        for row in page.rows:
            for strip in row:
                if strip.placed.name == name:
                    there.add(strip.where.first, strip.where.count)
    return there


def test_ten_seconds_of_twelve_leads_fill_one_page_in_consecutive_columns() -> None:
    (page,) = plan(EcgReport(tracing=synthetic(), software=SOFTWARE))
    assert page.columns is Columns.CONSECUTIVE and page.where == SampleRange(0, 5000)
    assert [[(one.placed.name, one.where.first, one.where.count) for one in row] for row in page.rows][0] == [
        ("I", 0, 1250),
        ("aVR", 1250, 1250),
        ("V1", 2500, 1250),
        ("V4", 3750, 1250),
    ]
    assert [one.where for one in page.rows[3]] == [SampleRange(0, 5000)]


def test_a_short_recording_shows_the_same_time_in_every_column() -> None:
    (page,) = plan(EcgReport(tracing=synthetic(4), software=SOFTWARE))
    assert page.columns is Columns.SIMULTANEOUS
    assert {one.where for row in page.rows[:3] for one in row} == {SampleRange(0, 1250)}
    (very_short,) = plan(EcgReport(tracing=synthetic(1), software=SOFTWARE))
    assert {one.where for row in very_short.rows for one in row} == {SampleRange(0, 500)}


def test_what_the_first_page_does_not_hold_follows_as_rhythm() -> None:
    pages = plan(EcgReport(tracing=synthetic(38.4), software=SOFTWARE))
    assert [page.kind for page in pages] == [Kind.FIRST, Kind.RHYTHM]
    assert shown(pages, "II").contiguous_end == 19_200


def test_a_rest_of_less_than_a_second_gets_no_page() -> None:
    assert len(plan(EcgReport(tracing=synthetic(10.9), software=SOFTWARE))) == 1
    assert len(plan(EcgReport(tracing=synthetic(11.1), software=SOFTWARE))) == 2


def test_only_the_first_page_when_no_more_is_wanted() -> None:
    assert len(plan(EcgReport(tracing=synthetic(38), software=SOFTWARE, whole=False))) == 1


def test_leads_beside_the_twelve_have_a_page_of_their_own() -> None:
    tracing = synthetic()
    rows = {channel.name: channel.samples.astype(np.int16) for channel in tracing.channels}
    pages = plan(
        EcgReport(tracing=of_rows(rows | {name: rows["I"] for name in ("vx", "vy", "vz")}), software=SOFTWARE)
    )
    assert [page.kind for page in pages] == [Kind.FIRST, Kind.FURTHER]
    assert [row[0].placed.name for row in pages[1].rows] == ["vx", "vy", "vz"]


@pytest.mark.parametrize("names", [("MLII",), ("MLII", "V5"), ("II", "V1", "V5")])
@pytest.mark.parametrize("seconds", [3, 10, 27.3, 61, 200])
def test_of_few_channels_every_sample_is_printed(names: tuple[str, ...], seconds: float) -> None:
    pages = plan(of_length(seconds, *names))
    for name in names:
        there = shown(pages, name)
        assert there.contiguous_end == there.total == round(seconds * 500)


def test_of_many_channels_every_one_has_a_row() -> None:
    names = [f"E{k}" for k in range(30)]
    pages = plan(of_length(5, *names))
    assert [row[0].placed.name for page in pages for row in page.rows] == names


def test_a_window_is_all_that_is_printed() -> None:
    pages = plan(of_length(100, "MLII", "V5", window=SampleRange(5000, 10_000)))
    there = list(shown(pages, "V5"))
    assert there == [SampleRange(5000, 10_000)]
    (twelve,) = plan(EcgReport(tracing=synthetic(60), software=SOFTWARE, window=SampleRange(7000, 5000)))
    assert twelve.rows[0][1].where == SampleRange(8250, 1250)


def test_a_window_outside_the_recording_is_refused() -> None:
    for wrong in (SampleRange(0, 6000), SampleRange(-5, 100), SampleRange(10, 0)):
        with pytest.raises(ReportError, match="0 to 5000 were recorded"):
            of_length(10, "II", window=wrong)


def test_at_half_the_speed_a_row_holds_twice_the_time() -> None:
    (page,) = plan(of_length(20, "II", scale=Scale(12.5)))
    assert page.rows[0][0].where.count == 10_000


def test_a_recording_too_long_to_be_printed_is_refused_with_how_much_can_be() -> None:
    with pytest.raises(ReportError, match=rf"at most {MOST_PAGES}, which hold 4200 s"):
        plan(of_length(5000, "II"))


def test_every_layout_shows_every_lead() -> None:
    for layout in Layout:
        (page,) = plan(EcgReport(tracing=record("ludb/1.hea"), software=SOFTWARE, layout=layout))
        assert len({one.placed.name for row in page.rows for one in row}) == 12
