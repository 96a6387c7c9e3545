"""Amplitudes in noise are as sure as they are right: what all beats have in common counts as well."""

from collections.abc import Iterator

import pytest

from ecg.leads import STANDARD_LEADS, Lead
from ecg.measurements import LeadMeasure, Measured, Measurements
from ecg.measuring import measure
from ecg.recording import Recording
from ecg.simulator.language import read_scenario
from ecg.simulator.simulated_ecg import SimulatedEcg

SURE = 0.8
TOLERANCE_UV, TOLERANCE_SHARE = 25.0, 0.05
"""What the confidence is about (`shape_measurements`)."""

WAVES = (LeadMeasure.ST_J, LeadMeasure.ST_60, LeadMeasure.T, LeadMeasure.R)


def measured(text: str, first: int = 0) -> Measurements:
    ecg = SimulatedEcg(read_scenario(text))
    rows = ecg.samples(first, 10 * ecg.rate_hz)
    return measure(Recording(leads=ecg.leads, rate_hz=ecg.rate_hz, nv_per_lsb=ecg.nv_per_lsb, samples=rows))


def off_by(noise: str, st: str = "") -> Iterator[tuple[float, float]]:
    """Of every amplitude that is sure: by how many tolerances it is off, and how sure it is."""
    for rate in (62, 72, 88, 100):
        for seed in (1, 2, 3):
            text = f"seed={seed},rhythm=sinus,rate={rate}{st}"
            clean, noisy = (
                measured(text, 700 * (seed - 1)),
                measured(f"{text},noise={noise}", 700 * (seed - 1)),
            )
            for lead in STANDARD_LEADS:
                for wave in WAVES:
                    true, found = clean.of_lead(lead, wave), noisy.leads[lead][wave]
                    if true is not None and isinstance(found, Measured) and found.confidence >= SURE:
                        tolerance = max(TOLERANCE_UV, TOLERANCE_SHARE * abs(true))
                        yield abs(found.value - true) / tolerance, found.confidence


@pytest.mark.parametrize("st", ["", ",st=inferior:200", ",st=anterior:-150"])
@pytest.mark.parametrize("noise", ["muscle", "muscle+wander", "wander"])
def test_what_is_sure_in_noise_is_right(noise: str, st: str) -> None:
    found = list(off_by(noise, st))
    assert found
    wrong = [off for off, _ in found if off > 1]
    assert len(wrong) <= (1 - SURE) * len(found)
    assert len([off for off in wrong if off > 2]) <= 0.05 * len(found)


def test_without_noise_all_is_sure() -> None:
    clean = measured("rhythm=sinus,st=inferior:200")
    levels = [clean.leads[lead][wave] for lead in STANDARD_LEADS for wave in WAVES]
    assert all(isinstance(one, Measured) and one.confidence > 0.95 for one in levels)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_wave_that_noise_could_hide_is_not_surely_absent(seed: int) -> None:
    """R of 140 uV in aVL is there or is not seen; it is never surely 0."""
    clean = measured("rhythm=sinus")
    noisy = measured(f"seed={seed},rhythm=sinus,noise=muscle+wander")
    hidden = [
        (lead, noisy.leads[lead][wave])
        for lead in STANDARD_LEADS
        for wave in (LeadMeasure.Q, LeadMeasure.R, LeadMeasure.S)
        if clean.of_lead(lead, wave) != 0 and noisy.of_lead(lead, wave) == 0
    ]
    assert hidden
    for _, found in hidden:
        assert isinstance(found, Measured) and found.confidence < 0.5
    assert clean.leads[Lead.V1][LeadMeasure.Q] == Measured(0.0, clean.leads[Lead.V1][LeadMeasure.Q].unit, 1.0)  # type: ignore[union-attr]
