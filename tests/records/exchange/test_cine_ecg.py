"""A cine and its ECG name one clock, and a frame's sample is found by the moments in both files alone."""

import dataclasses
import io
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pydicom
import pytest

from ecg.annotations import Annotation, AnnotationCode
from ecg.errors import SignalError
from ecg.files.dicom import read_dicom as read_ecg
from records.exchange.cine_ecg import write_cine_ecg
from tests.ecg.files.samples import tracing
from tests.ultrasound.files.coding import noise
from tests.ultrasound.writing.objects import IDENTITY, NINE, NINE_US, PLACE, acquisition, complaints
from ultrasound.dicom import open_dicom
from ultrasound.errors import WritingRefused
from ultrasound.writing.cine import write_cine
from ultrasound.writing.cine_times import HeartBeat
from ultrasound.writing.frame_coding import lossless_frames
from ultrasound.writing.identity import Place
from ultrasound.writing.synchronization import Synchronization

RATE_HZ = 500
FIRST_US = NINE_US - 40_000
CAPTURE_US = [NINE_US, NINE_US + 33_333, NINE_US + 100_001]
R_SAMPLES = (30, 50)
ECG_PLACE = Place(series_instance_uid="1.2.826.0.1.70", sop_instance_uid="1.2.826.0.1.71", series_number=2)
CLOCK = Synchronization(frame_of_reference_uid="1.2.826.0.1.9", externally_set=True)
ZONE = timezone(timedelta(hours=8))
ECG = dataclasses.replace(
    tracing(np.arange(12 * 100).reshape(12, 100).astype(np.int16), rate_hz=RATE_HZ),
    annotations=tuple(Annotation(sample, AnnotationCode.NORMAL, "") for sample in R_SAMPLES),
)


def ecg_file(folder: Path) -> Path:
    path = folder / "ecg.dcm"
    path.write_bytes(write_cine_ecg(ECG, FIRST_US, CAPTURE_US, ZONE, IDENTITY, ECG_PLACE, CLOCK))
    return path


def cine_file(folder: Path) -> Path:
    path = folder / "cine.dcm"
    r_us = tuple(FIRST_US + sample * 1_000_000 // RATE_HZ for sample in R_SAMPLES)
    frames = lossless_frames([noise(20, 30) for _ in CAPTURE_US])
    write_cine(path, frames, CAPTURE_US, IDENTITY, PLACE, acquisition(), HeartBeat(75, r_us), CLOCK)
    return path


def moment(dataset: pydicom.Dataset) -> datetime:
    return datetime.strptime(str(dataset.AcquisitionDateTime), "%Y%m%d%H%M%S.%f%z")


def test_both_name_one_clock_and_one_study(tmp_path: Path) -> None:
    ecg, cine = pydicom.dcmread(ecg_file(tmp_path)), pydicom.dcmread(cine_file(tmp_path))
    for keyword in (
        "SynchronizationFrameOfReferenceUID",
        "SynchronizationTrigger",
        "AcquisitionTimeSynchronized",
        "StudyInstanceUID",
        "PatientName",
        "AccessionNumber",
    ):
        assert ecg[keyword].value == cine[keyword].value
    assert ecg.SeriesInstanceUID != cine.SeriesInstanceUID


def test_r_peaks_of_the_cine_are_those_of_the_ecg(tmp_path: Path) -> None:
    cine, ecg = pydicom.dcmread(cine_file(tmp_path)), pydicom.dcmread(ecg_file(tmp_path))
    peaks_ms = [40 + r_ms for r_ms in cine.RWaveTimeVector]
    ahead_ms = (moment(cine) - moment(ecg)) / timedelta(milliseconds=1)
    assert ahead_ms == 40
    assert [round(peak_ms * RATE_HZ / 1000) for peak_ms in peaks_ms] == list(R_SAMPLES)
    positions = ecg.WaveformAnnotationSequence[0].ReferencedSamplePositions
    assert [int(position) - 1 for position in positions] == list(R_SAMPLES)


def test_the_ecg_is_read_back_sample_for_sample(tmp_path: Path) -> None:
    back = read_ecg(ecg_file(tmp_path).read_bytes(), "ecg.dcm")
    for mine, read in zip(ECG.channels, back.channels, strict=True):
        assert np.array_equal(mine.samples, read.samples)
    assert open_dicom(cine_file(tmp_path)).frame_count == 3


@pytest.mark.dicom3tools
def test_dciodvfy_finds_no_error(tmp_path: Path) -> None:
    assert complaints(ecg_file(tmp_path)) == []
    assert complaints(cine_file(tmp_path)) == []


@pytest.mark.parametrize("first_us", [NINE_US - 200_000, CAPTURE_US[-1] + 1])
def test_an_ecg_of_other_seconds_is_refused(first_us: int) -> None:
    with pytest.raises(WritingRefused, match="other seconds"):
        write_cine_ecg(ECG, first_us, CAPTURE_US, ZONE, IDENTITY, ECG_PLACE, CLOCK)


def test_what_a_general_ecg_cannot_hold_is_refused() -> None:
    slow = dataclasses.replace(ECG, rate_hz=125)
    with pytest.raises(SignalError, match="125 Hz"):
        write_cine_ecg(slow, FIRST_US, CAPTURE_US, ZONE, IDENTITY, ECG_PLACE, CLOCK)


def test_the_moment_is_told_to_the_microsecond_in_the_station_s_zone() -> None:
    data = write_cine_ecg(ECG, FIRST_US + 1, CAPTURE_US, ZONE, IDENTITY, ECG_PLACE, CLOCK)
    told = pydicom.dcmread(io.BytesIO(data)).AcquisitionDateTime
    assert told == "20261128090000.210001+0800"
    assert NINE.tzinfo == ZONE
