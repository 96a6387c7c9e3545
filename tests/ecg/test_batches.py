"""Many small pieces as few large ones: every sample, sign and time is kept."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg import batches
from ecg.leads import Electrode
from ecg.wire import Flag, Mark, MarkKind, Wave

PERIOD_US = 2000


def piece(first: int, count: int, leads: int = 2, **changed: object) -> Wave:
    rows = np.arange(first, first + count) % 30_000 + np.arange(leads)[:, None]
    wave = Wave(stream_id=7, first_index=first, captured_us=first * PERIOD_US, samples=rows.astype(np.int16))
    return replace(wave, **changed)  # type: ignore[arg-type]


def by_sample(waves: list[Wave]) -> dict[int, tuple[object, ...]]:
    """What is said of each sample; of one that comes twice, as it came first."""
    told: dict[int, tuple[object, ...]] = {}
    for wave in waves:
        marks = {mark.offset: mark.kind for mark in wave.marks}
        for k in range(wave.sample_count):
            at = wave.first_index + k
            us = wave.captured_us + k * PERIOD_US
            told.setdefault(
                at, (*wave.samples[:, k].tolist(), wave.electrodes_off, marks.get(k), round(us / 2500))
            )
    return told


def test_ten_seconds_in_pieces_of_50_ms_are_five_packets() -> None:
    pieces = [piece(first, 25, 12) for first in range(0, 5000, 25)]
    found = batches.joined_runs(pieces)
    assert [wave.sample_count for wave in found] == [1200, 1200, 1200, 1200, 200]


@given(
    st.lists(
        st.tuples(st.integers(1, 90), st.integers(-40, 30), st.sampled_from([0, 0, 0, 1, 2, 3])), max_size=40
    )
)
@settings(max_examples=80, deadline=None)
def test_nothing_is_lost_doubled_or_changed(steps: list[tuple[int, int, int]]) -> None:
    pieces, at = [], 500
    for count, skip, sign in steps:
        at = max(at + skip, pieces[-1].first_index if pieces else 0)
        said: dict[str, object] = {}
        if sign == 1:
            said = {"electrodes_off": Electrode.V2}
        elif sign == 2:
            said = {"marks": (Mark(0, MarkKind.RESUME),), "flags": Flag.BACKFILL | Flag.GAP}
        elif sign == 3:
            said = {"captured_us": at * PERIOD_US + 40_000}
        pieces.append(piece(at, count, **({"flags": Flag.BACKFILL} | said)))
        at += count
    found = batches.joined_runs(pieces)
    assert {at: one[:2] for at, one in by_sample(found).items()} == {
        at: one[:2] for at, one in by_sample(pieces).items()
    }
    assert all(before.end_index <= after.first_index for before, after in pairwise(found)) or any(
        one.captured_us != one.first_index * PERIOD_US for one in pieces
    )


def test_a_change_of_electrodes_a_gap_and_another_time_begin_a_packet() -> None:
    pieces = [piece(first, 25) for first in range(0, 200, 25)]
    pieces[2] = replace(pieces[2], electrodes_off=Electrode.V1)
    pieces[4] = replace(pieces[4], flags=Flag.GAP)
    pieces[6:] = [replace(one, captured_us=one.captured_us + 5_000) for one in pieces[6:]]
    found = batches.joined_runs(pieces)
    assert [wave.first_index for wave in found] == [0, 50, 75, 100, 150]
    assert by_sample(found) == by_sample(pieces)
