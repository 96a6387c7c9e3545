"""What is measured: noise is found at its strength, and what the heart does is not called noise."""

import numpy as np
import pytest

from benchmarks import ecg_noise
from ecg.leads import STANDARD_LEADS, Lead
from ecg.quality.findings import Finding, Grade
from ecg.quality.live import assess
from tests.ecg.quality.made import TWELVE_LEADS, Uv, findings, found_in, real, recording, sinus

NUMBER_OF_LEADS = 12


def wide_beats(seconds: float, per_minute: float, rate_hz: int = 500) -> Uv:
    """Complexes without a level stretch between them, 2 mV, as in ventricular tachycardia."""
    turn = 2 * np.pi * per_minute / 60 * np.arange(round(seconds * rate_hz)) / rate_hz
    wave = 1000 * np.sin(turn) + 300 * np.sin(2 * turn + 0.7)
    return np.outer([-1, -0.7, -0.4, -0.2, 0.2, 0.4, 0.6, 0.8, 1, 1.2, -1.2, 0.5], wave)


def fibrillation(seconds: float, rate_hz: int = 500) -> Uv:
    """Waves of 3 to 8 Hz without order."""
    n = round(seconds * rate_hz)
    spectrum = np.fft.rfft(np.random.default_rng(3).normal(size=(NUMBER_OF_LEADS, n)))
    frequencies = np.fft.rfftfreq(n, 1 / rate_hz)
    spectrum[:, (frequencies < 3) | (frequencies > 8)] = 0
    waves = np.fft.irfft(spectrum, n)
    return 400 * waves / waves.std(axis=1, keepdims=True)


@pytest.mark.parametrize("rate_hz", [100, 128, 200, 250, 360, 500, 1000, 2000])
@pytest.mark.parametrize("heart_rate", [30, 60, 120, 180])
def test_a_clean_ecg_has_no_finding_at_any_rate(heart_rate: int, rate_hz: int) -> None:
    assert found_in(sinus(8, heart_rate, rate_hz), rate_hz) == {}


@pytest.mark.parametrize("name", TWELVE_LEADS)
def test_real_recordings_of_good_quality_have_next_to_none(name: str) -> None:
    found = findings(assess(real(name)))
    assert sum(found.values()) <= 1, found
    assert set(found) <= {Finding.WANDER}


@pytest.mark.parametrize("per_minute", [100, 110, 125, 150, 180, 200, 250])
def test_wide_beats_are_neither_wander_nor_noise(per_minute: float) -> None:
    assert found_in(wide_beats(10, per_minute)) == {}


def test_ventricular_fibrillation_is_neither_wander_nor_noise_nor_flat() -> None:
    found = found_in(fibrillation(20))
    assert sum(found.values()) <= 0.05 * 20 * NUMBER_OF_LEADS
    assert set(found) <= {Finding.WANDER}


@pytest.mark.parametrize("height", [1200, -1200])
def test_tall_t_waves_are_no_wander(height: float) -> None:
    """IEC 60601-2-27 tests monitors with T waves of 1.2 mV."""
    uv = sinus(10)
    in_beat = np.arange(uv.shape[1]) % 500
    wave = np.where((in_beat > 180) & (in_beat < 300), np.sin(np.pi * (in_beat - 180) / 120), 0)
    assert found_in(uv + height * wave) == {}


@pytest.mark.parametrize("rate_hz", [128, 200, 250, 500, 1000])
@pytest.mark.parametrize("hz", [49.6, 50, 50.4])
@pytest.mark.parametrize("heart_rate", [60, 180])
def test_mains_is_found_and_its_size_is_right(heart_rate: int, hz: float, rate_hz: int) -> None:
    uv = sinus(5, heart_rate, rate_hz)
    uv += ecg_noise.mains(uv.shape[1], rate_hz, 150, hz)
    verdicts = assess(recording(uv, rate_hz))
    sizes = [size for verdict in verdicts for size in verdict.sizes_uv(Finding.MAINS_50).values()]
    assert len(sizes) == 5 * NUMBER_OF_LEADS
    assert max(abs(size - 150) for size in sizes) < 45
    assert set(findings(verdicts)) == {Finding.MAINS_50}


