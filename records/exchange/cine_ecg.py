"""The ECG of a cine's seconds as a General ECG object on the cine's clock (DICOM PS3.3 A.34.4, C.7.4.2)."""

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from io import BytesIO

import pydicom

from ecg.files.dicom_forms import DicomForm
from ecg.files.dicom_identity import DicomIdentity
from ecg.files.dicom_writer import write_dicom
from ecg.tracing import Tracing
from ultrasound.errors import WritingRefused
from ultrasound.writing.identity import Identity, Place, put_identity
from ultrasound.writing.synchronization import Synchronization, put_synchronization

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US_PER_S = 1_000_000


def write_cine_ecg(
    tracing: Tracing,
    first_us: int,
    capture_us: Sequence[int],
    zone: tzinfo,
    identity: Identity,
    place: Place,
    synchronization: Synchronization,
) -> bytes:
    """The file of an ECG whose first sample was taken at `first_us`, on the clock of `capture_us`.

    Its annotations go along: beats that were found say where the R peaks are. `synchronization` is the
    cine's own. Raises WritingRefused for an ECG of other seconds, and SignalError for what a General ECG
    cannot hold.
    """
    end_us = first_us + round(tracing.duration_s * _US_PER_S)
    if end_us <= capture_us[0] or first_us > capture_us[-1]:
        raise WritingRefused("the ECG and the cine are of other seconds; a synchronised one is of the same")
    taken = (_EPOCH + timedelta(microseconds=first_us)).astimezone(zone)
    dated = dataclasses.replace(tracing, acquired=taken.strftime("%Y%m%d%H%M%S.%f%z")[:26])
    named = DicomIdentity(
        study_instance_uid=identity.study_instance_uid,
        series_instance_uid=place.series_instance_uid,
        sop_instance_uid=place.sop_instance_uid,
    )
    (instance,) = write_dicom(dated, DicomForm.GENERAL, named)
    dataset = pydicom.dcmread(BytesIO(instance.data))
    put_identity(dataset, identity, place)
    put_synchronization(dataset, synchronization)
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()
