"""What can be wrong with a second of a lead, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ecg.leads import Electrode, Lead
from ecg.ranges import SampleRange


class Finding(StrEnum):
    """What is wrong with a lead; in order of importance.

    `FLAT` says that nothing is seen, never why: only the device knows that an electrode is off, and a heart
    that stands still draws the same line. `AMPLITUDE` is more than a heart makes: a scale, most likely.
    """

    FLAT = "flat"
    LEAD_OFF = "lead_off"
    MISSING = "missing"
    CALIBRATION = "calibration"
    AMPLITUDE = "amplitude"
    CLIPPED = "clipped"
    MAINS_50 = "mains_50"
    MAINS_60 = "mains_60"
    MUSCLE = "muscle"
    WANDER = "wander"


class Grade(StrEnum):
    """How much it matters."""

    NOTED = "noted"
    """It is seen, and the second can still be read."""
    UNUSABLE = "unusable"
    """The second must not be read in this lead."""


@dataclass(frozen=True, slots=True)
class LeadFinding:
    """One thing wrong with one second of a lead.

    `size_uv`, where there is one: mains peak to peak, muscle noise as its standard deviation, how far the
    baseline moved, the range of a flat line or of an amplitude. None for what is no voltage.
    """

    finding: Finding
    grade: Grade
    size_uv: float | None = None


@dataclass(frozen=True, slots=True)
class LeadSecond:
    """What is wrong with one lead in one second, the most important first; nothing: it is clean."""

    findings: tuple[LeadFinding, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether this second may be read in this lead."""
        return all(one.grade is not Grade.UNUSABLE for one in self.findings)

    def of(self, finding: Finding) -> LeadFinding | None:
        """This finding, if it was made."""
        return next((one for one in self.findings if one.finding is finding), None)


@dataclass(frozen=True, slots=True)
class SecondQuality:
    """The verdict on one second of all leads.

    `samples`: what it speaks of, counted from the start of the stream; a second, at a recording's end less.
    `electrodes_off`: what the device said.
    """

    samples: SampleRange
    leads: Mapping[Lead, LeadSecond]
    electrodes_off: Electrode = Electrode(0)

    def sizes_uv(self, finding: Finding) -> dict[Lead, float]:
        """The leads with this finding, and how much of it; 0 for what is no voltage."""
        found = ((lead, second.of(finding)) for lead, second in self.leads.items())
        return {lead: one.size_uv or 0.0 for lead, one in found if one is not None}

    @property
    def all_flat(self) -> bool:
        """Whether every lead that gives a signal shows nothing: a standstill, or the cable is out."""
        giving = [second for second in self.leads.values() if not _is_without_signal(second)]
        return bool(giving) and all(second.of(Finding.FLAT) is not None for second in giving)


def _is_without_signal(second: LeadSecond) -> bool:
    missing = second.of(Finding.MISSING)
    return second.of(Finding.LEAD_OFF) is not None or (
        missing is not None and missing.grade is Grade.UNUSABLE and second.of(Finding.FLAT) is None
    )
