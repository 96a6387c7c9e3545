"""The secret that the server and the relay share; whoever has it can use the relay."""

import os
import secrets
from pathlib import Path

from cloudclinic.directory import DataDirectory
from cloudclinic.errors import CommandFailed
from cloudclinic.settings import Settings

LEAST_CHARACTERS = 32


def secret_path(settings: Settings) -> Path:
    """Where it lies: as set, or in the data directory."""
    return settings.turn_secret_file or DataDirectory(settings.data).path / "turn-secret"


def read_secret(settings: Settings) -> str:
    """Read it. Raises CommandFailed when it is not there, too short, or others can read it."""
    path = secret_path(settings)
    try:
        others = path.stat().st_mode & 0o077
        secret = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text"
        raise CommandFailed(f"{path}: {reason}; `cloudclinic turn config` makes the relay's secret") from None
    if others:
        raise CommandFailed(f"{path} can be read by others; `chmod 600 {path}`")
    if len(secret) < LEAST_CHARACTERS or not secret.isalnum() or not secret.isascii():
        raise CommandFailed(f"{path}: a secret has {LEAST_CHARACTERS} letters and digits or more")
    return secret


def ensure_secret(settings: Settings) -> str:
    """Read it; make it when there is none yet."""
    path = secret_path(settings)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_secret(settings)
    except OSError as error:
        raise CommandFailed(f"{path}: {error.strerror}") from error
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
    return read_secret(settings)
