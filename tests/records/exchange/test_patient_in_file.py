"""Whom a file says it is of, for every kind that can say it; read to be compared, and for nothing else."""

import datetime as dt
import struct
from collections.abc import Callable

import pytest
from pydicom.dataset import Dataset

from ecg.tracing import FileKind
from records.exchange.patient_in_file import stated_patient
from records.residents import Sex
from records.stated_patient import StatedPatient
from tests.ecg.files.samples import short_dicom
from tests.ecg.vendor_files.scp_writer import ScpWriter, resealed
from tests.ecg.vendor_files.xml_writers import AecgSeries, MuseWaveform, aecg, muse
from tests.fakes.ecgs import ecg_file

WANG = StatedPatient(patient_id="4711", name="Wang Xiuying", birth_date=dt.date(1959, 3, 14), sex=Sex.FEMALE)
ROWS = {"I": [0, 1, 2], "II": [3, 4, 5]}


def of_dicom() -> bytes:
    def name(dataset: Dataset) -> None:
        dataset.PatientName, dataset.PatientID = "Wang^Xiuying", "4711"
        dataset.PatientBirthDate, dataset.PatientSex = "19590314", "F"

    return short_dicom(name)


def of_edf(field: str, reserved: str = "EDF+C") -> bytes:
    data = bytearray(ecg_file("edf/pyedflib_plus.edf"))
    data[8:88] = field.ljust(80).encode("latin-1")
    data[192:197] = reserved.ljust(5).encode()
    return bytes(data)


def of_aecg() -> bytes:
    subject = (
        "<componentOf><timepointEvent><componentOf><subjectAssignment><subject><trialSubject>"
        '<id extension="4711"/><subjectDemographicPerson><name><given>Wang</given><family>Xiuying</family>'
        '</name><administrativeGenderCode code="F"/><birthTime value="19590314"/></subjectDemographicPerson>'
        "</trialSubject></subject></subjectAssignment></componentOf></timepointEvent></componentOf>"
    )
    return aecg(AecgSeries(ROWS)).replace(b"<component>", subject.encode() + b"<component>", 1)


def of_muse(born: str = "03-14-1959") -> bytes:
    patient = (
        "<PatientDemographics><PatientID>4711</PatientID><PatientLastName>Wang</PatientLastName>"
        f"<PatientFirstName>Xiuying</PatientFirstName><DateofBirth>{born}</DateofBirth>"
        "<Gender>FEMALE</Gender></PatientDemographics>"
    )
    return muse(MuseWaveform(ROWS)).replace(b"<TestDemographics>", patient.encode() + b"<TestDemographics>")


def of_scp(*more: tuple[int, bytes]) -> bytes:
    fields = [
        (0, b"Wang\0"),
        (1, b"Xiuying\0"),
        (2, b"4711\0"),
        (5, struct.pack("<HBB", 1959, 3, 14)),
        (8, b"\x02"),
        *more,
    ]
    body = b"".join(struct.pack("<BH", tag, len(value)) + value for tag, value in fields) + b"\xff\0\0"
    return resealed(ScpWriter(rows={1: [1, 2, 3], 2: [4, 5, 6]}), 1, body)


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        (FileKind.EDF_PLUS, lambda: of_edf("4711 F 14-MAR-1959 Wang_Xiuying")),
        (FileKind.HL7_AECG, of_aecg),
        (FileKind.GE_MUSE, of_muse),
        (FileKind.SCP_ECG, of_scp),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_every_kind_that_names_a_patient_is_heard(kind: FileKind, make: Callable[[], bytes]) -> None:
    assert stated_patient(make(), kind) == WANG


def test_a_name_of_dicom_keeps_its_own_marks() -> None:
    found = stated_patient(of_dicom(), FileKind.DICOM)
    assert (found.patient_id, found.name, found.birth_date) == ("4711", "Wang^Xiuying", WANG.birth_date)


def test_a_real_file_of_a_maker_names_its_patient() -> None:
    assert stated_patient(
        ecg_file("philips/pagewriter-touch-1.04.xml"), FileKind.PHILIPS_SIERRA
    ) == StatedPatient(
        patient_id="9999", name="ZZDEMOPTONLY ADULT", birth_date=dt.date(1950, 1, 1), sex=Sex.MALE
    )


@pytest.mark.parametrize("filler", ["X X X X", "", "X"])
def test_what_only_fills_a_field_says_nothing(filler: str) -> None:
    assert stated_patient(of_edf(filler), FileKind.EDF_PLUS).says_nothing


def test_plain_edf_has_free_text_which_is_taken_for_a_number() -> None:
    found = stated_patient(of_edf("Zhang San 4711", ""), FileKind.EDF)
    assert found == StatedPatient(patient_id="Zhang San 4711")


def test_a_record_of_wfdb_has_no_field_for_it() -> None:
    assert stated_patient(ecg_file("ludb/1.hea"), FileKind.WFDB).says_nothing


def test_a_birth_date_that_is_none_is_told_as_unreadable() -> None:
    found = stated_patient(of_muse("31-31-1959"), FileKind.GE_MUSE)
    assert (found.birth_date, found.unreadable) == (None, True)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (FileKind.DICOM, of_dicom().replace(b"19590314", b"19591399")),
        (FileKind.SCP_ECG, of_scp()[:60]),
        (FileKind.HL7_AECG, b"<AnnotatedECG"),
        (FileKind.SCP_ECG, of_scp((2, b"")).replace(b"\xff\0\0", b"\x01\xff\xff")),
    ],
)
def test_what_cannot_be_read_is_never_taken_for_silence(kind: FileKind, data: bytes) -> None:
    assert stated_patient(data, kind).unreadable
