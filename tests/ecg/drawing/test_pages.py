"""Whole pages: true lengths, everything said that must be, nothing over anything else."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg.drawing import words
from ecg.drawing.channels import Flaw, FlawKind
from ecg.drawing.draw_list import Anchor, DrawList, Ink, Page, Polyline, Rectangle, Text
from ecg.drawing.layouts import Layout, LimbOrder
from ecg.drawing.pages import ecg_report
from ecg.drawing.paper import Scale
from ecg.drawing.report import (
    Addendum,
    EarlierEcg,
    EcgReport,
    MedianPanel,
    Person,
    Reading,
    StatementLine,
)
from ecg.drawing.sheet import GRID, RIGHT
from ecg.drawing.text_width import width_mm
from ecg.errors import ReportError
from ecg.measurements import BeatLimits, Measure, Why
from ecg.ranges import SampleRange
from ecg.signal.filters import FilterSetting, HighPass, LowPass, Mains
from ecg.statements.words import NOT_A_DIAGNOSIS
from ecg.words import Language
from tests.ecg.drawing.reports import (
    CHINA,
    SOFTWARE,
    UNFILTERED,
    drawn,
    full_report,
    measured,
    median_of,
    of_rows,
    record,
    signed_reading,
    square_wave,
    synthetic,
    text_marks,
    trace_lines,
    with_gap_and_lead_off,
    words_on,
)

LANGUAGES = pytest.mark.parametrize("language", list(Language))
NO_LIMITS = BeatLimits(0, 0, 0)
AT = dt.datetime(2026, 11, 21, 8, 0, tzinfo=CHINA)


def extent(page: Page) -> dict[str, float]:
    """Where the marks of a page lie: the outermost edges."""
    xs, ys = [], []
    for mark in page.marks:
        if isinstance(mark, Polyline):
            xs += mark.points[:, 0].tolist()
            ys += mark.points[:, 1].tolist()
        elif isinstance(mark, Rectangle):
            xs += [mark.x, mark.x + mark.width]
            ys += [mark.y, mark.y + mark.height]
        elif isinstance(mark, Text):
            left, right, top, bottom = box(mark)
            xs += [left, right]
            ys += [top, bottom]
    return {"left": min(xs), "right": max(xs), "top": min(ys), "bottom": max(ys)}


def box(mark: Text) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of words, a little inside what they take."""
    wide = width_mm(mark.words, mark.size_mm)
    if mark.fit_mm is not None:
        wide = min(wide, mark.fit_mm)
    before = {Anchor.START: 0.0, Anchor.MIDDLE: 0.5, Anchor.END: 1.0}[mark.anchor] * wide
    return mark.x - before + 0.1, mark.x - before + wide - 0.1, mark.y - 0.7 * mark.size_mm, mark.y


def overlapping(page: Page) -> list[tuple[str, str]]:
    boxes = [(mark.words, box(mark)) for mark in text_marks(page) if mark.words]
    return [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]
    ]


# ---- true lengths


def test_one_second_is_25_mm_and_one_millivolt_10_mm() -> None:
    rows = {"MLII": square_wave()}
    (page,) = drawn(of_rows(rows), filters=UNFILTERED).pages
    trace = max(trace_lines(page), key=len)
    steps = np.flatnonzero(np.abs(np.diff(trace[:, 1])) > 5)
    rising = [k for k in steps if trace[k + 1, 1] < trace[k, 1]]
    np.testing.assert_allclose(np.diff(trace[rising, 0]), 25.0)
    np.testing.assert_allclose(np.abs(np.diff(trace[:, 1]))[steps], 10.0)


@pytest.mark.parametrize("seconds", [3, 10, 38])
def test_the_same_time_in_one_row_is_below_the_other(seconds: int) -> None:
    """Of all leads in a row and column, equal samples lie at equal places across."""
    page = drawn(synthetic(seconds)).pages[0]
    starts = sorted({round(line[0, 0], 6) for line in trace_lines(page) if len(line) > 10})
    columns = 2.5 if seconds > 3 else 2.5
    assert starts == [31 + 25 * columns * k for k in range(4)]


