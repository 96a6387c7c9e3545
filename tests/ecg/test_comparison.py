"""Two ECGs side by side: differences, what of them is more than error, and what is refused."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.ecg_made import made, regular
from ecg.comparison import (
    COMPARED,
    NOISE,
    Change,
    Compared,
    Comparison,
    NotCompared,
    Note,
    Refused,
    compare,
)
from ecg.comparison_words import NOTES, REFUSED
from ecg.description import Filters
from ecg.errors import NotComparable
from ecg.leads import STANDARD_LEADS, Lead
from ecg.measurements import LeadMeasure, Measure, Unit, Why
from ecg.recording import Recording
from tests.ecg.made_measurements import measurements

DIAGNOSTIC = Filters(low_hz=0.05, high_hz=150.0)


def taken(
    values: Mapping[Measure, float | Why] | None = None,
    leads: Mapping[Lead, Mapping[LeadMeasure, float | Why]] | None = None,
    *,
    rate_hz: int = 500,
    filters: Filters = DIAGNOSTIC,
    device: str = "cart",
    only: tuple[Lead, ...] = STANDARD_LEADS,
    confidence: float = 0.9,
    simulated: bool = False,
    resident: str = "r1",
    seed: int = 1,
    **shape: object,
) -> Compared:
    """Sinus beats at 66 a minute, with their true R and the measurements given."""
    signal = made(regular(66, 10, **shape), 10, rate_hz, seed=seed)  # type: ignore[arg-type]
    rows = [STANDARD_LEADS.index(lead) for lead in only]
    recording = replace(
        signal.recording,
        leads=only,
        samples=signal.recording.samples[rows],
        filters=filters,
        device=device,
        simulated=simulated,
    )
    beats = tuple(one.r for one in signal.limits)
    found = measurements(
        values, leads=leads, beats=beats, confidence=confidence, rate_hz=rate_hz, sample_count=10 * rate_hz
    )
    return Compared(recording=recording, measurements=found, resident=resident)


def change(comparison: Comparison, measure: Measure) -> Change:
    return next(one for one in comparison.changes if one.measure is measure)


def test_two_alike_have_every_measurement_compared_and_none_beyond_noise() -> None:
    comparison = compare(taken(), taken(seed=2))
    assert {one.measure for one in comparison.changes} == set(COMPARED)
    assert [one for one in comparison.changes if one.beyond_noise] == []
    assert [one for one in comparison.st if one.beyond_noise] == []
    assert len(comparison.st) == 24
    assert comparison.not_compared == () and comparison.notes == ()
    assert comparison.overlay is not None and comparison.overlay.likeness > 0.99


@pytest.mark.parametrize("measure", sorted(NOISE))
def test_a_difference_counts_once_it_is_more_than_measuring_error(measure: Measure) -> None:
    base = 40.0 if "axis" in measure else 200.0
    for more, beyond in ((NOISE[measure], False), (NOISE[measure] + 1, True)):
        found = change(compare(taken({measure: base}), taken({measure: base + more})), measure)
        assert (found.difference, found.beyond_noise) == (more, beyond)
        back = change(compare(taken({measure: base + more}), taken({measure: base})), measure)
        assert (back.difference, back.beyond_noise) == (-more, beyond)


@pytest.mark.parametrize(("earlier", "later", "beyond"), [(60, 65, False), (60, 67, True), (120, 132, False)])
def test_a_rate_counts_beyond_five_or_ten_per_cent(earlier: float, later: float, beyond: bool) -> None:
    found = change(compare(taken({Measure.RATE: earlier}), taken({Measure.RATE: later})), Measure.RATE)
    assert found.beyond_noise is beyond and found.unit is Unit.PER_MIN


@pytest.mark.parametrize(
    ("earlier", "later", "difference"),
    [(170, -170, 20), (-170, 170, -20), (-30, 60, 90), (0, 180, 180), (90, -90, 180), (45, 45, 0)],
)
def test_axes_differ_the_shorter_way_round(earlier: float, later: float, difference: float) -> None:
    found = change(
        compare(taken({Measure.QRS_AXIS: earlier}), taken({Measure.QRS_AXIS: later})), Measure.QRS_AXIS
    )
    assert found.difference == difference


def test_what_is_absent_or_unsure_is_not_compared_and_says_in_which() -> None:
    absent = {Measure.PR: Why.NO_P}
    comparison = compare(taken(absent), taken())
    assert comparison.not_compared == (NotCompared(Measure.PR, Refused.ABSENT_EARLIER),)
    comparison = compare(taken(), taken(absent))
    assert comparison.not_compared == (NotCompared(Measure.PR, Refused.ABSENT_LATER),)
    unsure = compare(taken(), taken(confidence=0.4))
    assert unsure.changes == () and {one.why for one in unsure.not_compared} == {Refused.UNSURE}
    assert unsure.st == () and unsure.st_refused is None


# --- ST ---------------------------------------------------------------------------------------------------


def test_a_change_of_st_is_told_by_lead_when_it_is_more_than_a_millimetre() -> None:
    raised = {
        Lead.V2: {LeadMeasure.ST_J: 180.0},
        Lead.V3: {LeadMeasure.ST_J: 95.0},
        Lead.V5: {LeadMeasure.ST_J: -130.0},
    }
    comparison = compare(taken(), taken(leads=raised))
    beyond = {(one.lead, one.at): one.difference_uv for one in comparison.st if one.beyond_noise}
    assert beyond == {(Lead.V2, LeadMeasure.ST_J): 180.0, (Lead.V5, LeadMeasure.ST_J): -130.0}


def test_noise_in_the_median_beats_raises_what_counts() -> None:
    recording = taken().recording
    noise = np.random.default_rng(3).normal(0, 250, recording.samples.shape)
    noisy = replace(recording, samples=np.rint(recording.samples + noise).astype(np.int16))
    levels = {lead: {LeadMeasure.ST_J: 120.0} for lead in STANDARD_LEADS}
    later = replace(taken(leads=levels), recording=noisy)
    assert all(one.noise_uv > 125 for one in compare(taken(), later).st)
    assert not any(one.beyond_noise for one in compare(taken(), later).st)
    assert all(one.beyond_noise for one in compare(taken(), taken(leads=levels)).st if one.at == "st_j")


@pytest.mark.parametrize("low_hz", [0.051, 0.5, 0.67])
def test_st_under_a_monitors_filter_is_not_compared(low_hz: float) -> None:
    monitor = taken(filters=Filters(low_hz=low_hz, high_hz=150.0))
    for pair in ((taken(), monitor), (monitor, taken())):
        comparison = compare(*pair)
        assert comparison.st == () and comparison.st_refused is Refused.ST_FILTERED
        assert len(comparison.changes) == len(COMPARED) and comparison.overlay is not None


def test_unknown_filters_are_compared_of_one_device_only() -> None:
    unknown = Filters()
    other = compare(taken(filters=unknown), taken(filters=unknown, device="strap"))
    assert other.st == () and other.st_refused is Refused.ST_FILTER_UNKNOWN
    nameless = compare(taken(filters=unknown, device=""), taken(filters=unknown, device=""))
    assert nameless.st_refused is Refused.ST_FILTER_UNKNOWN
    same = compare(taken(filters=unknown), taken(filters=unknown))
    assert same.st_refused is None and same.notes == (Note.ST_FILTER_UNKNOWN,)


def test_steps_that_hide_a_change_of_st_are_refused() -> None:
    coarse = taken()
    recording = replace(coarse.recording, nv_per_lsb=25_000.0, samples=coarse.recording.samples // 25)
    comparison = compare(taken(), replace(coarse, recording=recording))
    assert comparison.st_refused is Refused.COARSE_STEPS and comparison.overlay is not None


# --- overlay ----------------------------------------------------------------------------------------------


def test_the_overlay_has_both_in_microvolts_at_the_higher_rate_from_r() -> None:
    overlay = compare(taken(rate_hz=250), taken(rate_hz=1000)).overlay
    assert overlay is not None and overlay.rate_hz == 1000 and overlay.leads == STANDARD_LEADS
    assert overlay.earlier_uv.shape == overlay.later_uv.shape == (12, len(overlay.ms))
    assert np.diff(overlay.ms) == pytest.approx(1.0)
    at_r = int(np.argmin(np.abs(overlay.ms)))
    ii = STANDARD_LEADS.index(Lead.II)
    assert overlay.ms[int(np.argmax(overlay.later_uv[ii]))] == pytest.approx(0, abs=4)
    assert overlay.earlier_uv[ii, at_r] == pytest.approx(1100, abs=90)
    off = np.abs(overlay.earlier_uv - overlay.later_uv)
    assert float(np.median(off)) < 15


def test_complexes_are_aligned_by_their_shape_not_by_where_r_was_put() -> None:
    later = taken()
    moved = replace(
        later.measurements, beats=tuple(r + 6 for r in later.measurements.beats)
    )  # 12 ms off, in every beat
    overlay = compare(taken(), replace(later, measurements=moved)).overlay
    assert overlay is not None
    assert float(np.abs(overlay.earlier_uv - overlay.later_uv).max()) < 60


def test_another_shape_is_said() -> None:
    comparison = compare(taken(), taken(wide=True, qrs_ms=150.0))
    assert Note.OTHER_SHAPE in comparison.notes
    assert comparison.overlay is not None and comparison.overlay.likeness < 0.9


def test_other_filters_of_fast_parts_and_left_out_leads_are_said() -> None:
    low_pass = compare(taken(), taken(filters=Filters(low_hz=0.05, high_hz=40.0)))
    assert low_pass.notes == (Note.OTHER_LOW_PASS,)
    few = compare(taken(), taken(only=STANDARD_LEADS[:3]))
    assert few.notes == (Note.LEADS_LEFT_OUT,)
    assert few.overlay is not None and few.overlay.leads == STANDARD_LEADS[:3]
    assert {one.lead for one in few.st} == set(STANDARD_LEADS[:3])


def test_without_a_common_lead_or_three_beats_there_is_no_overlay_and_no_st() -> None:
    apart = compare(taken(only=STANDARD_LEADS[:2]), taken(only=STANDARD_LEADS[6:8]))
    assert apart.overlay is None and apart.overlay_refused is apart.st_refused is Refused.NO_COMMON_LEAD
    few = taken()
    two = replace(few.measurements, beats=few.measurements.beats[:2])
    comparison = compare(taken(), replace(few, measurements=two))
    assert comparison.overlay is None
    assert comparison.overlay_refused is comparison.st_refused is Refused.FEW_BEATS
    assert len(comparison.changes) == len(COMPARED)


# --- refusals ---------------------------------------------------------------------------------------------


def test_ecgs_of_two_residents_are_never_compared_and_neither_is_named() -> None:
    with pytest.raises(NotComparable) as refusal:
        compare(taken(resident="Lin"), taken(resident="Okafor"))
    assert "Lin" not in str(refusal.value) and "Okafor" not in str(refusal.value)
    compare(taken(resident=""), taken(resident=""))


def test_a_simulated_ecg_is_not_compared_with_a_patients() -> None:
    with pytest.raises(NotComparable, match="simulated"):
        compare(taken(), taken(simulated=True))
    compare(taken(simulated=True), taken(simulated=True))


def test_every_refusal_and_note_has_its_words() -> None:
    assert set(REFUSED) == set(Refused) and set(NOTES) == set(Note)


def test_a_recording_of_one_lead_is_compared() -> None:
    one: Recording = taken(only=(Lead.II,)).recording
    assert one.samples.shape[0] == 1
    assert compare(taken(only=(Lead.II,)), taken(only=(Lead.II,))).overlay is not None
