"""A table of values: read and written whole, found by its columns."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from records.errors import Conflict, NotFound
from records.values import Value

V = TypeVar("V", bound=Value)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_encoder = msgspec.json.Encoder()
_decoders: dict[type[Value], msgspec.json.Decoder[Any]] = {}


def unix_us(at: dt.datetime) -> int:
    """Tell an instant in whole microseconds since 1970; raise `ValueError` when it has no time zone."""
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone; pass datetime.now(datetime.UTC)")
    return (at - EPOCH) // dt.timedelta(microseconds=1)


def unix_us_or_none(at: dt.datetime | None) -> int | None:
    """Tell an instant that may be missing."""
    return None if at is None else unix_us(at)


def from_unix_us(us: int) -> dt.datetime:
    """Tell the instant that `unix_us` told."""
    return EPOCH + dt.timedelta(microseconds=us)


def encode(value: object) -> bytes:
    """Write a value as it is kept in `body`."""
    return _encoder.encode(value)


def decoder(kind: type[V]) -> msgspec.json.Decoder[V]:
    """Get the reader of one kind of value."""
    if kind not in _decoders:
        _decoders[kind] = msgspec.json.Decoder(kind)
    return _decoders[kind]


def insert_row(connection: Connection, table: Table, columns: Mapping[str, Any]) -> None:
    """Insert one row; raise `Conflict` when it exists and `NotFound` when what it refers to does not."""
    try:
        connection.execute(insert(table), columns)
    except IntegrityError as error:
        raise _translated(error, table) from None


def update_row(
    connection: Connection, table: Table, where: Sequence[ColumnElement[bool]], columns: Mapping[str, Any]
) -> bool:
    """Change one row; tell whether there was one."""
    try:
        return connection.execute(update(table).where(*where).values(**columns)).rowcount == 1
    except IntegrityError as error:
        raise _translated(error, table) from None


def _translated(error: IntegrityError, table: Table) -> Exception:
    if "FOREIGN KEY" in str(error.orig):
        return NotFound(f"{table.name}: what it refers to does not exist")
    return Conflict(f"{table.name}: one like it exists already")


class Rows(Generic[V]):
    """The rows of one table, each the `body` of one value."""

    def __init__(self, connection: Connection, table: Table, kind: type[V]) -> None:
        self._connection = connection
        self._table = table
        self._decoder = decoder(kind)
        (self._key,) = table.primary_key.columns

    def add(self, value: V, **columns: Any) -> None:
        """Insert a value with its searched columns."""
        insert_row(self._connection, self._table, {**columns, "body": encode(value)})

    def save(self, key: str, value: V, *also: ColumnElement[bool], **columns: Any) -> None:
        """Replace a value; raise `NotFound`, or `Conflict` when it is there but `also` does not hold."""
        where = (self._key == key, *also)
        if not update_row(self._connection, self._table, where, {**columns, "body": encode(value)}):
            self.get(key)
            raise Conflict(f"{self._table.name}: somebody changed it first")

    def get(self, key: str) -> V:
        """Get one by its key or raise `NotFound`."""
        value = self.find(self._key == key)
        if value is None:
            raise NotFound(f"{self._table.name}: no such thing")
        return value

    def find(self, *where: ColumnElement[bool], order: Sequence[ColumnElement[Any]] = ()) -> V | None:
        """Get the first that fits, or None."""
        found = self.all(*where, order=order, limit=1)
        return found[0] if found else None

    def all(
        self,
        *where: ColumnElement[bool],
        order: Sequence[ColumnElement[Any]] = (),
        limit: int | None = None,
    ) -> tuple[V, ...]:
        """Get all that fit, in `order` and then by key."""
        query = select(self._table.c.body).where(*where).order_by(*order, self._key).limit(limit)
        return tuple(self._decoder.decode(body) for body in self._connection.scalars(query))
