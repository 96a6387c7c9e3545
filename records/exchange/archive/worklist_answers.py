"""What passes between a server or station and its process that answers scanners; each behind its length."""

import struct

import msgspec

from records.scheduled_steps import ScheduledStep
from records.values import Value

_LENGTH = struct.Struct("<I")
LENGTH_BYTES = _LENGTH.size
MOST_BYTES = 4 << 20


class Listen(Value):
    """Where to listen and to whom; the first message."""

    host: str
    port: int
    title: str
    scanners: tuple[str, ...]


class Listening(Value, tag="listening"):
    """It listens there."""

    port: int


class NotListening(Value, tag="not_listening"):
    """It cannot."""

    why: str


class Asked(Value, tag="asked"):
    """A scanner asks for its worklist."""

    number: int
    scanner: str  # its application entity title


class Steps(Value):
    """The answer to `Asked`. None: nobody knows now, which is not the same as nothing to scan."""

    number: int
    steps: tuple[ScheduledStep, ...] | None


Told = Listening | NotListening | Asked
"""What the process says."""


def framed(message: Value) -> bytes:
    """A message behind its length."""
    data = msgspec.msgpack.encode(message)
    return _LENGTH.pack(len(data)) + data


def length_of(head: bytes) -> int:
    """Of the message that follows; raises ValueError for one that is too long."""
    (length,) = _LENGTH.unpack(head)
    if length > MOST_BYTES:
        raise ValueError(f"a message of {length} bytes; {MOST_BYTES} at most")
    return int(length)
