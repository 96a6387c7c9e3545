"""`cloudclinic ecg findings`: what a program would tell a reader first: statements and critical values."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import msgspec

from cloudclinic.answers import Answer, columns
from cloudclinic.ecg_commands.files import for_each
from cloudclinic.errors import CommandFailed
from ecg.appraisal import Appraisal, appraise
from ecg.common_steps import recording_of
from ecg.critical.assessment import Result
from ecg.critical.loading import load_table
from ecg.critical.rule import CriticalTable
from ecg.critical.words import CONCLUSIONS, VERDICTS, evidence_said, why_said
from ecg.errors import EcgError
from ecg.pacing import marks_of_annotations
from ecg.statements.words import sentence
from ecg.subject import Sex, Subject
from ecg.tracing import Tracing
from ecg.words import Language


def run(options: argparse.Namespace) -> int:
    """Print statements and the answer of every rule of critical values; all of it a draft."""
    table, subject = table_of(options.critical_values), subject_of(options)
    language = Language(options.language)
    return for_each(options, lambda file, tracing: answer(file, tracing, subject, table, language))


def table_of(file: Path | None) -> CriticalTable | None:
    """The site's critical values; None: the default list."""
    if file is None:
        return None
    try:
        return load_table(file.read_bytes(), file.name)
    except EcgError as error:
        raise CommandFailed(str(error)) from error


def subject_of(options: argparse.Namespace) -> Subject:
    """Age and sex as they were given."""
    try:
        return Subject(options.age, Sex(options.sex) if options.sex else None)
    except EcgError as error:
        raise CommandFailed(str(error)) from error


def answer(
    file: str, tracing: Tracing, subject: Subject, table: CriticalTable | None, language: Language
) -> Answer:
    """What may be stated, what was withheld and why, and every rule's answer."""
    recording, _ = recording_of(tracing)
    found = appraise(recording, subject, device_marks=marks_of_annotations(tracing), table=table)
    return Answer(_object(file, found), list(_lines(file, found, language)))


def _object(file: str, found: Appraisal) -> dict[str, object]:
    return {
        "file": file,
        "quality": {"decision": found.quality.decision, "score": found.quality.score},
        "statements": [
            msgspec.to_builtins(one) | {"sentence": sentence(one, Language.EN)}
            for one in found.statements.made
        ],
        "withheld": msgspec.to_builtins(found.statements.withheld),
        "conclusion": found.critical.conclusion,
        "critical": [_result(one) for one in found.critical.results],
    }


def _result(one: Result) -> dict[str, object]:
    return {"rule": one.rule.id, "verdict": one.answer.verdict} | {
        name: value
        for name, value in msgspec.to_builtins(one.answer).items()
        if name in ("why", "absent", "evidence") and value
    }


def _lines(file: str, found: Appraisal, language: Language) -> Iterator[str]:
    rate_hz = found.measurements.rate_hz
    yield f"{file}: quality {found.quality.decision.replace('_', ' ')}, {found.quality.score} of 100"
    yield from (f"  {sentence(one, language)}" for one in found.statements.made)
    yield CONCLUSIONS[found.critical.conclusion].said(language)
    rows: list[tuple[str, ...]] = []
    for one in found.critical.results:
        evidence = "; ".join(evidence_said(each, rate_hz, language) for each in one.answer.evidence)
        rows.append(
            (
                f"  {one.rule.name(language)}",
                VERDICTS[one.answer.verdict].said(language),
                evidence or why_said(one, language),
            )
        )
    yield from columns(rows)
