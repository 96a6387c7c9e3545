"""WFDB annotation files (`.atr`, `.qrs`, ...) in the MIT format (`annot(5)`), read and written."""

import re
import struct
from collections.abc import Iterable

from ecg.annotations import Annotation, AnnotationCode
from ecg.errors import SignalError, SourceUnreadable
from ecg.files.fields import number

MAX_ANNOTATIONS = 250_000
"""Two annotators' beats of a day."""
_SKIP, _NUMBER, _SUBTYPE, _CHANNEL, _TEXT = 59, 60, 61, 62, 63
_RESOLUTION = re.compile(r"## time resolution: (\S+)")
_CODES = {int(code): code for code in AnnotationCode}


def read_wfdb_annotations(data: bytes, name: str, rate_hz: float | None = None) -> tuple[Annotation, ...]:
    """Every annotation of a file, in its order; SourceUnreadable names the byte where it breaks.

    `rate_hz`: the record's rate; times that the file counts in another resolution are brought to it.
    """
    reader = _Reader(data, name)
    annotations, resolution_hz = reader.all()
    if resolution_hz is None or rate_hz is None or resolution_hz == rate_hz:
        return annotations
    return tuple(_moved(annotation, rate_hz / resolution_hz) for annotation in annotations)


def _moved(annotation: Annotation, factor: float) -> Annotation:
    return Annotation(
        round(annotation.sample * factor),
        annotation.code,
        annotation.text,
        annotation.subtype,
        annotation.channel,
        annotation.number,
    )


class _Reader:
    """Walks the 16-bit words: a code in the upper 6 bits, a time step or a length in the lower 10."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._name = name
        self._at = 0
        self._sample = 0
        self._number = 0
        self._channel = 0

    def all(self) -> tuple[tuple[Annotation, ...], float | None]:
        """The annotations, and the time resolution if the file states one."""
        found: list[Annotation] = []
        resolution_hz: float | None = None
        while True:
            place, code, step = self._at, *self._word()
            if code == 0 and step == 0:
                return tuple(found), resolution_hz
            if code == _SKIP:
                self._sample += self._long()
                continue
            annotation = self._annotation(place, code, step)
            stated = None if annotation.sample else _RESOLUTION.fullmatch(annotation.text)
            if stated:
                resolution_hz = number(stated[1], f"{self._name}, byte {place}: time resolution", 1e-3, 1e9)
                continue
            if len(found) == MAX_ANNOTATIONS:
                raise SourceUnreadable(f"{self._name}: more than {MAX_ANNOTATIONS} annotations")
            if found and annotation.sample < found[-1].sample:
                raise SourceUnreadable(
                    f"{self._name}, byte {place}: sample {annotation.sample} after {found[-1].sample};"
                    " annotations are in order of time"
                )
            found.append(annotation)

    def _annotation(self, place: int, code: int, step: int) -> Annotation:
        self._sample += step
        if code not in _CODES:
            raise SourceUnreadable(f"{self._name}, byte {place}: annotation code {code} is not known")
        if not 0 <= self._sample < 1 << 40:
            raise SourceUnreadable(f"{self._name}, byte {place}: annotation at sample {self._sample}")
        subtype, text = 0, ""
        while True:
            code_of_more, value = self._peek()
            if code_of_more not in (_NUMBER, _SUBTYPE, _CHANNEL, _TEXT):
                break
            self._at += 2
            match code_of_more:
                case 60:
                    self._number = _signed(value)
                case 61:
                    subtype = _signed(value)
                case 62:
                    self._channel = value & 0xFF
                case _:
                    text = self._text(value)
        return Annotation(self._sample, _CODES[code], text, subtype, self._channel, self._number)

    def _peek(self) -> tuple[int, int]:
        if self._at + 2 > len(self._data):
            raise SourceUnreadable(
                f"{self._name}, byte {self._at}: ends without its end mark;"
                " it is cut off or no annotation file"
            )
        word = int.from_bytes(self._data[self._at : self._at + 2], "little")
        return word >> 10, word & 0x3FF

    def _word(self) -> tuple[int, int]:
        word = self._peek()
        self._at += 2
        return word

    def _long(self) -> int:
        """Four bytes, the high word first, each word low byte first."""
        if self._at + 4 > len(self._data):
            raise SourceUnreadable(f"{self._name}, byte {self._at}: cut off in a time step")
        high, low = struct.unpack_from("<hH", self._data, self._at)
        self._at += 4
        return int(high) * 65536 + int(low)

    def _text(self, size: int) -> str:
        end = self._at + size
        if end > len(self._data):
            raise SourceUnreadable(f"{self._name}, byte {self._at}: a text of {size} bytes is cut off")
        text = self._data[self._at : end].decode("utf-8", "replace").rstrip("\0")
        self._at = end + size % 2
        return text


def _signed(value: int) -> int:
    """A small number is stored in the low byte, negative ones as 256 - n."""
    return (value & 0xFF) - 256 if value & 0x80 else value & 0xFF


def write_wfdb_annotations(annotations: Iterable[Annotation]) -> bytes:
    """The annotations as a file; SignalError when they are out of order or hold what the format cannot."""
    out = bytearray()
    sample, number_now, channel_now = 0, 0, 0
    for annotation in annotations:
        step = annotation.sample - sample
        if step < 0:
            raise SignalError(f"sample {annotation.sample} after {sample}; annotations are in order of time")
        if step >= 1 << 31:
            raise SignalError(f"{step} samples between annotations; fewer than 2**31 can be held")
        if step > 0x3FF:
            out += _word(_SKIP, 0) + struct.pack("<HH", step >> 16, step & 0xFFFF)
            step = 0
        out += _word(annotation.code, step)
        if annotation.subtype:
            out += _word(_SUBTYPE, _byte(annotation.subtype, -128, 127))
        if annotation.channel != channel_now:
            out += _word(_CHANNEL, _byte(annotation.channel, 0, 255))
        if annotation.number != number_now:
            out += _word(_NUMBER, _byte(annotation.number, -128, 127))
        out += _text_words(annotation.text)
        sample, number_now, channel_now = annotation.sample, annotation.number, annotation.channel
    return bytes(out + _word(0, 0))


def _word(code: int, value: int) -> bytes:
    return struct.pack("<H", code << 10 | value)


def _byte(value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise SignalError(f"{value} beside an annotation; {low} to {high} can be held")
    return value & 0xFF


def _text_words(text: str) -> bytes:
    raw = text.encode()
    if not raw:
        return b""
    if len(raw) > 255:
        raise SignalError(f"an annotation text of {len(raw)} bytes; at most 255 can be held")
    return _word(_TEXT, len(raw)) + raw + b"\0" * (len(raw) % 2)
