"""By what archives and this server know each other, out of the settings."""

from pathlib import Path

from cloudclinic.settings import Settings
from records.exchange.archive.destination import Trust


def archive_trust(settings: Settings) -> Trust:
    """Absolute paths: the process that speaks with an archive works elsewhere. Raises OSError."""
    token_file = settings.archive_token_file
    return Trust(
        ca=_path(settings.archive_ca),
        certificate=_path(settings.archive_certificate),
        certificate_key=_path(settings.archive_certificate_key),
        token=token_file.read_text().strip() if token_file is not None else "",
    )


def _path(path: Path | None) -> str:
    return str(path.absolute()) if path is not None else ""
