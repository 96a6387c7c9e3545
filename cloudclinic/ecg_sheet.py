"""The printed report of a kept ECG, put together of what was kept of it; pure.

A study that nobody has signed is printed as the machine's draft, and says so on every page; one that wants a
second signature as preliminary.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from cloudclinic import ecg_sheet_words as words
from cloudclinic.ecg_appraisal import algorithm
from cloudclinic.ecg_kept import device_states, measurements_of, recording_of_kept
from ecg.comparison import Compared, compare
from ecg.comparison_words import NOTES
from ecg.drawing import words as drawing_words
from ecg.drawing.appraised import median_panel_of
from ecg.drawing.channels import Flaw, FlawKind
from ecg.drawing.lead_names import lead_list
from ecg.drawing.measured import corrected_said
from ecg.drawing.quality_flaws import flaws_of_device, flaws_of_quality
from ecg.drawing.report import (
    Addendum,
    Circumstances,
    EarlierEcg,
    EcgReport,
    Person,
    Reading,
    Role,
    Signature,
    StatementLine,
)
from ecg.errors import NotComparable, SignalError
from ecg.leads import Lead
from ecg.measurements import Measure, Measurements
from ecg.quality.gate_result import Decision
from ecg.quality.live import assess as assess_quality
from ecg.recording import Recording
from ecg.subject import Sex
from ecg.tracing import Channel, Tracing
from ecg.words import Language
from records import residents
from records.ecg_drafts import (
    CriticalOutcome,
    CriticalResult,
    DraftEvidence,
    DraftStatement,
    QualityVerdict,
)
from records.ecg_prints import WHOLE_UP_TO_S, EcgPrint, KeptEcg, standing_reading
from records.ecg_reports import CorrectedValue, ReportKind, ReportTerm
from records.ecg_reports import EcgReport as SignedReport
from records.ecg_samples import unpack_tracing
from records.ecg_studies import EcgStudy, StudyState
from records.ids import AccountId

_ADVISED = {
    QualityVerdict.GOOD: Decision.SEND,
    QualityVerdict.LIMITED: Decision.SEND_WITH_NOTE,
    QualityVerdict.POOR: Decision.REPEAT,
}
_SEXES = {residents.Sex.FEMALE: Sex.FEMALE, residents.Sex.MALE: Sex.MALE}


class _Measured(NamedTuple):
    """The standard leads of a kept ECG with the measurements of its draft."""

    recording: Recording
    measurements: Measurements


def sheet_of(asked: EcgPrint) -> EcgReport:
    """Everything the report prints; raises SignalError and ReportError for what cannot be drawn."""
    tracing = unpack_tracing(asked.ecg.samples)
    language = Language(asked.language.value)
    report = EcgReport(
        tracing=_drawn_apart(tracing, asked.ecg.study.breaks),
        software=algorithm(),
        person=_person(asked),
        circumstances=_circumstances(asked),
        reading=_reading(asked, language),
        statements=tuple(_statements(asked, language)),
        quality=tuple(_notes(asked, language)),
        number=asked.ecg.study.number,
        acquired=_dicom(_local(asked, asked.ecg.study.taken_at)),
        printed=_local(asked, asked.printed_at),
        flaws=_flaws(asked.ecg.study, tracing),
        pacing_marks=asked.ecg.study.paces,
        simulated=asked.ecg.study.simulated,
        whole=tracing.duration_s <= WHOLE_UP_TO_S,
    )
    now = _measured(asked.ecg, tracing)
    if now is None:
        return report
    report = replace(
        report,
        measurements=now.measurements,
        median=median_panel_of(now.recording, now.measurements),
    )
    return report if asked.earlier is None else _with_earlier(report, now, asked.earlier, asked, language)


def _drawn_apart(tracing: Tracing, breaks: tuple[int, ...]) -> Tracing:
    """The tracing without the one sample at each break: no line joins what does not follow."""
    if not breaks:
        return tracing
    return replace(tracing, channels=tuple(_without(channel, breaks) for channel in tracing.channels))


def _without(channel: Channel, at: tuple[int, ...]) -> Channel:
    samples = channel.samples.copy()
    samples[np.array(at, int)] = channel.missing_value
    return replace(channel, samples=samples)


def _measured(ecg: KeptEcg, tracing: Tracing) -> _Measured | None:
    """None where nothing was measured: the program made no draft, or no channel is a standard lead."""
    draft, recording = ecg.draft, _recording(ecg.study, tracing)
    if draft.fault or not draft.values or recording is None:
        return None
    recording = replace(recording, acquired=tracing.acquired)
    return _Measured(recording, measurements_of(draft, tracing.rate_hz, tracing.sample_count))


def _recording(study: EcgStudy, tracing: Tracing) -> Recording | None:
    """The standard leads; None where there are none."""
    try:
        return recording_of_kept(tracing, study.breaks, simulated=study.simulated)
    except SignalError:
        return None


def _flaws(study: EcgStudy, tracing: Tracing) -> tuple[Flaw, ...]:
    """What the device called off, to the sample; and the seconds clipped by its word or by the samples."""
    recording, states = _recording(study, tracing), tuple(device_states(study.device_states))
    if recording is None:
        return ()
    found = flaws_of_quality(assess_quality(recording, states))
    return (*flaws_of_device(states), *(one for one in found if one.kind is FlawKind.CLIPPED))


def _person(asked: EcgPrint) -> Person:
    of = asked.person
    return Person(
        name=of.name,
        record_number=of.record_number,
        sex=_SEXES.get(of.sex),
        birth_date=of.birth_date,
    )


def _circumstances(asked: EcgPrint) -> Circumstances:
    study = asked.ecg.study
    return Circumstances(
        site=asked.site,
        reading_site=asked.reading_site,
        operator=asked.names.get(study.filed_by, ""),
        device=study.device,
        indication=study.indication,
    )


# --- what the machine said --------------------------------------------------------------------------------


def _statements(asked: EcgPrint, language: Language) -> Iterator[StatementLine]:
    draft, rate_hz = asked.ecg.draft, asked.ecg.study.rate_hz
    for hit in draft.critical:
        if hit.outcome is CriticalOutcome.HIT:
            said = drawing_words.POSSIBLE_CRITICAL.said(language, {"rule": _of(hit, language)})
            yield StatementLine(hit.rule, said, "; ".join(_places(hit.evidence, rate_hz)))
    if draft.pressing and not any(one.outcome is CriticalOutcome.HIT for one in draft.critical):
        yield StatementLine("pressing", draft.critical_zh if language is Language.ZH else draft.critical_en)
    for made in draft.statements:
        if not made.withheld:
            yield StatementLine(made.code, _of(made, language), " ".join(_leads(made.evidence)))


def _of(said: CriticalResult | DraftStatement, language: Language) -> str:
    return said.zh if language is Language.ZH else said.en


def _places(evidence: tuple[DraftEvidence, ...], rate_hz: float) -> Iterator[str]:
    """Where in the ECG, each stretch once."""
    places = {(one.first, one.count) for one in evidence if one.first is not None and one.count is not None}
    for first, count in sorted((first, count) for first, count in places if first is not None and count):
        yield f"{first / rate_hz:.1f}–{(first + count) / rate_hz:.1f} s"


def _leads(evidence: tuple[DraftEvidence, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lead for one in evidence for lead in one.leads))


def _notes(asked: EcgPrint, language: Language) -> Iterator[str]:
    """What is to know of the signal, and whose draft it is."""
    study, draft = asked.ecg.study, asked.ecg.draft
    if draft.fault:
        yield words.NO_DRAFT.said(language)
    if draft.quality_score is not None and draft.quality in _ADVISED:
        advice = drawing_words.ADVICE[_ADVISED[draft.quality]].said(language)
        yield drawing_words.QUALITY.said(language, {"score": str(draft.quality_score), "advice": advice})
    if draft.critical:
        yield _critical_count(draft.critical, language)
    if study.unusable_leads and not study.device_states:  # kept before it was kept where: drawn it says more
        leads = lead_list([Lead(lead) for lead in study.unusable_leads], language)
        yield words.UNUSABLE.said(language, {"leads": leads})
    for where, state in device_states(study.device_states):
        if state.calibration:
            said = {"from_s": _seconds(where.first, study), "to_s": _seconds(where.end, study)}
            yield words.CALIBRATION.said(language, said)
    for at in study.breaks:
        yield words.BROKE_OFF.said(language, {"at": f"{at / study.rate_hz:.2f}"})
    if study.moved_from is not None:
        yield words.MOVED.said(language)
    if study.returned:
        yield words.RETURNED.said(language, {"count": str(len(study.returned))})
    if draft.algorithm and draft.algorithm != algorithm():
        yield words.DRAFT_BY.said(language, {"program": draft.algorithm})


def _seconds(sample: int, study: EcgStudy) -> str:
    return f"{sample / study.rate_hz:.1f}"


def _critical_count(results: tuple[CriticalResult, ...], language: Language) -> str:
    outcomes = [one.outcome for one in results]
    said = {
        "rules": str(len(outcomes)),
        "hits": str(outcomes.count(CriticalOutcome.HIT)),
        "no_hit": str(outcomes.count(CriticalOutcome.NO_HIT)),
        "not_tested": str(outcomes.count(CriticalOutcome.NOT_TESTED)),
        "by_person": str(outcomes.count(CriticalOutcome.BY_PERSON)),
    }
    return drawing_words.CRITICAL_COUNT.said(language, said)


# --- the ECG before it ------------------------------------------------------------------------------------


def _with_earlier(
    report: EcgReport, now: _Measured, earlier: KeptEcg, asked: EcgPrint, language: Language
) -> EcgReport:
    """With the ECG before it in the table and under the median beat, or with why it is not there."""
    study = earlier.study
    before = _measured(earlier, unpack_tracing(earlier.samples))
    if before is None:
        return _not_compared(report, study.number, words.NO_MEASUREMENTS.said(language), language)
    sides = (Compared(recording=one.recording, measurements=one.measurements) for one in (before, now))
    try:
        found = compare(*sides)
    except NotComparable:
        return _not_compared(report, study.number, words.OTHER_KIND.said(language), language)
    day = _local(asked, study.taken_at)
    said = words.COMPARED_WITH.said(language, {"number": study.number, "day": day.date().isoformat()})
    kept = EarlierEcg(
        acquired=_dicom(day),
        measurements=before.measurements,
        median=median_panel_of(before.recording, before.measurements),
        notable=frozenset(change.measure for change in found.changes if change.beyond_noise),
    )
    notes = (NOTES[note].said(language) for note in found.notes)
    return replace(report, earlier=kept, quality=(*report.quality, said, *notes))


def _not_compared(report: EcgReport, number: str, why: str, language: Language) -> EcgReport:
    said = words.NOT_COMPARED.said(language, {"number": number, "why": why})
    return replace(report, quality=(*report.quality, said))


# --- what physicians signed -------------------------------------------------------------------------------


def _reading(asked: EcgPrint, language: Language) -> Reading:
    study = asked.ecg.study
    standing = standing_reading(study, asked.reports)
    if standing is None:
        return Reading()
    second = next((one for one in asked.cosignatures if one.report_id == standing.id), None)
    signatures = [_signature(asked, Role.REPORTED, standing.author_id, standing.signed_at)]
    if second is not None:
        signatures.append(_signature(asked, Role.VERIFIED, second.by, second.at))
    addenda = [one for one in asked.reports if one.kind is ReportKind.ADDENDUM]
    return Reading(
        interpretation=_interpretation(standing, language),
        signatures=tuple(signatures),
        needs_verification=second is not None or study.state is StudyState.SIGNED,
        addenda=tuple(_addendum(asked, one, language) for one in addenda),
        corrections={Measure(one.measure): one.value for one in standing.corrections},
        digest=standing.digest,
    )


def _signature(asked: EcgPrint, role: Role, by: AccountId, at: dt.datetime | None) -> Signature:
    assert at is not None, "a signed report has the time of its signing"
    return Signature(role, asked.names[by], _local(asked, at))


def _interpretation(report: SignedReport, language: Language) -> str:
    """The coded part in the language of the print, then the physician's own words as she wrote them."""
    lines = [_coded(report, language)]
    if report.critical_value is not None:
        lines.append(words.CRITICAL_VALUE[report.critical_value].said(language))
    return "\n".join(line for line in (*lines, report.text) if line)


