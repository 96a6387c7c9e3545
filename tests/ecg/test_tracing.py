"""What a file held: missing values, gaps, what was found, and the way to a recording of one step."""

import numpy as np
import pytest
from hypothesis import given

from ecg.common_steps import recording_of, tracing_of
from ecg.errors import SignalError
from ecg.leads import MISSING, Lead
from ecg.ranges import SampleRange
from ecg.tracing import MAX_GAPS, Channel, FileKind, Tracing
from tests.ecg.files.samples import record, tracing, tracings


def test_the_lowest_value_of_the_type_is_missing() -> None:
    for samples in (np.array([-32768, 3], np.int16), np.array([-(1 << 31), 3], np.int32)):
        channel = Channel(name="x", lead=None, samples=samples, nv_per_step=10, zero=1)
        assert channel.missing.tolist() == [True, False]
        assert np.isnan(channel.nanovolts()[0]) and channel.nanovolts()[1] == 20


def test_a_gap_is_where_no_channel_has_a_value() -> None:
    rows = np.array([[MISSING, 1, MISSING, MISSING, 5], [MISSING, MISSING, MISSING, MISSING, 5]], np.int16)
    assert tracing(rows).gaps() == (SampleRange(0, 1), SampleRange(2, 2))
    assert [found.missing_samples for found in tracing(rows).found().channels] == [3, 4]


def test_what_was_found_says_scale_leads_and_beats() -> None:
    found = record("mitdb/100").found()
    assert (found.kind, found.rate_hz, found.sample_count, found.duration_s) == (FileKind.WFDB, 360, 7200, 20)
    assert [(of.name, of.nv_per_step, of.zero) for of in found.channels] == [
        ("MLII", 5000, 1024),
        ("V5", 5000, 1024),
    ]
    assert (found.annotations, found.beats, found.gaps) == (26, 25, ())


def test_leads_of_one_step_become_a_recording_exactly() -> None:
    whole = record("challenge2021/E07500")
    recording, error_nv = recording_of(whole)
    assert error_nv == 0
    assert recording.nv_per_lsb == 1000
    assert np.array_equal(recording.samples, np.stack([channel.samples for channel in whole.channels]))


def test_leads_of_many_steps_are_rounded_by_at_most_half_a_step() -> None:
    whole = record("ludb/1")
    recording, error_nv = recording_of(whole)
    assert 0 < error_nv <= recording.nv_per_lsb / 2 * (1 + 1e-9)
    for lead in Lead:
        channel = whole.channel(lead)
        assert channel is not None
        apart = np.abs(recording.lead(lead) * recording.nv_per_lsb - channel.nanovolts())
        assert apart.max() <= error_nv


def test_a_signal_larger_than_16_bits_takes_coarser_steps() -> None:
    recording, error_nv = recording_of(tracing(np.array([[1 << 20, -5]], np.int32)))
    assert recording.samples.tolist() == [[32767, 0]]
    assert error_nv == 5000


@given(tracings())
def test_no_sample_is_further_off_than_said(whole: Tracing) -> None:
    recording, error_nv = recording_of(whole)
    for channel in whole.channels:
        assert channel.lead is not None
        apart = np.abs(recording.lead(channel.lead) * recording.nv_per_lsb - channel.nanovolts())
        assert apart.max() <= error_nv <= recording.nv_per_lsb * 0.51


def test_missing_stays_missing_both_ways() -> None:
    whole = tracing(np.array([[1, MISSING]], np.int16))
    recording, _ = recording_of(whole)
    assert recording.samples.tolist() == [[1, MISSING]]
    assert tracing_of(recording).channels[0].missing.tolist() == [False, True]


def test_a_long_signal_is_the_same_across_blocks() -> None:
    row = (np.arange((1 << 20) + 5) % 30_000).astype(np.int16)
    recording, error_nv = recording_of(tracing([row], step_nv=2500))
    assert error_nv == 0
    assert np.array_equal(recording.samples[0], row)


def test_a_signal_in_shreds_is_refused() -> None:
    row = np.tile(np.array([1, MISSING], np.int16), MAX_GAPS + 1)
    with pytest.raises(SignalError, match=f"{MAX_GAPS + 1} gaps"):
        tracing([row])
    assert len(tracing([row[:-2]]).gaps()) == MAX_GAPS


def test_without_a_standard_lead_there_is_no_recording() -> None:
    channel = Channel(name="MLII", lead=None, samples=np.ones(3, np.int16), nv_per_step=5000)
    with pytest.raises(SignalError, match="none of 1 channels is a standard lead"):
        recording_of(Tracing(kind=FileKind.WFDB, rate_hz=360, channels=(channel,)))


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: tracing(np.ones((1, 2), np.float64)), "samples are float64"),
        (lambda: tracing(np.ones((1, 0), np.int16)), "no samples"),
        (lambda: tracing(np.ones((1, 2), np.int16), step_nv=0), "a step of 0 nV"),
        (lambda: tracing(np.ones((1, 2), np.int16), zero=float("nan")), "zero is at step nan"),
        (lambda: tracing(np.ones((1, 2), np.int16), rate_hz=0.5), "0.5 Hz"),
        (
            lambda: Tracing(
                kind=FileKind.CSV,
                rate_hz=500,
                channels=(
                    tracing(np.ones((1, 2), np.int16)).channels[0],
                    tracing(np.ones((2, 3), np.int16)).channels[1],
                ),
            ),
            r"channels of \[2, 3\] samples",
        ),
    ],
)
def test_what_cannot_be_is_refused(build: object, sentence: str) -> None:
    with pytest.raises(SignalError, match=sentence):
        build()  # type: ignore[operator]
