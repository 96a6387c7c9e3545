"""Sources give any sample by its index; a loop's seam is a gap."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecg.leads import MISSING, Lead
from ecg.recording import Recording
from ecg.source import EcgSource, RecordingLoop
from ecg.synthetic import SyntheticEcg

STORED = np.arange(100, dtype=np.int16).reshape(2, 50)
RECORDING = Recording(leads=(Lead.I, Lead.II), rate_hz=50, nv_per_lsb=1250, samples=STORED)
SEAM = 10  # 200 ms at 50 Hz


def test_each_round_is_the_recording_and_then_a_gap() -> None:
    loop = RecordingLoop(RECORDING)
    assert loop.period == 50 + SEAM
    for number in range(3):
        played = loop.samples(number * 60, 60)
        assert np.array_equal(played[:, :50], STORED)
        assert (played[:, 50:] == MISSING).all()


@given(st.integers(0, 10**12), st.integers(1, 200), st.integers(1, 200))
def test_pieces_are_the_whole(first: int, left: int, right: int) -> None:
    loop = RecordingLoop(RECORDING)
    pieces = [loop.samples(first, left), loop.samples(first + left, right)]
    assert np.array_equal(np.concatenate(pieces, axis=1), loop.samples(first, left + right))
    breaks = loop.breaks(first, left) + tuple(left + at for at in loop.breaks(first + left, right))
    assert breaks == loop.breaks(first, left + right)


@pytest.mark.parametrize(
    ("first", "count", "breaks"),
    [(0, 60, ()), (0, 61, (60,)), (59, 2, (1,)), (60, 1, (0,)), (61, 59, ()), (1, 200, (59, 119, 179))],
)
def test_a_round_that_begins_again_is_told(first: int, count: int, breaks: tuple[int, ...]) -> None:
    assert RecordingLoop(RECORDING).breaks(first, count) == breaks


@pytest.mark.parametrize("source", [RecordingLoop(RECORDING), SyntheticEcg(500)])
def test_both_sources_say_that_no_patient_is_there(source: EcgSource) -> None:
    assert source.simulated
    assert source.samples(0, 7).shape == (len(source.leads), 7)
