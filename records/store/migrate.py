"""Bring the database to this program's schema; never start on one that is newer."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from records.errors import StoreError, StoreTooNew
from records.store.connections import open_writer
from records.values import Value

_one_at_a_time = threading.Lock()


class Schemas(Value):
    """Every schema there was, oldest first, and the folder of the steps between them."""

    folder: Path
    revisions: tuple[str, ...]

    @property
    def newest(self) -> str:
        """The one this program works on."""
        return self.revisions[-1]


SCHEMAS = Schemas(
    folder=Path(__file__).with_name("migrations"),
    revisions=("0001", "0002", "0003", "0004", "0005", "0006", "0009", "0010", "0011"),
)


def revision_of(path: Path) -> str | None:
    """Tell the schema of a database file; None when it is new or empty."""
    with closing(sqlite3.connect(path)) as connection:
        tables = "SELECT name FROM sqlite_master WHERE name = 'alembic_version'"
        if connection.execute(tables).fetchone() is None:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return None if row is None else str(row[0])


def migrate(path: Path, schemas: Schemas = SCHEMAS) -> None:
    """Bring a database to the newest schema, on a copy first; raise `StoreTooNew` for a newer one.

    The database as it was stays beside it as `<name>.before-<new revision>`.
    """
    current = revision_of(path)
    if current == schemas.newest:
        return
    if current is not None:
        _refuse_unknown(current, schemas)
        _rehearse(path, schemas)
    _upgrade(path, schemas.folder)


def backup(source: Path, target: Path) -> None:
    """Make a consistent copy, also of a database in use (SQLite's backup API)."""
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _refuse_unknown(current: str, schemas: Schemas) -> None:
    if current not in schemas.revisions:
        raise StoreTooNew(
            f"the data is of schema {current}, this program knows up to {schemas.newest}: "
            "start the newer version, or restore the backup made before it"
        )


def _rehearse(path: Path, schemas: Schemas) -> None:
    kept = path.with_name(f"{path.name}.before-{schemas.newest}")
    backup(path, kept)
    rehearsal = path.with_name(f"{path.name}.rehearsal")
    backup(kept, rehearsal)
    try:
        _upgrade(rehearsal, schemas.folder)
    finally:
        for leftover in path.parent.glob(f"{rehearsal.name}*"):
            leftover.unlink()


def _upgrade(path: Path, folder: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(folder))
    # Batch mode copies a table and drops the old one, which foreign keys would not let it do.
    connection = open_writer(path, foreign_keys=False)
    try:
        config.attributes["connection"] = connection
        # Alembic hands its context on in module globals: one migration at a time in one process.
        with _one_at_a_time, connection.begin():
            command.upgrade(config, "head")
            _check_foreign_keys(connection)
    finally:
        connection.close()


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise StoreError(f"the migration left {len(broken)} references to nothing; nothing was changed")
