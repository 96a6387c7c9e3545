"""Running numbers that never repeat and leave no hole in what was committed."""

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from records.store.schema import counters


def next_value(connection: Connection, name: str) -> int:
    """Count on by one, from 1; part of the caller's transaction."""
    statement = insert(counters).values(name=name, value=1)
    counted = statement.on_conflict_do_update(
        index_elements=["name"], set_={"value": counters.c.value + 1}
    ).returning(counters.c.value)
    return int(connection.execute(counted).scalar_one())
