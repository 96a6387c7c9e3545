"""The store: transactions on one SQLite file, one thread that writes and a few that read."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from records.errors import StoreError, StoreReadOnly
from records.ids import ResidentId
from records.store.audit_head import AuditHead
from records.store.connections import open_reader, open_writer
from records.store.ledger import SqlLedger
from records.store.lock import DirectoryLock
from records.store.migrate import migrate
from records.store.vault import Cipher, Vault

T = TypeVar("T")
FILE_NAME = "records.db"
AUDIT_HEAD_NAME = "audit-head"
READERS = 3
# Primary result codes after which nothing this process holds of the file can be trusted.
_DISK_FAULTS = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_REFUSED_WRITES = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class Database:
    """All records of one data directory; see `records.ledger.Records`."""

    def __init__(self, directory: Path, vault: Vault) -> None:
        self._path = directory / FILE_NAME
        self.audit_head_path = directory / AUDIT_HEAD_NAME
        self._vault = vault
        self._lock = DirectoryLock(directory)
        self._fault = ""
        self._closed = False
        self._writer_thread = ThreadPoolExecutor(1, "records-writer")
        self._reader_threads = ThreadPoolExecutor(READERS, "records-reader")
        self._readers = threading.local()
        self._connections: list[Connection] = []

    @classmethod
    async def open(cls, directory: Path, vault: Vault) -> "Database":
        """Lock the directory, bring the schema up to date, check file and key.

        Raises `StoreLocked`, `StoreTooNew`, `KeyMissing`, `StoreError` (a damaged file).
        """
        database = cls(directory, vault)
        try:
            await asyncio.get_running_loop().run_in_executor(database._writer_thread, database._open)
        except BaseException:
            await database.close()
            raise
        return database

    async def write(self, work: Callable[[SqlLedger], T]) -> T:
        """Run `work` in one transaction; when this returns it is on disk. What `work` raises undoes it all.

        Raises `StoreReadOnly` when the disk refuses; after a disk fault, for every later write too.
        """
        self._refuse_when_closed()
        return await asyncio.get_running_loop().run_in_executor(self._writer_thread, self._write, work)

    async def read(self, work: Callable[[SqlLedger], T]) -> T:
        """Run `work` on a connection that cannot write; all it reads is of one moment."""
        self._refuse_when_closed()
        return await asyncio.get_running_loop().run_in_executor(self._reader_threads, self._read, work)

    async def cipher(self, resident_id: ResidentId) -> Cipher:
        """Get a resident's cipher for her sample files, or raise `NotFound`."""

        def find(ledger: SqlLedger) -> Cipher:
            return ledger.keys.cipher(resident_id)

        return await self.read(find)

    async def data_key(self, resident_id: ResidentId) -> bytes:
        """Get a resident's data key itself, to hand to a recorder; or raise `NotFound`."""

        def find(ledger: SqlLedger) -> bytes:
            return ledger.keys.data_key(resident_id)

        return await self.read(find)

    def read_blocking(self, work: Callable[[SqlLedger], T]) -> T:
        """Run `work` like `read`, and wait for it where one cannot await."""
        running: Future[T] = self._reader_threads.submit(self._read, work)
        return running.result()

    def cipher_blocking(self, resident_id: ResidentId) -> Cipher:
        """Get a resident's cipher from a thread that is not the event loop's."""
        return self.read_blocking(lambda ledger: ledger.keys.cipher(resident_id))

    async def rotate(self, new: Vault) -> int:
        """Wrap every data key by another master key; tell how many. From then on `new` opens the store."""
        count = await self.write(lambda ledger: ledger.keys.rewrap(new))
        self._vault = new
        return count

    async def close(self) -> None:
        """Let the running transactions end, then close the file and unlock the directory."""
        if not self._closed:
            self._closed = True
            await asyncio.to_thread(self._close)

    async def setting(self, pragma: str) -> object:
        """Ask the writing connection for one of SQLite's settings."""
        self._refuse_when_closed()
        return await asyncio.get_running_loop().run_in_executor(self._writer_thread, self._setting, pragma)

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise StoreError("the store is closed")

    def _open(self) -> None:
        try:
            migrate(self._path)
            self._head = AuditHead(self.audit_head_path)
            self._writer = open_writer(self._path)
            self._connections.append(self._writer)
            self._quick_check()
            self._write(self._begin)
        except (DBAPIError, sqlite3.DatabaseError) as error:
            raise StoreError(f"{self._path} is damaged; restore the latest backup: {error}") from error

    def _begin(self, ledger: SqlLedger) -> None:
        ledger.keys.check()
        if ledger.audit.last() is None:
            self._head.begin()

    def _setting(self, pragma: str) -> object:
        with self._writer.begin():
            return self._writer.exec_driver_sql(f"PRAGMA {pragma}").scalar()

    def _quick_check(self) -> None:
        with self._writer.begin():
            answer = self._writer.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if answer != "ok":
            raise StoreError(f"{self._path} is damaged; restore the latest backup: {answer}")

    def _write(self, work: Callable[[SqlLedger], T]) -> T:
        if self._fault:
            raise StoreReadOnly(self._fault)
        try:
            with self._writer.begin():
                ledger = SqlLedger(self._writer, self._vault)
                result = work(ledger)
        except DBAPIError as error:
            raise self._translated(error) from error
        self._note_audit_head(ledger)
        return result

    def _note_audit_head(self, ledger: SqlLedger) -> None:
        if ledger.audit.appended is None:
            return
        try:
            self._head.note(ledger.audit.appended)
        except OSError as error:
            raise self._failed(f"noting the end of the audit trail failed: {error.strerror}") from error

    def _translated(self, error: DBAPIError) -> Exception:
        code = _primary_code(error)
        if code in _DISK_FAULTS:
            return self._failed(f"writing to disk failed: {error.orig}")
        if code in _REFUSED_WRITES:
            return StoreReadOnly(f"the disk takes no more: {error.orig}; free some space")
        if code in _BUSY:
            return StoreError("another program has the database locked; nothing was changed, try again")
        return error

    def _failed(self, fault: str) -> StoreReadOnly:
        # Never tried again: after a failed sync the kernel may forget what it did not write.
        self._fault = f"{fault}; nothing more is written until a restart"
        return StoreReadOnly(self._fault)

    def _read(self, work: Callable[[SqlLedger], T]) -> T:
        try:
            connection = self._reader()
            with connection.begin():
                return work(SqlLedger(connection, self._vault))
        except DBAPIError as error:
            if _primary_code(error) in _DISK_FAULTS:
                raise StoreError(f"reading from disk failed: {error.orig}") from error
            raise

    def _reader(self) -> Connection:
        connection: Connection | None = getattr(self._readers, "connection", None)
        if connection is None:
            connection = self._readers.connection = open_reader(self._path)
            self._connections.append(connection)
        return connection

    def _close(self) -> None:
        self._writer_thread.shutdown()
        self._reader_threads.shutdown()
        # The writer last: the last connection to close folds the WAL into the file.
        for connection in reversed(self._connections):
            connection.close()
            connection.engine.dispose()
        if hasattr(self, "_head"):
            self._head.close()
        self._lock.release()


def _primary_code(error: DBAPIError) -> int:
    return int(getattr(error.orig, "sqlite_errorcode", 0)) & 0xFF  # sqlite.org/rescode.html section 2
