"""Channels as they are drawn."""

import numpy as np
import pytest

from ecg.drawing.channels import (
    DrawnChannel,
    Flaw,
    FlawKind,
    channel_names,
    drawn_channels,
    holes_of,
    missing_runs,
    usual_filters,
)
from ecg.errors import SignalError
from ecg.leads import MISSING
from ecg.ranges import SampleRange
from ecg.signal.filters import FilterSetting, HighPass, LowPass
from tests.ecg.drawing.reports import UNFILTERED, of_rows

NAN = float("nan")


def test_a_channel_is_moved_as_a_whole() -> None:
    channel = DrawnChannel("II", None, np.array([100.0, 100.0, 1100.0, NAN, 100.0]), 0)
    np.testing.assert_array_equal(channel.centred().uv, [0, 0, 1000, NAN, 0])
    empty = DrawnChannel("II", None, np.array([NAN, NAN]), 0)
    assert np.isnan(empty.centred().uv).all()


def test_a_part_keeps_the_numbers_of_its_samples() -> None:
    channel = DrawnChannel("II", None, np.arange(10.0), 100)
    part = channel.part(SampleRange(103, 4))
    assert (part.first, part.end, part.uv.tolist()) == (103, 107, [3, 4, 5, 6])
    assert channel.part(SampleRange(95, 8)).uv.tolist() == [0, 1, 2]


def test_holes_are_found_and_one_electrode_explains_its_own() -> None:
    channel = DrawnChannel("V3", None, np.array([1.0, NAN, NAN, 1.0, NAN, NAN, NAN, 1.0]), 50)
    assert list(missing_runs(channel.uv, 50)) == [SampleRange(51, 2), SampleRange(54, 3)]
    off = Flaw(FlawKind.OFF, SampleRange(55, 100), ("V3",), ("V3",))
    assert list(holes_of(channel, [off])) == [SampleRange(51, 2), SampleRange(54, 1)]
    other = Flaw(FlawKind.OFF, SampleRange(0, 100), ("V2",), ("V2",))
    assert len(list(holes_of(channel, [other]))) == 2


def test_only_what_is_asked_for_is_drawn_and_from_where_it_is_asked() -> None:
    tracing = of_rows({"II": np.arange(100, dtype=np.int16), "V5": np.zeros(100, np.int16)})
    (two,) = drawn_channels(tracing, UNFILTERED, SampleRange(20, 30), {"II"})
    assert two.name == "II" and two.first == 20 and two.uv.tolist() == list(range(20, 50))


def test_two_channels_of_one_name_are_told_apart() -> None:
    row = np.zeros(10, np.int16)
    tracing = of_rows({"ECG": row, "II": row})
    twice = type(tracing)(
        kind=tracing.kind,
        rate_hz=500,
        channels=(tracing.channels[0], tracing.channels[0], tracing.channels[1]),
    )
    assert channel_names(twice) == ("ECG", "ECG (2)", "II")


@pytest.mark.parametrize("rate_hz", [100, 125, 200, 250, 333, 334, 360, 500, 1000])
def test_the_usual_filters_are_those_the_rate_carries(rate_hz: float) -> None:
    setting = usual_filters(rate_hz)
    assert setting.high_pass is HighPass.DIAGNOSTIC_0_05 and setting.diagnostic
    setting.sections(rate_hz)  # does not refuse
    assert (setting.low_pass is LowPass.DIAGNOSTIC_150) is (rate_hz >= 334)


def test_a_filter_the_rate_cannot_carry_is_refused_when_it_is_asked_for() -> None:
    tracing = of_rows({"II": np.zeros(100, np.int16)}, rate_hz=200)
    with pytest.raises(SignalError, match="150 Hz filter at 200 Hz"):
        drawn_channels(tracing, FilterSetting(), SampleRange(0, 100), {"II"})


def test_missing_samples_stay_missing() -> None:
    row = np.full(600, 5, np.int16)
    row[100:400] = MISSING
    (two,) = drawn_channels(of_rows({"II": row}), FilterSetting(), SampleRange(0, 600), {"II"})
    assert np.flatnonzero(np.isnan(two.uv)).tolist() == list(range(100, 400))
