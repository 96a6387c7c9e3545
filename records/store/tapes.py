"""Tapes, the consents to them, and the scores of ended sessions."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, delete

from records.ids import ConsultId, ResidentId, TapeId
from records.session_scores import SessionScore, SessionTally
from records.store.rows import Rows, unix_us, unix_us_or_none
from records.store.schema import recording_consents, session_scores, session_tallies, tapes
from records.tapes import RecordingConsent, Tape

_NEWEST_FIRST = (tapes.c.started_at.desc(), tapes.c.id.desc())


class Tapes:
    """See `records.ledger.Tapes`."""

    def __init__(self, connection: Connection) -> None:
        self._rows = Rows(connection, tapes, Tape)
        self._consents = Rows(connection, recording_consents, RecordingConsent)

    def add(self, tape: Tape) -> None:
        self._rows.add(tape, id=tape.id, **_columns(tape))

    def save(self, tape: Tape) -> None:
        self._rows.save(tape.id, tape, **_columns(tape))

    def get(self, tape_id: TapeId) -> Tape:
        return self._rows.get(tape_id)

    def of_consult(self, consult_id: ConsultId) -> tuple[Tape, ...]:
        return self._rows.all(tapes.c.consult_id == consult_id, order=(tapes.c.started_at,))

    def of_resident(self, resident_id: ResidentId) -> tuple[Tape, ...]:
        return self._rows.all(tapes.c.resident_id == resident_id, order=_NEWEST_FIRST)

    def running(self) -> tuple[Tape, ...]:
        return self._rows.all(tapes.c.ended_at.is_(None), order=(tapes.c.started_at,))

    def unsealed(self) -> tuple[Tape, ...]:
        over = self._rows.all(tapes.c.ended_at.is_not(None), order=(tapes.c.started_at,))
        return tuple(tape for tape in over if tape.seal is None and tape.deleted_at is None)

    def due_before(self, at: dt.datetime) -> tuple[Tape, ...]:
        return self._rows.all(tapes.c.due_at <= unix_us(at), order=(tapes.c.due_at,))

    def newest(self, limit: int = 200) -> tuple[Tape, ...]:
        return self._rows.all(order=_NEWEST_FIRST, limit=limit)

    def add_consent(self, consent: RecordingConsent) -> None:
        self._consents.add(
            consent, id=consent.id, consult_id=consent.consult_id, recorded_at=unix_us(consent.recorded_at)
        )

    def save_consent(self, consent: RecordingConsent) -> None:
        self._consents.save(consent.id, consent)

    def consent(self, consult_id: ConsultId) -> RecordingConsent | None:
        return self._consents.find(
            recording_consents.c.consult_id == consult_id,
            order=(recording_consents.c.recorded_at.desc(), recording_consents.c.id.desc()),
        )


class SessionScores:
    """See `records.ledger.SessionScores`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, session_scores, SessionScore)
        self._tallies = Rows(connection, session_tallies, SessionTally)

    def add(self, score: SessionScore) -> None:
        self._rows.add(score, consult_id=score.consult_id, ended_at=unix_us(score.ended_at))

    def save(self, score: SessionScore) -> None:
        self._rows.save(score.consult_id, score, ended_at=unix_us(score.ended_at))

    def of_consult(self, consult_id: ConsultId) -> SessionScore | None:
        return self._rows.find(session_scores.c.consult_id == consult_id)

    def newest(self, limit: int = 200) -> tuple[SessionScore, ...]:
        return self._rows.all(order=(session_scores.c.ended_at.desc(),), limit=limit)

    def keep_tally(self, tally: SessionTally) -> None:
        if self._tallies.find(session_tallies.c.consult_id == tally.consult_id) is None:
            self._tallies.add(tally, consult_id=tally.consult_id)
        else:
            self._tallies.save(tally.consult_id, tally)

    def tallies(self) -> tuple[SessionTally, ...]:
        return self._tallies.all()

    def forget_tally(self, consult_id: ConsultId) -> None:
        self._connection.execute(delete(session_tallies).where(session_tallies.c.consult_id == consult_id))


def _columns(tape: Tape) -> dict[str, Any]:
    return {
        "consult_id": tape.consult_id,
        "resident_id": tape.resident_id,
        "started_at": unix_us(tape.started_at),
        "ended_at": unix_us_or_none(tape.ended_at),
        "due_at": None if tape.deleted_at or tape.hold else unix_us_or_none(tape.due_at),
    }
