"""A report filled by the program itself."""

from dataclasses import replace

import numpy as np
import pytest

from ecg.appraisal import Appraisal, appraise
from ecg.common_steps import recording_of
from ecg.comparison import Compared, compare
from ecg.drawing.appraised import with_appraisal, with_comparison
from ecg.drawing.draw_list import Line
from ecg.drawing.pages import ecg_report
from ecg.drawing.report import EcgReport
from ecg.measurements import Measure
from ecg.measuring import measure
from ecg.recording import Recording
from ecg.subject import Subject
from ecg.tracing import Tracing
from ecg.words import Language
from tests.ecg.drawing.reports import RATE_HZ, SOFTWARE, record, synthetic, words_on

LANGUAGES = pytest.mark.parametrize("language", list(Language))


def filled(tracing: Tracing, language: Language = Language.EN, marks: tuple[int, ...] = ()) -> EcgReport:
    recording, _ = recording_of(tracing)
    found = appraise(recording, Subject(age_years=71), device_marks=marks)
    return with_appraisal(EcgReport(tracing=tracing, software=SOFTWARE), recording, found, language)


def appraised(recording: Recording) -> Appraisal:
    return appraise(recording, Subject(age_years=71))


@LANGUAGES
def test_a_slow_heart_is_measured_stated_and_drawn(language: Language) -> None:
    report = filled(synthetic(), language)
    assert [one.code for one in report.statements] == ["rate_low"]
    said = words_on(ecg_report(report, language).pages[0])
    assert ("54 次/分" if language is Language.ZH else "54 /min") in said
    assert "100/100" in said and "13" in said  # the quality, the rules of critical values
    assert report.median is not None and report.median.limits is not None


def test_the_limits_of_the_median_are_those_of_the_synthetic_ecg() -> None:
    report = filled(synthetic())
    assert report.median is not None and report.median.limits is not None
    limits = report.median.limits
    assert (limits.qrs_end - limits.qrs_onset) / RATE_HZ == pytest.approx(0.090, abs=0.01)
    assert limits.p_onset is not None and limits.t_end is not None
    assert (limits.qrs_onset - limits.p_onset) / RATE_HZ == pytest.approx(0.160, abs=0.01)
    assert (limits.t_end - limits.qrs_onset) / RATE_HZ == pytest.approx(0.400, abs=0.015)


def test_what_is_possibly_critical_stands_first_on_the_first_page() -> None:
    report = filled(synthetic(seconds=10, heart_rate=30))
    first = report.statements[0]
    assert (
        first.sentence.startswith("Possible critical value: ") and "mean ventricular rate" in first.evidence
    )
    page = ecg_report(report, Language.EN).pages[0]
    assert "Possible critical value:" in words_on(page)


def test_a_file_without_patient_says_so_when_the_recording_does() -> None:
    tracing = synthetic()
    recording = replace(recording_of(tracing)[0], simulated=True)
    report = with_appraisal(
        EcgReport(tracing=tracing, software=SOFTWARE), recording, appraised(recording), Language.EN
    )
    assert report.simulated and "SIMULATED, NO PATIENT" in words_on(ecg_report(report, Language.EN).pages[0])


def test_leads_that_were_not_measured_are_told_apart() -> None:
    assert "Measured and stated on: V5" in filled(record("mitdb/100.hea")).quality
    assert not any("Measured" in one for one in filled(synthetic()).quality)


def test_a_signal_without_beats_has_a_report_with_the_reasons() -> None:
    flat = synthetic(6)
    quiet = replace(
        flat,
        channels=tuple(
            replace(channel, samples=np.zeros(channel.samples.size, np.int16)) for channel in flat.channels
        ),
    )
    report = filled(quiet)
    assert report.median is None
    assert "no beat found" in words_on(ecg_report(report, Language.EN).pages[0])


def test_the_devices_pacing_marks_are_drawn_in_every_row_and_counted() -> None:
    marks = (400, 1500, 2600)
    report = filled(synthetic(), marks=marks)
    assert report.pacing_marks == marks
    page = ecg_report(report, Language.EN).pages[0]
    assert "3 pacing pulses marked (strokes below the traces)" in words_on(page)
    strokes = [
        one for one in page.marks if isinstance(one, Line) and one.pen.width_mm == 0.35 and one.x1 == one.x2
    ]
    rhythm = {round((one.x1 - 31) / 25 * RATE_HZ) for one in strokes if one.y1 > 150}
    assert rhythm == set(marks) and len(strokes) == 3 * 3 + 3  # three rows of columns, and the rhythm


def test_an_earlier_ecg_stands_beside_with_what_changed() -> None:
    now, before = synthetic(heart_rate=60), synthetic(heart_rate=80, acquired="20260518")
    recordings = [recording_of(tracing)[0] for tracing in (before, now)]
    both = [Compared(recording=one, measurements=measure(one)) for one in recordings]
    report = with_comparison(
        filled(now), both[0].recording, both[0].measurements, compare(*both), Language.EN
    )
    assert report.earlier is not None and Measure.RATE in report.earlier.notable
    page = ecg_report(report, Language.EN).pages[0]
    assert "Earlier 2026-05-18" in words_on(page) and "−20" in page.texts()
