"""Everything a program can say of one ECG, put together: quality, measurements, statements, critical values.

All of it is a draft for a physician. What must not be read (unusable by the device or by the quality) is
taken as missing before anything is measured.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ecg.critical.assessment import Assessment, EarlierEcg, assess
from ecg.critical.loading import default_table
from ecg.critical.recorded import strip_of
from ecg.critical.rule import CriticalTable
from ecg.leads import Lead
from ecg.measurements import Absent, Measurements
from ecg.measuring import measure
from ecg.pacing import PacingMarks, PacingSource, pacing_marks
from ecg.quality.device_state import DeviceState
from ecg.quality.findings import Finding, Grade, SecondQuality
from ecg.quality.gate import judge
from ecg.quality.gate_result import GateResult
from ecg.quality.live import assess as assess_quality
from ecg.quality.reversal import suspected_reversals
from ecg.ranges import SampleRange
from ecg.recording import Recording
from ecg.statements.rules import statements_of
from ecg.statements.statement import Statements
from ecg.subject import UNKNOWN, Subject

READABLE_SHARE = 0.5
"""A lead of which less can be read is not one a statement may stand on."""


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What was found of one recording; sample numbers are those of the recording."""

    seconds: tuple[SecondQuality, ...]
    quality: GateResult
    measurements: Measurements
    statements: Statements
    critical: Assessment
    pacing: PacingMarks | Absent


def appraise(
    recording: Recording,
    subject: Subject = UNKNOWN,
    *,
    states: Iterable[tuple[SampleRange, DeviceState]] = (),
    device_marks: Iterable[int] = (),
    table: CriticalTable | None = None,
    earlier: EarlierEcg | None = None,
) -> Appraisal:
    """Judge, measure, state and test a recording, usually of 10 s and 12 leads.

    `states`: what the device said of its samples. `device_marks`: its pacing marks. `table`: the site's
    critical values. Raises SignalError for states or marks outside the recording, nothing for a poor signal.
    """
    seconds = assess_quality(recording, states)
    quality = judge(seconds, recording.rate_hz, suspected_reversals(recording))
    pacing = pacing_marks(recording, device_marks)
    strip = strip_of(recording, measure, unreadable(seconds, recording))
    readable = replace(recording, samples=strip.samples)
    measurements = strip.blocks[0].measurements if len(strip.blocks) == 1 else measure(readable)
    poor = poor_leads(quality, recording)
    return Appraisal(
        seconds=seconds,
        quality=quality,
        measurements=measurements,
        statements=statements_of(
            measurements,
            subject,
            poor=poor == set(recording.leads),
            poor_leads=poor,
            pacing_marks=_marked_by_device(pacing),
        ),
        critical=assess(strip, table or default_table(), subject, earlier),
        pacing=pacing,
    )


def unreadable(
    seconds: Iterable[SecondQuality], recording: Recording
) -> Mapping[Lead, tuple[SampleRange, ...]]:
    """Where a lead must not be read; not where it is flat alone: so it is when a heart stands still."""
    found: dict[Lead, list[SampleRange]] = {lead: [] for lead in recording.leads}
    for second in seconds:
        for lead, judged in second.leads.items():
            spoilt = {one.finding for one in judged.findings if one.grade is Grade.UNUSABLE}
            if spoilt - {Finding.FLAT, Finding.MISSING}:
                found[lead].append(second.samples)
    return {lead: tuple(ranges) for lead, ranges in found.items() if ranges}


def poor_leads(quality: GateResult, recording: Recording) -> set[Lead]:
    """The leads of which less than half can be read."""
    least_s = READABLE_SHARE * recording.duration_s
    return {lead for lead in recording.leads if quality.usable_s.get(lead, recording.duration_s) < least_s}


def _marked_by_device(pacing: PacingMarks | Absent) -> int:
    if isinstance(pacing, Absent) or pacing.source is not PacingSource.DEVICE:
        return 0
    return len(pacing.samples)
