"""R waves of the last minute, on the clock the samples were captured by."""

import dataclasses

import numpy as np

from ecg.description import StreamDescription
from ecg.packets import Wave
from ecg.signal.qrs import find_beats
from ecg.simulator.language import read_scenario
from ecg.simulator.simulated_ecg import SimulatedEcg
from station import ecg_stream
from station.r_waves import KEPT_US, RWaves

AT_US = 1_700_000_000_000_000
SOURCE = SimulatedEcg(read_scenario(""))
RATE_HZ = SOURCE.rate_hz
DESCRIBED: StreamDescription = ecg_stream.describe(SOURCE, "binding", AT_US, None)  # type: ignore[arg-type]


def pieces(begin_s: float, end_s: float) -> list[Wave]:
    """The source in pieces of 20 ms."""
    step = round(RATE_HZ / 50)
    return [
        Wave(
            stream_id=1,
            first_index=first,
            captured_us=AT_US + round(first * 1e6 / RATE_HZ),
            samples=SOURCE.samples(first, step),
        )
        for first in range(round(begin_s * RATE_HZ), round(end_s * RATE_HZ), step)
    ]


def found(*waves: Wave) -> list[int]:
    recent = RWaves()
    recent.begin(DESCRIBED)
    for wave in waves:
        recent.take(wave)
    kept = recent.kept()
    assert kept is not None
    return list(kept.r_waves_us())


def test_every_beat_has_its_time() -> None:
    beats = find_beats(SOURCE.samples(0, round(8 * RATE_HZ)), RATE_HZ, DESCRIBED.nv_per_lsb)
    wanted = [AT_US + beat.sample * 1e6 / RATE_HZ for beat in beats]
    times = found(*pieces(0, 8))
    assert len(times) == len(wanted) >= 8
    assert np.abs(np.array(times) - wanted).max() <= 5_000


def test_a_time_is_that_of_its_own_piece_also_when_the_count_drifts() -> None:
    step = pieces(0, 1)[1].first_index
    on_time = pieces(0, 8)
    drifted = [dataclasses.replace(one, captured_us=one.captured_us + one.first_index) for one in on_time]
    plain, late = found(*pieces(0, 8)), found(*drifted)
    indices = [round((one - AT_US) * RATE_HZ / 1e6) for one in plain]
    assert [b - a for a, b in zip(plain, late, strict=True)] == [one // step * step for one in indices]


def test_a_gap_has_no_beats_and_moves_none() -> None:
    whole, cut = found(*pieces(0, 12)), found(*pieces(0, 4), *pieces(8, 12))
    late = [one for one in whole if one >= AT_US + 9_500_000]
    assert [one for one in cut if one >= AT_US + 9_500_000] == late != []
    assert not [one for one in cut if AT_US + 4_000_000 < one < AT_US + 8_000_000]


def test_only_the_last_seconds_are_kept_and_none_of_the_stream_before() -> None:
    recent = RWaves()
    assert recent.kept() is None
    recent.begin(DESCRIBED)
    first, *_, last = pieces(0, 1)
    recent.take(first)
    recent.take(dataclasses.replace(last, captured_us=first.captured_us + KEPT_US + 1))
    kept = recent.kept()
    assert kept is not None and len(kept._waves) == 1
    recent.begin(DESCRIBED)
    assert recent.kept() is None
