"""How wide words will be, near enough to lay out a page without opening a font, and lines that fit.

Advance widths in thousandths of the letters' size, measured in WenQuanYi Micro Hei, the report's usual font.
A writer that has the font narrows what is still too wide (`Text.fit_mm`).
"""

import unicodedata
from collections.abc import Iterator

_ASCII = (
    *(260, 269, 402, 646, 551, 825, 702, 226, 301, 301, 551, 551, 250, 322, 268, 373),  # space to /
    *(551,) * 10,
    *(268, 268, 551, 551, 551, 426, 866),  # : to @
    *(608, 621, 603, 684, 528, 491, 690, 701, 339, 271, 579, 491, 870),
    *(729, 742, 576, 741, 590, 519, 519, 698, 568, 884, 547, 527, 539),
    *(303, 373, 303, 532, 411, 577),
    *(531, 586, 463, 586, 535, 329, 518, 589, 259, 259, 496, 259, 896),
    *(589, 577, 586, 586, 399, 451, 339, 589, 479, 746, 500, 489, 441),
    *(354, 551, 354, 551),
)
_WIDE = 1000
_OTHER = 560

_NEVER_FIRST = frozenset("，。、；：？！）》」』”’%‰°,.;:?!)]}·…")
_NEVER_LAST = frozenset("（《「『“‘([{")
"""Punctuation that no line begins or ends with."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


def width_mm(words: str, size_mm: float) -> float:
    """The width of words in letters of this size."""
    return sum(map(_advance, words)) * size_mm / 1000


def _advance(letter: str) -> int:
    if " " <= letter <= "~":
        return _ASCII[ord(letter) - 32]
    if letter in "…—" or unicodedata.east_asian_width(letter) in "WF":
        return _WIDE
    return 0 if unicodedata.combining(letter) else _OTHER


def lines_of(words: str, size_mm: float, room_mm: float) -> tuple[str, ...]:
    """The words in lines no wider than the room; a break in the words begins a line.

    Lines break between Chinese letters and at spaces, and inside a word only where it alone is too wide.
    """
    return tuple(line for part in words.splitlines() for line in _lines(printable(part), size_mm, room_mm))


def printable(words: str) -> str:
    """Words for one line: runs of space as one, without controls and marks that turn the reading direction.

    Letters without a meaning of their own (private use) stay: a rare name may be written with one.
    """
    spaced = "".join(" " if letter.isspace() else letter for letter in words)
    return " ".join("".join(one for one in spaced if unicodedata.category(one) not in _UNSEEN).split())


def _lines(words: str, size_mm: float, room_mm: float) -> Iterator[str]:
    line = ""
    for piece in _pieces(words):
        if line and width_mm(line + piece.rstrip(), size_mm) > room_mm:
            yield line.rstrip()
            line = ""
        while width_mm(piece.rstrip(), size_mm) > room_mm and len(piece) > 1:
            fitting = _fitting(piece, size_mm, room_mm)
            yield piece[:fitting]
            piece = piece[fitting:]
        line += piece if line else piece.lstrip()
    if line.strip():
        yield line.rstrip()


def _fitting(piece: str, size_mm: float, room_mm: float) -> int:
    count = 1
    while count < len(piece) and width_mm(piece[: count + 1], size_mm) <= room_mm:
        count += 1
    return count


def _pieces(words: str) -> Iterator[str]:
    """What stays together, each with the spaces after it."""
    piece = ""
    for letter in words:
        if piece and _may_break(piece[-1], letter):
            yield piece
            piece = ""
        piece += letter
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    return before == " " or _advance(before) == _WIDE or _advance(after) == _WIDE
