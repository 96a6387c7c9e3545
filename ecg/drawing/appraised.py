"""A report filled with what the program found: measurements, statements, critical values, quality."""

from collections.abc import Iterator
from dataclasses import replace

from ecg.appraisal import Appraisal
from ecg.comparison import Comparison
from ecg.comparison_words import NOTES
from ecg.critical.assessment import Assessment, Conclusion
from ecg.critical.verdict import Verdict
from ecg.critical.words import CONCLUSIONS, evidence_said
from ecg.drawing import words
from ecg.drawing.lead_names import lead_list
from ecg.drawing.median_limits import limits_of_median
from ecg.drawing.quality_flaws import flaws_of_quality, quality_sentence
from ecg.drawing.report import EarlierEcg, EcgReport, MedianPanel, StatementLine
from ecg.errors import SignalError
from ecg.measurements import Absent, Measurements
from ecg.pacing import PacingSource
from ecg.recording import Recording
from ecg.signal.median_beat import median_beat
from ecg.statements.statement import Statement
from ecg.statements.words import sentence
from ecg.words import Language


def with_appraisal(
    report: EcgReport, recording: Recording, found: Appraisal, language: Language
) -> EcgReport:
    """The report with everything that was found of the recording, which is of the report's own samples."""
    pacing = found.pacing
    by_device = not isinstance(pacing, Absent) and pacing.source is PacingSource.DEVICE
    return replace(
        report,
        measurements=found.measurements,
        median=median_panel_of(recording, found.measurements),
        statements=(
            *_critical_lines(found.critical, recording.rate_hz, language),
            *(_line(one, language) for one in found.statements.made),
        ),
        quality=(
            *report.quality,
            *_measured_on(report, recording, language),
            quality_sentence(found.quality, language),
            _critical_count(found.critical, language),
        ),
        flaws=(*report.flaws, *flaws_of_quality(found.seconds)),
        pacing_marks=pacing.samples if by_device and not isinstance(pacing, Absent) else (),
        simulated=report.simulated or recording.simulated,
    )


def with_comparison(
    report: EcgReport, earlier: Recording, measurements: Measurements, found: Comparison, language: Language
) -> EcgReport:
    """The report with an earlier ECG beside it; `found` is what `ecg.comparison` says of the two."""
    before = EarlierEcg(
        acquired=earlier.acquired,
        measurements=measurements,
        median=median_panel_of(earlier, measurements),
        notable=frozenset(change.measure for change in found.changes if change.beyond_noise),
    )
    said = tuple(NOTES[note].said(language) for note in found.notes)
    return replace(report, earlier=before, quality=(*report.quality, *said))


def median_panel_of(recording: Recording, measurements: Measurements) -> MedianPanel | None:
    """The median beat with the limits of its waves; None where fewer than three beats share a shape."""
    try:
        beat = median_beat(recording.samples, measurements.beats, recording.rate_hz, recording.nv_per_lsb)
    except SignalError:
        return None
    limits = limits_of_median(measurements.limits, beat, recording.rate_hz)
    return MedianPanel.of(beat, recording.leads, recording.rate_hz, limits)


def _measured_on(report: EcgReport, recording: Recording, language: Language) -> Iterator[str]:
    """Which leads it is said of, where the report shows others as well."""
    if len(recording.leads) < len(report.tracing.channels):
        yield words.MEASURED_ON.said(language, {"leads": lead_list(recording.leads, language)})


def _line(statement: Statement, language: Language) -> StatementLine:
    beats = max(one.beats for one in statement.evidence)
    evidence = words.BEATS.said(language, {"count": str(beats)}) if beats else ""
    return StatementLine(statement.code, sentence(statement, language), evidence)


def _critical_lines(found: Assessment, rate_hz: float, language: Language) -> Iterator[StatementLine]:
    """What is possibly critical, on top of everything else; nothing of a table without a hit."""
    for hit in found.hits:
        places = [evidence_said(one, rate_hz, language) for one in hit.answer.evidence]
        rule = words.POSSIBLE_CRITICAL.said(language, {"rule": hit.rule.name(language)})
        yield StatementLine(hit.rule.id, rule, "; ".join(places))
    if found.conclusion is Conclusion.LOOKS_LIKE:
        yield StatementLine(found.conclusion, CONCLUSIONS[found.conclusion].said(language))


def _critical_count(found: Assessment, language: Language) -> str:
    """How many rules answered what: that none was met says nothing of those that were not tested."""
    verdicts = [one.answer.verdict for one in found.results]
    counted = {verdict.value: str(verdicts.count(verdict)) for verdict in Verdict}
    said = {
        "rules": str(len(verdicts)),
        "hits": counted[Verdict.HIT],
        "no_hit": counted[Verdict.NO_HIT],
        "not_tested": counted[Verdict.NOT_TESTED],
        "by_person": counted[Verdict.BY_PERSON],
    }
    return words.CRITICAL_COUNT.said(language, said)
