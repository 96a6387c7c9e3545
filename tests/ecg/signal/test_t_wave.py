"""T waves of known shape."""

import numpy as np
import pytest

from ecg.signal.pooled_beat import STEP_MS
from ecg.signal.t_wave import t_waves, weighted_median

QRS_END, ONSET, LENGTH = 60, 130, 90
NOISE = np.zeros(4)


def hump(first: int, length: int, count: int = 500) -> np.ndarray:
    row = np.zeros(count)
    row[first : first + length] = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    return row


def beat(*heights_uv: float) -> np.ndarray:
    return np.outer(heights_uv, hump(ONSET, LENGTH))


def test_the_limits_of_t() -> None:
    found = t_waves(beat(300, -200, 150, 500), NOISE, QRS_END, 400)
    assert found is not None
    assert found.of_all.onset == pytest.approx(ONSET, abs=4)
    assert found.of_all.peak == pytest.approx(ONSET + LENGTH / 2, abs=1)
    assert found.of_all.end == pytest.approx(ONSET + LENGTH, abs=4)
    assert found.spread_ms <= 4
    heights = [round(lead.height_uv / 50) if lead else None for lead in found.leads]
    assert heights == [6, -4, 3, 10]


def test_a_u_wave_does_not_move_the_end() -> None:
    rows = beat(300, 400, 200, 500) + np.outer([60, 80, 40, 90], hump(ONSET + LENGTH + 15, 80))
    found = t_waves(rows, NOISE, QRS_END, 400)
    assert found is not None
    assert found.of_all.end == pytest.approx(ONSET + LENGTH, abs=8)


def test_a_low_t_has_no_say() -> None:
    rows = beat(300, 400, 20, 500)
    rows[2] += 35 * hump(ONSET + 120, 90)
    found = t_waves(rows, NOISE, QRS_END, 400)
    assert found is not None
    assert found.leads[2] is None
    assert found.of_all.end == pytest.approx(ONSET + LENGTH, abs=4)


def test_a_lead_that_ends_elsewhere_is_outvoted_and_not_given_an_end() -> None:
    rows = beat(300, 400, 350, 0)
    rows[3] = 250 * hump(ONSET + 10, LENGTH + 60)
    found = t_waves(rows, NOISE, QRS_END, 450)
    assert found is not None
    assert found.of_all.end == pytest.approx(ONSET + LENGTH, abs=6)
    last = found.leads[3]
    assert last is None or abs(last.end - found.of_all.end) * STEP_MS <= 60


def test_a_biphasic_t_ends_with_its_second_phase() -> None:
    rows = np.outer([300, 250, 280, 310], hump(ONSET, 60) - 0.6 * hump(ONSET + 60, 50))
    found = t_waves(rows, NOISE, QRS_END, 400)
    assert found is not None
    assert found.of_all.end == pytest.approx(ONSET + 110, abs=6)


def test_what_brings_a_depressed_st_back_is_t() -> None:
    st = np.where(np.arange(500) < ONSET, -200.0, 0.0)
    st[ONSET : ONSET + 50] = -200 * (0.5 + 0.5 * np.cos(np.pi * np.arange(50) / 50))
    st[:QRS_END] = 0
    found = t_waves(np.outer([1.0, 0.8, 0.6, 0.9], st), NOISE, QRS_END, 400)
    assert found is not None
    assert found.of_all.end == pytest.approx(ONSET + 50, abs=8)


def test_no_t_where_there_is_none_or_no_room() -> None:
    assert t_waves(beat(10, 12, 9, 11), NOISE, QRS_END, 400) is None
    assert t_waves(beat(60, 70, 50, 65), np.full(4, 30.0), QRS_END, 400) is None
    assert t_waves(beat(300, 300, 300, 300), NOISE, QRS_END, QRS_END + 50) is None


def test_the_weighted_median() -> None:
    assert weighted_median(np.array([1.0, 2.0, 30.0]), np.array([1.0, 1.0, 1.0])) == 2
    assert weighted_median(np.array([30.0, 1.0, 2.0]), np.array([9.0, 1.0, 1.0])) == 30
