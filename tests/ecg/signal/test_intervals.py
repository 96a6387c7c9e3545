"""RR statistics and corrected QT against values worked out by hand."""

import numpy as np
import pytest

from ecg.leads import MISSING
from ecg.measurements import Measure
from ecg.signal.intervals import corrected_qt_ms, rr_intervals_ms, rr_statistics


def test_rr_statistics() -> None:
    rr = np.array([800.0, 900.0, 700.0])
    found = rr_statistics(rr, np.ones(3, dtype=np.bool_))
    assert found[Measure.RR_MEAN] == 800
    assert found[Measure.RATE] == 75
    assert (found[Measure.RR_MIN], found[Measure.RR_MAX]) == (700, 900)
    assert found[Measure.RR_SD] == 100
    assert found[Measure.RR_RMSSD] == pytest.approx(np.sqrt((100**2 + 200**2) / 2))


def test_what_needs_more_intervals_is_left_out() -> None:
    assert rr_statistics(np.array([]), np.array([], dtype=np.bool_)) == {}
    one = rr_statistics(np.array([800.0]), np.ones(1, dtype=np.bool_))
    assert set(one) == {Measure.RATE, Measure.RR_MEAN, Measure.RR_MIN, Measure.RR_MAX}
    apart = rr_statistics(np.array([800.0, 3000.0, 820.0]), np.array([True, False, True]))
    assert Measure.RR_RMSSD not in apart
    assert apart[Measure.RR_SD] == pytest.approx(14.142, abs=0.001)


def test_an_interval_across_a_hole_in_all_leads_is_not_known() -> None:
    samples = np.zeros((2, 3000), dtype=np.int16)
    samples[0, 900:1400] = MISSING
    samples[:, 2100:2200] = MISSING
    rr, known = rr_intervals_ms(samples, [500, 1000, 1500, 2000, 2500], 500)
    assert rr.tolist() == [1000.0] * 4
    assert known.tolist() == [True, True, True, False]


@pytest.mark.parametrize(
    ("qt_ms", "rr_ms", "bazett", "fridericia", "framingham", "hodges"),
    [
        (400.0, 1000.0, 400.0, 400.0, 400.0, 400.0),
        (360.0, 640.0, 450.0, 417.74, 415.44, 419.06),
        (440.0, 1440.0, 366.67, 389.64, 372.24, 407.92),
    ],
)
def test_the_four_formulae(
    qt_ms: float, rr_ms: float, bazett: float, fridericia: float, framingham: float, hodges: float
) -> None:
    found = corrected_qt_ms(qt_ms, rr_ms)
    assert found[Measure.QTC_BAZETT] == pytest.approx(bazett, abs=0.01)
    assert found[Measure.QTC_FRIDERICIA] == pytest.approx(fridericia, abs=0.01)
    assert found[Measure.QTC_FRAMINGHAM] == pytest.approx(framingham, abs=0.01)
    assert found[Measure.QTC_HODGES] == pytest.approx(hodges, abs=0.01)
