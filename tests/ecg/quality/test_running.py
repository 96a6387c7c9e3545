"""What is wrong with the signal now is told once it lasts, and until it is gone; nothing flickers."""

import numpy as np
import pytest

from benchmarks.ecg_swaps import swapped
from ecg.errors import SignalError
from ecg.leads import STANDARD_LEADS, Electrode, Lead
from ecg.quality.advice import Advice, Cause, Shortfall
from ecg.quality.device_state import NOTHING_SAID, DeviceState
from ecg.quality.findings import Finding, Grade
from ecg.quality.reversal import Reversal
from ecg.quality.running import BEGINS_S, WINDOW_S, Flaw, RunningQuality
from tests.ecg.quality.made import TWELVE_LEADS, Uv, real, recording, sinus

RATE_HZ = 500


def causes_by_second(uv: Uv, state: DeviceState = NOTHING_SAID) -> list[list[Cause]]:
    """What is told after each second."""
    running, told = RunningQuality(RATE_HZ, STANDARD_LEADS, 1000.0), []
    steps = recording(uv).samples
    for first in range(0, steps.shape[1] - RATE_HZ + 1, RATE_HZ):
        running.feed(first, steps[:, first : first + RATE_HZ], state)
        told.append([one.cause for one in running.flaws])
    return told


def flaws_of(uv: Uv) -> tuple[Flaw, ...]:
    running = RunningQuality(RATE_HZ, STANDARD_LEADS, 1000.0)
    running.feed(0, recording(uv).samples)
    return running.flaws


def with_mains(uv: Uv, leads: tuple[Lead, ...], from_s: float, to_s: float, peak_uv: float = 100) -> Uv:
    first, end = round(from_s * RATE_HZ), round(to_s * RATE_HZ)
    hum = peak_uv * np.sin(2 * np.pi * 50 * np.arange(first, end) / RATE_HZ)
    out = uv.copy()
    for lead in leads:
        out[STANDARD_LEADS.index(lead), first:end] += hum
    return out


def test_nothing_is_told_of_a_clean_ecg() -> None:
    assert flaws_of(sinus(25)) == ()


@pytest.mark.parametrize("name", TWELVE_LEADS)
def test_no_reversal_is_ever_told_of_real_recordings(name: str) -> None:
    of = real(name)
    running = RunningQuality(of.rate_hz, of.leads, of.nv_per_lsb)
    for turn in range(3):
        running.feed(turn * of.sample_count, of.samples)
    assert [one.cause for one in running.flaws if isinstance(one.cause, Reversal)] == []


def test_what_lasts_is_told_from_its_third_second_on_until_none_of_it_is_left_in_the_window() -> None:
    told = causes_by_second(with_mains(sinus(20), (Lead.V3,), 5, 12))
    stands = [k for k, one in enumerate(told) if one == [Finding.MAINS_50]]
    assert stands == list(range(5 + BEGINS_S - 1, 12 + WINDOW_S - 1))


def test_what_shows_in_one_second_only_is_not_told() -> None:
    assert causes_by_second(with_mains(sinus(15), (Lead.V3,), 6, 7)) == [[]] * 15


def test_what_comes_and_goes_does_not_flicker() -> None:
    uv = sinus(30)
    for second in range(4, 26, 2):
        uv = with_mains(uv, (Lead.V3,), second, second + 1)
    told = [bool(one) for one in causes_by_second(uv)]
    assert sum(a != b for a, b in zip(told, told[1:], strict=False)) == 2


def test_a_flaw_names_its_lead_its_electrode_its_grade_and_what_to_do() -> None:
    assert flaws_of(with_mains(sinus(10), (Lead.V3,), 0, 10)) == (
        Flaw(Finding.MAINS_50, Grade.NOTED, Advice.REMOVE_MAINS, (Lead.V3,), Electrode.V3),
    )
    (spoilt,) = flaws_of(with_mains(sinus(10), (Lead.V3,), 0, 10, peak_uv=400))
    assert spoilt.grade is Grade.UNUSABLE


def test_flat_lines_in_every_lead_ask_to_look_at_the_patient_and_are_told_once() -> None:
    noise = np.random.default_rng(1).normal(0, 2, (12, 10 * RATE_HZ))
    (flaw,) = flaws_of(noise)
    assert (flaw.cause, flaw.advice) == (Shortfall.ALL_FLAT, Advice.LOOK_AT_PATIENT)


def test_swapped_arms_are_told_once_two_looks_agree_and_no_more_once_they_are_put_right() -> None:
    wrong, right = swapped(sinus(30), Reversal.RA_LA), sinus(30)
    told = causes_by_second(np.concatenate([wrong, right], axis=1))
    assert [k for k, one in enumerate(told) if one == [Reversal.RA_LA]] == list(range(19, 49))


def test_no_swap_is_looked_for_while_an_electrode_is_off() -> None:
    off = DeviceState(electrodes_off=Electrode.V2)
    assert causes_by_second(swapped(sinus(30), Reversal.RA_LA), off) == [[]] * 30


def test_what_does_not_continue_begins_anew() -> None:
    running = RunningQuality(RATE_HZ, STANDARD_LEADS, 1000.0)
    steps = recording(with_mains(sinus(10), (Lead.V3,), 0, 10)).samples
    running.feed(0, steps)
    assert running.flaws != ()
    running.feed(steps.shape[1] + 1, steps[:, :RATE_HZ])
    assert running.flaws == ()


def test_pieces_of_any_size_tell_the_same() -> None:
    steps = recording(with_mains(sinus(12), (Lead.V3,), 0, 12)).samples
    whole, pieces = (RunningQuality(RATE_HZ, STANDARD_LEADS, 1000.0) for _ in range(2))
    whole.feed(0, steps)
    for first in range(0, steps.shape[1], 10):
        pieces.feed(first, steps[:, first : first + 10])
    assert pieces.flaws == whole.flaws != ()


def test_a_stream_that_cannot_be_judged_is_refused() -> None:
    with pytest.raises(SignalError, match="50 Hz"):
        RunningQuality(50, STANDARD_LEADS, 1000.0)
