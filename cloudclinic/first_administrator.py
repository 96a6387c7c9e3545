"""The one-time code by which the first administrator makes her account."""

import datetime as dt
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

VALID = dt.timedelta(hours=1)
# No letters that are read alike; 12 of 31 are 59 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class FirstAdministratorCode:
    """A code that works once, for an hour. Only its hash is on disk."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "first-administrator.json"

    def make(self, now: dt.datetime) -> str:
        """Make a new code; an earlier one no longer works."""
        code = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
        stored = {"sha256": _hash(code), "expires_at": (now + VALID).isoformat()}
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(stored, file)
        return code

    def needed(self) -> bool:
        """Tell whether a code waits to be used."""
        return self._path.exists()

    def check(self, code: str, now: dt.datetime) -> bool:
        """Tell whether this is the code, and it has not run out."""
        if not self.needed():
            return False
        stored = json.loads(self._path.read_text())
        right = hmac.compare_digest(stored["sha256"], _hash(code))
        return right and now < dt.datetime.fromisoformat(stored["expires_at"])

    def use_up(self) -> None:
        """Forget the code: the account is made."""
        self._path.unlink(missing_ok=True)


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
