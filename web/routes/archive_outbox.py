"""What is sent to archives (PACS), and how far it is.

POST /api/consults/{consult_id}/archive            -> OutboxList    queue what was kept and is not queued yet
GET  /api/consults/{consult_id}/archive            -> OutboxList
GET  /api/archive-outbox                           -> OutboxBoard   for an administrator, who sees no resident
POST /api/archive-outbox/{entry_id}/retry          -> OutboxCard
"""

import datetime as dt

from records.archive_outbox import ArchiveObject, OutboxCount, SendState
from records.ids import OutboxEntryId
from records.ultrasound_exams import ArchiveTrouble
from records.values import Value


class OutboxCard(Value):
    """One object on its way to one archive. Nothing of it names the resident."""

    id: OutboxEntryId
    destination: str
    kind: ArchiveObject
    number: str  # CS-… or CD-…
    consult_number: str
    state: SendState
    queued_at: dt.datetime
    due_at: dt.datetime  # of one that waits
    tries: int
    tried_at: dt.datetime | None
    sent_at: dt.datetime | None
    trouble: ArchiveTrouble | None
    detail: str
    misfiled: bool = False  # of a board's `misfiled`: it is another resident's; remove it there by hand


class OutboxList(Value):
    """Entries of one consult, the first queued first. `archives`: where they go by the settings."""

    entries: tuple[OutboxCard, ...]
    archives: tuple[str, ...]


class OutboxBoard(Value):
    """How many stand where, and those that are not there yet or failed, the latest queued first."""

    archives: tuple[str, ...]
    counts: tuple[OutboxCount, ...]
    entries: tuple[OutboxCard, ...]
    misfiled: tuple[OutboxCard, ...]
