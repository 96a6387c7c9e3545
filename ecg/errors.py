"""What can go wrong with an ECG.

EcgError
├── WireError          bytes that are not an E1 packet, or a packet that E1 cannot carry
├── SourceUnreadable   a file that is not an ECG this program can show faithfully
└── SignalError        samples or parameters that do not fit together (shape, rate, intervals)
"""


class EcgError(Exception):
    """Base of everything this room refuses. The text holds the wrong value and what would be right."""


class WireError(EcgError):
    """Bytes that are not an E1 packet, or a packet that E1 cannot carry."""


class SourceUnreadable(EcgError):
    """A file that is not an ECG this program can show faithfully; says where in the file."""


class SignalError(EcgError, ValueError):
    """Samples or parameters that do not fit together."""
