"""The station talks to the server it was told to trust, and to no other."""

import asyncio
import datetime as dt
import random
from pathlib import Path

import pytest

from cloudclinic.certificate import fingerprint, make_certificate, server_context
from signaling import station_messages as s
from station.errors import SettingsWrong
from station.link import Link
from station.settings import StationSettings
from tests.fakes.station_server import FakeStationServer
from tests.station.running import running_station, settings_for


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    files = tmp_path / "server.pem", tmp_path / "server.key"
    make_certificate(*files, ("127.0.0.1",), dt.datetime.now(dt.UTC))
    return files


async def test_the_pinned_certificate_is_trusted(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    async with FakeStationServer(server_context(*certificate)) as server:
        settings = settings_for(server, tmp_path, fingerprint_sha256=fingerprint(certificate[0]))
        async with running_station(settings):
            await server.until(lambda: server.of_type(s.StationHello))


async def test_a_certificate_of_the_given_authority_is_trusted(
    certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    async with FakeStationServer(server_context(*certificate)) as server:
        async with running_station(settings_for(server, tmp_path, ca_file=certificate[0])):
            await server.until(lambda: server.of_type(s.StationHello))


async def test_another_certificate_is_refused(
    certificate: tuple[Path, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = tmp_path / "other.pem", tmp_path / "other.key"
    make_certificate(*other, ("127.0.0.1",), dt.datetime.now(dt.UTC))
    async with FakeStationServer(server_context(*certificate)) as server:
        for trust in ({"fingerprint_sha256": fingerprint(other[0])}, {"ca_file": other[0]}):
            caplog.clear()
            async with running_station(settings_for(server, tmp_path, **trust)):
                while "server not reached" not in caplog.text:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        assert server.connections == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"server_url": "http://clinic.example"}, "not encrypted"),
        ({"server_url": "https://clinic.example"}, "which certificate is trusted"),
        ({"server_url": "https://c.example", "fingerprint_sha256": "ab:cd"}, "64 hexadecimal digits"),
        ({"server_url": "ftp://clinic.example"}, "not like https://"),
        ({"server_url": "https://user:word@clinic.example"}, "not like https://"),
        ({"token": " "}, "token"),
        ({"ultrasound": "webcam"}, "none of dicom:FILE, video:FILE, simulator"),
        ({"ring_mb": 4}, "ring-mb: 4 is not 16 to 8000 MB"),
        ({"worklist_port": 70_000, "worklist_scanners": ("A",)}, "worklist-port: 70000 is not a port"),
        ({"worklist_port": 11_112}, "worklist-scanner: none; it names the scanner that may ask"),
        ({"worklist_scanners": ("A" * 17,)}, "worklist-scanner: application entity title"),
        ({"worklist_title": ""}, "worklist-title: application entity title"),
        ({"ultrasound": "dicom:"}, "ultrasound"),
        ({"ecg": "video:a.mp4"}, "none of dicom:FILE, wfdb:FILE.hea, edf:FILE, file:FILE, simulator"),
        ({"ca_file": Path("/does/not/exist")}, "is not a file"),
        ({"ca_file": Path(__file__)}, "holds no certificate in PEM"),
    ],
)
def test_what_cannot_be_is_refused_at_the_start(given: dict[str, object], told: str) -> None:
    fields: dict[str, object] = {"server_url": "http://127.0.0.1:8443", "token": "t"}
    with pytest.raises(SettingsWrong, match=told):
        StationSettings(**fields | given).check()  # type: ignore[arg-type]


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(SettingsWrong) as refused:
        StationSettings(server_url="https://c.example", token="", ultrasound="x", ecg="y").check()
    assert len(refused.value.faults) == 4


def test_a_loopback_address_needs_no_certificate() -> None:
    for host in ("127.0.0.1", "[::1]", "localhost", "doctor.localhost"):
        StationSettings(server_url=f"http://{host}:8080", token="t").check()


class Highest(random.Random):
    """Always waits as long as it may."""

    def uniform(self, a: float, b: float) -> float:
        return b


def test_waits_double_up_to_fifteen_seconds_and_begin_anew_after_a_welcome() -> None:
    settings = StationSettings(server_url="http://127.0.0.1:1", token="t")
    link = Link(settings, user=None, jitter=Highest())  # type: ignore[arg-type]
    assert [link.next_wait_s() for _ in range(7)] == [0.5, 1, 2, 4, 8, 15, 15]
    link.succeeded()
    assert link.next_wait_s() == 0.5
