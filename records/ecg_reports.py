"""What a physician says of an ECG: coded terms, her own words, measurements she corrected; and its signing.

A signed report never changes. What must be said later is an addendum: a report of its own beside it.
"""

import datetime as dt
import enum
import hashlib
from collections.abc import Iterable

import msgspec

from ecg.leads import STANDARD_LEADS
from ecg.measurements import UNITS, Measure, Unit
from records.ecg_drafts import MachineDraft
from records.ecg_studies import EcgStudy
from records.ecg_terms import term_of
from records.errors import RuleBroken
from records.ids import AccountId, EcgReportId, EcgStudyId
from records.rules import Rule
from records.values import Value

TEXT_LENGTH = 4_000
NOTE_LENGTH = 200
MOST_TERMS = 40

# What a living heart can show, not what is healthy: rates of flutter and of the slowest escape rhythm,
# intervals up to the longest pause a 10 s ECG can hold. Outside of these a number was mistyped.
POSSIBLE: dict[Unit, tuple[float, float]] = {
    Unit.PER_MIN: (5, 400),
    Unit.MS: (0, 10_000),
    Unit.DEGREE: (-180, 180),
}


class ReportKind(enum.StrEnum):
    """The reading itself, or what was added to it."""

    READING = "reading"
    ADDENDUM = "addendum"


class ReportState(enum.StrEnum):
    """A signed report never changes again."""

    DRAFT = "draft"
    SIGNED = "signed"


class Conclusion(enum.StrEnum):
    """The overall interpretation: statements 1 to 4 of AHA/ACC/HRS 2007, table 1."""

    NORMAL = "normal"  # 正常心电图
    OTHERWISE_NORMAL = "otherwise_normal"  # 大致正常心电图
    ABNORMAL = "abnormal"  # 异常心电图
    UNINTERPRETABLE = "uninterpretable"  # 无法判读


class ReportTerm(Value):
    """A coded term as it was chosen. Its texts are kept with it: what was signed reads the same for ever."""

    code: str
    zh: str
    en: str
    leads: tuple[str, ...] = ()
    note: str = ""


class ChosenTerm(Value):
    """A term a physician chooses, by its code."""

    code: str
    leads: tuple[str, ...] = ()
    note: str = ""


class Correction(Value):
    """A measurement as the physician measured it. None: it cannot be measured."""

    measure: Measure
    value: float | None


class CorrectedValue(Value):
    """The physician's measurement beside the machine's, which stays."""

    measure: Measure
    unit: str
    value: float | None
    machine_value: float | None


class EcgReport(Value):
    """One report on one study."""

    id: EcgReportId
    study_id: EcgStudyId
    kind: ReportKind
    author_id: AccountId
    state: ReportState
    version: int
    conclusion: Conclusion | None  # None: not chosen yet; of an addendum: not changed by it
    terms: tuple[ReportTerm, ...]
    text: str
    corrections: tuple[CorrectedValue, ...]
    critical_value: bool | None  # the physician's word on a possible critical value; needed where a rule hit
    saved_at: dt.datetime
    simulated: bool
    samples_sha256: str  # of what was read
    algorithm: str  # whose draft she had before her; empty: none
    signed_at: dt.datetime | None = None
    digest: str = ""  # SHA-256 of the signed content, hexadecimal


class Cosignature(Value):
    """A second physician signs the same content."""

    report_id: EcgReportId
    study_id: EcgStudyId
    by: AccountId
    at: dt.datetime
    report_digest: str


_SIGNED_FIELDS = tuple(
    name
    for name in EcgReport.__struct_fields__
    if name not in ("state", "version", "saved_at", "digest")  # of the draft it was made from
)


def chosen_terms(chosen: Iterable[ChosenTerm]) -> tuple[ReportTerm, ...]:
    """Terms with their texts; raise `RuleBroken` for too many, an unknown code, or an unknown lead."""
    terms = tuple(_with_texts(one) for one in chosen)
    if len(terms) > MOST_TERMS:
        raise RuleBroken(Rule.OUT_OF_RANGE, f"{len(terms)} terms; at most {MOST_TERMS}")
    return terms


