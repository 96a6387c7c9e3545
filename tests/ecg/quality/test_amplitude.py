"""More millivolts than a heart makes are told plainly: nearly always the scale of a file is wrong."""

from dataclasses import replace

import pytest

from ecg.leads import STANDARD_LEADS, Electrode
from ecg.quality.advice import Advice
from ecg.quality.findings import Finding, Grade
from ecg.quality.gate import judge_recording
from ecg.quality.gate_result import Decision, Weight
from ecg.quality.live import assess
from ecg.recording import Recording
from ecg.simulator.language import read_scenario
from ecg.simulator.simulated_ecg import SimulatedEcg
from tests.ecg.quality.made import TWELVE_LEADS, findings, real, recording, sinus

SCENARIOS = ("rhythm=sinus", "rhythm=tachycardia", "rhythm=vt", "rhythm=paced", "rhythm=af,rate=120")


def scaled(text: str, times: float) -> Recording:
    ecg = SimulatedEcg(read_scenario(text))
    rows = ecg.samples(0, 10 * ecg.rate_hz)
    return Recording(leads=ecg.leads, rate_hz=ecg.rate_hz, nv_per_lsb=times * ecg.nv_per_lsb, samples=rows)


@pytest.mark.parametrize("times", [20, 100, 1000])
@pytest.mark.parametrize("text", SCENARIOS)
def test_a_scale_that_is_too_large_does_not_pass(text: str, times: float) -> None:
    result = judge_recording(scaled(text, times))
    reason = next(one for one in result.reasons if one.cause is Finding.AMPLITUDE)
    assert result.decision is Decision.REPEAT
    assert (reason.weight, reason.advice) == (Weight.REPEAT, Advice.CHECK_SCALE)
    assert reason.electrodes == Electrode(0)
    assert result.reasons[0] is reason
    assert set(reason.leads) <= set(STANDARD_LEADS) and len(reason.leads) >= 2


def test_what_it_does_not_touch_can_still_be_read() -> None:
    verdicts = assess(scaled("rhythm=sinus", 20))
    for verdict in verdicts:
        for second in verdict.leads.values():
            found = second.of(Finding.AMPLITUDE)
            assert second.usable
            assert found is None or (found.grade is Grade.NOTED and found.size_uv and found.size_uv > 15_000)


@pytest.mark.parametrize("name", TWELVE_LEADS)
@pytest.mark.parametrize("times", [1, 2])
def test_real_recordings_are_not_accused_even_at_twice_their_height(name: str, times: int) -> None:
    stored = real(name)
    large = replace(stored, nv_per_lsb=times * stored.nv_per_lsb)
    assert Finding.AMPLITUDE not in findings(assess(large))


@pytest.mark.parametrize("width", [1, 2])
def test_pacing_pulses_are_as_high_as_they_are(width: int) -> None:
    uv = sinus(8)
    for at in range(70, 4000, 500):
        uv[:, at : at + width] = 30_000
    assert Finding.AMPLITUDE not in findings(assess(recording(uv)))


def test_a_knock_is_no_scale() -> None:
    uv = sinus(8)
    uv[:, 1600:1700] += 20_000
    result = judge_recording(recording(uv))
    assert [one.weight for one in result.reasons if one.cause is Finding.AMPLITUDE] == [Weight.MINOR]
