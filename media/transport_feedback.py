"""When each packet came, as its receiver tells it, read and written. Pure; any bytes are safe.

draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1: one number for each packet of a whole
connection, and for each number whether it came and when, in quarters of a millisecond of the receiver's
own clock.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_PACKETS = 1024  # of one report; who tells of more at once has lost count
_HEAD = struct.Struct("!LLHHL")
_TICK_US, _REFERENCE_US = 250, 64_000
_MISSING, _SMALL, _LARGE = 0, 1, 2  # what a symbol says; 3 is reserved


@dataclass(frozen=True)
class TransportFeedback:
    """Of consecutive packets from number `first` on: when each came, in us of the receiver's clock, or None.

    That clock begins anywhere and comes round every twelve days.
    """

    first: int
    arrivals_us: tuple[int | None, ...]


def read_transport_feedback(body: bytes) -> TransportFeedback | None:
    """What follows the common header of such a packet; None: it is malformed."""
    if len(body) < _HEAD.size:
        return None
    _, _, first, count, reference = _HEAD.unpack_from(body)
    if not 1 <= count <= MOST_PACKETS:
        return None
    symbols, at = _read_symbols(body, _HEAD.size, count)
    if len(symbols) < count:
        return None
    time_us = (reference >> 8) * _REFERENCE_US
    arrivals: list[int | None] = []
    for symbol in symbols[:count]:
        if symbol not in (_SMALL, _LARGE):
            arrivals.append(None)
            continue
        size = 1 if symbol == _SMALL else 2
        if at + size > len(body):
            return None
        time_us += _TICK_US * int.from_bytes(body[at : at + size], "big", signed=symbol == _LARGE)
        at += size
        arrivals.append(time_us)
    return TransportFeedback(first, tuple(arrivals))


def _read_symbols(body: bytes, at: int, count: int) -> tuple[list[int], int]:
    """At least `count` symbols, and where the times begin; fewer when the packet ends before."""
    symbols: list[int] = []
    while len(symbols) < count and at + 2 <= len(body):
        (chunk,) = struct.unpack_from("!H", body, at)
        at += 2
        if not chunk & 0x8000:  # a run of one symbol
            symbols += [chunk >> 13 & 3] * min(chunk & 0x1FFF, count)
        elif chunk & 0x4000:
            symbols += [chunk >> shift & 3 for shift in range(12, -1, -2)]
        else:
            symbols += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    return symbols, at


def write_transport_feedback(own_ssrc: int, ssrc: int, feedback: TransportFeedback, number: int) -> bytes:
    """The whole packet; `number` counts the reports. Arrivals lie within 8 s of each other."""
    came = [time for time in feedback.arrivals_us if time is not None]
    reference = (came[0] if came else 0) // _REFERENCE_US
    symbols, times = _written(feedback.arrivals_us, reference * _REFERENCE_US)
    chunks = b"".join(_chunks(symbols))
    head = _HEAD.pack(
        own_ssrc,
        ssrc,
        feedback.first & 0xFFFF,
        len(symbols),
        (reference & 0xFF_FFFF) << 8 | number & 0xFF,
    )
    body = head + chunks + times
    body += bytes(-len(body) % 4)
    return struct.pack("!BBH", 0x80 | 15, 205, len(body) // 4) + body


def _written(arrivals_us: Sequence[int | None], before_us: int) -> tuple[list[int], bytes]:
    symbols, times = [], b""
    for time in arrivals_us:
        if time is None:
            symbols.append(_MISSING)
            continue
        ticks = (time - before_us) // _TICK_US
        before_us += ticks * _TICK_US
        small = 0 <= ticks <= 255
        symbols.append(_SMALL if small else _LARGE)
        times += ticks.to_bytes(1, "big") if small else ticks.to_bytes(2, "big", signed=True)
    return symbols, times


def _chunks(symbols: Sequence[int]) -> Iterator[bytes]:
    for at in range(0, len(symbols), 7):
        chunk = 0xC000
        for index, symbol in enumerate(symbols[at : at + 7]):
            chunk |= symbol << 12 - 2 * index
        yield chunk.to_bytes(2, "big")
