"""From the leads that show something to the electrode to see to."""

import numpy as np
import pytest

from benchmarks import ecg_noise
from ecg.leads import INDEPENDENT_LEADS, STANDARD_LEADS, Electrode, Lead
from ecg.quality.device_state import DeviceState
from ecg.quality.electrodes import EVERY_ELECTRODE, electrodes_behind, suspected_electrodes
from ecg.quality.findings import Finding
from ecg.quality.live import assess
from ecg.ranges import SampleRange
from tests.ecg.quality.made import recording, sinus

LIMB = [Electrode.RA, Electrode.LA, Electrode.LL]
CHEST = [Electrode.V1, Electrode.V2, Electrode.V3, Electrode.V4, Electrode.V5, Electrode.V6]
NOISES = {
    Finding.MAINS_50: lambda n: ecg_noise.mains(n, 500, 400, 50),
    Finding.MUSCLE: lambda n: ecg_noise.muscle(n, 500, 150, 1),
    Finding.WANDER: lambda n: ecg_noise.wander(n, 500, 6000, 0.4),
}


@pytest.mark.parametrize("electrode", LIMB + CHEST)
@pytest.mark.parametrize("finding", NOISES)
def test_noise_at_one_electrode_names_that_electrode(finding: Finding, electrode: Electrode) -> None:
    uv = sinus(4)
    verdicts = assess(recording(uv + ecg_noise.at_electrode(NOISES[finding](2000), electrode)))[1:]
    assert [electrodes_behind(verdict, finding) for verdict in verdicts] == 3 * [electrode]


@pytest.mark.parametrize("electrode", LIMB)
def test_eight_leads_are_enough_to_name_a_limb_electrode(electrode: Electrode) -> None:
    rows = [STANDARD_LEADS.index(lead) for lead in INDEPENDENT_LEADS]
    uv = sinus(3) + ecg_noise.at_electrode(ecg_noise.mains(1500, 500, 400, 50), electrode)
    verdicts = assess(recording(uv[rows], leads=INDEPENDENT_LEADS))
    assert [electrodes_behind(verdict, Finding.MAINS_50) for verdict in verdicts] == 3 * [electrode]


def test_noise_in_all_leads_alike_is_the_reference_electrodes() -> None:
    uv = sinus(3) + ecg_noise.mains(1500, 500, 400, 50)
    verdicts = assess(recording(uv))
    assert {electrodes_behind(verdict, Finding.MAINS_50) for verdict in verdicts} == {Electrode.RL}


def test_a_limb_electrode_and_a_chest_electrode_are_both_named() -> None:
    noise = ecg_noise.at_electrode(ecg_noise.mains(1500, 500, 400, 50), Electrode.LL)
    noise += ecg_noise.at_electrode(ecg_noise.mains(1500, 500, 500, 50), Electrode.V4)
    (verdict, *_) = assess(recording(sinus(3) + noise))
    assert electrodes_behind(verdict, Finding.MAINS_50) == Electrode.LL | Electrode.V4


def test_of_one_noisy_limb_lead_both_electrodes_are_named() -> None:
    assert (
        suspected_electrodes(Finding.MUSCLE, {Lead.II: 30.0}, STANDARD_LEADS) == Electrode.RA | Electrode.LL
    )


def test_a_flat_limb_lead_names_the_two_electrodes_that_see_the_same() -> None:
    uv = sinus(4)
    uv[1] = 0
    uv[8] = 0
    verdict = assess(recording(uv))[2]
    assert electrodes_behind(verdict, Finding.FLAT) == Electrode.RA | Electrode.LL | Electrode.V3


def test_all_leads_flat_is_every_electrode() -> None:
    verdict = assess(recording(np.zeros((12, 2000))))[2]
    assert electrodes_behind(verdict, Finding.FLAT) == EVERY_ELECTRODE
    assert len(EVERY_ELECTRODE) == 10


def test_what_the_device_names_is_named_and_no_guess_beside_it() -> None:
    (verdict,) = assess(recording(sinus(1)), [(SampleRange(0, 500), DeviceState(Electrode.LL))])
    assert electrodes_behind(verdict, Finding.LEAD_OFF) == Electrode.LL


def test_a_lead_the_device_calls_unusable_names_its_own_electrodes() -> None:
    (verdict,) = assess(
        recording(sinus(1)), [(SampleRange(0, 500), DeviceState(unusable=frozenset({Lead.I})))]
    )
    assert electrodes_behind(verdict, Finding.LEAD_OFF) == Electrode.RA | Electrode.LA


@pytest.mark.parametrize("finding", [Finding.MISSING, Finding.CALIBRATION])
def test_what_no_electrode_causes_names_none(finding: Finding) -> None:
    assert suspected_electrodes(finding, dict.fromkeys(STANDARD_LEADS, 0.0), STANDARD_LEADS) == Electrode(0)


@pytest.mark.parametrize("finding", Finding)
def test_what_was_not_found_names_none(finding: Finding) -> None:
    (verdict,) = assess(recording(sinus(1)))
    assert electrodes_behind(verdict, finding) == Electrode(0)
