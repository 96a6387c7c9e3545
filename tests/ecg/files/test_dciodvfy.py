"""dciodvfy of dicom3tools, which knows the standard by itself, finds no error in what is written."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from ecg.annotations import Annotation, AnnotationCode
from ecg.description import Filters
from ecg.files.dicom_forms import LIMITS, DicomForm
from ecg.files.dicom_identity import DicomIdentity
from ecg.files.dicom_writer import write_dicom
from ecg.files.findings import Findings
from ecg.leads import STANDARD_LEADS, Lead
from ecg.limb_leads import with_derived_limb_leads
from ecg.measurements import Measure
from ecg.tracing import Channel, Tracing
from tests.ecg.files.samples import RECORDS, measurements, median_of, record, tracing, with_gap

pytestmark = pytest.mark.dicom3tools

IDENTITY = DicomIdentity(
    patient_name="Zhang^San=张^三",
    patient_id="4711",
    patient_birth_date="19700203",
    patient_sex="F",
    study_id="S1",
    accession_number="A1",
    referring_physician="Li^Si=李^四",
    institution="社区卫生服务中心",
)
FOUND = Findings(
    measurements=measurements(Measure.PR), median=median_of(*STANDARD_LEADS), statements=("PR 210 ms",)
)
SAID = (
    *(Annotation(10 * int(code), code, "(N" if code % 3 == 0 else "") for code in AnnotationCode),
    Annotation(100, AnnotationCode.NOTE, "咳嗽", channel=2, duration_s=0.5),
    Annotation(2000, AnnotationCode.RHYTHM_CHANGE, "(AFIB"),
)


def twelve_leads(rate_hz: float = 500, count: int = 2000, zero: float = 12) -> Tracing:
    rows = np.arange(12 * count).reshape(12, count) % 2000 - 1000
    whole = tracing(rows.astype(np.int16), rate_hz=rate_hz, step_nv=4880, zero=zero)
    filtered = tuple(replace(channel, filters=Filters(0.05, 150, 50)) for channel in whole.channels)
    return replace(whole, channels=filtered, acquired="20240229235930.25+0800", device="Model 7")


def two_leads() -> Tracing:
    strange = Channel(name="MLII", lead=None, samples=np.ones(900, np.int16), nv_per_step=1e6 / 1716)
    known = Channel(name="V4R", lead=None, samples=np.ones(900, np.int16), nv_per_step=1000)
    return replace(twelve_leads(), channels=(strange, known))


def single_samples_missing() -> Tracing:
    whole = twelve_leads()
    whole.channels[3].samples[7] = -32768
    return whole


VARIANTS: dict[str, Callable[[], Tracing]] = {
    "twelve leads": twelve_leads,
    "annotated": lambda: replace(twelve_leads(), annotations=SAID),
    "with a gap": lambda: with_gap(twelve_leads(), 100, 300),
    "with a gap at both ends": lambda: with_gap(with_gap(twelve_leads(), 0, 9), 1990, 2000),
    "single samples missing": single_samples_missing,
    "nothing but a gap": lambda: with_gap(twelve_leads(), 0, 2000),
    "leads without a code": two_leads,
    "one sample": lambda: replace(tracing(np.ones((1, 1), np.int16)), acquired="202402292359"),
    "derived limb leads": lambda: with_derived_limb_leads(
        replace(twelve_leads(), channels=twelve_leads(zero=0).channels[:2])
    ),
}
RATES_HZ = {
    DicomForm.TWELVE_LEAD: (200, 250, 257.5, 360, 500, 1000),
    DicomForm.GENERAL: (200, 250, 257.5, 360, 500, 1000),
    DicomForm.AMBULATORY: (50, 125, 128, 200, 1000),
}
JUDGED = tuple(RATES_HZ)
"""The General 32-bit ECG is younger than Debian's dicom3tools, which knows no object of this class."""


def complaints(data: bytes, folder: Path) -> list[str]:
    """Every line with an error."""
    file = folder / "x.dcm"
    file.write_bytes(data)
    done = subprocess.run(["dciodvfy", file], capture_output=True, text=True)
    said = (done.stdout + done.stderr).splitlines()
    assert said, "dciodvfy said nothing"
    return [line for line in said if "Error" in line]


