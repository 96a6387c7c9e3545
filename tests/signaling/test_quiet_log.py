"""Whoever sends rubbish fills no disk with lines about it."""

import logging

import pytest

from signaling import messages as m
from signaling import station_messages as s
from tests.fakes.clinic import Clinic
from tests.fakes.records import ZHOU

FEW = 5


def _lines(caplog: pytest.LogCaptureFixture) -> int:
    return sum(record.message.startswith("unreadable from") for record in caplog.records)


async def test_a_clients_rubbish_is_noted_a_few_times_and_refused_each_time(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    doctor = await clinic.sign_in(ZHOU)
    for _ in range(500):
        await clinic.desk.receive_text(doctor.line, "{")
    assert _lines(caplog) == FEW
    codes = [one.code for one in doctor.outbox.of(m.Refused)]
    assert (codes.count("unreadable"), codes.count("rate_limited")) == (100, 400)


async def test_a_slow_flood_is_noted_every_ten_seconds(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    doctor = await clinic.sign_in(ZHOU)
    for _ in range(600):
        clinic.clock.pass_s(0.1)
        await clinic.desk.receive_text(doctor.line, "{")
    assert FEW <= _lines(caplog) <= FEW + 6
    assert len(doctor.outbox.of(m.Refused)) == 600


async def test_a_stations_rubbish_counts_against_its_rate(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    line, outbox = await clinic.station()
    for _ in range(250):
        await clinic.desk.station_receive_text(line, "{")
        await clinic.desk.refuse_station_unreadable(line, "a packet of 40000 bytes")
    assert _lines(caplog) == FEW
    codes = [one.code for one in outbox.of(s.StationRefused)]
    assert (codes.count("unreadable"), codes.count("rate_limited")) == (100, 400)
