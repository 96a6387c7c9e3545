"""What the first META of a stream fixes: rate, scale and leads. Pure.

A stream that changed them half-way would be drawn and filed at two scales, and nobody could tell which
sample has which.
"""

from ecg import wire
from ecg.description import StreamDescription

LATEST_US = 4_102_444_800_000_000
"""The year 2100: a stream that began later has no clock to speak of."""


def implausible(packet: wire.Packet) -> str:
    """Tell what of a META cannot be kept as it says; empty when it can."""
    if isinstance(packet, wire.Meta) and packet.description.started_us > LATEST_US:
        return f"a META of a stream begun {packet.description.started_us} us after 1970"
    return ""


def misfit(first: StreamDescription, packet: wire.Packet) -> str:
    """Tell what of a packet does not fit the stream's first description; empty when it fits."""
    match packet:
        case wire.Meta(description=about):
            return _changed(first, about)
        case wire.Wave(samples=samples) if samples.shape[0] != len(first.rows):
            return f"a WAVE of {samples.shape[0]} leads; its stream has {len(first.rows)}"
    return ""


def _changed(first: StreamDescription, again: StreamDescription) -> str:
    if again.rate_hz != first.rate_hz:
        return f"a META with {again.rate_hz:g} Hz; its stream began with {first.rate_hz:g} Hz"
    if again.nv_per_lsb != first.nv_per_lsb:
        return f"a META with {again.nv_per_lsb:g} nV a step; its stream began with {first.nv_per_lsb:g}"
    if again.rows != first.rows or again.derived != first.derived:
        return "a META with other leads than its stream began with"
    return ""
