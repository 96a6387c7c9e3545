"""The data directory: what lies where in it, and that nobody else may look."""

import os
from pathlib import Path

from cloudclinic.errors import CommandFailed, NotInitialised


class DataDirectory:
    """Paths inside one data directory."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.master_key = self.path / "master.key"
        self.samples = self.path / "samples"
        self.tapes = self.path / "tapes"
        self.ecgs = self.path / "ecgs"
        self.stills = self.path / "stills"
        self.clips = self.path / "clips"
        self.certificate = self.path / "certificate.pem"
        self.certificate_key = self.path / "certificate-key.pem"

    def make(self) -> None:
        """Make it, readable by its owner only."""
        if self.path.exists() and not self.path.is_dir():
            raise CommandFailed(f"{self.path} is a file; --data names a directory")
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.chmod(self.path, 0o700)
        self.samples.mkdir(exist_ok=True, mode=0o700)

    def require(self) -> None:
        """Refuse to go on with a directory that was never made, or that others can read."""
        if not self.master_key.exists():
            raise NotInitialised(
                f"{self.path} holds no clinic; make one with `cloudclinic init --data {self.path}`"
            )
        if self.path.stat().st_mode & 0o077:
            raise CommandFailed(f"{self.path} can be read by others; `chmod 700 {self.path}`")
        if self.master_key.stat().st_mode & 0o077:
            raise CommandFailed(f"{self.master_key} can be read by others; `chmod 600 {self.master_key}`")
