"""Vital signs: every two seconds, and those of a cut line with their own times when it is back."""

from pathlib import Path

import pytest

from records.ids import BindingId
from records.residents import ReadingKind
from signaling import station_messages as s
from signaling.messages import DemoFault
from station.vitals import INTERVAL_S, KEPT_US, SENT_AT_ONCE, UnsentReadings
from tests.fakes.station_server import FakeStationServer
from tests.station.running import running_station, settings_for


def reading(measured_us: int) -> s.StationReading:
    return s.StationReading(
        binding_id=BindingId("first"),
        kind=ReadingKind.PULSE_RATE,
        value=72.0,
        measured_us=measured_us,
        simulated=True,
    )


def test_a_live_number_is_renewed_before_it_is_three_seconds_old() -> None:
    assert INTERVAL_S < 3


def test_ten_minutes_are_kept_and_what_is_older_is_forgotten() -> None:
    unsent = UnsentReadings()
    for at_us in range(0, 2 * KEPT_US, 2_000_000):
        unsent.keep([reading(at_us)], at_us)
    taken: list[s.StationReading] = []
    while some := unsent.take():
        assert len(some) <= SENT_AT_ONCE
        taken += some
    times = [one.measured_us for one in taken]
    assert times == sorted(times) and times[-1] - times[0] == KEPT_US
    assert times[-1] == 2 * KEPT_US - 2_000_000


async def test_what_was_measured_while_the_line_was_cut_comes_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.agent.INTERVAL_S", 0.05)

    def times() -> list[int]:
        return [one.measured_us for one in server.of_type(s.StationReading)]

    async with (
        FakeStationServer() as server,
        running_station(settings_for(server, tmp_path, ecg="synthetic"), cable_out_s=0.5),
    ):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        await server.until(lambda: len(times()) > 2)
        await server.send(s.StationFault(fault=DemoFault.CABLE_OUT_10_S))
        await server.until(lambda: server.connections == 2)
        before = len(times())
        await server.until(lambda: len(times()) > before + 30)
    in_order = sorted(set(times()))
    assert len(in_order) * 2 == len(times())  # two kinds each, none twice
    gaps_us = [later - earlier for earlier, later in zip(in_order, in_order[1:], strict=False)]
    assert max(gaps_us) < 400_000  # the half second of the cut is not missing
