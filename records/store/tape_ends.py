"""The end of a tape file, found from behind: what lies before it may be gigabytes, and is not read.

A fragment begins with its magic and ends with the SHA-256 of itself: the last whole one is found without an
index. What stands before it is checked when the tape is sealed, and each time it is opened.
"""

import hashlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from records.store.tape_fragments import DIGEST_BYTES, HEAD_BYTES, MAGIC, FragmentHead, read_head

BLOCK_BYTES = 1 << 20


class Whole(NamedTuple):
    """A fragment that is whole, and where it lies."""

    at: int
    head: FragmentHead
    digest: bytes

    @property
    def end(self) -> int:
        """Where the next one lies."""
        return self.at + self.head.size


def read_whole(file: BinaryIO, at: int) -> Whole | None:
    """The fragment that begins at a place; None when none does, or not all of it is there. Needs no key."""
    file.seek(at)
    raw = file.read(HEAD_BYTES)
    head = read_head(raw)
    if head is None:
        return None
    rest = file.read(head.size - HEAD_BYTES)
    if len(rest) < head.size - HEAD_BYTES:
        return None
    told = rest[-DIGEST_BYTES:]
    counted = hashlib.sha256(raw + rest[:-DIGEST_BYTES]).digest()
    return Whole(at, head, told) if counted == told else None


def backwards(file: BinaryIO, size: int) -> Iterator[Whole]:
    """The whole fragments of a file of that size, the last one first, each of them chained to the next."""
    after: Whole | None = None
    for at in _magics(file, size):
        found = read_whole(file, at)
        if found is None or (after is not None and not _leads_to(found, after)):
            continue
        yield found
        after = found


def _leads_to(found: Whole, after: Whole) -> bool:
    return found.digest == after.head.previous and found.head.number + 1 == after.head.number


def _magics(file: BinaryIO, size: int) -> Iterator[int]:
    """Every place where a fragment may begin, from the end on."""
    end = size
    while end > 0:
        begin = max(0, end - BLOCK_BYTES)
        file.seek(begin)
        block = file.read(end - begin + len(MAGIC) - 1)  # one may begin in this block and reach into the next
        at = block.rfind(MAGIC)
        while at >= 0:
            yield begin + at
            at = block.rfind(MAGIC, 0, at + len(MAGIC) - 1)
        end = begin
