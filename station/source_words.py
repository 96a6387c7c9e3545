"""How a source is named on the command line: `dicom:FILE`, `simulator:SCENARIO`, `lsl:NAME`, `none`, …"""

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from ecg.errors import SignalError
from ecg.simulator.language import read_scenario
from ultrasound.errors import UltrasoundError
from ultrasound.simulator.language import read_scenario as read_phantom


class SourceKind(StrEnum):
    """Where pictures or samples come from."""

    DICOM = "dicom"
    WFDB = "wfdb"
    EDF = "edf"
    FILE = "file"
    VIDEO = "video"
    SIMULATOR = "simulator"
    SYNTHETIC = "synthetic"
    V4L2 = "v4l2"
    RTSP = "rtsp"
    IGTL = "igtl"
    NDI = "ndi"
    LSL = "lsl"
    BLE = "ble"
    SERIAL = "serial"
    NONE = "none"


_LIVE_ULTRASOUND = frozenset({SourceKind.V4L2, SourceKind.RTSP, SourceKind.IGTL, SourceKind.NDI})
_LIVE_ECG = frozenset({SourceKind.LSL, SourceKind.BLE, SourceKind.SERIAL})
ULTRASOUND_WORDS = _LIVE_ULTRASOUND | {
    SourceKind.DICOM,
    SourceKind.VIDEO,
    SourceKind.SIMULATOR,
    SourceKind.SYNTHETIC,
    SourceKind.NONE,
}
ECG_WORDS = frozenset(SourceKind) - _LIVE_ULTRASOUND - {SourceKind.VIDEO}
LIVE_WORDS = _LIVE_ECG | _LIVE_ULTRASOUND
"""A device at the patient; every other source is replayed or made up."""

IGTL_PORT = 18944
"""The registered port of OpenIGTLink."""

_GIVEN = {
    SourceKind.DICOM: "FILE",
    SourceKind.WFDB: "FILE.hea",
    SourceKind.EDF: "FILE",
    SourceKind.FILE: "FILE",
    SourceKind.VIDEO: "FILE",
    SourceKind.SIMULATOR: "[SCENARIO]",
    SourceKind.V4L2: "PATH[?size=WxH&rate=HZ]",
    SourceKind.RTSP: "//HOST/PATH",
    SourceKind.IGTL: "HOST[:PORT]",
    SourceKind.NDI: "NAME",
    SourceKind.LSL: "NAME",
    SourceKind.BLE: "ADDRESS",
    SourceKind.SERIAL: "PORT?protocol=NAME",
}
"""What stands after the colon; in brackets: or nothing, and no colon either."""


class SourceWord(NamedTuple):
    """A source as it was asked for; `given`: what stands after the colon."""

    kind: SourceKind
    given: str = ""

    @property
    def file(self) -> Path:
        """What is given as a path."""
        return Path(self.given)


class SerialWord(NamedTuple):
    """A serial port and what is spoken on it; `baud` None: as the protocol has it."""

    port: str
    protocol: str
    baud: int | None = None


class GrabberWord(NamedTuple):
    """A video grabber; size and rate None: as it has them."""

    path: str
    size: tuple[int, int] | None = None
    rate_hz: int | None = None


def parse(word: str) -> SourceWord:
    """Read `kind` or `kind:WHAT`; raises ValueError when it is neither."""
    name, colon, given = word.partition(":")
    kind = SourceKind(name)
    wants = _GIVEN.get(kind, "")
    if bool(colon) != bool(given) or (bool(given) != bool(wants) and not wants.startswith("[")):
        raise ValueError(word)
    return SourceWord(kind, given)


