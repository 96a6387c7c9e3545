"""The names that a consult's objects have in every archive, whoever writes them and however often.

UIDs by name under 2.25 (ITU-T X.667, RFC 9562 section 5.5): the same object is always the same instance, so
sending it twice leaves one. They hold the resident as well: what turns out to be another's is another object.
"""

import uuid

from records.archive_outbox import ArchiveObject
from records.ids import BindingId, ConsultId, DerivedId, KeptClipId, KeptStillId, ResidentId

_OURS = uuid.UUID("0b4d6f0e-61f5-5d39-9a1c-7a1e5ed2c0aa")


def study_uid(consult_id: ConsultId, resident_id: ResidentId) -> str:
    """The study of a consult; the scanner's worklist names the same."""
    return _uid("study", consult_id, resident_id)


def series_uid(consult_id: ConsultId, resident_id: ResidentId, kind: ArchiveObject) -> str:
    """The series that a consult's objects of one kind are in."""
    return _uid("series", kind, consult_id, resident_id)


def object_uid(
    kind: ArchiveObject, kept_id: KeptStillId | KeptClipId | DerivedId, resident_id: ResidentId
) -> str:
    """What was kept, or what goes with it."""
    return _uid("object", kind, kept_id, resident_id)


def measurement_uid(still_id: KeptStillId, at: int) -> str:
    """One measurement of a kept still, for good."""
    return _uid("measurement", still_id, str(at))


def derived_uid(derived_id: DerivedId) -> str:
    """One derived measurement, for good."""
    return _uid("measurement", derived_id)


def clock_uid(binding_id: BindingId) -> str:
    """The clock that a binding's pictures and ECG were taken on."""
    return _uid("clock", binding_id)


def step_id(consult_number: str) -> str:
    """The scheduled step and the requested procedure of a consult, at most 16 letters as DICOM's SH."""
    return consult_number[:16]


def _uid(*names: str) -> str:
    return f"2.25.{uuid.uuid5(_OURS, ' '.join(names)).int}"
