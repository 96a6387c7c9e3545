"""Two kept ECGs, or one and the seconds just taken, over each other; pure."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cloudclinic.ecg_kept import measurements_of, recording_of_kept
from ecg.appraisal import poor_leads
from ecg.comparison import Compared, Comparison, compare
from ecg.comparison import Overlay as FoundOverlay
from ecg.errors import NotComparable, SignalError
from ecg.leads import Lead
from ecg.quality.gate import judge
from ecg.quality.live import assess as assess_quality
from ecg.quality.reversal import ReversalCheck
from ecg.recording import Recording
from records.ecg_comparisons import (
    BeatOverlay,
    ComparedSt,
    ComparedValue,
    ComparisonRefused,
    EcgComparison,
    NotComparedValue,
    ToCompare,
    WhyNot,
)
from records.ecg_samples import unpack_tracing


class _Side(NamedTuple):
    """One of the two: its leads that can be read, and its measurements."""

    compared: Compared
    poor: frozenset[Lead]


def compared(earlier: ToCompare, later: ToCompare) -> EcgComparison:
    """Both by the measurements of their drafts, over each other by their samples.

    A lead of which less than half can be read in one of the two, or that its device called unusable, is left
    out of the picture and named. Raises ComparisonRefused with the reason.
    """
    if earlier.resident != later.resident:
        raise ComparisonRefused(WhyNot.OTHER_RESIDENT)
    before, after = _side(earlier), _side(later)
    poor = before.poor | after.poor
    try:
        found = compare(_readable(before.compared, poor), _readable(after.compared, poor))
    except NotComparable:
        raise ComparisonRefused(WhyNot.SIMULATED) from None
    there = {*before.compared.recording.leads, *after.compared.recording.leads}
    return _told(
        found,
        left_out=tuple(lead for lead in Lead if lead in poor & there),
        other_program=earlier.draft.algorithm != later.draft.algorithm,
    )


def _side(given: ToCompare) -> _Side:
    if given.draft.fault or not given.draft.values:
        raise ComparisonRefused(WhyNot.NO_MEASUREMENTS)
    tracing = unpack_tracing(given.samples)
    try:
        recording = recording_of_kept(tracing, given.breaks, simulated=given.simulated)
    except SignalError:
        raise ComparisonRefused(WhyNot.NO_MEASUREMENTS) from None
    measurements = measurements_of(given.draft, tracing.rate_hz, tracing.sample_count)
    side = Compared(recording=recording, measurements=measurements, resident=given.resident)
    return _Side(side, _poor(recording) | {Lead(lead) for lead in given.unusable})


def _poor(recording: Recording) -> frozenset[Lead]:
    quality = judge(assess_quality(recording, ()), recording.rate_hz, ReversalCheck())
    return frozenset(poor_leads(quality, recording))


def _readable(side: Compared, poor: frozenset[Lead]) -> Compared:
    """Without these leads: neither drawn, nor let a beat be left out for their sake."""
    recording = side.recording
    rows = [row for row, lead in enumerate(recording.leads) if lead not in poor]
    if not rows:
        raise ComparisonRefused(WhyNot.POOR_SIGNAL)
    leads = tuple(recording.leads[row] for row in rows)
    return replace(side, recording=replace(recording, leads=leads, samples=recording.samples[rows]))


# --- as it is told ----------------------------------------------------------------------------------------


def _told(found: Comparison, left_out: tuple[Lead, ...], other_program: bool) -> EcgComparison:
    return EcgComparison(
        changes=tuple(
            ComparedValue(
                measure=one.measure.value,
                unit=one.unit.value,
                earlier=one.earlier,
                later=one.later,
                difference=one.difference,
                noise=one.noise,
                beyond_noise=one.beyond_noise,
            )
            for one in found.changes
        ),
        not_compared=tuple(
            NotComparedValue(measure=one.measure.value, why=one.why.value) for one in found.not_compared
        ),
        st=tuple(
            ComparedSt(
                lead=one.lead.value,
                at=one.at.value,
                earlier_uv=one.earlier_uv,
                later_uv=one.later_uv,
                difference_uv=one.difference_uv,
                noise_uv=one.noise_uv,
                beyond_noise=one.beyond_noise,
            )
            for one in found.st
        ),
        st_refused=found.st_refused.value if found.st_refused else "",
        overlay=_overlay(found.overlay) if found.overlay else None,
        overlay_refused=found.overlay_refused.value if found.overlay_refused else "",
        left_out=tuple(lead.value for lead in left_out),
        notes=tuple(note.value for note in found.notes),
        other_program=other_program,
    )


def _overlay(found: FoundOverlay) -> BeatOverlay:
    return BeatOverlay(
        leads=tuple(lead.value for lead in found.leads),
        rate_hz=found.rate_hz,
        first_ms=float(found.ms[0]),
        earlier_uv=_whole(found.earlier_uv),
        later_uv=_whole(found.later_uv),
        earlier_beats=found.earlier_beats,
        later_beats=found.later_beats,
        likeness=found.likeness,
    )


def _whole(uv: NDArray[np.float64]) -> tuple[tuple[int, ...], ...]:
    """To the microvolt, a two-hundredth of what a line on paper is wide at 10 mm/mV."""
    return tuple(tuple(row) for row in np.rint(uv).astype(int).tolist())
