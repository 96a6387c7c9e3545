"""`cloudclinic doctor`: each thing that can be ill, and its cure."""

import datetime as dt
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudclinic import control, doctor
from cloudclinic.cli import main
from cloudclinic.doctor import Finding, _archive, examine
from cloudclinic.settings import Settings
from tests.fakes.archive import archive

NOW = dt.datetime(2026, 5, 1, 8, tzinfo=dt.UTC)


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    assert main(["init", "--host", "0.0.0.0", "--data", str(tmp_path / "data")]) == 0
    return tmp_path / "data"


@pytest.fixture
def taken() -> Iterator[int]:
    """A TCP and a UDP port that somebody else holds."""
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        udp.bind(tcp.getsockname())
        yield int(tcp.getsockname()[1])


def found(what: str, settings: Settings, now: dt.datetime = NOW) -> list[Finding]:
    return [one for one in examine(settings, now) if one.what == what]


def test_a_certificate_that_runs_out_or_cannot_be_read_is_ill(clinic: Path) -> None:
    settings = Settings(host="0.0.0.0", data=clinic)
    today = dt.datetime.now(dt.UTC)
    assert found("certificate", settings, today)[0].well
    late = found("certificate", settings, today + dt.timedelta(days=380))[0]
    assert not late.well and "16 days left" in late.said and "then cloudclinic init" in late.cure
    other = Settings(host="0.0.0.0", data=clinic, names=("clinic.example",))
    assert found("certificate", other, today)[0].said.endswith("not for clinic.example")
    (clinic / "certificate.pem").write_text("Dear colleague")
    broken = found("certificate", settings, today)[0]
    assert not broken.well and "is not a certificate in PEM" in broken.said and broken.cure


def test_every_port_of_every_media_worker_is_looked_at(clinic: Path, taken: int) -> None:
    settings = Settings(data=clinic, port=taken, media_udp_port=taken - 1, media_workers=2)
    (tcp,), udp = found("TCP port", settings), found("UDP port", settings)
    assert not tcp.well and "stop what holds it" in tcp.cure
    assert [one.said.split(":")[1].split(" ")[0] for one in udp] == [str(taken - 1), str(taken)]
    assert not udp[1].well


async def test_a_port_the_running_server_holds_is_well(clinic: Path, taken: int) -> None:
    async def nothing(name: str, arguments: object) -> dict[str, object]:
        return {}

    server = await control.listen(clinic, nothing)
    try:
        assert found("TCP port", Settings(data=clinic, port=taken))[0].well
    finally:
        server.close()
        await server.wait_closed()
    assert not found("TCP port", Settings(data=clinic, port=taken))[0].well


@pytest.mark.parametrize(
    ("kept", "well", "said"),
    [(True, True, "UTC"), (False, False, "kept by nothing"), (None, False, "not known")],
)
def test_a_clock_that_nothing_keeps_is_ill(
    kept: bool | None, well: bool, said: str, clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "kernel_keeps_time", lambda: kept)
    (clock,) = found("clock", Settings(data=clinic))
    assert clock.well is well and clock.said.endswith(said)
    assert clock.said.startswith("2026-05-01 08:00:00")
    assert ("chrony" in clock.cure) is not well


def test_the_kernel_is_asked_and_answers() -> None:
    assert doctor.kernel_keeps_time() in (True, False)


def test_a_full_disk_and_a_missing_browser_are_told(clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 1 << 62)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHROME_PATH", raising=False)
    (disk,), (browser,) = found("disk", Settings(data=clinic)), found("browser", Settings(data=clinic))
    assert not disk.well and "2 GiB" in disk.cure
    assert not browser.well and "apt-get install chromium" in browser.cure


def test_a_font_that_is_missing_is_ill_and_the_cure_names_the_package(clinic: Path, tmp_path: Path) -> None:
    (missing,) = found("report font", Settings(data=clinic, report_font=tmp_path / "none.ttc"))
    assert not missing.well and "apt-get install fonts-wqy-microhei" in missing.cure
    part = Path(__file__).resolve().parents[1] / "data" / "fonts" / "wqy-microhei-part.ttf"
    assert found("report font", Settings(data=clinic, report_font=part))[0].well


def test_it_asks_every_archive_whether_it_is_there(tmp_path: Path) -> None:
    with archive({}) as there:
        address = f"127.0.0.1:{there.port}/ARCHIVE"
        known = _archive(Settings(data=tmp_path), address)
        unknown = _archive(Settings(data=tmp_path), f"127.0.0.1:{there.port}/OTHER")
    gone = _archive(Settings(data=tmp_path), address)
    assert (known.well, known.said) == (True, "answers")
    assert not unknown.well and "does not speak" in unknown.said
    assert not gone.well and "does not answer" in gone.said and "CLOUDCLINIC" in gone.cure
