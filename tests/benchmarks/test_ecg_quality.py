"""The figures of ECG quality are taken, and their disturbances are as strong as they say."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from benchmarks import ecg_noise, ecg_quality
from benchmarks.ecg_swaps import LIMB_SWAPS, swapped
from ecg.leads import STANDARD_LEADS, Electrode
from ecg.limb_leads import TOLERANCE_NV
from ecg.quality.reversal import Reversal
from tests.ecg.quality.made import DATA, sinus


@pytest.fixture
def one_record(tmp_path: Path) -> Path:
    for name in ("1.hea", "1.dat"):
        shutil.copy(DATA / "ludb" / name, tmp_path / name)
    (tmp_path / "other.xml").write_text("<no-ecg/>")
    return tmp_path


def test_every_figure_is_taken_but_those_that_need_1_khz(one_record: Path) -> None:
    rows = ecg_quality.rows(one_record)
    assert [row.what for row in rows if row.value is None] == ["pacing spikes"]
    assert len({row.what for row in rows}) == len(rows) > 40
    by_name = {row.what: row.value for row in rows}
    assert by_name["as stored: a limb reversal suspected"] == 0
    assert by_name["swapped ra_la: suspected"] == 100
    assert by_name["added: 50 Hz, 75 uV peak to peak, found as mains_50"] == 100


def test_without_a_recording_that_is_said(tmp_path: Path) -> None:
    (row,) = ecg_quality.rows(tmp_path)
    assert (row.value, row.why) == (None, "no 12-lead ECG below the folder")


def test_noise_has_the_strength_it_is_asked_for() -> None:
    of_sine = 2 * np.sqrt(2)  # from standard deviation to peak to peak
    assert of_sine * ecg_noise.mains(5000, 500, 120, 50).std() == pytest.approx(120)
    assert of_sine * ecg_noise.wander(50_000, 500, 900).std() == pytest.approx(900)
    assert ecg_noise.muscle(5000, 500, 30, 1).std() == pytest.approx(30)


@pytest.mark.parametrize("electrode", [Electrode.RA, Electrode.LA, Electrode.LL])
def test_noise_at_an_electrode_keeps_the_limb_leads_in_agreement(electrode: Electrode) -> None:
    leads = ecg_noise.at_electrode(ecg_noise.muscle(500, 500, 30, 1), electrode)
    assert agreement_uv(leads) < 1e-9


@pytest.mark.parametrize("reversal", LIMB_SWAPS)
def test_swapped_limb_leads_agree_with_each_other(reversal: Reversal) -> None:
    assert agreement_uv(swapped(sinus(2), reversal)) < TOLERANCE_NV / 1000


@pytest.mark.parametrize("reversal", [Reversal.RA_LA, Reversal.RA_LL, Reversal.LA_LL])
def test_swapping_twice_is_swapping_not_at_all(reversal: Reversal) -> None:
    leads = sinus(2, noise_uv=0)
    assert np.abs(swapped(swapped(leads, reversal), reversal) - leads).max() < 1e-9


def agreement_uv(leads: np.ndarray) -> float:
    """How far III, aVR, aVL and aVF are at most from what I and II make of them."""
    one, two = leads[0], leads[1]
    right = np.stack([two - one, -(one + two) / 2, one - two / 2, two - one / 2])
    return float(np.abs(leads[2 : len(STANDARD_LEADS) - 6] - right).max())
