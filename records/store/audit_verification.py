"""Find out whether the audit trail is whole: `cloudclinic audit verify`."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from records.audit import FIRST_HASH, AuditEntry, verify_chain
from records.store.audit_head import noted_ends
from records.store.database import Database
from records.values import Value


class AuditReport(Value):
    """What was found. `broken_at` is the number of the first entry that is changed, moved or missing."""

    entries: int
    broken_at: int | None
    notes_missing: bool  # the file of noted ends is gone or was begun anew: a cut tail could not be found

    @property
    def whole(self) -> bool:
        """Tell whether nothing is wrong."""
        return self.broken_at is None and not self.notes_missing


async def verify(database: Database) -> AuditReport:
    """Check every entry, its columns, its place in the chain, and the ends noted outside the database."""
    # Noted first: what is committed between the two reads only adds to the chain.
    noted = _noted(database.audit_head_path)
    return await database.read(lambda ledger: _report(ledger.audit.as_stored(), noted))


def _noted(path: Path) -> list[tuple[int, str]]:
    return list(noted_ends(path)) if path.exists() else []


def _report(stored: Iterable[AuditEntry], noted: list[tuple[int, str]]) -> AuditReport:
    walked = _Walked(stored)
    first_broken_link = verify_chain(walked)
    walked.rest()
    broken = [first_broken_link, *(walked.misfit(seq, digest) for seq, digest in noted)]
    return AuditReport(
        entries=len(walked.hashes) - 1,
        broken_at=min((seq for seq in broken if seq is not None), default=None),
        notes_missing=(0, FIRST_HASH) not in noted,
    )


class _Walked:
    """Remembers the hash of every entry that passes by."""

    def __init__(self, stored: Iterable[AuditEntry]) -> None:
        self._stored = iter(stored)
        self.hashes = {0: FIRST_HASH}

    def __iter__(self) -> Iterator[AuditEntry]:
        for entry in self._stored:
            self.hashes[entry.seq] = entry.hash
            yield entry

    def rest(self) -> None:
        """Walk on where the check stopped."""
        for _ in self:
            pass

    def misfit(self, seq: int, digest: str) -> int | None:
        """The number of a noted end that is not in the chain; for a cut tail the first that is missing."""
        if seq not in self.hashes:
            return min(seq, max(self.hashes) + 1)
        return None if self.hashes[seq] == digest else seq
