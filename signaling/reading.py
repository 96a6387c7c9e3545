"""Reads what comes in on a socket, and says which refusal answers what cannot be read."""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from signaling import messages as m
from signaling import station_messages as s
from signaling.refusals import Refusal

_ID = re.compile(r'"id"\s*:\s*"([^"\\]{8,64})"')
_UNKNOWN_TYPE = re.compile(r"Invalid value '.*' - at `\$\.type`|missing required field `type`")


class Unreadable(Exception):
    """A message could not be read. `re` is its id when that much could be made out."""

    def __init__(self, refusal: Refusal, re: str, problem: str) -> None:
        super().__init__(problem)
        self.refusal = refusal
        self.re = re


def read_client_message(text: bytes | str) -> Any:
    """Read one client message, at most `MESSAGE_LIMIT_BYTES` long; raise `Unreadable`."""
    return _read(text, m.decode_client_message)


def read_station_message(text: bytes | str) -> Any:
    """Read one message of a station, at most `MESSAGE_LIMIT_BYTES` long; raise `Unreadable`."""
    return _read(text, s.decode_from_station)


def _read(text: bytes | str, decode: Callable[[bytes | str], Any]) -> Any:
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    if len(raw) > m.MESSAGE_LIMIT_BYTES:
        raise Unreadable(Refusal.TOO_LARGE, _id_of(raw), f"{len(raw)} bytes, at most {m.MESSAGE_LIMIT_BYTES}")
    try:
        return decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        problem = str(error)
        unknown = _UNKNOWN_TYPE.search(problem) is not None
        refusal = Refusal.UNKNOWN_MESSAGE if unknown else Refusal.UNREADABLE
        raise Unreadable(refusal, _id_of(raw), problem) from None


def _id_of(raw: bytes) -> str:
    found = _ID.search(raw.decode("utf-8", "replace"))
    return found.group(1) if found else ""
