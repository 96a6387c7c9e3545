"""Where an archive is, and by which names it and we know each other (PS3.8)."""

import ssl
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArchiveAddress:
    """`called` and `calling`: application entity titles, the archive's and ours, at most 16 letters.

    `tls`: None speaks in clear text, for a network that is trusted. `timeout_s`: for each answer.
    """

    host: str
    port: int
    called: str
    calling: str = "CLOUDCLINIC"
    tls: ssl.SSLContext | None = None
    timeout_s: float = 30.0

    def __post_init__(self) -> None:
        for title in (self.called, self.calling):
            check_title(title)
        if not 1 <= self.port <= 65_535:
            raise ValueError(f"port {self.port}; 1 to 65535 exist")


def check_title(title: str) -> None:
    """Raise ValueError for what is no application entity title (PS3.5 6.2, AE)."""
    fits = 1 <= len(title.strip()) <= len(title) <= 16
    if not (fits and title.isascii() and title.isprintable() and "\\" not in title):
        raise ValueError(f"application entity title {title!r}; 1 to 16 ASCII letters are right")
