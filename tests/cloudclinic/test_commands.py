"""The commands, as an administrator types them: on a data directory of their own, without a server."""

import os
import re
import socket
import stat
from pathlib import Path

import pytest

from cloudclinic.cli import main
from records.store.lock import DirectoryLock

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def clinic(tmp_path: Path, capsys: Capture) -> Path:
    data = tmp_path / "data"
    assert main(["init", "--data", str(data)]) == 0
    capsys.readouterr()
    return data


def said(capsys: Capture) -> str:
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_init_makes_a_clinic_only_its_owner_can_read(tmp_path: Path, capsys: Capture) -> None:
    data = tmp_path / "data"
    assert main(["init", "--data", str(data)]) == 0
    text = said(capsys)
    assert re.search(r"certificate SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}\n", text)
    assert re.search(r"one-time code +\w{4}-\w{4}-\w{4} ", text)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "master.key").stat().st_mode) == 0o600


def test_init_changes_nothing_where_a_clinic_is(clinic: Path, capsys: Capture) -> None:
    key = (clinic / "master.key").read_bytes()
    assert main(["init", "--data", str(clinic)]) == 2
    assert "holds a clinic already" in said(capsys)
    assert (clinic / "master.key").read_bytes() == key


def test_init_renews_a_certificate_that_was_removed_and_nothing_else(clinic: Path, capsys: Capture) -> None:
    before = {path.name: path.read_bytes() for path in clinic.iterdir() if path.is_file()}
    (clinic / "certificate.pem").unlink()
    wanted = ["init", "--host", "0.0.0.0", "--data", str(clinic)]
    assert main(wanted) == 0
    assert re.search(r"certificate SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}\n", said(capsys))
    changed = {name for name, content in before.items() if (clinic / name).read_bytes() != content}
    assert changed == {"certificate.pem", "certificate-key.pem"}
    assert stat.S_IMODE((clinic / "certificate-key.pem").stat().st_mode) == 0o600
    assert main(wanted) == 2


def test_a_directory_without_a_clinic_is_told_so(tmp_path: Path, capsys: Capture) -> None:
    for command in (["serve"], ["migrate"], ["audit", "verify"], ["account", "list"]):
        assert main([*command, "--data", str(tmp_path / "nowhere")]) == 2
        assert "cloudclinic init" in said(capsys)


def test_a_master_key_others_can_read_stops_the_start(clinic: Path, capsys: Capture) -> None:
    (clinic / "master.key").chmod(0o644)
    assert main(["migrate", "--data", str(clinic)]) == 2
    assert "chmod 600" in said(capsys)


def test_a_lost_master_key_stops_the_start(clinic: Path, capsys: Capture) -> None:
    key = clinic / "master.key"
    key.write_text("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
    assert main(["migrate", "--data", str(clinic)]) == 2
    assert "key" in said(capsys)


def test_a_new_clinic_has_no_account(clinic: Path, capsys: Capture) -> None:
    assert main(["account", "list", "--data", str(clinic)]) == 0
    assert said(capsys) == ""


def test_an_account_needs_an_institution_that_exists(clinic: Path, capsys: Capture) -> None:
    wanted = ["account", "add", "li", "--role", "nurse", "--institution", "滨江", "--data", str(clinic)]
    assert main(wanted) == 2
    assert "no institution '滨江'; there are: none yet" in said(capsys)


def test_what_an_account_command_lacks_is_named(clinic: Path, capsys: Capture) -> None:
    assert main(["account", "add", "li", "--data", str(clinic)]) == 2
    assert "needs role, institution" in said(capsys)


def test_a_whole_audit_trail_is_told_whole(clinic: Path, capsys: Capture) -> None:
    assert main(["audit", "verify", "--data", str(clinic)]) == 0
    assert "is whole" in said(capsys)


def test_doctor_says_the_cure(tmp_path: Path, capsys: Capture) -> None:
    assert main(["doctor", "--data", str(tmp_path / "nowhere"), "--port", "0"]) == 1
    text = said(capsys)
    assert "✗ data directory" in text and "→ cloudclinic init" in text
    assert text.count("✓ room") == 8


def test_a_station_without_a_trusted_certificate_does_not_start(tmp_path: Path, capsys: Capture) -> None:
    token = tmp_path / "token"
    token.write_text("secret\n")
    wanted = ["station", "--server", "https://clinic.example", "--token-file", str(token)]
    assert main([*wanted, "--data", str(tmp_path / "station")]) == 2
    assert "server-fingerprint or ca" in said(capsys)


def test_the_demo_listens_on_this_machine_only(tmp_path: Path, capsys: Capture) -> None:
    assert main(["demo", "--host", "0.0.0.0", "--data", str(tmp_path / "demo")]) == 2
    assert "this machine only" in said(capsys)


def test_the_demo_does_not_open_a_real_clinic(clinic: Path, capsys: Capture) -> None:
    assert main(["demo", "--port", "0", "--data", str(clinic)]) == 2
    assert "holds a real clinic" in said(capsys)


def test_a_port_that_is_taken_is_told_in_one_line(clinic: Path, capsys: Capture) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert main(["serve", "--data", str(clinic), "--port", str(port)]) == 2
    (line,) = said(capsys).splitlines()
    assert f"port {port} of 127.0.0.1 is in use" in line and "--port" in line and "Errno" not in line


@pytest.mark.parametrize("command", [["init"], ["demo", "--port", "0"]])
def test_a_file_where_the_data_directory_should_be_is_told(
    tmp_path: Path, capsys: Capture, command: list[str]
) -> None:
    file = tmp_path / "data"
    file.touch()
    assert main([*command, "--data", str(file)]) == 2
    (line,) = said(capsys).splitlines()
    assert f"{file} is a file; --data names a directory" in line
    assert main([*command, "--data", str(file / "inside")]) == 2
    (line,) = said(capsys).splitlines()
    assert line.endswith("Not a directory") and "Errno" not in line


def test_two_do_not_open_one_data_directory(clinic: Path, capsys: Capture) -> None:
    lock = DirectoryLock(clinic)
    try:
        for command in (["serve", "--port", "0"], ["migrate"], ["account", "list"]):
            assert main([*command, "--data", str(clinic)]) == 2
            assert f"process {os.getpid()} has {clinic}; stop it first" in said(capsys)
    finally:
        lock.release()


def test_everything_wrong_with_a_stations_start_is_told_at_once(tmp_path: Path, capsys: Capture) -> None:
    token, nothing = tmp_path / "token", tmp_path / "nothing"
    token.write_bytes(b"\xff\xfe")
    wanted = ["station", "--token-file", str(token), "--ecg", "heart", "--ca", str(nothing)]
    assert main([*wanted, "--server", "https://c.example"]) == 2
    text = said(capsys)
    for told in ("token-file:", "ecg: 'heart' is none of", f"ca: {nothing} is not a file"):
        assert told in text
    assert "Traceback" not in text


def test_a_demo_with_an_ecg_that_cannot_be_says_what_can(capsys: Capture) -> None:
    assert main(["demo", "--ecg", "simulator:rhythm=flutter"]) == 2
    assert "ecg: simulator: rhythm 'flutter' is none of sinus, bradycardia" in said(capsys)


def test_a_station_whose_journal_cannot_lie_there_says_so(tmp_path: Path, capsys: Capture) -> None:
    token = tmp_path / "token"
    token.write_text("secret")
    wanted = ["station", "--server", "http://127.0.0.1:1", "--token-file", str(token)]
    assert main([*wanted, "--data", str(token)]) == 2
    assert str(token) in said(capsys)