def test_a_calibration_step_stands_before_every_row() -> None:
    for layout in Layout:
        page = drawn(synthetic(), layout=layout).pages[0]
        steps = [line for line in trace_lines(page) if len(line) == 6]
        rows = {Layout.THREE_BY_FOUR_ONE: 4, Layout.THREE_BY_FOUR_THREE: 6, Layout.SIX_BY_TWO: 6}
        assert len(steps) == rows.get(layout, 12)
        assert all(line[:, 1].max() - line[:, 1].min() == pytest.approx(10) for line in steps)


def test_all_leads_have_one_gain_however_high_they_are() -> None:
    rows = {f"E{k}": square_wave(uv=uv) for k, uv in enumerate((100, 400, 1600))}
    (page,) = drawn(of_rows(rows), filters=UNFILTERED).pages
    heights = [np.ptp(line[:, 1]) for line in trace_lines(page) if len(line) > 10]
    np.testing.assert_allclose(heights, [1, 4, 16])


# ---- what must be said


@LANGUAGES
def test_every_page_says_whose_it_is_how_far_and_that_it_is_no_diagnosis(language: Language) -> None:
    tracing = synthetic(30, acquired="20261120095214")
    document = ecg_report(full_report(language, tracing=tracing), language)
    assert len(document.pages) == 2
    for number, page in enumerate(document.pages, 1):
        said = words_on(page)
        assert "沈玉兰" in said and "33010000601201138" in said and "2026-11-20 09:52:14" in said
        assert NOT_A_DIAGNOSIS.zh in said and NOT_A_DIAGNOSIS.en in said
        assert words.PAGE_OF.said(language, {"page": str(number), "pages": "2"}) in said
        assert SOFTWARE in said and words.SIMULATED.said(language) in said


