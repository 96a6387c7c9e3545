"""Mains is taken out of a recording before anything is measured, whatever its step with the beats."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from ecg.leads import MISSING, Lead
from ecg.measurements import Absent, LeadMeasure, Measure, Measurements, Why
from ecg.measuring import measure
from ecg.recording import Recording
from ecg.signal.lead_samples import LeadSamples
from ecg.signal.steady_mains import without_steady_mains
from ecg.simulator.language import read_scenario
from ecg.simulator.simulated_ecg import SimulatedEcg
from tests.ecg.quality.made import TWELVE_LEADS, real

UV_PER_STEP = 1.0
INTERVALS = {Measure.P: 12, Measure.PR: 8, Measure.QRS: 6, Measure.QT: 12}
AMPLITUDES = (LeadMeasure.R, LeadMeasure.S, LeadMeasure.ST_J, LeadMeasure.ST_60, LeadMeasure.T)


def heart(text: str, seconds: float = 10, rate_hz: int = 500, first: int = 0) -> Recording:
    """A scenario without noise."""
    ecg = SimulatedEcg(read_scenario(f"hz={rate_hz},{text}"))
    rows = ecg.samples(first, round(seconds * rate_hz))
    return Recording(leads=ecg.leads, rate_hz=rate_hz, nv_per_lsb=ecg.nv_per_lsb, samples=rows)


def sine(
    recording: Recording, hz: float, uv: float, seed: int = 0, swell: float = 0.0
) -> NDArray[np.float64]:
    """Mains (leads, n) of another size and phase in each lead."""
    drawn = np.random.default_rng(seed)
    time_s = np.arange(recording.samples.shape[1]) / recording.rate_hz
    size = uv * drawn.uniform(0.3, 1, (len(recording.leads), 1)) * (1 + swell * np.sin(2 * time_s))
    return size * np.sin(2 * np.pi * hz * time_s + drawn.uniform(0, 2 * np.pi, (len(recording.leads), 1)))


def with_added(recording: Recording, uv: NDArray[np.float64]) -> Recording:
    return replace(recording, samples=np.rint(recording.samples + uv).astype(np.int16))


def cleaned(recording: Recording) -> NDArray[np.int16]:
    leads = LeadSamples(recording.samples, recording.rate_hz, recording.nv_per_lsb)
    return without_steady_mains(leads).samples


def assert_alike(noisy: Measurements, clean: Measurements) -> None:
    for one, tolerance_ms in INTERVALS.items():
        assert noisy.of(one) == pytest.approx(clean.of(one), abs=tolerance_ms), one
    for lead in (Lead.I, Lead.II, Lead.V2, Lead.V5):
        for wave in AMPLITUDES:
            value = clean.of_lead(lead, wave)
            if value is None:  # T stands there in a fast rhythm
                assert noisy.leads[lead][wave] == clean.leads[lead][wave]
                continue
            assert noisy.of_lead(lead, wave) == pytest.approx(value, abs=max(20, 0.05 * abs(value))), wave


@pytest.mark.parametrize("hz", [50, 60])
@pytest.mark.parametrize(
    "text",
    # At 60, 75, 100 a minute mains of 50 Hz keeps step with every beat, at 72, 90, 96, 150 with every second
    # or third, at 63 and 133 with none.
    [f"rhythm=sinus,rate={rate}" for rate in (60, 63, 72, 75, 90, 96, 100)]
    + [
        "rhythm=tachycardia,rate=133",
        "rhythm=tachycardia,rate=150",
        "rhythm=vt,rate=160",
        "rhythm=vt,rate=180",
    ],
)
def test_what_is_measured_is_the_same_with_and_without_mains(text: str, hz: int) -> None:
    for first in (0, 161):
        clean = measure(heart(text, first=first))
        noisy = measure(heart(f"{text},noise=mains,mains={hz}", first=first))
        assert noisy.usual_beats == clean.usual_beats
        assert_alike(noisy, clean)


@pytest.mark.parametrize("rate_hz", [250, 500, 1000])
@pytest.mark.parametrize(("hz", "swell"), [(49.2, 0.3), (50.37, 0.0), (60.0, 0.5), (59.6, 0.0)])
def test_nor_does_it_matter_when_mains_is_off_its_frequency_or_swells(
    hz: float, swell: float, rate_hz: int
) -> None:
    for seed, text in enumerate(("rhythm=sinus,rate=72", "rhythm=tachycardia,rate=133")):
        clean = heart(text, rate_hz=rate_hz)
        assert_alike(measure(with_added(clean, sine(clean, hz, 150, seed, swell))), measure(clean))


@pytest.mark.parametrize("hz", [50, 60])
def test_a_sine_of_the_mains_goes_and_the_heart_stays(hz: float) -> None:
    clean = heart("rhythm=sinus,rate=72")
    off = cleaned(with_added(clean, sine(clean, hz, 120))) - clean.samples.astype(float)
    assert np.abs(off).max() < 8
    assert np.sqrt((off**2).mean()) < 2.5


@pytest.mark.parametrize(
    "noise",
    [
        lambda one: sine(one, 50, 4),
        lambda one: sine(one, 35, 100),
        lambda one: np.random.default_rng(1).normal(0, 40, one.samples.shape),
        lambda one: np.zeros(one.samples.shape),
    ],
    ids=["too low to matter", "another frequency", "no sine", "nothing"],
)
@pytest.mark.parametrize(
    "text", ["rhythm=sinus,rate=60", "rhythm=vt,rate=180", "rhythm=paced,rate=75", "rhythm=af"]
)
def test_nothing_else_is_touched(text: str, noise) -> None:  # type: ignore[no-untyped-def]
    clean = heart(text)
    noisy = with_added(clean, noise(clean))
    assert (cleaned(noisy) == noisy.samples).all()


@pytest.mark.parametrize("name", TWELVE_LEADS)
def test_in_real_recordings_what_was_added_goes_and_no_more(name: str) -> None:
    stored = real(name)
    before = cleaned(stored)
    uv_per_step = stored.nv_per_lsb / 1000
    mains = sine(stored, 50.1, 100, 5)
    after = cleaned(with_added(stored, mains / uv_per_step))
    left = (after.astype(float) - before) * uv_per_step
    assert np.sqrt((left**2).mean()) < 0.1 * np.sqrt((mains**2).mean())


def test_a_hole_stays_a_hole_and_the_rest_is_still_cleaned() -> None:
    clean = heart("rhythm=sinus,rate=72")
    noisy = with_added(clean, sine(clean, 50, 120))
    noisy.samples[3, 2000:2600] = MISSING
    off = cleaned(noisy).astype(float) - clean.samples
    assert (cleaned(noisy)[3, 2000:2600] == MISSING).all()
    off[3, 2000:2600] = 0
    assert np.sqrt((off[:, :1500] ** 2).mean()) < 2.5
    assert np.abs(off[np.arange(12) != 3]).max() < 8


@pytest.mark.parametrize("seconds", [0.05, 0.2])
def test_what_is_too_short_to_tell_is_left(seconds: float) -> None:
    clean = heart("rhythm=sinus", seconds)
    noisy = with_added(clean, sine(clean, 50, 120))
    assert (cleaned(noisy) == noisy.samples).all()


def test_minutes_are_cleaned_as_seconds_are() -> None:
    clean = heart("rhythm=sinus,rate=72", 125, 250)
    off = cleaned(with_added(clean, sine(clean, 50.2, 120))).astype(float) - clean.samples
    assert np.abs(off).max() < 10


@pytest.mark.parametrize(("per_min", "hz"), [(60, 50), (75, 50), (60, 60), (72, 50), (90, 50)])
def test_no_p_is_made_of_mains_before_a_paced_beat(per_min: int, hz: int) -> None:
    text = f"rhythm=paced,rate={per_min}"
    clean, noisy = (measure(heart(one)) for one in (text, f"{text},noise=mains,mains={hz}"))
    assert noisy.values[Measure.PR] == Absent(Why.NO_P)
    for one in (Measure.QRS, Measure.QT):
        assert noisy.of(one) == pytest.approx(clean.of(one), abs=6)
