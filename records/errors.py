"""What can be wrong with records.

RecordsError
├── NotFound            no such thing, or not within the reader's scope: the two are told alike
├── Conflict            somebody changed it first, or it exists already
├── RuleBroken          a clinical or legal rule forbids it; `rule` names which
└── StoreError          the store itself
    ├── KeyMissing      the master key is missing or does not fit
    ├── SealBroken      sealed bytes were changed, or belong elsewhere
    ├── StoreTooNew     written by a newer version of the program
    ├── StoreLocked     another process has the data directory
    └── StoreReadOnly   a write to disk failed; nothing is acknowledged any more
"""


class RecordsError(Exception):
    """The base of what can be wrong with records."""


class NotFound(RecordsError):
    """No such thing, or not within the reader's scope: the two are told alike."""


class Conflict(RecordsError):
    """Somebody changed it first, or it exists already."""


class RuleBroken(RecordsError):
    """A clinical or legal rule forbids it. `rule` is a stable word for programs."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


class StoreError(RecordsError):
    """The store itself is at fault."""


class KeyMissing(StoreError):
    """The master key is missing or does not fit what it should open."""


class SealBroken(StoreError):
    """Sealed bytes were changed, or belong to somebody or something else."""


class StoreTooNew(StoreError):
    """The data directory was written by a newer version of the program."""


class StoreLocked(StoreError):
    """Another process has the data directory."""


class StoreReadOnly(StoreError):
    """A write to disk failed; nothing is acknowledged any more."""
