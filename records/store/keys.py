"""The wrapped data keys."""

from sqlalchemy import Connection, select, update

from records.errors import NotFound
from records.ids import ResidentId
from records.store.rows import insert_row
from records.store.schema import data_keys
from records.store.vault import STORE, Cipher, Vault


class Keys:
    """The data keys of residents and of the store itself, within one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def check(self) -> None:
        """Raise `KeyMissing` unless the vault's master key is the one this database was made with."""
        kept = self._wrapped(STORE)
        if kept is None:
            self._make(STORE)
        else:
            self._vault.unwrap(STORE, kept)

    def make(self, resident_id: ResidentId) -> Cipher:
        """Make a resident's data key."""
        return self._vault.cipher(resident_id, self._make(resident_id))

    def cipher(self, resident_id: ResidentId) -> Cipher:
        """Get a resident's cipher or raise `NotFound`."""
        wrapped = self._wrapped(resident_id)
        if wrapped is None:
            raise NotFound("data_keys: no such thing")
        return self._vault.cipher(resident_id, wrapped)

    def data_key(self, resident_id: ResidentId) -> bytes:
        """Get a resident's data key itself, for a process of ours that seals under it; `NotFound`."""
        wrapped = self._wrapped(resident_id)
        if wrapped is None:
            raise NotFound("data_keys: no such thing")
        return self._vault.unwrap(resident_id, wrapped)

    def mark(self, text: str) -> bytes:
        """Make the store's keyed hash of a text, to find equal ones."""
        wrapped = self._wrapped(STORE)
        assert wrapped is not None, "made when the database was first opened"
        return self._vault.mark(wrapped, text)

    def rewrap(self, new: Vault) -> int:
        """Wrap every data key by another master key; tell how many."""
        rows = self._connection.execute(select(data_keys.c.owner, data_keys.c.wrapped)).all()
        for owner, wrapped in rows:
            again = self._vault.rewrap(owner, wrapped, new)
            self._connection.execute(
                update(data_keys).where(data_keys.c.owner == owner).values(wrapped=again)
            )
        return len(rows)

    def _make(self, owner: str) -> bytes:
        wrapped = self._vault.new_key(owner)
        insert_row(self._connection, data_keys, {"owner": owner, "wrapped": wrapped})
        return wrapped

    def _wrapped(self, owner: str) -> bytes | None:
        kept = self._connection.scalar(select(data_keys.c.wrapped).where(data_keys.c.owner == owner))
        return None if kept is None else bytes(kept)
