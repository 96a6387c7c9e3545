"""The machine's draft of one ECG: what `ecg.appraisal` finds, as the records keep it.

Runs in a process of its own (`cloudclinic.ecg_appraisal_process`); told the time.
"""

import datetime as dt
import importlib.metadata
from collections.abc import Iterator

from cloudclinic.ecg_kept import device_states, torn_at_breaks
from ecg.appraisal import Appraisal
from ecg.appraisal import appraise as appraise_recording
from ecg.common_steps import recording_of
from ecg.critical.assessment import Result
from ecg.critical.loading import default_table, load_table
from ecg.critical.verdict import Evidence as CriticalEvidence
from ecg.critical.verdict import Verdict
from ecg.critical.words import CONCLUSIONS, why_said
from ecg.errors import SignalError
from ecg.leads import Electrode, Lead
from ecg.measurements import UNITS, Absent, LeadMeasure, Measure, Measurement, Unit
from ecg.quality.gate_result import Decision, Reason
from ecg.statements.statement import Evidence as StatementEvidence
from ecg.statements.statement import Statement, Withheld
from ecg.statements.words import WITHHELD, sentence
from ecg.subject import OLDEST_YEARS, Sex
from ecg.subject import Subject as EcgSubject
from ecg.tracing import Tracing
from ecg.words import Language
from records import residents
from records.ecg_drafts import (
    Acquisition,
    CriticalOutcome,
    CriticalResult,
    DraftEvidence,
    DraftStatement,
    DraftValue,
    MachineDraft,
    QualityNote,
    QualityVerdict,
    Subject,
)

_VERDICTS = {
    Decision.SEND: QualityVerdict.GOOD,
    Decision.SEND_WITH_NOTE: QualityVerdict.LIMITED,
    Decision.REPEAT: QualityVerdict.POOR,
}
_OUTCOMES = {
    Verdict.HIT: CriticalOutcome.HIT,
    Verdict.NO_HIT: CriticalOutcome.NO_HIT,
    Verdict.NOT_TESTED: CriticalOutcome.NOT_TESTED,
    Verdict.BY_PERSON: CriticalOutcome.BY_PERSON,
}
_SEXES = {residents.Sex.FEMALE: Sex.FEMALE, residents.Sex.MALE: Sex.MALE}


def algorithm() -> str:
    """Name and version of what makes a draft."""
    return f"cloudclinic {importlib.metadata.version('cloudclinic')}"


def appraise(
    tracing: Tracing, subject: Subject, acquisition: Acquisition, now: dt.datetime, table: bytes = b""
) -> MachineDraft:
    """The draft of one ECG; it never raises, but says what it could not do and why.

    `table`: the site's critical values as `ecg.critical.loading` reads them; empty: the list of Zhejiang.
    """
    try:
        recording, _ = recording_of(tracing)
        found = appraise_recording(
            torn_at_breaks(recording, acquisition.breaks),
            _subject(subject),
            states=device_states(acquisition.states),
            device_marks=acquisition.paces,
            table=load_table(table, "critical values") if table else default_table(),
        )
    except SignalError as fault:
        return MachineDraft(algorithm=algorithm(), made_at=now, fault=str(fault))
    return _draft(found, now)


def _subject(subject: Subject) -> EcgSubject:
    known = subject.age_years is not None and subject.age_years <= OLDEST_YEARS
    return EcgSubject(subject.age_years if known else None, _SEXES.get(subject.sex))


# --- as the records keep it ---------------------------------------------------------------------------------


def _draft(found: Appraisal, now: dt.datetime) -> MachineDraft:
    conclusion = CONCLUSIONS[found.critical.conclusion]
    return MachineDraft(
        algorithm=algorithm(),
        made_at=now,
        quality=_VERDICTS[found.quality.decision],
        quality_score=found.quality.score,
        quality_notes=tuple(_note(one) for one in found.quality.reasons),
        beats=found.measurements.beats,
        values=tuple(_values(found)),
        statements=(
            *(_statement(one) for one in found.statements.made),
            *(_withheld(one) for one in found.statements.withheld),
        ),
        critical=tuple(_critical(one) for one in found.critical.results),
        critical_table=found.critical.table.id,
        critical_zh=conclusion.zh,
        critical_en=conclusion.en,
        adult_assumed=found.critical.adult_assumed,
    )


def _note(reason: Reason) -> QualityNote:
    return QualityNote(
        code=reason.cause.value,
        weight=reason.weight.value,
        advice=reason.advice.value,
        leads=tuple(lead.value for lead in reason.leads),
        electrodes=tuple(str(one.name) for one in Electrode if one in reason.electrodes),
        seconds=reason.lead_seconds,
    )


def _values(found: Appraisal) -> Iterator[DraftValue]:
    for measure in Measure:
        yield _value(measure, UNITS[measure], found.measurements.values[measure])
    for lead, measures in found.measurements.leads.items():
        for wave in LeadMeasure:
            yield _value(wave, Unit.UV, measures[wave], lead)


def _value(
    measure: Measure | LeadMeasure, unit: Unit, measured: Measurement, lead: Lead | None = None
) -> DraftValue:
    of = lead.value if lead is not None else ""
    if isinstance(measured, Absent):
        return DraftValue(measure=measure.value, unit=unit.value, absent=measured.why.value, lead=of)
    return DraftValue(
        measure=measure.value,
        unit=measured.unit.value,
        value=measured.value,
        confidence=measured.confidence,
        lead=of,
    )


def _statement(made: Statement) -> DraftStatement:
    return DraftStatement(
        code=made.code.value,
        zh=sentence(made, Language.ZH),
        en=sentence(made, Language.EN),
        evidence=tuple(_stated(one) for one in made.evidence),
    )


def _stated(one: StatementEvidence) -> DraftEvidence:
    return DraftEvidence(
        quantity=one.measure.value,
        value=one.value,
        unit=one.unit.value,
        limit=one.limit,
        leads=tuple(lead.value for lead in one.leads),
    )


def _withheld(withheld: Withheld) -> DraftStatement:
    why = WITHHELD[withheld.why]
    return DraftStatement(code=withheld.code.value, zh=why.zh, en=why.en, withheld=withheld.why.value)


def _critical(result: Result) -> CriticalResult:
    return CriticalResult(
        rule=result.rule.id,
        outcome=_OUTCOMES[result.answer.verdict],
        zh=result.rule.name(Language.ZH),
        en=result.rule.name(Language.EN),
        why_zh=why_said(result, Language.ZH),
        why_en=why_said(result, Language.EN),
        novelty_unknown=result.novelty_unknown,
        evidence=tuple(one for each in result.answer.evidence for one in _seen(each)),
    )


def _seen(evidence: CriticalEvidence) -> Iterator[DraftEvidence]:
    for one in evidence.values:
        yield DraftEvidence(
            quantity=one.quantity.value,
            value=one.value,
            limit=one.limit,
            leads=(one.lead.value,) if one.lead is not None else (),
            first=evidence.where.first,
            count=evidence.where.count,
        )
