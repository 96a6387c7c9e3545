"""Which objects of a consult go to the archives: everything that was kept in it and is its resident's."""

import datetime as dt
from collections.abc import Iterator, Sequence

from records.archive_outbox import ArchiveObject, OutboxEntry, queued
from records.archive_uids import object_uid
from records.consults import Consult, ConsultState
from records.derived_measurements import DerivedMeasurement
from records.ledger import Ledger
from records.ultrasound_clips import UltrasoundClip
from records.ultrasound_stills import StillMeasurement, UltrasoundStill
from ultrasound.measuring.measured import CalibrationSource

Kept = UltrasoundStill | UltrasoundClip | DerivedMeasurement

_SIGNED = frozenset({ConsultState.SIGNED, ConsultState.CLOSED})


def queue_consult(
    ledger: Ledger, consult: Consult, destinations: Sequence[str], now: dt.datetime
) -> tuple[OutboxEntry, ...]:
    """Queue what is not queued yet; returns what was. A picture that is another resident's is left out."""
    kept: list[Kept] = [*ledger.ultrasound_stills.of_consult(consult.id)]
    kept += ledger.ultrasound_clips.of_consult(consult.id)
    kept += ledger.derived_measurements.of_consult(consult.id)
    mine = [one for one in kept if one.resident_id == consult.resident_id]
    return tuple(entry for one in mine for entry in _queue(ledger, one, destinations, now))


def queue_if_signed(
    ledger: Ledger,
    kept: Kept,
    destinations: Sequence[str],
    now: dt.datetime,
) -> None:
    """Queue what was kept after its consult's opinion was signed, as a clip that came over a bad line."""
    consult = ledger.consults.get(kept.consult_id)
    if consult.state in _SIGNED and consult.resident_id == kept.resident_id:
        _queue(ledger, kept, destinations, now)


def queue_ecg(ledger: Ledger, clip: OutboxEntry, now: dt.datetime) -> None:
    """Queue the ECG of a clip's seconds to where the clip goes."""
    ledger.archive_outbox.add(
        queued(
            sop_instance_uid=object_uid(ArchiveObject.ECG, clip.kept_id, clip.resident_id),
            destination=clip.destination,
            kind=ArchiveObject.ECG,
            kept_id=clip.kept_id,
            number=clip.number,
            consult_id=clip.consult_id,
            resident_id=clip.resident_id,
            now=now,
        )
    )


def _queue(ledger: Ledger, kept: Kept, destinations: Sequence[str], now: dt.datetime) -> list[OutboxEntry]:
    added = []
    for destination in destinations:
        for kind in _objects(kept):
            entry = queued(
                sop_instance_uid=object_uid(kind, kept.id, kept.resident_id),
                destination=destination,
                kind=kind,
                kept_id=kept.id,
                number=kept.number,
                consult_id=kept.consult_id,
                resident_id=kept.resident_id,
                now=now,
            )
            if ledger.archive_outbox.add(entry):
                added.append(entry)
    return added


def _objects(kept: Kept) -> Iterator[ArchiveObject]:
    if isinstance(kept, UltrasoundClip):
        yield ArchiveObject.CLIP
        return
    if isinstance(kept, DerivedMeasurement):
        if not kept.void and kept.calibration is not CalibrationSource.NONE:
            yield ArchiveObject.DERIVED
        return
    yield ArchiveObject.STILL
    if kept.marks:
        yield ArchiveObject.MARKS
    if any(is_reported(one) for one in kept.measurements):
        yield ArchiveObject.MEASUREMENTS


def is_reported(measurement: StillMeasurement) -> bool:
    """Whether a measurement can stand in a report: pixels are no unit there."""
    return measurement.uncalibrated is None and measurement.calibration is not CalibrationSource.NONE
