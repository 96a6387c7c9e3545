"""Why an archive was not reached. What it said of one object is told with that object.

ArchiveError
├── ArchiveUnreachable   nobody answers there, or not in time
└── ArchiveDeclined      it answers and does not speak with us, as with a name it does not know
"""


class ArchiveError(Exception):
    """Base of what can be wrong with an archive as a whole."""


class ArchiveUnreachable(ArchiveError):
    """Nobody answers there, or not in time: try later."""


class ArchiveDeclined(ArchiveError):
    """It answers and declines: its configuration or ours has to be changed."""
