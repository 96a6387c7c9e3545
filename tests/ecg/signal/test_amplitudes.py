"""Heights of waves in one lead."""

import numpy as np
import pytest

from ecg.measurements import LeadMeasure
from ecg.signal.amplitudes import Waves, lead_amplitudes
from ecg.signal.p_wave import PWave
from ecg.signal.qrs_limits import Span
from ecg.signal.t_wave import TWave

QRS = Span(100, 150)
NOTHING_ELSE = Waves(None, QRS, None)


def lead(*deflections: tuple[int, int, float], level: float = 0.0, st: float = 0.0) -> np.ndarray:
    """Triangles from, to, of a height; ST from the end of QRS on."""
    row = np.full(400, float(level))
    for first, last, height in deflections:
        row[first : last + 1] += height * (1 - np.abs(np.linspace(-1, 1, last - first + 1)))
    row[150:] += st
    return row


def heights(row: np.ndarray, noise_uv: float = 0.0) -> tuple[float, float, float]:
    found = lead_amplitudes(row, noise_uv, NOTHING_ELSE)
    return found[LeadMeasure.Q], found[LeadMeasure.R], found[LeadMeasure.S]


def test_q_r_and_s() -> None:
    assert heights(lead((100, 112, -150), (112, 136, 900), (136, 150, -250))) == (-150, 900, -250)


def test_the_level_before_qrs_is_the_line() -> None:
    row = lead((100, 112, -150), (112, 136, 900), (136, 150, -250), level=400)
    assert heights(row) == pytest.approx((-150, 900, -250))


def test_without_q_what_follows_r_is_s() -> None:
    assert heights(lead((100, 120, 300), (120, 148, -1200))) == (0, 300, -1200)


def test_of_two_r_the_higher_counts_and_the_dip_between_is_s() -> None:
    found = heights(lead((100, 114, 300), (114, 128, -600), (128, 148, 800)))
    assert found == (0, 800, -600)


def test_a_complex_that_is_negative_throughout_is_a_q() -> None:
    assert heights(lead((100, 148, -900))) == (-900, 0, 0)


def test_an_elevated_st_is_no_r() -> None:
    row = lead((100, 140, -900), st=300)
    row[142:150] = np.linspace(0, 300, 8)
    found = lead_amplitudes(row, 0.0, NOTHING_ELSE)
    assert (found[LeadMeasure.Q], found[LeadMeasure.R]) == (-900, 0)
    assert found[LeadMeasure.ST_J] == pytest.approx(300, abs=10)
    assert found[LeadMeasure.ST_60] == 300


@pytest.mark.parametrize("last", [-1400, 1400])
def test_what_qrs_does_just_before_its_end_is_not_st(last: float) -> None:
    found = lead_amplitudes(lead((128, 150, last), st=320), 0.0, NOTHING_ELSE)
    assert found[LeadMeasure.ST_J] == 320


def test_what_is_lower_than_noise_or_shorter_than_6_ms_is_nothing() -> None:
    assert heights(lead((100, 112, -15), (112, 136, 900)))[0] == 0
    assert heights(lead((100, 112, -60), (112, 136, 900)), noise_uv=20)[0] == 0
    assert heights(lead((104, 106, -200), (112, 136, 900)))[0] == 0


def test_p_is_measured_from_its_own_line_and_t_from_that_of_qrs() -> None:
    row = lead((30, 80, 100), (112, 136, 900), (220, 320, -250))
    row[:100] += np.linspace(50, 0, 100)
    found = lead_amplitudes(row, 0.0, Waves(PWave(30, 55, 80), QRS, TWave(220, 270, 320, -250)))
    assert found[LeadMeasure.P] == pytest.approx(100, abs=5)
    assert found[LeadMeasure.T] == pytest.approx(-250, abs=10)


def test_p_is_left_out_where_there_is_none_and_t_is_nought() -> None:
    found = lead_amplitudes(lead((112, 136, 900)), 0.0, NOTHING_ELSE)
    assert LeadMeasure.P not in found
    assert found[LeadMeasure.T] == 0
