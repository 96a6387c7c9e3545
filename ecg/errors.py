"""What can go wrong with an ECG.

EcgError
├── WireError          bytes that are not an E1 packet, or a packet that E1 cannot carry
├── SourceUnreadable   a file that is not an ECG this program can show faithfully
├── SignalError        samples or parameters that do not fit together (shape, rate, intervals)
├── CriticalTableWrong a site's table of critical values that is not understood or not plausible
├── NotComparable      two ECGs that cannot be laid over each other faithfully
└── ReportError        a report that could not be drawn truthfully, or not be read
"""

from enum import StrEnum


class EcgError(Exception):
    """Base of everything this room refuses. The text holds the wrong value and what would be right."""


class WireError(EcgError):
    """Bytes that are not an E1 packet, or a packet that E1 cannot carry."""


class Unread(StrEnum):
    """Why a file is not read, as far as it says what to do about it."""

    OTHER_KIND = "other_kind"
    """Of no kind that is read: another file is the ECG."""

    PICTURE = "picture"
    """A picture of an ECG (PDF, PNG, JPEG) without its samples: export the samples."""

    PACKED = "packed"
    """Compressed or an archive: unpack it first."""

    FAULTY = "faulty"
    """Of a kind that is read, but cut off, damaged, or not to be shown faithfully: export it again."""


class SourceUnreadable(EcgError):
    """A file that is not an ECG this program can show faithfully; says where in the file.

    `why` is for whoever cannot use the place: what to do about it.
    """

    def __init__(self, sentence: str, why: Unread = Unread.FAULTY) -> None:
        super().__init__(sentence)
        self.why = why


class SignalError(EcgError, ValueError):
    """Samples or parameters that do not fit together."""


class CriticalTableWrong(EcgError, ValueError):
    """A site's table of critical values that is not understood or not plausible; says which rule and key."""


class NotComparable(EcgError):
    """Two ECGs that cannot be laid over each other faithfully; says what they lack."""


class ReportError(EcgError):
    """A report that could not be drawn truthfully, or not be read."""
