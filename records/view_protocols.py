"""Examination protocols: which views belong to one, where the probe stands, what to look for.

The data is `view_protocols.toml` beside this file. A protocol is a checklist for people; it decides nothing.
"""

import enum
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from records.values import Value

_DATA = Path(__file__).with_suffix(".toml")


class ViewProtocol(enum.StrEnum):
    """Which checklist."""

    FAST = "fast"
    EFAST = "efast"
    ECHO = "echo"
    LUNG8 = "lung8"
    LUNG12 = "lung12"
    AAA = "aaa"
    DVT = "dvt"
    OB_FIRST = "ob_first"
    OB_LATER = "ob_later"
    THYROID = "thyroid"
    BILIARY = "biliary"
    RENAL = "renal"


class Outline(enum.StrEnum):
    """Which drawing of the body a probe stands on."""

    FRONT = "front"
    BACK = "back"
    LEGS_BACK = "legs_back"


class View(Value):
    """One view to be obtained."""

    code: str  # within its protocol
    body: Outline
    at: tuple[float, float]  # 0..100 across, 0..150 down the outline
    hour: int  # where the marker points; 12 is the head, 9 the patient's right
    scheme: str  # which of the client's drawings shows it
    zh: str
    en: str
    look_zh: str  # what to look for
    look_en: str


class Protocol(Value):
    """A checklist of views, with its source."""

    code: ViewProtocol
    zh: str
    en: str
    source: str
    views: tuple[View, ...]


class _Document(Value):
    protocols: tuple[Protocol, ...]


def _read() -> Mapping[ViewProtocol, Protocol]:
    document = msgspec.convert(tomllib.loads(_DATA.read_text("utf-8")), _Document)
    return {one.code: one for one in document.protocols}


PROTOCOLS: Mapping[ViewProtocol, Protocol] = _read()
"""Every protocol, in the order they are offered."""


def has_view(protocol: ViewProtocol, view: str) -> bool:
    """Tell whether a protocol has a view of this code."""
    return any(one.code == view for one in PROTOCOLS[protocol].views)
