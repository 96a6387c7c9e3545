"""Residents: what is searched in the clear, identity number and phone sealed."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, case, func, select

from records.errors import NotFound
from records.ids import InstitutionId, ResidentId
from records.names import search_key
from records.record_numbers import record_number
from records.residents import IdentityKind, Resident
from records.store.counters import next_value
from records.store.keys import Keys
from records.store.rows import decoder, encode, insert_row, unix_us, update_row
from records.store.schema import consults, institutions, residents
from records.store.vault import Cipher
from records.values import Value


class _Sealed(Value):
    """What of a resident is in the database only sealed."""

    identity_number: str
    phone: str


class Residents:
    """See `records.ledger.Residents`."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, resident: Resident) -> None:
        cipher = self._keys.make(resident.id)
        insert_row(self._connection, residents, {"id": resident.id, **self._columns(resident, cipher)})

    def save(self, resident: Resident) -> None:
        columns = self._columns(resident, self._keys.cipher(resident.id))
        if not update_row(self._connection, residents, (residents.c.id == resident.id,), columns):
            raise NotFound("residents: no such thing")

    def get(self, resident_id: ResidentId) -> Resident:
        found = self._all(residents.c.id == resident_id)
        if not found:
            raise NotFound("residents: no such thing")
        return found[0]

    def by_record_number(self, number: str) -> Resident | None:
        found = self._all(residents.c.record_number == number)
        return found[0] if found else None

    def search(self, query: str, institution_id: InstitutionId, limit: int) -> tuple[Resident, ...]:
        """Best first: whole, then beginnings, then parts. An empty query finds those seen last."""
        here = residents.c.institution_id == institution_id
        text = search_key(query)
        if not text:
            return self._all(here, order=(_last_seen().desc(),), limit=limit)
        rank = _rank(text)
        return self._all(here, rank.is_not(None), order=(rank, residents.c.name_key), limit=limit)

    def next_record_number(self, institution_id: InstitutionId) -> str:
        query = select(institutions.c.record_prefix).where(institutions.c.id == institution_id)
        prefix = self._connection.scalar(query)
        if prefix is None:
            raise NotFound("institutions: no such thing")
        return record_number(prefix, next_value(self._connection, f"record:{prefix}"))

    def _all(
        self,
        *where: ColumnElement[bool],
        order: tuple[ColumnElement[Any], ...] = (),
        limit: int | None = None,
    ) -> tuple[Resident, ...]:
        query = select(residents.c.id, residents.c.body, residents.c.sealed)
        rows = self._connection.execute(query.where(*where).order_by(*order, residents.c.id).limit(limit))
        return tuple(self._opened(row.id, row.body, row.sealed) for row in rows.all())

    def _opened(self, resident_id: ResidentId, body: bytes, sealed: bytes) -> Resident:
        opened = self._keys.cipher(resident_id).open(sealed, _aad(resident_id))
        private: _Sealed = decoder(_Sealed).decode(opened)
        return msgspec.structs.replace(
            decoder(Resident).decode(body), identity_number=private.identity_number, phone=private.phone
        )

    def _columns(self, resident: Resident, cipher: Cipher) -> dict[str, Any]:
        private = _Sealed(identity_number=resident.identity_number, phone=resident.phone)
        return {
            "institution_id": resident.institution_id,
            "record_number": resident.record_number,
            "name_key": search_key(resident.name),
            "initials": resident.name_initials,
            "identity_mark": self._identity_mark(resident),
            "registered_at": unix_us(resident.registered_at),
            "sealed": cipher.seal(encode(private), _aad(resident.id)),
            "body": encode(msgspec.structs.replace(resident, identity_number="", phone="")),
        }

    def _identity_mark(self, resident: Resident) -> bytes | None:
        # OTHER may be anything, also the same for several: only documents with one owner are compared.
        if resident.identity_kind is IdentityKind.OTHER or not resident.identity_number:
            return None
        return self._keys.mark(f"{resident.identity_kind}:{resident.identity_number.strip().upper()}")


def _aad(resident_id: ResidentId) -> bytes:
    return f"identity of {resident_id}".encode()


def _last_seen() -> ColumnElement[Any]:
    asked = select(func.max(consults.c.asked_at)).where(consults.c.resident_id == residents.c.id)
    return func.max(residents.c.registered_at, func.coalesce(asked.scalar_subquery(), 0))


def _rank(text: str) -> ColumnElement[Any]:
    """How well a row fits, 0 best; NULL when it does not."""
    name, initials, number = residents.c.name_key, residents.c.initials, residents.c.record_number
    ranks = (
        (number == text) | (name == text),
        name.startswith(text, autoescape=True),
        initials == text,
        initials.startswith(text, autoescape=True),
        name.contains(text, autoescape=True),
        number.startswith(text, autoescape=True) | number.endswith(text, autoescape=True),
        initials.contains(text, autoescape=True),
    )
    return case(*((fits, rank) for rank, fits in enumerate(ranks)), else_=None)