def judged(of: Tracing, form: DicomForm, folder: Path, findings: Findings | None = None) -> list[str]:
    return [
        line
        for instance in write_dicom(of, form, IDENTITY, findings)
        for line in complaints(instance.data, folder)
    ]


@pytest.mark.parametrize("form", JUDGED)
@pytest.mark.parametrize("variant", VARIANTS)
def test_no_error_in_any_variant(variant: str, form: DicomForm, tmp_path: Path) -> None:
    assert judged(VARIANTS[variant](), form, tmp_path) == []


@pytest.mark.parametrize(("form", "rate_hz"), [(form, rate) for form in JUDGED for rate in RATES_HZ[form]])
def test_no_error_at_any_rate(form: DicomForm, rate_hz: float, tmp_path: Path) -> None:
    assert judged(twelve_leads(rate_hz, 600), form, tmp_path) == []


@pytest.mark.parametrize("form", [DicomForm.TWELVE_LEAD, DicomForm.GENERAL])
def test_no_error_with_everything_that_was_found(form: DicomForm, tmp_path: Path) -> None:
    assert judged(replace(twelve_leads(), annotations=SAID), form, tmp_path, FOUND) == []


@pytest.mark.parametrize("name", RECORDS)
def test_no_error_in_a_real_record(name: str, tmp_path: Path) -> None:
    dated = record(name)
    assert (
        judged(replace(dated, acquired=dated.acquired or "20240229120000"), DicomForm.GENERAL, tmp_path) == []
    )


def test_no_error_where_nothing_is_known_of_the_patient(tmp_path: Path) -> None:
    for instance in write_dicom(twelve_leads(), DicomForm.TWELVE_LEAD):
        assert complaints(instance.data, tmp_path) == []


def test_no_error_in_the_parts_of_a_long_tracing(tmp_path: Path) -> None:
    parts = write_dicom(twelve_leads(), DicomForm.GENERAL, IDENTITY, part_bytes=12 * 2 * 700)
    assert [complaints(part.data, tmp_path) for part in parts] == [[], [], []]


def test_32_bits_have_no_error_but_that_the_class_is_not_known(tmp_path: Path) -> None:
    wide = replace(
        twelve_leads(),
        channels=tuple(
            Channel(name=lead, lead=lead, samples=np.full(500, 70_000, np.int32), nv_per_step=100)
            for lead in Lead
        ),
    )
    (instance,) = write_dicom(wide, DicomForm.GENERAL_32_BIT, IDENTITY, FOUND)
    assert complaints(instance.data, tmp_path) in ([], ["Error - Information Object Not found"])
    # As a General ECG, which differs in the class and the width alone, it is judged in full.
    dataset = pydicom.dcmread(BytesIO(instance.data))
    dataset.SOPClassUID = LIMITS[DicomForm.GENERAL].sop_class
    attributes = [line.split("attribute ")[1] for line in complaints(saved(dataset), tmp_path)]
    assert attributes == ["<Waveform Bits Allocated>", "<Waveform Sample Interpretation>"]


def saved(dataset: Dataset) -> bytes:
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda dataset: delattr(dataset, "AcquisitionDateTime"),
        lambda dataset: delattr(dataset.WaveformSequence[0], "SamplingFrequency"),
        lambda dataset: delattr(
            dataset.WaveformSequence[0].ChannelDefinitionSequence[0], "ChannelSourceSequence"
        ),
        lambda dataset: setattr(dataset.WaveformSequence[0], "WaveformOriginality", "DRAWN"),
    ],
)
def test_an_object_with_a_fault_is_complained_of(spoil: Callable[[Dataset], None], tmp_path: Path) -> None:
    (instance,) = write_dicom(twelve_leads(), DicomForm.TWELVE_LEAD, IDENTITY)
    dataset = pydicom.dcmread(BytesIO(instance.data))
    spoil(dataset)
    assert complaints(saved(dataset), tmp_path) != []
