"""What is missing on the server's disk after the station's line was cut: every sample is looked at."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.relay import Relay
from benchmarks.report import Row
from benchmarks.seat import CommandRefused, Seat
from cloudclinic.directory import DataDirectory
from cloudclinic.running import open_store
from ecg import wire
from ecg.synthetic import SyntheticEcg
from records.ids import BindingId

CUT_S = 30.0
BEFORE_S = 4.0
AFTER_S = 5.0
LAST_US = 40_000
"""Before the release these do not count: a piece of 20 ms may not be full, and what was captured after the
release, as well as the clocks are known, must not be kept."""
RATE_HZ = 500
MOST_S = 600
PATIENCE_S = 45.0


@dataclass(frozen=True)
class Cut:
    """One binding whose line was cut, and when its release was asked for, by this machine's clock."""

    binding_id: str
    released_us: int


async def cut(clinic_port: int, station_pid: int, clinic_data: Path, doctor: Seat, consult_id: str) -> Cut:
    """Bind a station behind a line of its own, cut that for 30 s, mend it, wait until all is delivered.

    The clinic's own station is held still meanwhile, as if its computer slept: there is one account.
    """
    os.kill(station_pid, signal.SIGSTOP)
    try:
        async with Relay(clinic_port) as line, _station(line.port, clinic_data):
            binding_id = await _bind(doctor, consult_id)
            await asyncio.sleep(BEFORE_S)
            line.cut()
            await asyncio.sleep(CUT_S)
            line.mend()
            await doctor.until(lambda: not _station_card(doctor)["connected"], PATIENCE_S)
            await doctor.until(lambda: _station_card(doctor)["connected"], PATIENCE_S)
            await asyncio.sleep(AFTER_S)
            released_us = time.time_ns() // 1000
            await doctor.do("release_station", binding_id=binding_id)
            await _until_complete(doctor, consult_id, binding_id)
    finally:
        os.kill(station_pid, signal.SIGCONT)
    return Cut(binding_id, released_us)


@contextlib.asynccontextmanager
async def _station(port: int, clinic_data: Path) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cloudclinic", "station", "--server", f"http://127.0.0.1:{port}"),
        *("--token-file", str(clinic_data / "station-token"), "--data", str(clinic_data / "cut-station")),
        *("--ultrasound", "none", "--ecg", "synthetic"),
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


def _station_card(doctor: Seat) -> dict[str, Any]:
    return next(iter(doctor.stations.values()))


async def _bind(doctor: Seat, consult_id: str) -> str:
    """Bind as soon as the server sees the new station with its ECG."""
    end = time.monotonic() + PATIENCE_S
    while True:
        await asyncio.sleep(1.0)
        try:
            station = _station_card(doctor)
            if station["ultrasound"] == "missing":
                return await doctor.do("bind_station", consult_id=consult_id, station_id=station["id"])
        except CommandRefused:
            pass
        if time.monotonic() > end:
            raise TimeoutError("the station behind the line that is cut did not come")


async def _until_complete(doctor: Seat, consult_id: str, binding_id: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        page = await doctor.get(f"/api/consults/{consult_id}")
        if any(one["binding_id"] == binding_id and one["complete"] for one in page["recordings"]):
            return
        await asyncio.sleep(0.5)


async def missing(clinic_data: Path, done: Cut) -> tuple[int, str]:
    """Samples that should be on the disk and are not, or differ; with a word on how many there are.

    Read from the closed clinic's files, each compared with what the source gives for its index.
    """
    binding_id = BindingId(done.binding_id)
    async with open_store(DataDirectory(clinic_data)) as store:
        packets = await store.samples.read(binding_id, 0, MOST_S * RATE_HZ)
    waves = [_wave(packet) for packet in packets]
    # Sample 0 is where the binding's stream begins; without it nothing is right, and all is missing.
    started_us = next((one.captured_us for one in waves if one.first_index == 0), 0)
    due = (done.released_us - started_us - LAST_US) * RATE_HZ // 1_000_000
    expected = due if started_us else MOST_S * RATE_HZ
    right = np.zeros(max(expected, *(one.end_index for one in waves), 0), dtype=bool)
    source = SyntheticEcg(started_us=started_us)
    for wave in waves:
        same = (wave.samples == source.samples(wave.first_index, wave.sample_count)).all(axis=0)
        right[wave.first_index : wave.end_index] |= same
    return int(expected - right[:expected].sum()), f"of {expected}"


def _wave(packet: bytes) -> wire.Wave:
    read = wire.decode(packet)
    assert isinstance(read, wire.Wave)
    return read


def row(found: tuple[int, str] | None, why: str) -> Row:
    """The figure with its bound."""
    missing_samples, counted = found or (None, why)
    return Row(
        what="ECG samples missing on disk after the station's line was cut for 30 s",
        value=missing_samples,
        unit="samples",
        must=0,
        aim=0,
        why=counted,
    )
