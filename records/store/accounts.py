"""People and stations, their password hashes and token hashes."""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Connection, select

from records.accounts import Account, Role
from records.errors import NotFound
from records.ids import AccountId
from records.sessions import Password
from records.store.rows import Rows, decoder, encode, from_unix_us, update_row
from records.store.schema import accounts


class Accounts:
    """See `records.ledger.Accounts`. Sign-in names differ by more than case."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, accounts, Account)

    def add(self, account: Account) -> None:
        self._rows.add(account, id=account.id, **_columns(account))

    def save(self, account: Account) -> None:
        self._rows.save(account.id, account, **_columns(account))

    def get(self, account_id: AccountId) -> Account:
        return self._rows.get(account_id)

    def by_name(self, sign_in_name: str) -> Account | None:
        return self._rows.find(accounts.c.name_key == sign_in_name.strip().casefold())

    def all(self) -> tuple[Account, ...]:
        return self._rows.all(order=(accounts.c.name_key,))

    def by_role(self, role: Role) -> tuple[Account, ...]:
        return self._rows.all(accounts.c.role == role.value, order=(accounts.c.name_key,))

    def set_password(self, account_id: AccountId, password: Password) -> None:
        self._set(account_id, password=encode(password))

    def password(self, account_id: AccountId) -> Password | None:
        kept = self._connection.scalar(select(accounts.c.password).where(accounts.c.id == account_id))
        return None if kept is None else decoder(Password).decode(kept)

    def set_token(self, account_id: AccountId, token_hash: str | None) -> None:
        self._set(account_id, token_hash=token_hash)

    def by_token(self, token_hash: str) -> Account | None:
        return self._rows.find(accounts.c.token_hash == token_hash)

    def with_token(self) -> frozenset[AccountId]:
        query = select(accounts.c.id).where(accounts.c.token_hash.is_not(None))
        return frozenset(AccountId(found) for found in self._connection.scalars(query))

    def last_used(self) -> Mapping[AccountId, dt.datetime]:
        query = select(accounts.c.id, accounts.c.last_used_at).where(accounts.c.last_used_at.is_not(None))
        return {AccountId(row.id): from_unix_us(row.last_used_at) for row in self._connection.execute(query)}

    def _set(self, account_id: AccountId, **columns: object) -> None:
        if not update_row(self._connection, accounts, (accounts.c.id == account_id,), columns):
            raise NotFound("accounts: no such thing")


def _columns(account: Account) -> dict[str, str]:
    return {
        "name_key": account.sign_in_name.strip().casefold(),
        "role": account.role.value,
        "institution_id": account.institution_id,
    }
