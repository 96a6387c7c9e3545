"""Swapped electrodes are suspected, right ones are not, and what cannot be told is said."""

import numpy as np
import pytest

from benchmarks.ecg_swaps import swapped, with_chest_swapped
from ecg.leads import STANDARD_LEADS, Lead
from ecg.quality.reversal import Reversal, ReversalCheck, Suspicion, Untested, suspected_reversals
from ecg.recording import Recording
from tests.ecg.quality.made import TWELVE_LEADS, Uv, real, recording, sinus

FOUND = [Reversal.RA_LA, Reversal.RA_LL, Reversal.RA_RL, Reversal.LA_RL, Reversal.ARMS_LEGS]


def uv_of(of: Recording) -> Uv:
    rows = [of.leads.index(lead) for lead in STANDARD_LEADS]
    return of.samples[rows].astype(np.float64) * (of.nv_per_lsb / 1000)


def suspected(uv: Uv, rate_hz: float = 500) -> set[Reversal]:
    return {one.reversal for one in suspected_reversals(recording(uv, rate_hz)).suspected}


@pytest.mark.parametrize("name", TWELVE_LEADS)
def test_nothing_is_suspected_in_real_recordings(name: str) -> None:
    check = suspected_reversals(real(name))
    assert check.suspected == ()
    assert check.untested == {Reversal.LA_LL: Untested.NOT_DISTINCT}


@pytest.mark.parametrize("reversal", FOUND)
@pytest.mark.parametrize("heart_rate", [60, 120])
def test_each_reversal_is_named_in_sinus_rhythm(heart_rate: int, reversal: Reversal) -> None:
    uv = sinus(10, heart_rate)
    assert suspected(uv) == set()
    assert suspected(swapped(uv, reversal)) == {reversal}


@pytest.mark.parametrize(
    "name", ["ludb/1.hea", "challenge2021/E07500.hea", "philips/pagewriter-touch-1.04.xml"]
)
@pytest.mark.parametrize("reversal", FOUND)
def test_each_reversal_is_suspected_in_real_recordings(reversal: Reversal, name: str) -> None:
    of = real(name)
    assert suspected(swapped(uv_of(of), reversal), of.rate_hz) & set(FOUND)


@pytest.mark.parametrize("reversal", [Reversal.RA_RL, Reversal.LA_RL, Reversal.ARMS_LEGS])
def test_a_lead_between_two_legs_need_not_be_quite_flat(reversal: Reversal) -> None:
    uv = sinus(10)
    legs = 0.04 * uv[1]  # what is left between the legs of a person
    flat = swapped(uv, reversal)
    flat[:3] += legs
    assert suspected(flat) == {reversal}


def test_left_arm_and_left_leg_are_never_suspected_and_always_said_untold() -> None:
    check = suspected_reversals(recording(swapped(sinus(10), Reversal.LA_LL)))
    assert check == ReversalCheck((), {Reversal.LA_LL: Untested.NOT_DISTINCT})


@pytest.mark.parametrize("waves", [slice(0, 70), slice(80, 130)])
def test_p_alone_or_qrs_alone_inverted_is_no_reversal(waves: slice) -> None:
    """An atrial rhythm from elsewhere; a scar, or an axis to the right."""
    uv = sinus(10, noise_uv=2)
    for lead in range(6):
        beats = uv[lead].reshape(-1, 500)
        beats[:, waves] *= -1
    assert suspected(uv) == set()


def test_without_a_p_wave_arms_are_told_from_qrs_and_the_rest_is_said_untested() -> None:
    uv = sinus(10, noise_uv=2)
    uv.reshape(12, -1, 500)[:, :, :60] = 0
    check = suspected_reversals(recording(uv))
    assert (check.suspected, check.untested[Reversal.RA_LL]) == ((), Untested.NO_P)
    check = suspected_reversals(recording(swapped(uv, Reversal.RA_LA)))
    assert check.suspected in ((), (Suspicion(Reversal.RA_LA, on_qrs_alone=True),))


def test_qrs_alone_is_believed_only_where_v6_contradicts() -> None:
    uv = sinus(10, noise_uv=2)
    uv.reshape(12, -1, 500)[:, :, :60] = 0
    uv[1] *= 0.3  # an axis to the left: aVR then points up when the arms are swapped
    turned = swapped(uv, Reversal.RA_LA)
    assert suspected_reversals(recording(turned)).suspected == (Suspicion(Reversal.RA_LA, on_qrs_alone=True),)
    turned[11] *= -1
    assert Reversal.RA_LA not in suspected(turned)


@pytest.mark.parametrize("pair", [(Lead.V1, Lead.V4), (Lead.V2, Lead.V5), (Lead.V1, Lead.V6)])
@pytest.mark.parametrize("name", ["challenge2021/E07500.hea", "ludb/1.hea"])
def test_chest_electrodes_far_from_their_place_are_suspected_and_no_wrong_ones_named(
    name: str, pair: tuple[Lead, Lead]
) -> None:
    of = real(name)
    (one,) = suspected_reversals(recording(with_chest_swapped(uv_of(of), pair), of.rate_hz)).suspected
    assert one.reversal is Reversal.CHEST_ORDER
    assert one.chest in (pair, ())


def test_two_chest_electrodes_that_are_clearly_the_ones_are_named() -> None:
    of = real("challenge2021/E07500.hea")
    (one,) = suspected_reversals(
        recording(with_chest_swapped(uv_of(of), (Lead.V1, Lead.V4)), of.rate_hz)
    ).suspected
    assert one.chest == (Lead.V1, Lead.V4)


def test_a_recording_without_beats_is_not_tested() -> None:
    check = suspected_reversals(recording(np.zeros((12, 5000))))
    assert check == ReversalCheck((), dict.fromkeys(Reversal, Untested.FEW_BEATS))


def test_what_lacks_leads_is_not_tested() -> None:
    of = real("ludb/1.hea")
    rows = [0, 2, 6]
    few = recording(uv_of(of)[rows], of.rate_hz, tuple(STANDARD_LEADS[k] for k in rows))
    check = suspected_reversals(few)
    assert check.suspected == ()
    assert set(check.untested) == set(Reversal)
    assert check.untested[Reversal.RA_LA] is Untested.LEADS_MISSING


def test_a_rate_at_which_no_beats_are_found_is_said() -> None:
    check = suspected_reversals(recording(sinus(5, rate_hz=2000), 2000))
    assert check == ReversalCheck((), dict.fromkeys(Reversal, Untested.RATE))