def parse_serial(given: str) -> SerialWord:
    """Read `PORT?protocol=NAME` with or without `&baud=N`; ValueError says what is wrong."""
    port, _, query = given.partition("?")
    said: dict[str, str] = {}
    for one in query.split("&"):
        key, _, value = one.partition("=")
        if key not in ("protocol", "baud") or not value or key in said:
            raise ValueError(f"{one!r} is not protocol=NAME or baud=N, each once")
        said[key] = value
    baud = said.get("baud", "")
    if (
        not port
        or "protocol" not in said
        or not (baud or "9600").isdecimal()
        or not (baud or "9600").isascii()
    ):
        raise ValueError(f"{given!r} is not PORT?protocol=NAME or PORT?protocol=NAME&baud=N")
    return SerialWord(port, said["protocol"], int(baud) if baud else None)


def parse_grabber(given: str) -> GrabberWord:
    """Read `PATH`, with or without `?size=1280x720&rate=30`; ValueError says what is wrong."""
    path, mark, query = given.partition("?")
    said: dict[str, str] = {}
    for one in query.split("&") if mark else ():
        key, _, value = one.partition("=")
        if key not in ("size", "rate") or not value or key in said:
            raise ValueError(f"{one!r} is not size=WxH or rate=HZ, each once")
        said[key] = value
    sides = said.get("size", "1x1").split("x")
    numbers = [*sides, said.get("rate", "1")]
    if not path or len(sides) != 2 or not all(_is_number(one) for one in numbers):
        raise ValueError(f"{given!r} is not PATH, PATH?size=1280x720, PATH?rate=30 or both with an &")
    size = (int(sides[0]), int(sides[1])) if "size" in said else None
    return GrabberWord(path, size, int(said["rate"]) if "rate" in said else None)


def parse_rtsp(given: str) -> str:
    """The address of `//HOST/PATH`, with a user and password or without; ValueError says what is wrong."""
    try:
        parts = urlsplit(f"rtsp:{given}")
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not given.startswith("//") or not host or any(one.isspace() for one in given):
        raise ValueError("not like rtsp://HOST:554/PATH")  # not repeated: it may hold a password
    return f"rtsp:{given}"


def parse_place(given: str, usual_port: int) -> tuple[str, int]:
    """Host and port of `HOST` or `HOST:PORT`; ValueError says what is wrong."""
    try:
        parts = urlsplit(f"//{given}")
        host, port = parts.hostname, parts.port
        plain = bool(host) and not (parts.path or parts.query or parts.username)
    except ValueError:
        host, port, plain = None, None, False
    if not host or not plain:
        raise ValueError(f"{given!r} is not HOST or HOST:PORT")
    return host, port or usual_port


def fault_of(device: str, word: str, known: frozenset[SourceKind]) -> str | None:
    """What is wrong with a source's name; None: nothing. Whether it can be opened shows later."""
    try:
        asked = parse(word)
    except ValueError:
        asked = None
    if asked is None or asked.kind not in known:
        told = word if "@" not in word else f"{word.partition(':')[0]}:…"  # what follows may be a password
        return (
            f"{device}: {told!r} is none of {', '.join(_shown(kind) for kind in SourceKind if kind in known)}"
        )
    try:
        _check_given(device, asked)
    except (SignalError, UltrasoundError, ValueError) as error:
        return f"{device}: {asked.kind}: {error}"
    return None


def _check_given(device: str, asked: SourceWord) -> None:
    match asked.kind:
        case SourceKind.SIMULATOR if device == "ultrasound":
            read_phantom(asked.given)
        case SourceKind.SIMULATOR:
            read_scenario(asked.given)
        case SourceKind.SERIAL:
            parse_serial(asked.given)
        case SourceKind.V4L2:
            parse_grabber(asked.given)
        case SourceKind.RTSP:
            parse_rtsp(asked.given)
        case SourceKind.IGTL:
            parse_place(asked.given, IGTL_PORT)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 1 <= int(text) <= 10_000 if len(text) < 9 else False


def is_live(word: str) -> bool:
    """Whether a source is a device at the patient, by its name."""
    return parse(word).kind in LIVE_WORDS


def _shown(kind: SourceKind) -> str:
    wants = _GIVEN.get(kind, "")
    return f"{kind}[:{wants[1:]}" if wants.startswith("[") else f"{kind}:{wants}" if wants else str(kind)