@LANGUAGES
def test_the_first_page_has_everything(language: Language) -> None:
    (page,) = ecg_report(full_report(language), language).pages
    said = words_on(page)
    for expected in (
        "滨江社区卫生服务站",
        "市第一人民医院 心电诊断中心",
        "吴倩（护士）",
        "12 导联采集盒 SN 0217",
        "1955-06-08",
        words.YEARS.said(language, {"years": "71"}),
        "XD-20261120-0091",
        words.SPEED.said(language, {"speed": "25"}),
        words.GAIN.said(language, {"gain": "10"}),
        words.FILTER.said(language, {"band": "0.05–150 Hz"}),
        words.MEDIAN.said(language),
        "2026-05-18",
        "54/min (below 60)" if language is Language.EN else "54 次/分（<60）",
        *(lead for lead in ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")),
    ):
        assert expected in said, expected


@LANGUAGES
def test_a_page_keeps_to_its_language(language: Language) -> None:
    plain = EcgReport(tracing=synthetic(), software=SOFTWARE, measurements=measured(), quality=())
    (page,) = ecg_report(plain, language).pages
    written = [line for line in page.texts() if line != NOT_A_DIAGNOSIS.zh]
    chinese = [line for line in written if any("一" <= letter <= "鿿" for letter in line)]
    assert (chinese == []) is (language is Language.EN)


def test_what_is_not_known_is_said_and_not_left_out() -> None:
    said = words_on(drawn(record("ludb/1.hea")).pages[0])
    assert said.count("not given") >= 6 and "not stated in the file" in said
    assert "device filter not stated" in said and "No automatic measurements were made" in said


def test_filters_are_those_that_were_asked_for_and_say_what_they_spoil() -> None:
    setting = FilterSetting(HighPass.MONITOR_0_67, LowPass.MONITOR_40, Mains.HZ_50)
    said = words_on(drawn(synthetic(), filters=setting).pages[0])
    for expected in (
        "Filter 0.67–40 Hz",
        "notch 50 Hz",
        "monitor filter: ST not valid",
        "amplitudes reduced",
    ):
        assert expected in said
    assert "Filter none" in words_on(drawn(synthetic(), filters=UNFILTERED).pages[0])
    low_rate = of_rows({"II": np.zeros(2000, np.int16)}, rate_hz=200)
    assert "Filter ≥ 0.05 Hz" in words_on(drawn(low_rate).pages[0])


@LANGUAGES
def test_an_unsigned_report_says_so_in_a_dark_plate(language: Language) -> None:
    draft = ecg_report(full_report(language), language).pages[0]
    said = words_on(draft)
    assert words.PLATE[Reading().state].said(language) in said
    assert words.NOT_CONFIRMED.said(language) in said and words.NOT_SIGNED.said(language) in said
    dark = [one for one in draft.marks if isinstance(one, Rectangle) and one.fill is Ink.INK]
    signed = ecg_report(full_report(language, reading=signed_reading()), language).pages[0]
    assert len([one for one in signed.marks if isinstance(one, Rectangle) and one.fill is Ink.INK]) < len(
        dark
    )


@LANGUAGES
def test_a_signed_report_names_both_who_signed_and_when(language: Language) -> None:
    reading = signed_reading(addenda=(Addendum("电话告知患者家属。", "李四", AT),))
    document = ecg_report(full_report(language, reading=reading), language)
    said = words_on(document.pages[0])
    for expected in ("张三", "李四", "2026-11-20 10:14 +08:00", "2026-11-20 11:02 +08:00", "9f" * 32):
        assert expected in said
    assert words.NOT_SIGNED.said(language) not in said and words.NOT_CONFIRMED.said(language) not in said
    assert words.PHYSICIAN_HOLDS.said(language) in said
    assert words.ADDENDA.said(language, {"count": "1", "page": "2"}) in said
    assert "电话告知患者家属。" in words_on(document.pages[1]) and "李四" in words_on(document.pages[1])


def test_the_title_names_nobody() -> None:
    document = ecg_report(full_report(Language.EN), Language.EN)
    assert document.title == "ECG report XD-20261120-0091" and document.language == "en"


# ---- signals with something wrong


@LANGUAGES
def test_a_gap_and_a_lead_off_are_hatched_dashed_named_and_noted(language: Language) -> None:
    tracing, flaws = with_gap_and_lead_off(synthetic())
    page = drawn(tracing, language, flaws=flaws).pages[0]
    said = page.texts()
    assert said.count(words.HOLE.said(language, {"seconds": "0.76"})) == 4
    assert words.ELECTRODE_OFF.said(language, {"electrodes": "V3"}) in said
    notes = words_on(page)
    others = words.ALL_OTHERS.said(language)
    assert words.NOTE_HOLE.said(language, {"leads": others, "count": "1", "seconds": "0.76"}) in notes
    assert any(isinstance(one, Rectangle) and one.fill is Ink.LOOSE for one in page.marks)
    assert not any(
        ((line[:, 0] > 31 + 4.25 * 25) & (line[:, 0] < 31 + 4.9 * 25)).any() for line in trace_lines(page)
    )


def test_a_recording_that_goes_on_says_what_is_shown() -> None:
    said = words_on(drawn(synthetic(30)).pages[0])
    assert "This page shows 0–10 s of 30 s recorded" in said.replace("\n", " ")
    only = words_on(drawn(synthetic(30), whole=False).pages[0]).replace("\n", " ")
    assert "the rest is not printed" in only


def test_traces_beyond_the_paper_are_cut_at_its_edge_and_named() -> None:
    page = drawn(of_rows({"E1": square_wave(uv=32_000)}), filters=UNFILTERED).pages[0]
    heights = np.concatenate([line[:, 1] for line in trace_lines(page)])
    assert heights.min() >= GRID.y and heights.max() <= GRID.bottom
    assert "E1: cut at the paper's edge; print with a lower gain" in words_on(page)


def test_rows_that_reach_into_each_other_are_named() -> None:
    rows = {f"E{k}": square_wave(uv=5000) for k in range(4)}
    assert "E0, E1, E2, E3: reach into the neighbouring row" in words_on(
        drawn(of_rows(rows), filters=UNFILTERED).pages[0]
    )
    assert "neighbouring" not in words_on(drawn(synthetic()).pages[0])


def test_limb_leads_that_disagree_are_drawn_as_stored_and_named() -> None:
    said = words_on(drawn(record("ludb/1.hea")).pages[0])
    assert "III, aVR, aVL, aVF: disagree with I and II; drawn as stored" in said
    assert "disagree" not in words_on(drawn(synthetic()).pages[0])


def test_leads_have_their_own_names_and_mlii_is_not_ii() -> None:
    texts = drawn(record("mitdb/100.hea")).pages[0].texts()
    assert texts.count("MLII") == 2 and texts.count("V5") == 2 and "II" not in texts
    assert texts.count("0 s") == texts.count("10 s") == 2
    assert "12-lead" not in " ".join(texts)


def test_the_median_beat_is_said_to_be_none_of_the_rhythm_and_shows_its_limits() -> None:
    page = ecg_report(full_report(Language.EN), Language.EN).pages[0]
    texts = page.texts()
    assert "Median beat (derived), not rhythm" in texts
    assert all(texts.count(letter) == 2 for letter in ("P", "Q", "J", "T"))
    earlier = [one for one in page.marks if isinstance(one, Polyline) and one.pen.ink is Ink.EARLIER]
    assert len(earlier) == 2
    plain = median_of(synthetic(), limits=False)
    without = ecg_report(full_report(Language.EN, median=plain, earlier=None), Language.EN).pages[0]
    assert "J" not in without.texts()


def test_no_median_beat_no_panel() -> None:
    assert "Median beat" not in words_on(drawn(synthetic()).pages[0])


# ---- words that do not fit


@LANGUAGES
def test_no_word_is_lost_where_there_are_too_many(language: Language) -> None:
    statements = tuple(
        StatementLine(f"s{k}", f"Statement number {k} of some length", f"evidence {k}") for k in range(12)
    )
    quality = tuple(f"Quality sentence number {k}, rather long as such sentences are" for k in range(9))
    text = " ".join(f"word{k}" for k in range(400))
    report = full_report(
        language, statements=statements, quality=quality, reading=Reading(interpretation=text)
    )
    document = ecg_report(report, language)
    more = words.MORE_OVERLEAF.said(language, {"count": "1", "page": "2"}).split("1")[-1]
    assert words_on(document.pages[0]).count(more) >= 3
    whole = " ".join(line for page in document.pages[1:] for line in page.texts())
    for k in range(12):
        assert f"{k + 1}. Statement number {k} of some length evidence {k}" in whole
    assert all(f"sentence number {k}," in whole for k in range(9))
    assert all(f"word{k}" in whole for k in range(400))


def test_notes_of_a_page_of_rhythm_are_never_narrowed_away() -> None:
    row = np.zeros(60 * 500, np.int16)
    flaws = tuple(
        Flaw(FlawKind.OFF, SampleRange(21_000 + 700 * k, 300), ("II",), (f"E{k}",)) for k in range(9)
    )
    document = drawn(of_rows({"II": row}), flaws=flaws)
    first, rhythm, text = document.pages
    assert "9 more lines, from page 3 on" in words_on(rhythm)
    assert all(f"electrode E{k} off" in words_on(text) for k in range(9))
    one = drawn(of_rows({"II": row}), flaws=flaws[:1])
    assert len(one.pages) == 2 and "II: electrode E0 off, 42.0–42.6 s, not to be read" in words_on(
        one.pages[1]
    )


def test_a_field_that_is_too_long_stands_in_full_on_the_last_page() -> None:
    drugs = "; ".join(f"drug{k} 10 mg twice daily" for k in range(12))
    circumstances = full_report(Language.EN).circumstances
    longer = type(circumstances)(medication=drugs, site="A")
    document = ecg_report(full_report(Language.EN, circumstances=longer), Language.EN)
    assert " …" in words_on(document.pages[0])
    assert drugs in " ".join(document.pages[-1].texts())


def flawed(language: Language) -> EcgReport:
    tracing, flaws = with_gap_and_lead_off(synthetic())
    return full_report(language, tracing=tracing, flaws=flaws, median=None, earlier=None)


def without_p(language: Language) -> EcgReport:
    absent: dict[Measure, Any] = {measure: Why.NO_P for measure in (Measure.PR, Measure.P_AXIS)}
    return full_report(language, measurements=measured(absent))


CASES: dict[str, Callable[[Language], EcgReport]] = {
    "full": full_report,
    "alone": lambda of: full_report(of, earlier=None, simulated=False, number=""),
    "signed": lambda of: full_report(of, reading=signed_reading(addenda=(Addendum("补充", "李四", AT),))),
    "flawed": flawed,
    "without P": without_p,
    "bare": lambda _: EcgReport(tracing=record("mitdb/100.hea"), software=SOFTWARE),
    "long": lambda of: full_report(of, tracing=synthetic(45), median=None, earlier=None),
    "twelve rows": lambda of: full_report(of, layout=Layout.TWELVE_BY_ONE, limb_order=LimbOrder.CABRERA),
    "six rows": lambda of: full_report(of, layout=Layout.SIX_BY_TWO, scale=Scale(50, 5)),
    "long name": lambda of: full_report(of, person=Person(name="Johann Mustermann-Schmidt von Hohenstein")),
}


@LANGUAGES
@pytest.mark.parametrize("name", list(CASES))
def test_no_words_lie_over_others_and_none_leave_the_page(name: str, language: Language) -> None:
    for page in ecg_report(CASES[name](language), language).pages:
        assert overlapping(page) == []
        edges = extent(page)
        assert edges["left"] >= 15.5 and edges["right"] <= RIGHT + 0.5
        assert edges["top"] >= 5 and edges["bottom"] <= 205.5


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=80), st.text(max_size=300), st.lists(st.text(max_size=60), max_size=6))
def test_any_words_make_pages(name: str, text: str, quality: list[str]) -> None:
    report = EcgReport(
        tracing=synthetic(1),
        software=SOFTWARE,
        person=Person(name=name),
        quality=tuple(quality),
        reading=Reading(interpretation=text),
    )
    document = ecg_report(report, Language.ZH)
    assert document.pages
    for page in document.pages:
        assert all("\n" not in line and line == line.strip() for line in page.texts())


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 5000), st.integers(0, 4999), st.integers(1, 3000), st.integers(1, 5))
def test_any_length_hole_and_number_of_channels_make_pages(
    count: int, first: int, hole: int, channels: int
) -> None:
    row = (np.arange(count) % 700).astype(np.int16)
    row[first : first + hole] = np.iinfo(np.int16).min
    flaw = Flaw(FlawKind.OFF, SampleRange(first // 2, hole), ("E0",), ())
    document = drawn(of_rows({f"E{k}": row for k in range(channels)}), flaws=(flaw,))
    assert_finite(document)


def assert_finite(document: DrawList) -> None:
    for page in document.pages:
        for line in trace_lines(page):
            assert np.isfinite(line).all() and line[:, 0].max() <= RIGHT + 0.5


# ---- an earlier ECG beside


def test_medians_lie_on_each_other_at_the_onset_of_qrs() -> None:
    """The earlier one has its R 10 ms later after the onset: its trace is moved, its onset is not."""
    now = median_of(synthetic())
    later = replace(now, limits=replace(now.limits or NO_LIMITS, qrs_onset=now.r - 27))
    earlier = EarlierEcg("20260518", measured(), later)
    page = ecg_report(full_report(Language.EN, median=now, earlier=earlier), Language.EN).pages[0]
    peaks = {
        one.pen.ink: one.points[one.points[:, 1].argmin(), 0]
        for one in page.marks
        if isinstance(one, Polyline) and one.points[:, 0].min() > 228 and one.points[:, 1].max() < GRID.y
    }
    assert peaks[Ink.EARLIER] - peaks[Ink.INK] == pytest.approx(5 / 500 * 25)


def test_a_change_beyond_measuring_error_is_bold() -> None:
    earlier = EarlierEcg("20260518", measured({Measure.RATE: 66.0}), notable=frozenset({Measure.RATE}))
    page = ecg_report(full_report(Language.EN, earlier=earlier), Language.EN).pages[0]
    bold = {mark.words: mark.bold for mark in text_marks(page)}
    assert bold["−12"] is True and bold["0"] is False


def test_a_median_that_does_not_fit_its_channels_is_refused() -> None:
    with pytest.raises(ReportError, match="for 1 channels"):
        MedianPanel(("II",), np.zeros((2, 10)), 500, 5, 3)
    with pytest.raises(ReportError, match="with a hole"):
        MedianPanel(("II",), np.full((1, 10), np.nan), 500, 5, 3)
    with pytest.raises(ReportError, match="R at 10 of 10"):
        MedianPanel(("II",), np.zeros((1, 10)), 500, 10, 3)
