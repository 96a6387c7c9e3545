"""The Huffman code of SCP-ECG: the default table of EN 1064 (annex C.2.7.4) and tables of a file's own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.vendor_files.refusal import refuse

MAX_TABLES = 32
MAX_EXTRA_BITS = 24
_WINDOW_BITS = 12


@dataclass(frozen=True, slots=True)
class Code:
    """A prefix (its first bit is the highest), the bits after it, and what it says.

    `switches`: the next value is read with table number `value`. Otherwise it is `value`, or with extra bits
    those, as a signed number.
    """

    prefix: int
    prefix_bits: int
    extra_bits: int
    value: int
    switches: bool = False


class HuffmanTable:
    """A table ready for reading; refuses codes of which one is the beginning of another."""

    __slots__ = ("long", "short")

    def __init__(self, place: str, codes: Sequence[Code]) -> None:
        self.short: list[Code | None] = [None] * (1 << _WINDOW_BITS)
        self.long: dict[tuple[int, int], Code] = {}
        for code in codes:
            if code.prefix_bits > _WINDOW_BITS:
                self.long[code.prefix_bits, code.prefix] = code
                continue
            free = _WINDOW_BITS - code.prefix_bits
            first = code.prefix << free
            if any(self.short[first : first + (1 << free)]):
                refuse(place, f"two codes begin with {code.prefix:0{code.prefix_bits}b}")
            self.short[first : first + (1 << free)] = [code] * (1 << free)
        for bits, prefix in self.long:
            if self.short[prefix >> (bits - _WINDOW_BITS)] is not None:
                refuse(place, f"a code begins with another, at {prefix:0{bits}b}")


def _default_codes() -> list[Code]:
    codes = [Code(0b0, 1, 0, 0)]
    for size in range(1, 9):
        ones = (1 << size) - 1
        codes += [Code(ones << 2, size + 2, 0, size), Code(ones << 2 | 1, size + 2, 0, -size)]
    return [*codes, Code(0b1111111110, 10, 8, 0), Code(0b1111111111, 10, 16, 0)]


DEFAULT_CODES: tuple[Code, ...] = tuple(_default_codes())
"""0; ±1 to ±8 as a run of ones, a zero and the sign; then 8 or 16 plain bits."""


def decode_huffman(place: str, data: bytes, count: int, tables: Sequence[HuffmanTable]) -> NDArray[np.int64]:
    """Exactly `count` values; refuses data that ends before, and whole words left over after."""
    bits = bin(1 << (8 * len(data)) | int.from_bytes(data, "big"))[3:]
    end = len(bits)
    padded = bits + "0" * _WINDOW_BITS
    values = np.empty(count, np.int64)
    table, at, done = tables[0], 0, 0
    while done < count:
        code = table.short[int(padded[at : at + _WINDOW_BITS], 2)] or _long_code(table, bits, at)
        if code is None or at + code.prefix_bits + code.extra_bits > end:
            refuse(place, f"no value {done + 1} of {count} at bit {at}: damaged or cut")
        at += code.prefix_bits
        if code.switches:
            if not 1 <= code.value <= len(tables):
                refuse(place, f"bit {at} switches to table {code.value} of {len(tables)}")
            table = tables[code.value - 1]
            continue
        value = code.value
        if code.extra_bits:
            value = int(bits[at : at + code.extra_bits], 2)
            value -= (value >> (code.extra_bits - 1)) << code.extra_bits
            at += code.extra_bits
        values[done] = value
        done += 1
    if "1" in bits[at + 32 :]:
        refuse(place, f"{end - at} bits are left after {count} values: not what the lead's length says")
    return values


def _long_code(table: HuffmanTable, bits: str, at: int) -> Code | None:
    for length in range(_WINDOW_BITS + 1, 33):
        code = table.long.get((length, int(bits[at : at + length] or "0", 2))) if table.long else None
        if code is not None:
            return code
    return None
