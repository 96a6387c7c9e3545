"""Objects reach an archive whole, in what it took at this association; what it did not take is told."""

import datetime as dt
import logging
import ssl
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.uid import (
    UID,
    ComprehensiveSRStorage,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
    UltrasoundImageStorage,
    UltrasoundMultiFrameImageStorage,
)

from cloudclinic.certificate import make_certificate
from records.exchange.archive.address import ArchiveAddress
from records.exchange.archive.errors import ArchiveDeclined, ArchiveUnreachable
from records.exchange.archive.sending import Outcome, echo, store
from tests.fakes.archive import archive
from tests.ultrasound.cines import colour_bars, jpeg
from tests.ultrasound.files.coding import noise
from tests.ultrasound.writing.objects import IDENTITY, NINE, NINE_US, PLACE, acquisition
from tests.ultrasound.writing.test_report import CALIPER
from ultrasound.dicom import open_dicom
from ultrasound.writing.cine import write_cine
from ultrasound.writing.identity import Place
from ultrasound.writing.mjpeg import grabbed_frames
from ultrasound.writing.report import write_report
from ultrasound.writing.still import write_still

ALL_FORMS = (JPEGBaseline8Bit, JPEGLSLossless, RLELossless, ExplicitVRLittleEndian, ImplicitVRLittleEndian)
STILL, CINE, REPORT = UltrasoundImageStorage, UltrasoundMultiFrameImageStorage, ComprehensiveSRStorage
PICTURE = noise(33, 47, 3)


def objects(folder: Path) -> list[Path]:
    """A still, a cine, a report."""
    still, cine, report = (folder / name for name in ("still.dcm", "cine.dcm", "report.dcm"))
    still.write_bytes(write_still(PICTURE, IDENTITY, PLACE, acquisition()))
    of_cine = Place(series_instance_uid="1.2.826.0.1.2", sop_instance_uid="1.2.826.0.1.4")
    packets = [jpeg(colour_bars())] * 3
    times = range(NINE_US, NINE_US + 120_000, 40_000)
    write_cine(cine, grabbed_frames(packets), times, IDENTITY, of_cine, acquisition())
    of_report = Place(series_instance_uid="1.2.826.0.1.5", sop_instance_uid="1.2.826.0.1.6")
    report.write_bytes(write_report([CALIPER], IDENTITY, of_report, NINE))
    return [still, cine, report]


def body(file: Path) -> bytes:
    """What follows the file meta information."""
    meta = pydicom.filereader.read_file_meta_info(file)
    return file.read_bytes()[132 + 12 + meta.FileMetaInformationGroupLength :]


def test_an_archive_that_takes_all_gets_the_very_files(tmp_path: Path) -> None:
    files = objects(tmp_path)
    with archive({kind: ALL_FORMS for kind in (STILL, CINE, REPORT)}) as there:
        sent = store(there.address(), files)
    assert [one.outcome for one in sent] == [Outcome.STORED] * 3
    assert [one.syntax for one in sent] == [JPEGLSLossless, JPEGBaseline8Bit, ExplicitVRLittleEndian]
    assert [body(file) in data for file, data in zip(files, there.received_bytes, strict=True)] == [True] * 3


@pytest.mark.parametrize("only", [RLELossless, ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_pictures_are_transcoded_to_what_was_taken(only: UID, tmp_path: Path) -> None:
    files = objects(tmp_path)
    with archive({STILL: [only], CINE: [only], REPORT: [ImplicitVRLittleEndian]}) as there:
        sent = store(there.address(), files)
    assert [one.syntax for one in sent] == [only, only, ImplicitVRLittleEndian]
    still, cine, report = there.kept
    assert np.array_equal(still.pixel_array, PICTURE)
    before = open_dicom(files[1])
    assert np.array_equal(cine.pixel_array, [before.frame(k) for k in range(3)])
    assert cine.LossyImageCompression == "01"
    assert [one.SOPInstanceUID for one in there.kept] == [
        pydicom.dcmread(file, stop_before_pixels=True).SOPInstanceUID for file in files
    ]
    assert report.PatientName == IDENTITY.patient_name
    assert sorted(file.name for file in tmp_path.iterdir()) == ["cine.dcm", "report.dcm", "still.dcm"]


def test_what_it_does_not_take_is_refused_alone(tmp_path: Path) -> None:
    files = objects(tmp_path)
    with archive({STILL: [JPEGBaseline8Bit], REPORT: ALL_FORMS}) as there:
        still, cine, report = store(there.address(), files)
    assert (still.outcome, still.syntax, still.status) == (Outcome.REFUSED, None, None)
    assert "would do" in still.why
    assert cine.outcome is Outcome.REFUSED
    assert report.outcome is Outcome.STORED
    assert len(there.kept) == 1


def test_what_takes_nothing_at_all_says_so_of_each(tmp_path: Path) -> None:
    with archive({}) as there:
        sent = store(there.address(), objects(tmp_path))
    assert [one.outcome for one in sent] == [Outcome.REFUSED] * 3
    assert "neither" in sent[2].why


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (0xB000, Outcome.STORED_WITH_WARNING),
        (0xA700, Outcome.BUSY),
        (0xA900, Outcome.REFUSED),
        (0xC000, Outcome.REFUSED),
    ],
)
def test_what_the_archive_says_is_told(status: int, outcome: Outcome, tmp_path: Path) -> None:
    with archive({REPORT: ALL_FORMS}, status=status) as there:
        (sent,) = store(there.address(), objects(tmp_path)[2:])
    assert (sent.outcome, sent.status) == (outcome, status)


def test_an_archive_that_is_there_answers() -> None:
    with archive({}) as there:
        echo(there.address())


def test_an_archive_that_does_not_know_us_declines() -> None:
    with archive({}, knows=["SOMEBODY"]) as there, pytest.raises(ArchiveDeclined, match="CLOUDCLINIC"):
        echo(there.address())
    with archive({}) as there, pytest.raises(ArchiveDeclined, match="OTHER"):
        echo(there.address(called="OTHER"))


@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
def test_nobody_there_is_unreachable() -> None:
    """pynetdicom leaves the socket of a call that failed to the collector, which remarks on it."""
    with archive({}) as there:
        address = there.address(timeout_s=5)
    with pytest.raises(ArchiveUnreachable):
        echo(address)


def test_it_speaks_tls_with_the_archive_that_is_meant_and_no_other(tmp_path: Path) -> None:
    certificate, key = tmp_path / "archive.pem", tmp_path / "archive-key.pem"
    make_certificate(certificate, key, ("127.0.0.1",), dt.datetime.now(dt.UTC))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate, key)
    with archive({REPORT: ALL_FORMS}, tls=server) as there:
        trusting = ssl.create_default_context(cafile=str(certificate))
        (sent,) = store(there.address(tls=trusting), objects(tmp_path)[2:])
        assert sent.outcome is Outcome.STORED
        with pytest.raises(ArchiveUnreachable):
            echo(there.address(tls=ssl.create_default_context()))


def test_nothing_of_the_patient_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), archive({REPORT: ALL_FORMS}) as there:
        store(there.address(), objects(tmp_path)[2:])
    assert "Zhang" not in caplog.text
    assert IDENTITY.patient_id not in caplog.text


@pytest.mark.parametrize("fields", [{"called": ""}, {"called": "x" * 17}, {"called": "张"}, {"port": 0}])
def test_an_address_that_cannot_be_one_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        ArchiveAddress(**{"host": "127.0.0.1", "port": 104, "called": "ARCHIVE"} | fields)  # type: ignore[arg-type]
