"""Whether the elements of a DICOM file fit into each other, looked at before anything is made of them.

pydicom is lenient: it makes objects of whatever it finds, at 7 us an element and 30 us an item, so that a
file of nothing but empty items would take minutes and gigabytes; and where bytes came in or got lost among
the samples, all samples behind them are shifted, which only parts that do not fit can tell.
"""

from dataclasses import dataclass
from struct import unpack_from
from typing import NamedTuple

from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from ecg.errors import SourceUnreadable

MAX_WEIGHT = 300_000
_ITEM_WEIGHT = 5
"""An ECG with ten thousand annotations weighs 200,000; a resting ECG, 2000."""

_LONG = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
"""Value representations whose length has four bytes, after two of nothing."""

_UNDEFINED = 0xFFFFFFFF
_FIRST_ELEMENT = 132
_TRANSFER_SYNTAX = (2, 0x10)
_ITEM, _ITEM_ENDS, _SEQUENCE_ENDS = (0xFFFE, 0xE000), (0xFFFE, 0xE00D), (0xFFFE, 0xE0DD)
_ITEM_TAGS = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")


@dataclass(slots=True)
class _Level:
    """What one is inside of: a sequence of items, or elements; `end` None: told by a delimiter.

    `raw`: the items are pieces of a compressed picture.
    """

    items: bool
    end: int | None
    implicit: bool
    raw: bool = False
    last_tag: tuple[int, int] = (0, 0)


class _Value(NamedTuple):
    """Where an element's value begins, how long it is, whether it is a sequence, and of what."""

    begin: int
    length: int
    items: bool
    implicit: bool
    raw: bool


def check_structure(data: bytes, name: str) -> None:
    """Raise SourceUnreadable with the byte where parts do not fit, or are more than any ECG is made of."""
    _Walk(data, name).through()


class _Walk:
    """From element to element, into every sequence and item."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._name = name
        self._at = _FIRST_ELEMENT
        self._weight = 0
        self._order = "<"
        self._syntax = b""
        self._in_meta = True
        self._levels = [_Level(items=False, end=len(data), implicit=False)]

    def through(self) -> None:
        """To the end of the file."""
        while True:
            while self._at == self._levels[-1].end:
                self._levels.pop()
                if not self._levels:
                    return
            self._step()
            if self._weight > MAX_WEIGHT:
                self._refuse("more elements than any ECG is made of")

    def _refuse(self, wrong: str) -> None:
        raise SourceUnreadable(f"{self._name}, byte {self._at}: {wrong}")

    def _step(self) -> None:
        level = self._levels[-1]
        if self._at + 8 > len(self._data):
            self._refuse("the file ends inside an element")
        tag: tuple[int, int] = unpack_from(self._order + "HH", self._data, self._at)
        if self._in_meta and tag[0] != 2:
            self._leave_meta()
            return
        self._weight += 1
        if level.items:
            self._item(level, tag)
        elif tag == _ITEM_ENDS and level.end is None:
            self._levels.pop()
            self._at += 8
        elif tag[0] == 0xFFFE:
            self._refuse("an item or its end where an element belongs")
        else:
            self._element(level, tag)

    def _leave_meta(self) -> None:
        """What follows is in the transfer syntax that the meta elements named."""
        self._in_meta = False
        self._order = ">" if self._syntax == ExplicitVRBigEndian.encode() else "<"
        implicit = self._syntax == ImplicitVRLittleEndian.encode()
        self._levels[0].implicit = implicit

    def _item(self, level: _Level, tag: tuple[int, int]) -> None:
        length = unpack_from(self._order + "I", self._data, self._at + 4)[0]
        if tag == _SEQUENCE_ENDS and level.end is None:
            self._levels.pop()
        elif tag != _ITEM:
            self._refuse("no item where one belongs in a sequence")
        elif level.raw:
            self._at += length
        else:
            self._weight += _ITEM_WEIGHT
            self._enter(self._at + 8, length, items=False, implicit=level.implicit)
        self._at += 8

    def _element(self, level: _Level, tag: tuple[int, int]) -> None:
        if len(self._levels) > 1 and tag <= level.last_tag:
            # Samples that lost bytes have swallowed what parts one item from the next.
            self._refuse("an element out of order in an item")
        value = self._value(level, tag)
        level.last_tag = tag
        if tag == _TRANSFER_SYNTAX:
            self._syntax = self._data[value.begin : value.begin + value.length].rstrip(b"\0 ")
        if value.items:
            self._enter(value.begin, value.length, items=True, implicit=value.implicit, raw=value.raw)
            self._at = value.begin
            return
        end = value.begin + value.length
        if end > self._bound():
            self._refuse(f"an element that ends at byte {end}, beyond what holds it")
        self._at = end

    def _enter(self, begin: int, length: int, *, items: bool, implicit: bool, raw: bool = False) -> None:
        end = None if length == _UNDEFINED else begin + length
        if end is not None and end > self._bound():
            self._refuse(f"a sequence or item that ends at byte {end}, beyond what holds it")
        self._levels.append(_Level(items, end, implicit, raw))

    def _bound(self) -> int:
        """Where the innermost thing of known length ends."""
        return next(level.end for level in reversed(self._levels) if level.end is not None)

    def _value(self, level: _Level, tag: tuple[int, int]) -> _Value:
        data, at = self._data, self._at
        kind = data[at + 4 : at + 6]
        if level.implicit or not (kind.isalpha() and kind.isupper()):
            kind = b""
            begin, length = at + 8, unpack_from(self._order + "I", data, at + 4)[0]
        elif kind in _LONG:
            if at + 12 > len(data):
                self._refuse("the file ends inside an element")
            begin, length = at + 12, unpack_from(self._order + "I", data, at + 8)[0]
        else:
            begin, length = at + 8, unpack_from(self._order + "H", data, at + 6)[0]
        items = kind == b"SQ" or length == _UNDEFINED
        if not items and kind in (b"", b"UN") and data[begin : begin + 4] in _ITEM_TAGS:
            items = _may_be_sequence(tag)
        return _Value(begin, length, items, level.implicit or kind == b"UN", kind in (b"OB", b"OW"))


def _may_be_sequence(tag: tuple[int, int]) -> bool:
    number = tag[0] << 16 | tag[1]
    return not dictionary_has_tag(number) or dictionary_VR(number) == "SQ"
