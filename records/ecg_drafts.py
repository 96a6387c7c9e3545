"""What a program makes of an ECG: measurements, sentences on them, critical values, how good the signal is.

All of it is a draft. Nothing in it is a finding before a physician has signed a report of her own.
"""

import datetime as dt
import enum
from typing import Protocol

from ecg.tracing import Tracing
from records.residents import Sex
from records.values import Value


class QualityVerdict(enum.StrEnum):
    """Whether the signal can be read."""

    GOOD = "good"
    LIMITED = "limited"  # readable in part; the notes say what not
    POOR = "poor"  # repeat it where that is possible
    UNKNOWN = "unknown"  # it was not judged


class QualityNote(Value):
    """One thing that is wrong with the signal, where, and what to do about it, as codes."""

    code: str
    weight: str = ""  # minor, note, repeat
    advice: str = ""
    leads: tuple[str, ...] = ()  # empty: of the whole
    electrodes: tuple[str, ...] = ()  # those to see to
    seconds: float = 0.0  # of leads, added up


class DraftValue(Value):
    """One measurement: a value in its unit, or why there is none."""

    measure: str  # `ecg.measurements.Measure`; of one lead `LeadMeasure`
    unit: str  # UCUM
    value: float | None = None
    confidence: float | None = None  # 0 to 1
    absent: str = ""  # why there is no value
    lead: str = ""  # empty: of the whole ECG


class DraftEvidence(Value):
    """A value something stands on, the limit it is beyond, and where in the samples."""

    quantity: str
    value: float
    unit: str = ""  # UCUM
    limit: float | None = None
    leads: tuple[str, ...] = ()
    first: int | None = None  # sample; None: of the whole
    count: int | None = None


class DraftStatement(Value):
    """A sentence on measurements, with what it stands on. It names no disease."""

    code: str
    zh: str
    en: str
    evidence: tuple[DraftEvidence, ...] = ()
    withheld: str = ""  # why it is neither made nor ruled out; empty: it is made


class CriticalOutcome(enum.StrEnum):
    """What became of one rule of the site's list of critical values."""

    HIT = "hit"  # possible critical value: to be read at once
    NO_HIT = "no_hit"
    NOT_TESTED = "not_tested"  # the signal does not allow it; `why_en` says what is missing
    BY_PERSON = "by_person"  # no signal can tell it


class CriticalResult(Value):
    """One rule and what became of it. Without a hit it reads "no hit among the rules tested"."""

    rule: str
    outcome: CriticalOutcome
    zh: str
    en: str
    why_zh: str = ""  # not tested: why
    why_en: str = ""
    novelty_unknown: bool = False  # critical when first found, and nobody says whether it is
    evidence: tuple[DraftEvidence, ...] = ()  # of one not tested: all there is of the signal fits it

    @property
    def presses(self) -> bool:
        """Whether the ECG has to be read at once because of it."""
        if self.outcome is CriticalOutcome.NOT_TESTED:
            return bool(self.evidence)
        return self.outcome is CriticalOutcome.HIT


class MachineDraft(Value):
    """Everything a program said of one ECG at one time."""

    algorithm: str  # name and version of the program
    made_at: dt.datetime
    quality: QualityVerdict = QualityVerdict.UNKNOWN
    quality_score: int | None = None  # 0 to 100
    quality_notes: tuple[QualityNote, ...] = ()
    beats: tuple[int, ...] = ()  # the sample of every R
    values: tuple[DraftValue, ...] = ()
    statements: tuple[DraftStatement, ...] = ()
    critical: tuple[CriticalResult, ...] = ()
    critical_table: str = ""  # which list was tested
    critical_zh: str = ""  # what all rules together come to; never "normal"
    critical_en: str = ""
    adult_assumed: bool = False  # no age was known
    fault: str = ""  # why the program says nothing; empty when it does

    @property
    def pressing(self) -> tuple[str, ...]:
        """The rules for which it is to be read at once: they hit, or need more signal but fit all of it."""
        return tuple(one.rule for one in self.critical if one.presses)

    def value_of(self, measure: str) -> float | None:
        """What was measured of the whole ECG; None when that is absent."""
        return next((one.value for one in self.values if one.measure == measure and not one.lead), None)


class Subject(Value):
    """What limits depend on, of the person the ECG is of. No name, no number."""

    sex: Sex
    age_years: int | None  # None: not known, or before the day of birth


class DeviceSpan(Value):
    """What the device said of its own signal, for some samples."""

    first: int
    count: int
    electrodes_off: tuple[str, ...] = ()  # as they are printed on them: RA, V2
    unusable: tuple[str, ...] = ()  # leads, those of the electrodes that are off among them
    clipped: tuple[str, ...] = ()  # leads
    calibration: bool = False  # pulses of its own, not of a heart


class Acquisition(Value):
    """How the samples were acquired, for whoever judges them; of a file nothing is known."""

    states: tuple[DeviceSpan, ...] = ()
    breaks: tuple[int, ...] = ()  # samples at which the signal does not continue what was before
    paces: tuple[int, ...] = ()  # samples at which the device marked a pacing pulse


OF_A_FILE = Acquisition()


class EcgAppraiser(Protocol):
    """Measures and judges ECGs."""

    async def appraise(
        self, tracing: Tracing, subject: Subject, acquisition: Acquisition = OF_A_FILE
    ) -> MachineDraft:
        """The draft of one ECG. Never raises for an ECG it can make nothing of: the draft says so."""


def age_years(born: dt.date, day: dt.date) -> int | None:
    """Completed years on a day; None before the day of birth."""
    if day < born:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
