"""What was derived of measurements on stills, as a report that tells everything it is made of."""

from pathlib import Path

from records.archive_uids import derived_uid
from records.derived_measurements import DerivedMeasurement, PartName
from records.exchange.archive.acquiring import scanner_of
from records.exchange.archive.building_still import image_of, reported
from records.exchange.archive.kept_objects import KeptObject
from ultrasound.errors import WritingRefused
from ultrasound.measuring.measured import Measured
from ultrasound.writing.identity import Place
from ultrasound.writing.report import Observer, Reported, derived, write_report


def build_derived(kept: KeptObject, place: Place, path: Path) -> None:
    """The value, its doubt, its method, and each part with its own frame and points."""
    whole = kept.derived
    assert whole is not None
    observer = Observer(kept.observer, kept.organization) if kept.observer else None
    made = whole.kept_at.astimezone(kept.zone)
    told = _told(kept, whole)
    path.write_bytes(write_report([told], kept.identity, place, made, observer, scanner_of(kept)))


def _told(kept: KeptObject, whole: DerivedMeasurement) -> Reported:
    measured = Measured(whole.value, whole.unit, whole.uncertainty, whole.calibration)
    parts = [_part(kept, one.name) for one in whole.parts]
    return derived(whole.derivation, measured, derived_uid(whole.id), parts, whole.label)


def _part(kept: KeptObject, name: PartName) -> Reported:
    if name.derived_id is not None:
        inner = next((one for one in kept.made_of if one.id == name.derived_id), None)
        if inner is None:
            raise WritingRefused("a part of it is not kept any more")
        return _told(kept, inner)
    still = next((one for one in kept.stills if one.id == name.kept_id), None)
    if still is None or name.index is None or not 0 <= name.index < len(still.measurements):
        raise WritingRefused("a part of it is not kept any more")
    return reported(still, name.index, still.measurements[name.index], image_of(still, not still.grey))
