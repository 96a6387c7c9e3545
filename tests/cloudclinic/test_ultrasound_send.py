"""`cloudclinic ultrasound send`: files go as they are; exit statuses tell what was not read or not taken."""

import datetime as dt
import json
import ssl
from pathlib import Path

import pydicom
import pytest
from pydicom.uid import ExplicitVRLittleEndian, JPEGBaseline8Bit, UltrasoundImageStorage

from cloudclinic.certificate import make_certificate
from cloudclinic.cli import main
from tests.fakes.archive import archive
from tests.records.exchange.archive.test_sending import ALL_FORMS, CINE, REPORT, STILL, objects

ALL = {kind: ALL_FORMS for kind in (STILL, CINE, REPORT)}


def test_files_are_stored_and_each_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = objects(tmp_path)
    with archive(ALL) as there:
        to = f"127.0.0.1:{there.port}/ARCHIVE"
        assert main(["ultrasound", "send", "--json", "--to", to, *map(str, files)]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["file"] for one in told] == [str(file) for file in files]
    assert {(one["outcome"], one["to"], one["status"]) for one in told} == {("stored", to, 0)}
    assert [one["transfer_syntax"][:4] for one in told] == ["JPEG", "JPEG", "Expl"]
    assert [one.SOPInstanceUID for one in there.kept] == [
        pydicom.dcmread(file, stop_before_pixels=True).SOPInstanceUID for file in files
    ]


def test_what_is_no_dicom_is_exit_2_and_the_others_are_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    still = objects(tmp_path)[0]
    notes = tmp_path / "notes.dcm"
    notes.write_text("not DICOM, but long enough to be looked at " * 20)
    missing = tmp_path / "missing.dcm"
    with archive(ALL) as there:
        to = f"127.0.0.1:{there.port}/ARCHIVE"
        assert main(["ultrasound", "send", "--to", to, str(notes), str(missing), str(still)]) == 2
    printed = capsys.readouterr()
    assert [line.split(": ", 1)[1] for line in printed.err.splitlines()] == [
        f"{notes}: not a DICOM file",
        f"{missing}: No such file or directory",
    ]
    assert len(there.kept) == 1
    assert printed.out == f"{still}: stored by {to} as JPEG-LS Lossless Image Compression\n"


def test_what_is_refused_is_exit_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(one) for one in objects(tmp_path)[::2]]
    with archive({UltrasoundImageStorage: [JPEGBaseline8Bit], REPORT: [ExplicitVRLittleEndian]}) as there:
        assert main(["ultrasound", "send", "--to", f"127.0.0.1:{there.port}/ARCHIVE", *files]) == 3
    printed = capsys.readouterr()
    assert "does not take this object" in printed.err and "would do" in printed.err
    assert len(printed.out.splitlines()) == len(there.kept) == 1


def test_pictures_go_in_what_the_archive_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    still = str(objects(tmp_path)[0])
    with archive({STILL: [ExplicitVRLittleEndian]}) as there:
        assert main(["ultrasound", "send", "--to", f"127.0.0.1:{there.port}/ARCHIVE", still]) == 0
    assert "Explicit VR Little Endian" in capsys.readouterr().out


def test_nobody_there_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    still = str(objects(tmp_path)[0])
    with archive({}) as there:
        to = f"127.0.0.1:{there.port}/ARCHIVE"
    assert main(["ultrasound", "send", "--to", to, still]) == 2
    assert "nobody answers there" in capsys.readouterr().err


@pytest.mark.parametrize(
    "to", ["somewhere", "host:port/AET", "host:104/", "http://far.example/x", "host:0/A"]
)
def test_what_is_no_archive_is_told(to: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ultrasound", "send", "--to", to, str(tmp_path / "x.dcm")]) == 2
    assert to in capsys.readouterr().err


def test_without_to_the_settings_say_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    still = str(objects(tmp_path)[0])
    assert main(["ultrasound", "send", still]) == 2
    assert "no archive" in capsys.readouterr().err
    with archive(ALL) as one, archive(ALL) as two:
        where = ",".join(f"127.0.0.1:{there.port}/ARCHIVE" for there in (one, two))
        monkeypatch.setenv("CLOUDCLINIC_ARCHIVES", where)
        assert main(["ultrasound", "send", still]) == 0
    assert len(one.kept) == len(two.kept) == 1


def test_by_tls_the_archive_that_is_meant_is_trusted_and_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    still = str(objects(tmp_path)[0])
    certificate, key = tmp_path / "archive.pem", tmp_path / "archive-key.pem"
    make_certificate(certificate, key, ("127.0.0.1",), dt.datetime.now(dt.UTC))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate, key)
    with archive(ALL, tls=server) as there:
        send = ["ultrasound", "send", "--to", f"dicoms://127.0.0.1:{there.port}/ARCHIVE", still]
        assert main(send) == 2
        assert there.kept == []
        monkeypatch.setenv("CLOUDCLINIC_ARCHIVE_CA", str(certificate))
        assert main(send) == 0
    assert len(there.kept) == 1
