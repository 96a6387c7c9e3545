"""The font a document is written with: found by a path, opened once, asked what it can write."""

import hashlib
import io
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from records.documents.errors import FontMissing, FontUnusable
from records.documents.usual_font import DEBIAN_PACKAGE

_MAX_BYTES = 128 << 20
_opened: dict[tuple[str, int, int], "DocumentFont"] = {}
_opening = threading.Lock()


@dataclass(frozen=True, slots=True)
class DocumentFont:
    """A font that is ready to be written with. `registered`: what the PDF library knows it by."""

    name: str
    registered: str
    _face: Any

    def has(self, letter: str) -> bool:
        """Whether it has a sign for a letter."""
        return bool(self._face.charToGlyph.get(ord(letter)))

    def width(self, words: str, size: float) -> float:
        """The width of words in letters of this size, in the same unit."""
        return float(pdfmetrics.stringWidth(words, self.registered, size))


def open_font(path: Path) -> DocumentFont:
    """The font of this file, its first where it holds several; read again when the file has changed.

    Raises FontMissing with the package that brings the usual one, FontUnusable for what is no TrueType font
    (fonts with PostScript outlines, such as Noto's for Chinese, cannot be embedded).
    """
    try:
        with path.open("rb") as file:
            state = os.fstat(file.fileno())
            key = (str(path), state.st_mtime_ns, state.st_size)
            with _opening:
                if key not in _opened:
                    _opened[key] = _read(path.name, file.read(_MAX_BYTES))
                return _opened[key]
    except OSError as fault:
        raise FontMissing(
            f"no font at {path} ({fault.strerror}); install Debian's {DEBIAN_PACKAGE}"
            f" (apt-get install {DEBIAN_PACKAGE}) or set the path of another TrueType font"
        ) from None


def _read(name: str, data: bytes) -> DocumentFont:
    digest = hashlib.sha256(data).hexdigest()[:16]
    registered = f"document-{digest}"
    try:
        font = TTFont(registered, io.BytesIO(data), subfontIndex=0, asciiReadable=True, shapable=False)
    except TTFError as fault:
        raise FontUnusable(f"{name}: {fault}") from None
    except Exception as fault:
        # A damaged file makes the library raise anything, from struct.error to KeyError.
        raise FontUnusable(f"{name}: damaged ({type(fault).__name__})") from None
    needed = max(table["offset"] + table["length"] for table in font.face.table.values())
    if needed > len(data):
        raise FontUnusable(f"{name}: {len(data)} bytes; its last table ends at byte {needed}")
    # Of two fonts of one name the library writes with the first, whatever the second is asked to write.
    font.face.name += f"-{digest}".encode()
    pdfmetrics.registerFont(font)
    return DocumentFont(name, registered, font.face)
