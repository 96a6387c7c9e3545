"""How a source is named on the command line: `dicom:FILE`, `video:FILE`, `synthetic`, `none`."""

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple


class SourceKind(StrEnum):
    """Where pictures or samples come from."""

    DICOM = "dicom"
    VIDEO = "video"
    SYNTHETIC = "synthetic"
    NONE = "none"


ULTRASOUND_WORDS = frozenset(SourceKind)
ECG_WORDS = frozenset(SourceKind) - {SourceKind.VIDEO}
_WITH_FILE = frozenset({SourceKind.DICOM, SourceKind.VIDEO})


class SourceWord(NamedTuple):
    """A source as it was asked for."""

    kind: SourceKind
    file: Path | None = None


def parse(word: str) -> SourceWord:
    """Read `kind` or `kind:FILE`; raises ValueError when it is neither."""
    name, colon, file = word.partition(":")
    kind = SourceKind(name)
    if (kind in _WITH_FILE) != bool(colon and file):
        raise ValueError(word)
    return SourceWord(kind, Path(file) if file else None)


def fault_of(device: str, word: str, known: frozenset[SourceKind]) -> str | None:
    """What is wrong with a source's name; None: nothing. Whether the file can be opened shows later."""
    try:
        if parse(word).kind in known:
            return None
    except ValueError:
        pass
    shown = ", ".join(f"{kind}:FILE" if kind in _WITH_FILE else kind for kind in SourceKind if kind in known)
    return f"{device}: {word!r} is none of {shown}"
