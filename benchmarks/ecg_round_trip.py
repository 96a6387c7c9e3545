"""Every recording at hand written as DICOM and read again, sample for sample; dciodvfy judges the objects."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks import ecg_data
from benchmarks.report import Row, figure
from ecg.errors import EcgError, SignalError
from ecg.files.dicom_forms import DicomForm
from ecg.files.dicom_writer import write_dicom
from ecg.files.door import read_any
from ecg.tracing import Tracing

FORMS = (DicomForm.TWELVE_LEAD, DicomForm.GENERAL)
SOME_TIME = "20260102030405"
"""For recordings whose file does not say when: a DICOM object must."""


def rows(data: Path) -> list[Row]:
    """Samples that differ after the round trip, and errors dciodvfy finds, over all recordings and forms."""
    differing = errors = objects = 0
    judge = shutil.which("dciodvfy")
    for tracing in _tracings(data):
        for written in _written(tracing):
            objects += 1
            differing += _differing(tracing, written)
            errors += _errors(written) if judge else 0
    if not objects:
        return [figure("DICOM round trip", None, "samples", 0, 0, "no recording that DICOM can hold")]
    of = f"of {objects} objects, 12-lead and General"
    no_judge = "no dciodvfy (scripts/dicom3tools installs it)"
    return [
        figure("DICOM round trip: samples that differ", differing, "samples", 0, 0, of),
        figure(
            "DICOM round trip: errors by dciodvfy",
            errors if judge else None,
            "errors",
            0,
            0,
            of if judge else no_judge,
        ),
    ]


def _tracings(data: Path) -> Iterator[Tracing]:
    for header in ecg_data.headers(data):
        try:
            tracing = ecg_data.read(header)
        except EcgError:
            continue
        yield replace(tracing, acquired=tracing.acquired or SOME_TIME, annotations=())


def _written(tracing: Tracing) -> Iterator[bytes]:
    for form in FORMS:
        try:
            (instance,) = write_dicom(tracing, form)
        except (SignalError, ValueError):
            continue  # more samples or leads than this form holds
        yield instance.data


def _differing(tracing: Tracing, written: bytes) -> int:
    again = read_any(written, "again.dcm")
    if len(again.channels) != len(tracing.channels) or again.rate_hz != tracing.rate_hz:
        return tracing.sample_count * len(tracing.channels)
    return sum(
        int(np.count_nonzero(one.samples.astype(np.int64) != other.samples.astype(np.int64)))
        for one, other in zip(tracing.channels, again.channels, strict=True)
    )


def _errors(written: bytes) -> int:
    with tempfile.NamedTemporaryFile(suffix=".dcm") as file:
        file.write(written)
        file.flush()
        done = subprocess.run(["dciodvfy", file.name], capture_output=True, text=True, check=False)
    return sum(line.startswith("Error") for line in (done.stdout + done.stderr).splitlines())
