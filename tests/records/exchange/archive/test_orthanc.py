"""A real archive takes every kind of object that is written, and gives pictures back as they were."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest

from records.exchange.archive.errors import ArchiveDeclined
from records.exchange.archive.sending import Outcome, echo, store
from tests.fakes.orthanc import Orthanc, orthanc
from tests.records.exchange.archive.test_sending import PICTURE, objects
from tests.records.exchange.test_cine_ecg import ecg_file
from tests.ultrasound.writing.objects import IDENTITY, NINE, acquisition
from tests.ultrasound.writing.test_h264_cine import TIMES_US, packets
from tests.ultrasound.writing.test_marks import ALL, PLACE
from tests.ultrasound.writing.test_report import CINE, STILL
from ultrasound.dicom import open_dicom
from ultrasound.writing.h264_cine import write_h264_cine
from ultrasound.writing.identity import Place
from ultrasound.writing.marks import MarkedFrame, write_marks

pytestmark = pytest.mark.orthanc


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    with orthanc(tmp_path_factory.mktemp("orthanc")) as archive:
        yield archive


def every_kind(folder: Path) -> list[Path]:
    """A still, a cine, a report, an ECG, marks of both kinds, a cine in H.264."""
    files = [*objects(folder), ecg_file(folder)]
    for image, uid in ((CINE, "1.2.826.0.1.51"), (STILL, "1.2.826.0.1.52")):
        place = Place(series_instance_uid=PLACE.series_instance_uid, sop_instance_uid=uid)
        files.append(folder / f"{uid}.dcm")
        files[-1].write_bytes(write_marks([MarkedFrame(image, ALL)], IDENTITY, place, NINE))
    of_h264 = Place(series_instance_uid="1.2.826.0.1.2", sop_instance_uid="1.2.826.0.1.8")
    files.append(folder / "h264.dcm")
    write_h264_cine(files[-1], packets(), TIMES_US, IDENTITY, of_h264, acquisition())
    return files


def kept(there: Orthanc) -> dict[str, pydicom.Dataset]:
    """Everything it keeps, by SOP instance."""
    found = [
        pydicom.dcmread(io.BytesIO(there.get(f"/instances/{name}/file"))) for name in there.told("/instances")
    ]
    return {str(dataset.SOPInstanceUID): dataset for dataset in found}


def test_it_is_there_for_who_knows_its_name(there: Orthanc) -> None:
    echo(there.address)
    with pytest.raises(ArchiveDeclined):
        echo(type(there.address)(there.address.host, there.address.port, "SOMEBODY"))


def test_every_kind_of_object_is_kept_and_comes_back_whole(there: Orthanc, tmp_path: Path) -> None:
    files = every_kind(tmp_path)
    sent = store(there.address, files)
    assert [one.outcome for one in sent] == [Outcome.STORED] * len(files)
    back = kept(there)
    assert len(back) == len(files)
    for file in files:
        before = pydicom.dcmread(file)
        after = back[str(before.SOPInstanceUID)]
        assert after == before
        assert after.file_meta.TransferSyntaxUID == before.file_meta.TransferSyntaxUID
    assert np.array_equal(back["1.2.826.0.1.3"].pixel_array, PICTURE)
    (patient,) = there.told("/patients")
    assert there.told(f"/patients/{patient}")["MainDicomTags"]["PatientName"] == IDENTITY.patient_name


def test_it_shows_frames_of_a_cine(there: Orthanc, tmp_path: Path) -> None:
    files = objects(tmp_path)
    store(there.address, files)
    (found,) = [
        name
        for name in there.told("/instances")
        if there.told(f"/instances/{name}")["MainDicomTags"]["SOPInstanceUID"] == "1.2.826.0.1.4"
    ]
    frame = there.get(f"/instances/{found}/frames/1/raw")
    stored = open_dicom(files[1]).stored(1)
    assert frame.rstrip(b"\0") == stored.rstrip(b"\0")
