"""A consult's objects as DICOM files: stills, clips, marks, measurements, the ECG of a clip's seconds."""

from pathlib import Path

from records.archive_outbox import ArchiveObject
from records.archive_uids import object_uid, series_uid
from records.exchange.archive.building_clip import build_clip, build_ecg
from records.exchange.archive.building_derived import build_derived
from records.exchange.archive.building_still import build_marks, build_measurements, build_still
from records.exchange.archive.kept_objects import KeptObject
from ultrasound.writing.identity import Place

_SERIES = {
    ArchiveObject.STILL: (1, "Stills"),
    ArchiveObject.CLIP: (2, "Clips"),
    ArchiveObject.ECG: (3, "ECG of the clips"),
    ArchiveObject.MARKS: (4, "Marks on stills"),
    ArchiveObject.MEASUREMENTS: (5, "Measurements on stills"),
    ArchiveObject.DERIVED: (6, "Derived measurements"),
}
_BUILDERS = {
    ArchiveObject.STILL: build_still,
    ArchiveObject.CLIP: build_clip,
    ArchiveObject.ECG: build_ecg,
    ArchiveObject.MARKS: build_marks,
    ArchiveObject.MEASUREMENTS: build_measurements,
    ArchiveObject.DERIVED: build_derived,
}


def build(kept: KeptObject, path: Path) -> None:
    """Write the object; the same one for the same record, however often.

    Raises WritingRefused, PictureError and SourceUnreadable for what cannot be written truthfully, SealBroken
    for a clip that is none, SignalError for an ECG that cannot be held; then there is no file.
    """
    _BUILDERS[kept.kind](kept, place_of(kept, kept.kind), path)


def place_of(kept: KeptObject, kind: ArchiveObject) -> Place:
    """Where an object of this kind stands that belongs to what was kept."""
    number, description = _SERIES[kind]
    one = kept.kept
    running = one.number.rpartition("-")[2]
    return Place(
        series_instance_uid=series_uid(one.consult_id, one.resident_id, kind),
        sop_instance_uid=object_uid(kind, one.id, one.resident_id),
        series_number=number,
        instance_number=int(running) if running.isdecimal() else 1,
        series_description=f"SIMULATED: {description}" if one.simulated else description,
    )
