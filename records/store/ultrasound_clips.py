"""Kept clips of the ultrasound; their pictures are files."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection

from records.ids import BindingId, ConsultId, KeptClipId, ResidentId
from records.store.counters import next_value
from records.store.rows import Rows, unix_us
from records.store.schema import ultrasound_clips
from records.ultrasound_clips import UltrasoundClip

_LATEST_FIRST = (ultrasound_clips.c.taken_at.desc(), ultrasound_clips.c.id.desc())


class UltrasoundClips:
    """See `records.ledger.UltrasoundClips`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, ultrasound_clips, UltrasoundClip)

    def add(self, clip: UltrasoundClip) -> None:
        self._rows.add(clip, id=clip.id, **_columns(clip))

    def save(self, clip: UltrasoundClip) -> None:
        self._rows.save(clip.id, clip, **_columns(clip))

    def get(self, clip_id: KeptClipId) -> UltrasoundClip:
        return self._rows.get(clip_id)

    def of_resident(self, resident_id: ResidentId, limit: int = 500) -> tuple[UltrasoundClip, ...]:
        mine = ultrasound_clips.c.resident_id == resident_id
        return self._rows.all(mine, order=_LATEST_FIRST, limit=limit)

    def of_consult(self, consult_id: ConsultId) -> tuple[UltrasoundClip, ...]:
        mine = ultrasound_clips.c.consult_id == consult_id
        return self._rows.all(mine, order=(ultrasound_clips.c.taken_at,))

    def of_binding(self, binding_id: BindingId) -> tuple[UltrasoundClip, ...]:
        mine = ultrasound_clips.c.binding_id == binding_id
        return self._rows.all(mine, order=(ultrasound_clips.c.taken_at,))

    def next_number(self, day: dt.date) -> str:
        running = next_value(self._connection, f"ultrasound_clip:{day:%Y%m%d}")
        return f"CD-{day:%Y%m%d}-{running:04}"


def _columns(clip: UltrasoundClip) -> dict[str, Any]:
    return {
        "number": clip.number,
        "resident_id": clip.resident_id,
        "consult_id": clip.consult_id,
        "binding_id": clip.binding_id,
        "taken_at": unix_us(clip.taken_at),
    }
