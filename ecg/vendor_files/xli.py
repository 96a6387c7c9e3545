"""XLI, the compression of Philips Sierra XML: LZW of ten-bit codes over the second differences of a lead.

A chunk for each lead: its compressed length (u32), two bytes of no known use, a start value (i16), then the
codes. Unpacked, the high bytes of all values come first and their low bytes after them.
"""

import numpy as np
from numpy.typing import NDArray

from ecg.vendor_files.refusal import refuse

_CODE_BITS = 10
_LAST_CODE = (1 << _CODE_BITS) - 2
_BIAS = 64


def xli_chunks(place: str, data: bytes, count: int) -> list[NDArray[np.int64]]:
    """The leads of XLI data, each of `count` samples; refuses what ends early, runs over or cannot be."""
    leads: list[NDArray[np.int64]] = []
    at = 0
    while at < len(data):
        here = f"{place}, channel {len(leads) + 1}"
        if len(data) - at < 8:
            refuse(here, f"{len(data) - at} bytes where a header of 8 is needed")
        size = int.from_bytes(data[at : at + 4], "little")
        if size > len(data) - at - 8:
            refuse(here, f"{size} bytes are announced and {len(data) - at - 8} there")
        start = int.from_bytes(data[at + 6 : at + 8], "little", signed=True)
        leads.append(_samples(here, data[at + 8 : at + 8 + size], start, count))
        at += 8 + size
    return leads


def _samples(place: str, packed: bytes, start: int, count: int) -> NDArray[np.int64]:
    unpacked = _lzw(place, packed, 2 * count)
    if len(unpacked) != 2 * count:
        refuse(place, f"{len(unpacked)} bytes after unpacking where {2 * count} are announced")
    raw = np.frombuffer(unpacked, np.uint8).reshape(2, count)
    stored = (raw[0].astype(np.uint16) << 8 | raw[1]).astype(np.int16).astype(np.int64)
    values = _undo_differences(stored, start)
    if values.min() < -32768 or values.max() > 32767:
        refuse(place, "samples beyond 16 bits: damaged")
    return values


def _undo_differences(stored: NDArray[np.int64], start: int) -> NDArray[np.int64]:
    """The first two values are plain; from then on each stored value tells the bend after the next one."""
    if len(stored) < 3:
        return stored
    bends = np.concatenate([[start], stored[2:-1] - _BIAS])
    slopes = np.cumsum(np.concatenate([[stored[1] - stored[0]], -bends]))
    return np.concatenate([stored[:1], stored[0] + np.cumsum(slopes)])


def _lzw(place: str, packed: bytes, limit: int) -> bytes:
    """The bytes of the codes; stops at a code that is none, at the end, or just beyond `limit` bytes."""
    strings = [bytes([value]) for value in range(256)]
    out = bytearray()
    previous = b""
    window = bits = 0
    for byte in packed:
        window, bits = window << 8 | byte, bits + 8
        if bits < _CODE_BITS:
            continue
        bits -= _CODE_BITS
        code, window = window >> bits, window & ((1 << bits) - 1)
        if code > _LAST_CODE:
            break
        if code < len(strings):
            current = strings[code]
        elif code == len(strings) and previous:
            current = previous + previous[:1]
        else:
            refuse(place, f"code {code} before it was made: damaged")
        if previous and len(strings) <= _LAST_CODE:
            strings.append(previous + current[:1])
        out += current
        previous = current
        if len(out) > limit:
            break
    return bytes(out)
