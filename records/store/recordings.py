"""Stored ECGs: the index; their samples are files."""

from typing import Any

from sqlalchemy import Connection

from records.consults import EcgRecording
from records.ids import BindingId, RecordingId, ResidentId
from records.store.rows import Rows, unix_us
from records.store.schema import recordings


class Recordings:
    """See `records.ledger.Recordings`."""

    def __init__(self, connection: Connection) -> None:
        self._rows = Rows(connection, recordings, EcgRecording)

    def add(self, recording: EcgRecording) -> None:
        self._rows.add(recording, id=recording.id, **_columns(recording))

    def save(self, recording: EcgRecording) -> None:
        self._rows.save(recording.id, recording, **_columns(recording))

    def get(self, recording_id: RecordingId) -> EcgRecording:
        return self._rows.get(recording_id)

    def by_binding(self, binding_id: BindingId) -> EcgRecording | None:
        return self._rows.find(recordings.c.binding_id == binding_id)

    def of_resident(self, resident_id: ResidentId) -> tuple[EcgRecording, ...]:
        return self._rows.all(
            recordings.c.resident_id == resident_id,
            order=(recordings.c.started_at.desc(), recordings.c.id.desc()),
        )


def _columns(recording: EcgRecording) -> dict[str, Any]:
    return {
        "resident_id": recording.resident_id,
        "binding_id": recording.binding_id,
        "started_at": unix_us(recording.started_at),
    }
