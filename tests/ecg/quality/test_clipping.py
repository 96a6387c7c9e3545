"""Where the signal met the end of what could be held; no peak of a heart's wave is taken for it."""

import numpy as np
import pytest

from ecg.leads import Lead
from ecg.quality.findings import Finding, Grade
from ecg.quality.live import assess
from ecg.recording import Recording
from ecg.simulator.language import read_scenario
from ecg.simulator.simulated_ecg import SimulatedEcg
from tests.ecg.quality.made import TWELVE_LEADS, findings, found_in, real, recording, sinus

V2, V4 = 7, 9


@pytest.mark.parametrize(("rate_hz", "top"), [(200, 400), (200, 800), (500, 400), (500, 1200), (1000, 1200)])
def test_complexes_cut_off_at_the_top_are_found(rate_hz: int, top: float) -> None:
    uv = sinus(8, rate_hz=rate_hz)
    uv[V4] = np.minimum(uv[V4], top)
    verdicts = assess(recording(uv, rate_hz))
    # In the first second a short top has no second one to recur in.
    assert [set(verdict.sizes_uv(Finding.CLIPPED)) for verdict in verdicts[1:]] == 7 * [{Lead.V4}]
    assert set(findings(verdicts)) == {Finding.CLIPPED}


def test_complexes_cut_off_at_the_bottom_are_found() -> None:
    uv = sinus(8)
    uv[7] = np.maximum(uv[7], -900)  # V2 with its deep S
    assert found_in(uv) == {Finding.CLIPPED: 7}


@pytest.mark.parametrize("name", TWELVE_LEADS)
def test_the_same_in_real_recordings(name: str) -> None:
    clean = real(name)
    uv = clean.samples * (clean.nv_per_lsb / 1000)
    middle = np.median(uv, axis=1, keepdims=True)
    most = 0.5 * np.abs(uv - middle).max(axis=1, keepdims=True)
    cut = recording(np.clip(uv, middle - most, middle + most), clean.rate_hz, clean.leads)
    leads = {lead for verdict in assess(cut) for lead in verdict.sizes_uv(Finding.CLIPPED)}
    assert len(leads) >= 8
    assert Finding.CLIPPED not in findings(assess(clean))


def test_a_saturated_amplifier_is_found() -> None:
    uv = sinus(6)
    uv[0, 1300:1900] = 5000
    verdicts = assess(recording(uv))
    grades = [(found := verdict.leads[Lead.I].of(Finding.CLIPPED)) and found.grade for verdict in verdicts]
    assert grades[2:4] == [Grade.UNUSABLE, Grade.UNUSABLE]
    assert grades[:2] == [None, None]


def test_every_sample_at_the_end_of_16_bits_is_cut_off() -> None:
    uv = sinus(2)
    uv[3, 700] = 40_000
    assert found_in(uv).get(Finding.CLIPPED) == 1


@pytest.mark.parametrize("width", [1, 2, 4, 6])
def test_pacing_pulses_are_not_cut_off(width: int) -> None:
    uv = sinus(8)
    for at in range(70, 4000, 500):
        uv[:, at : at + width] = 2500
    assert Finding.CLIPPED not in found_in(uv)


@pytest.mark.parametrize("hz", [250, 500, 1000])
@pytest.mark.parametrize(
    "text",
    [
        "rate=72,st=septal:400",
        "rate=60,st=septal:300",
        "rate=95,st=anterior:500",
        "rate=83,st=lateral:-400",
        "rate=66,st=inferior:350",
        "rate=77,st=septal:-450",
    ],
)
def test_an_st_segment_that_stands_still_is_not_cut_off(text: str, hz: int) -> None:
    """It is the highest of all, level for 100 ms, and begins at the end of a steep S."""
    assert Finding.CLIPPED not in findings(assess(simulated(text, hz)))


@pytest.mark.parametrize("hz", [250, 500, 1000])
@pytest.mark.parametrize(("text", "top"), [("rate=72,st=septal:500", 420), ("rate=88,st=anterior:300", 350)])
def test_one_that_is_cut_off_itself_is_found(text: str, top: int, hz: int) -> None:
    """From the steep S into the cut, and out of it with T, by no more than T's slope."""
    clean = simulated(text, hz)
    uv = clean.samples.astype(float)
    uv[V2] = np.minimum(uv[V2], top)
    verdicts = assess(recording(uv, hz))
    assert {lead for verdict in verdicts for lead in verdict.sizes_uv(Finding.CLIPPED)} == {Lead.V2}
    assert findings(verdicts)[Finding.CLIPPED] >= 7


def simulated(text: str, hz: int) -> Recording:
    ecg = SimulatedEcg(read_scenario(f"hz={hz},{text}"))
    return Recording(leads=ecg.leads, rate_hz=hz, nv_per_lsb=ecg.nv_per_lsb, samples=ecg.samples(0, 10 * hz))


def test_a_level_line_between_beats_is_not_cut_off() -> None:
    assert found_in(np.abs(sinus(8, noise_uv=0))) == {}