def _with_texts(chosen: ChosenTerm) -> ReportTerm:
    term = term_of(chosen.code)
    if len(chosen.note) > NOTE_LENGTH:
        raise RuleBroken(Rule.OUT_OF_RANGE, f"a term's note has at most {NOTE_LENGTH} characters")
    if not set(chosen.leads) <= set(STANDARD_LEADS):
        raise RuleBroken(Rule.OUT_OF_RANGE, f"leads are {', '.join(STANDARD_LEADS)}")
    return ReportTerm(code=term.code, zh=term.zh, en=term.en, leads=chosen.leads, note=chosen.note.strip())


def corrected(corrections: Iterable[Correction], draft: MachineDraft | None) -> tuple[CorrectedValue, ...]:
    """The physician's values beside the machine's; raise `RuleBroken` for one that is impossible."""
    return tuple(_beside(one, draft) for one in corrections)


def _beside(correction: Correction, draft: MachineDraft | None) -> CorrectedValue:
    unit = UNITS[correction.measure]
    if correction.value is not None:
        low, high = POSSIBLE[unit]
        # Written so that NaN, of which every comparison is false, is refused too.
        if not low <= correction.value <= high:
            raise RuleBroken(
                Rule.OUT_OF_RANGE,
                f"{correction.measure} {correction.value:g} {unit} is impossible: {low:g} to {high:g}",
            )
    machine = draft.value_of(correction.measure) if draft is not None else None
    return CorrectedValue(
        measure=correction.measure, unit=unit.value, value=correction.value, machine_value=machine
    )


def check_text(text: str) -> str:
    """The text as it is kept; raise `RuleBroken` when it is too long."""
    if len(text) > TEXT_LENGTH:
        raise RuleBroken(Rule.OUT_OF_RANGE, f"{len(text)} characters; at most {TEXT_LENGTH}")
    return text.strip()


def lacking(report: EcgReport, study: EcgStudy) -> tuple[str, ...]:
    """The fields a report lacks before it can be signed; a text will do in place of terms."""
    missing = []
    if report.kind is ReportKind.READING and report.conclusion is None:
        missing.append("conclusion")
    if report.kind is ReportKind.READING and study.critical_rules and report.critical_value is None:
        missing.append("critical_value")
    if not report.terms and not report.text:
        missing.append("terms")
    return tuple(missing)


def signed(report: EcgReport, study: EcgStudy, at: dt.datetime) -> EcgReport:
    """Sign a draft: its next version, with instant and digest.

    Raises `RuleBroken` when it is incomplete, signed already, or was written on other samples.
    """
    if report.state is ReportState.SIGNED:
        raise RuleBroken(Rule.REPORT_SIGNED, "the report is signed; a signed report never changes")
    if report.study_id != study.id or report.samples_sha256 != study.seal.sha256:
        raise RuleBroken(Rule.ECG_STATE, "the report was written on other samples")
    missing = lacking(report, study)
    if missing:
        raise RuleBroken(Rule.REPORT_INCOMPLETE, f"the report has no {', no '.join(missing)}")
    signing = msgspec.structs.replace(
        report, state=ReportState.SIGNED, version=report.version + 1, saved_at=at, signed_at=at
    )
    return msgspec.structs.replace(signing, digest=report_digest(signing))


def report_digest(report: EcgReport) -> str:
    """SHA-256, hexadecimal, of the signed content as canonical JSON: keys sorted, no spaces, UTF-8."""
    content = {name: getattr(report, name) for name in _SIGNED_FIELDS}
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def is_unchanged(report: EcgReport) -> bool:
    """Whether a signed report still is what was signed."""
    return report.state is ReportState.SIGNED and report.digest == report_digest(report)
