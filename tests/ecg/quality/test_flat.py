"""A flat line is called flat, never lead off, and an ECG of low voltage is none."""

import numpy as np
import pytest

from ecg.leads import STANDARD_LEADS, Lead
from ecg.quality.findings import Finding
from ecg.quality.live import assess
from tests.ecg.quality.made import findings, found_in, recording, sinus


def amplifier(seconds: float, noise_uv: float) -> np.ndarray:
    """Twelve leads with nothing at their inputs."""
    return np.random.default_rng(1).normal(0, noise_uv, (12, round(seconds * 500)))


@pytest.mark.parametrize("noise_uv", [0, 1, 3])
@pytest.mark.parametrize("drift_uv_per_s", [0, 500])
def test_a_lead_that_shows_nothing_is_flat_also_while_it_drifts(
    noise_uv: float, drift_uv_per_s: float
) -> None:
    uv = sinus(6)
    uv[7] = amplifier(6, noise_uv)[0] + drift_uv_per_s * np.arange(3000) / 500
    verdicts = assess(recording(uv))
    assert [Lead.V2 in verdict.sizes_uv(Finding.FLAT) for verdict in verdicts] == [False] + 5 * [True]
    assert findings(verdicts) == {Finding.FLAT: 5}
    assert not any(verdict.all_flat for verdict in verdicts)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.3])
def test_low_voltage_is_not_flat(share: float) -> None:
    uv = share * sinus(6, noise_uv=0)
    seen = {lead for verdict in assess(recording(uv)) for lead in verdict.sizes_uv(Finding.FLAT)}
    assert seen == {lead for lead, row in zip(STANDARD_LEADS, uv, strict=True) if np.ptp(row) < 30}
    assert len(seen) <= 2  # III and aVL at a twentieth of their size


@pytest.mark.parametrize("heart_rate", [31, 40, 60])
def test_the_line_between_beats_is_not_flat(heart_rate: int) -> None:
    assert found_in(sinus(12, heart_rate, noise_uv=0)) == {}


def test_a_standstill_is_flat_in_every_lead_and_never_lead_off() -> None:
    uv = np.concatenate([sinus(4, noise_uv=2), amplifier(6, 2)], axis=1)
    verdicts = assess(recording(uv))
    assert [verdict.all_flat for verdict in verdicts] == 5 * [False] + 5 * [True]
    assert set(findings(verdicts)) == {Finding.FLAT}


def test_p_waves_without_complexes_are_not_flat_where_they_are_seen() -> None:
    """Ventricular standstill: P goes on, the ventricles stand."""
    uv = sinus(8, noise_uv=2)
    in_beat = np.arange(4000) % 500
    uv[:, in_beat > 60] = 0
    verdicts = assess(recording(uv))
    assert Lead.II not in {lead for verdict in verdicts for lead in verdict.sizes_uv(Finding.FLAT)}
    assert not any(verdict.all_flat for verdict in verdicts)
    assert Finding.LEAD_OFF not in findings(verdicts)


def test_what_is_missing_is_not_flat() -> None:
    uv = sinus(5)
    uv[3, 1000:] = np.nan
    assert Finding.FLAT not in found_in(uv)


def test_leads_that_give_no_signal_do_not_keep_the_rest_from_being_all_flat() -> None:
    uv = amplifier(4, 2)
    uv[5] = np.nan
    verdicts = assess(recording(uv, leads=STANDARD_LEADS))
    assert [verdict.all_flat for verdict in verdicts] == [False, True, True, True]
