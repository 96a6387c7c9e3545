"""One verdict a second, the same in whatever pieces the samples come."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import ecg_noise
from ecg.errors import SignalError
from ecg.leads import STANDARD_LEADS, Electrode, Lead
from ecg.packets import Flag, Wave
from ecg.quality.device_state import NOTHING_SAID, DeviceState, state_of
from ecg.quality.findings import Finding, Grade, SecondQuality
from ecg.quality.live import LiveQuality, assess
from ecg.ranges import SampleRange
from tests.ecg.quality.made import findings, recording, sinus

RATE_HZ = 250
DISTURBED = sinus(6, rate_hz=RATE_HZ)
DISTURBED[2] += ecg_noise.mains(DISTURBED.shape[1], RATE_HZ, 200, 50)
DISTURBED[7] += ecg_noise.wander(DISTURBED.shape[1], RATE_HZ, 2500)
DISTURBED[9, 400:1100] = 0
DISTURBED[4, 700:760] = np.nan
SAMPLES = recording(DISTURBED, RATE_HZ).samples


@given(cuts=st.lists(st.integers(0, SAMPLES.shape[1]), max_size=40))
@settings(max_examples=25, deadline=None)
def test_chunks_change_nothing(cuts: list[int]) -> None:
    live = LiveQuality(RATE_HZ, STANDARD_LEADS, 1000)
    borders = [0, *sorted(cuts), SAMPLES.shape[1]]
    verdicts: list[SecondQuality] = []
    for first, end in zip(borders, borders[1:], strict=False):
        verdicts += live.feed(SAMPLES[:, first:end])
    assert tuple(verdicts + live.finish()) == assess(recording(DISTURBED, RATE_HZ))


def test_every_sample_is_judged_once_and_in_order() -> None:
    verdicts = assess(recording(DISTURBED[:, :1420], RATE_HZ))
    assert [(one.samples.first, one.samples.end) for one in verdicts] == [
        (0, 250), (250, 500), (500, 750), (750, 1000), (1000, 1250), (1250, 1420),
    ]  # fmt: skip


def test_less_than_a_second_is_not_judged() -> None:
    assert assess(recording(DISTURBED[:, : RATE_HZ - 1], RATE_HZ)) == ()
    assert len(assess(recording(DISTURBED[:, :RATE_HZ], RATE_HZ))) == 1


def test_what_was_disturbed_is_found_where_it_was_and_nowhere_else() -> None:
    verdicts = assess(recording(DISTURBED, RATE_HZ))
    where = {
        finding: [(k, lead) for k, verdict in enumerate(verdicts) for lead in verdict.sizes_uv(finding)]
        for finding in findings(verdicts)
    }
    assert where[Finding.MAINS_50] == [(k, Lead.III) for k in range(6)]
    assert {lead for _, lead in where[Finding.WANDER]} == {Lead.V2}
    assert where[Finding.FLAT] == [(3, Lead.V4)]  # 1.6 s to 4.4 s: the seconds 2 and 3 show nothing together
    assert where[Finding.MISSING] == [(2, Lead.AVL), (3, Lead.AVL)]
    assert set(where) == {Finding.MAINS_50, Finding.WANDER, Finding.FLAT, Finding.MISSING}


def test_a_restart_counts_from_the_index_it_is_given_and_forgets_what_was() -> None:
    live = LiveQuality(RATE_HZ, STANDARD_LEADS, 1000)
    live.feed(SAMPLES[:, :300], DeviceState(Electrode.RL))
    live.restart(10_000)
    (verdict,) = live.feed(np.full((12, RATE_HZ), 700, np.int16))
    assert verdict.samples == SampleRange(10_000, RATE_HZ)
    assert findings((verdict,)) == {}  # one second alone is not called flat, nor off any more


def test_what_the_device_says_holds_for_the_seconds_its_samples_lie_in() -> None:
    quiet = recording(sinus(5))
    states = [(SampleRange(900, 200), DeviceState(Electrode.V2))]
    verdicts = assess(quiet, states)
    off = [sorted(verdict.sizes_uv(Finding.LEAD_OFF)) for verdict in verdicts]
    assert off == [[], [Lead.V2], [Lead.V2], [], []]
    assert [verdict.electrodes_off for verdict in verdicts] == [0, Electrode.V2, Electrode.V2, 0, 0]


def test_a_limb_electrode_that_is_off_makes_all_leads_unusable() -> None:
    (verdict,) = assess(recording(sinus(1)), [(SampleRange(0, 500), DeviceState(Electrode.LA))])
    assert findings((verdict,)) == {Finding.LEAD_OFF: 12}
    assert not any(second.usable for second in verdict.leads.values())


def test_a_lead_that_is_off_is_judged_no_further() -> None:
    uv = sinus(1)
    uv[8] = np.random.default_rng(0).normal(0, 5000, 500)
    (verdict,) = assess(recording(uv), [(SampleRange(0, 500), DeviceState(Electrode.V3))])
    assert [one.finding for one in verdict.leads[Lead.V3].findings] == [Finding.LEAD_OFF]


def test_a_calibration_pulse_is_no_ecg() -> None:
    verdicts = assess(recording(sinus(2)), [(SampleRange(0, 500), DeviceState(calibration=True))])
    assert findings(verdicts[:1]) == {Finding.CALIBRATION: 12}
    assert findings(verdicts[1:]) == {}


def test_clipped_bits_of_the_device_are_told() -> None:
    (verdict,) = assess(
        recording(sinus(1)), [(SampleRange(5, 10), DeviceState(clipped=frozenset({Lead.V6})))]
    )
    assert verdict.sizes_uv(Finding.CLIPPED) == {Lead.V6: 0.0}
    assert verdict.leads[Lead.V6].usable


def test_the_bits_of_a_packet_are_read_in_the_order_of_its_leads() -> None:
    order = (Lead.V1, Lead.II, Lead.I)
    wave = Wave(
        stream_id=1, first_index=0, captured_us=0, samples=np.zeros((3, 5), np.int16),
        electrodes_off=Electrode.V5, unusable=0b010, clipped=0b101, flags=Flag.CALIBRATION,
    )  # fmt: skip
    assert state_of(wave, order) == DeviceState(
        Electrode.V5, frozenset({Lead.II}), frozenset({Lead.I, Lead.V1}), calibration=True
    )
    assert state_of(wave, order).off == {Lead.II, Lead.V5}
    assert NOTHING_SAID | state_of(wave, order) == state_of(wave, order)


@pytest.mark.parametrize(("missing", "grade"), [(1, Grade.NOTED), (49, Grade.NOTED), (50, Grade.UNUSABLE)])
def test_a_hole_as_long_as_a_complex_makes_its_second_unusable(missing: int, grade: Grade) -> None:
    uv = sinus(1)
    uv[0, 100 : 100 + missing] = np.nan
    (verdict,) = assess(recording(uv))
    assert [(one.finding, one.grade) for one in verdict.leads[Lead.I].findings] == [(Finding.MISSING, grade)]


def test_a_second_without_a_sample_is_missing_and_nothing_else() -> None:
    uv = sinus(3)
    uv[:, 500:1000] = np.nan
    verdicts = assess(recording(uv))
    assert findings(verdicts[1:2]) == {Finding.MISSING: 12}
    assert not verdicts[1].all_flat
    assert findings(verdicts[2:]) == {}


@pytest.mark.parametrize("rate_hz", [99, 0, -500, 40_000])
def test_a_rate_it_cannot_judge_is_refused(rate_hz: float) -> None:
    with pytest.raises(SignalError, match="100 to 32000 Hz"):
        LiveQuality(rate_hz, STANDARD_LEADS, 1000)


def test_samples_of_another_shape_are_refused() -> None:
    live = LiveQuality(500, STANDARD_LEADS, 1000)
    for wrong in (np.zeros((11, 5), np.int16), np.zeros((12, 5), np.int32), np.zeros(12, np.int16)):
        with pytest.raises(SignalError, match=r"int16 \(12, n\) is right"):
            live.feed(wrong)


def test_states_out_of_order_or_beyond_the_end_are_refused() -> None:
    state = DeviceState(Electrode.V1)
    for states in (
        [(SampleRange(400, 200), state)],
        [(SampleRange(100, 50), state), (SampleRange(90, 50), state)],
    ):
        with pytest.raises(SignalError, match="is right"):
            assess(recording(sinus(1)), states)
