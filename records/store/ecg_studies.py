"""ECGs kept to be read, and the machine's drafts; their samples are files."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection

from records.ecg_drafts import MachineDraft
from records.ecg_reading import OPEN_STATES
from records.ecg_studies import EcgStudy
from records.ids import BindingId, ConsultId, EcgStudyId, ResidentId
from records.store.counters import next_value
from records.store.rows import Rows, unix_us, unix_us_or_none
from records.store.schema import ecg_drafts, ecg_studies

_OPEN = tuple(state.value for state in OPEN_STATES)
_LATEST_FIRST = (ecg_studies.c.taken_at.desc(), ecg_studies.c.id.desc())


class EcgStudies:
    """See `records.ledger.EcgStudies`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, ecg_studies, EcgStudy)
        self._drafts = Rows(connection, ecg_drafts, MachineDraft)

    def add(self, study: EcgStudy, draft: MachineDraft, request_key: str = "") -> None:
        self._rows.add(study, id=study.id, request_key=request_key or None, **_columns(study))
        self._drafts.add(draft, study_id=study.id)

    def save(self, study: EcgStudy) -> None:
        follows = ecg_studies.c.version == study.version - 1
        self._rows.save(study.id, study, follows, **_columns(study))

    def get(self, study_id: EcgStudyId) -> EcgStudy:
        return self._rows.get(study_id)

    def draft(self, study_id: EcgStudyId) -> MachineDraft:
        return self._drafts.get(study_id)

    def by_request(self, request_key: str) -> EcgStudy | None:
        return self._rows.find(ecg_studies.c.request_key == request_key)

    def of_file(self, resident_id: ResidentId, file_sha256: str) -> EcgStudy | None:
        mine = ecg_studies.c.resident_id == resident_id
        return self._rows.find(mine, ecg_studies.c.file_sha256 == file_sha256, order=_LATEST_FIRST)

    def open(self) -> tuple[EcgStudy, ...]:
        return self._rows.all(ecg_studies.c.state.in_(_OPEN), order=(ecg_studies.c.received_at,))

    def closed_since(self, at: dt.datetime) -> tuple[EcgStudy, ...]:
        return self._rows.all(ecg_studies.c.closed_at >= unix_us(at), order=(ecg_studies.c.closed_at,))

    def of_resident(self, resident_id: ResidentId, limit: int = 500) -> tuple[EcgStudy, ...]:
        return self._rows.all(ecg_studies.c.resident_id == resident_id, order=_LATEST_FIRST, limit=limit)

    def of_consult(self, consult_id: ConsultId) -> tuple[EcgStudy, ...]:
        return self._rows.all(ecg_studies.c.consult_id == consult_id, order=(ecg_studies.c.taken_at,))

    def of_binding(self, binding_id: BindingId) -> tuple[EcgStudy, ...]:
        return self._rows.all(ecg_studies.c.binding_id == binding_id, order=(ecg_studies.c.taken_at,))

    def next_number(self, day: dt.date) -> str:
        running = next_value(self._connection, f"ecg:{day:%Y%m%d}")
        return f"XD-{day:%Y%m%d}-{running:04}"


def _columns(study: EcgStudy) -> dict[str, Any]:
    closed_at = study.final_at or (study.rejection.at if study.rejection else None)
    return {
        "number": study.number,
        "resident_id": study.resident_id,
        "consult_id": study.consult_id,
        "binding_id": study.binding_id,
        "file_sha256": study.file_sha256 or None,
        "state": study.state.value,
        "version": study.version,
        "received_at": unix_us(study.received_at),
        "taken_at": unix_us(study.taken_at),
        "closed_at": unix_us_or_none(closed_at),
    }
