"""Connections to the one SQLite file: one that writes, some that can only read.

Exactly one connection writes and checkpoints: SQLite before 3.51.3 can corrupt a WAL that two reset.
"""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

BUSY_MS = 5_000
# FULL: with NORMAL every transaction since the last checkpoint is lost in a power cut.
_EVERY = (f"PRAGMA busy_timeout={BUSY_MS}", "PRAGMA mmap_size=0", "PRAGMA synchronous=FULL")
_WRITER = (*_EVERY, "PRAGMA journal_mode=WAL")
_READER = (*_EVERY, "PRAGMA query_only=ON")


def open_writer(path: Path, *, foreign_keys: bool = True) -> Connection:
    """Open the connection that writes; each of its transactions takes the write lock at its start."""
    pragmas = (*_WRITER, f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
    return _engine(path, pragmas, "BEGIN IMMEDIATE").connect()


def open_reader(path: Path) -> Connection:
    """Open a connection that cannot write; each of its transactions sees one moment."""
    return _engine(path, _READER, "BEGIN").connect()


def _engine(path: Path, pragmas: tuple[str, ...], begin: str) -> Engine:
    # Parameters are hidden: an error's text goes to the log, and they hold names.
    engine = create_engine(
        "sqlite://", creator=lambda: _connect(path, pragmas), poolclass=NullPool, hide_parameters=True
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _connect(path: Path, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    # isolation_level None: sqlite3 begins nothing by itself, not even around DDL.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in pragmas:
        connection.execute(pragma)
    return connection