@pytest.mark.parametrize("rate_hz", [200, 360, 500, 1000])
def test_60_hz_is_told_from_50(rate_hz: int) -> None:
    uv = sinus(5, 60, rate_hz)
    assert set(found_in(uv + ecg_noise.mains(uv.shape[1], rate_hz, 100, 60), rate_hz)) == {Finding.MAINS_60}


@pytest.mark.parametrize(("size", "grade"), [(30, None), (90, Grade.NOTED), (800, Grade.UNUSABLE)])
def test_mains_matters_as_much_as_it_is_high(size: float, grade: Grade | None) -> None:
    uv = sinus(3)
    verdicts = assess(recording(uv + ecg_noise.mains(uv.shape[1], 500, size, 50)))
    for verdict in verdicts:
        for second in verdict.leads.values():
            found = second.of(Finding.MAINS_50)
            assert (found and found.grade) == grade


def test_mains_that_cannot_be_told_at_a_low_rate_is_not_called_muscle() -> None:
    uv = sinus(5, 60, 100)
    assert Finding.MAINS_60 not in found_in(uv + ecg_noise.mains(uv.shape[1], 100, 60, 60), 100)


@pytest.mark.parametrize("heart_rate", [60, 120, 180])
@pytest.mark.parametrize(("size", "grade"), [(10, None), (45, Grade.NOTED), (120, Grade.UNUSABLE)])
def test_muscle_noise_matters_as_much_as_it_is_strong(
    heart_rate: int, size: float, grade: Grade | None
) -> None:
    uv = sinus(5, heart_rate, noise_uv=0)
    uv += np.stack([ecg_noise.muscle(uv.shape[1], 500, size, k) for k in range(NUMBER_OF_LEADS)])
    grades = [
        (found := second.of(Finding.MUSCLE)) and found.grade
        for verdict in assess(recording(uv))
        for second in verdict.leads.values()
    ]
    assert sum(one == grade for one in grades) >= 0.95 * len(grades)


def test_strong_muscle_noise_is_not_mains() -> None:
    uv = sinus(10, noise_uv=0)
    uv += np.stack([ecg_noise.muscle(uv.shape[1], 500, 400, k) for k in range(NUMBER_OF_LEADS)])
    assert Finding.MAINS_50 not in found_in(uv) and Finding.MAINS_60 not in found_in(uv)


def test_mains_with_overtones_is_not_muscle() -> None:
    uv = sinus(5)
    n = uv.shape[1]
    uv += ecg_noise.mains(n, 500, 1000, 50) + ecg_noise.mains(n, 500, 150, 150)
    assert set(found_in(uv)) == {Finding.MAINS_50}


@pytest.mark.parametrize(("size", "least"), [(150, 0), (1000, 0.7), (3000, 0.95)])
def test_wander_is_found_where_the_baseline_moves(size: float, least: float) -> None:
    uv = sinus(20)
    found = found_in(uv + ecg_noise.wander(uv.shape[1], 500, size))
    seen = found.pop(Finding.WANDER, 0) / (20 * NUMBER_OF_LEADS)
    assert seen >= least if least else seen == 0
    assert found == {}


def test_a_baseline_that_jumps_is_wander_in_the_seconds_around() -> None:
    uv = sinus(10)
    uv[6, 2500:] += 1500
    verdicts = assess(recording(uv))
    where = [k for k, verdict in enumerate(verdicts) if Lead.V1 in verdict.sizes_uv(Finding.WANDER)]
    assert where == [5]
    assert not verdicts[5].leads[Lead.V1].usable
    assert set(findings(verdicts)) == {Finding.WANDER}


def test_no_wander_is_told_of_a_first_second() -> None:
    uv = sinus(1) + np.linspace(0, 5000, 500)
    assert found_in(uv) == {}


@pytest.mark.parametrize("offset", [-9000, 9000])
def test_an_offset_of_the_electrode_changes_nothing(offset: float) -> None:
    assert found_in(sinus(5) + offset) == {}


def test_steps_of_any_size_give_the_same_findings() -> None:
    uv = sinus(4) + ecg_noise.mains(2000, 500, 120, 50)
    fine = recording(uv)
    coarse = type(fine)(
        leads=STANDARD_LEADS, rate_hz=500, nv_per_lsb=5000.0, samples=np.rint(uv / 5).astype(np.int16)
    )
    assert findings(assess(coarse)) == findings(assess(fine))
