"""Captured streams read from `tests/golden/rtp/`, and the ways in which a fuzzer spoils packets."""

import random
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

GOLDEN = Path(__file__).parent.parent / "golden" / "rtp"
_HEAD = struct.Struct("!IHH")


class Record(NamedTuple):
    """One packet as it was captured."""

    at_s: float
    size: int
    data: bytes


def records(name: str) -> Iterator[Record]:
    """A captured stream in the order of arrival."""
    data, at = (GOLDEN / name).read_bytes(), 0
    while at < len(data):
        microseconds, size, kept = _HEAD.unpack_from(data, at)
        yield Record(microseconds / 1e6, size, data[at + 8 : at + 8 + kept])
        at += 8 + kept


def pack(at_s: float, data: bytes, kept: int) -> bytes:
    """One packet as a record, of which so many bytes are kept."""
    return _HEAD.pack(int(at_s * 1e6), len(data), kept) + data[:kept]


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """A packet with bits turned, cut, prolonged, or made of nothing but chance."""
    kind = chance.randrange(5)
    if kind == 0:
        return chance.randbytes(chance.randrange(12, 400))
    if kind == 1:
        return data[: chance.randrange(len(data) + 1)]
    if kind == 2:
        return data + chance.randbytes(chance.randrange(1, 40))
    turned = bytearray(data)
    for _ in range(chance.randrange(1, 6)):
        turned[chance.randrange(min(len(turned), 40 if kind == 3 else len(turned)))] = chance.randrange(256)
    return bytes(turned)