def _coded(report: SignedReport, language: Language) -> str:
    terms = words.BETWEEN_TERMS.said(language).join(_term(one, language) for one in report.terms)
    if report.conclusion is None:
        return terms
    conclusion = words.CONCLUSION[report.conclusion].said(language)
    return words.TERMS.said(language, {"conclusion": conclusion, "terms": terms}) if terms else conclusion


def _term(term: ReportTerm, language: Language) -> str:
    """A term as it was signed, with its leads and the physician's note."""
    said = term.zh if language is Language.ZH else term.en
    if term.leads:
        said += words.LEADS_OF.said(language, {"leads": " ".join(term.leads)})
    return f"{said} {term.note}".strip()


def _addendum(asked: EcgPrint, report: SignedReport, language: Language) -> Addendum:
    lines = [_interpretation(report, language), *(_corrected(one, language) for one in report.corrections)]
    assert report.signed_at is not None, "only signed addenda are printed"
    return Addendum(
        text="\n".join(line for line in lines if line),
        author=asked.names[report.author_id],
        at=_local(asked, report.signed_at),
    )


def _corrected(one: CorrectedValue, language: Language) -> str:
    measure = Measure(one.measure)
    name = drawing_words.OTHER_MEASURE.get(measure) or drawing_words.MEASURE[measure]
    value = corrected_said(measure, one.value, language)
    return words.CORRECTED.said(language, {"measure": name.said(language), "value": value})


# --- times ------------------------------------------------------------------------------------------------


def _local(asked: EcgPrint, at: dt.datetime) -> dt.datetime:
    """By the clock on the wall where it is printed."""
    return at.astimezone(dt.timezone(dt.timedelta(seconds=asked.utc_offset_s)))


def _dicom(at: dt.datetime) -> str:
    return at.strftime("%Y%m%d%H%M%S%z")
