"""Beats of any stored ECG: channels of any name, step and rate; what cannot be done is refused."""

import numpy as np
import pytest

from ecg.errors import SignalError
from ecg.leads import MISSING, STANDARD_LEADS, Lead
from ecg.signal.tracing_beats import beats_of, channels_named
from ecg.synthetic import SyntheticEcg
from ecg.tracing import Channel, FileKind, Tracing

R_AT_S = (160 + 45) / 1000


def tracing(rate_hz: int, seconds: int = 12, step_nv: float = 1000.0, name: str = "MLII") -> Tracing:
    rows = SyntheticEcg(rate_hz).samples(0, rate_hz * seconds)
    two, five = rows[STANDARD_LEADS.index(Lead.II)], rows[STANDARD_LEADS.index(Lead.V5)]
    return Tracing(
        kind=FileKind.WFDB,
        rate_hz=rate_hz,
        channels=(
            Channel(name=name, lead=None, samples=two, nv_per_step=step_nv),
            Channel(name="V5", lead=Lead.V5, samples=five, nv_per_step=step_nv),
        ),
    )


@pytest.mark.parametrize("rate_hz", [100, 500, 1000, 1001, 2000, 8000])
def test_beats_stand_at_the_samples_of_the_file_at_any_rate(rate_hz: int) -> None:
    beats = beats_of(tracing(rate_hz))
    reference = [round((R_AT_S + second) * rate_hz) for second in range(12)]
    assert len(beats) == 12
    assert max(abs(b.sample - r) for b, r in zip(beats, reference, strict=True)) <= 0.008 * rate_hz + 1


def test_a_file_of_low_rate_is_refused() -> None:
    with pytest.raises(SignalError, match="50 Hz; beats are found at 100 Hz"):
        beats_of(
            Tracing(
                kind=FileKind.CSV,
                rate_hz=50,
                channels=(Channel(name="x", lead=None, samples=np.zeros(500, np.int16), nv_per_step=1000),),
            )
        )


def test_a_channel_of_32_bits_far_from_zero_gives_the_same_beats() -> None:
    narrow = tracing(500)
    wide = Channel(
        name="MLII",
        lead=None,
        samples=narrow.channels[0].samples.astype(np.int32) * 1000 + 7_000_000,
        nv_per_step=1.0,
        zero=7_000_000.0,
    )
    wider = Tracing(kind=FileKind.WFDB, rate_hz=500, channels=(wide,))
    assert [b.sample for b in beats_of(wider)] == [b.sample for b in beats_of(narrow, narrow.channels[:1])]


def test_missing_samples_of_a_fast_file_are_not_averaged_into_values() -> None:
    fast = tracing(2000)
    samples = fast.channels[0].samples.copy()
    samples[8001:12001:2] = MISSING
    holed = Channel(name="MLII", lead=None, samples=samples, nv_per_step=1000)
    beats = beats_of(Tracing(kind=FileKind.WFDB, rate_hz=2000, channels=(holed,)))
    assert not [b for b in beats if 8001 <= b.sample < 12000]
    assert len(beats) == 10


def test_a_lead_is_found_by_its_name_or_its_standard_name() -> None:
    found = tracing(500)
    assert channels_named(found, ["mlii"])[0] is found.channels[0]
    assert channels_named(found, ["V5"])[0] is found.channels[1]
    with pytest.raises(SignalError, match="no lead aVF; there are MLII, V5"):
        channels_named(found, ["aVF"])
