"""Vital signs of a station: only what is possible, at a time that can be, reaches the record."""

import pytest

from records.residents import ReadingKind
from signaling import messages as m
from signaling import moments
from signaling import station_messages as s
from tests.fakes.clinic import Clinic, bind
from tests.fakes.records import NOW, WANG_XIUYING
from tests.signaling.test_stations import ready, tell_clock

YEAR_S = 365 * 86400


async def measured(
    clinic: Clinic, value: float = 97.0, seconds: float = 0.0
) -> tuple[list[str], list[float], int]:
    """One reading of a bound station: refusals, what is on the record, what went to the screen."""
    doctor, consult_id = await ready(clinic)
    line, outbox = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    await tell_clock(clinic, line, uncertainty_us=20_000)
    await clinic.desk.station_receive(
        line,
        s.StationReading(
            binding_id=binding_id,
            kind=ReadingKind.OXYGEN_SATURATION,
            value=value,
            measured_us=moments.to_us(NOW) + round(seconds * 1e6),
            simulated=False,
        ),
    )
    latest = await clinic.records.read(lambda ledger: ledger.readings.latest(WANG_XIUYING.id))
    refused = [one.code for one in outbox.of(s.StationRefused)]
    return refused, [one.value for one in latest], len(doctor.outbox.of(m.ReadingTaken))


async def test_a_possible_reading_of_now_is_kept_and_shown(clinic: Clinic) -> None:
    assert await measured(clinic, seconds=0.01) == ([], [97.0], 1)


@pytest.mark.parametrize("value", [500.0, -3.0, 0.0, float("nan"), float("inf")])
async def test_an_impossible_value_is_neither_kept_nor_shown(clinic: Clinic, value: float) -> None:
    refused, latest, shown = await measured(clinic, value=value)
    assert refused == ["out_of_range"] and (latest, shown) == ([], 0)


@pytest.mark.parametrize("seconds", [YEAR_S, 60.0, 1.5, -1.5, -60.0, -YEAR_S])
async def test_a_reading_of_the_future_or_of_before_the_binding_is_refused(
    clinic: Clinic, seconds: float
) -> None:
    refused, latest, shown = await measured(clinic, seconds=seconds)
    assert refused == ["out_of_range"] and (latest, shown) == ([], 0)
