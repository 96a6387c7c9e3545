"""Why a document could not be written.

DocumentError
├── FontMissing     the font is not where the setting says
├── FontUnusable    it is there, and is no font whose letters can be put into a PDF
└── GlyphMissing    it has no sign for a letter of the document: better no page than one with a hole in a name
"""

from records.errors import RecordsError


class DocumentError(RecordsError):
    """The base of what can be wrong with a document."""


class FontMissing(DocumentError):
    """There is no font at the path that was set; says how to get the usual one."""


class FontUnusable(DocumentError):
    """The file is no TrueType font that may be embedded."""


class GlyphMissing(DocumentError):
    """The font has no sign for a letter. `letter` is the one, alone: what it stands in is told to nobody."""

    def __init__(self, letter: str, font: str) -> None:
        shown = f"{letter} (U+{ord(letter):04X})" if letter.isprintable() else f"U+{ord(letter):04X}"
        super().__init__(f"{font} has no sign for {shown}; set a font that has it")
        self.letter = letter
