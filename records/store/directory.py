"""Institutions, departments, specialties."""

from typing import Any

from sqlalchemy import Connection, Table, select

from records.accounts import Department, Institution, Specialty
from records.ids import InstitutionId
from records.record_numbers import institution_prefix
from records.store.counters import next_value
from records.store.rows import Rows, V
from records.store.schema import departments, institutions, specialties


class Directory:
    """See `records.ledger.Directory`. A save makes or replaces."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._institutions = Rows(connection, institutions, Institution)
        self._departments = Rows(connection, departments, Department)
        self._specialties = Rows(connection, specialties, Specialty)

    def save_institution(self, institution: Institution) -> None:
        if self._has(institutions, institution.id):
            self._institutions.save(institution.id, institution)
            return
        prefix = institution_prefix(next_value(self._connection, "institution"))
        self._institutions.add(institution, id=institution.id, record_prefix=prefix)

    def institution(self, institution_id: InstitutionId) -> Institution:
        return self._institutions.get(institution_id)

    def institutions(self) -> tuple[Institution, ...]:
        return self._institutions.all(order=(institutions.c.record_prefix,))

    def save_department(self, department: Department) -> None:
        columns = {"institution_id": department.institution_id}
        self._save(departments, self._departments, department.id, department, "id", columns)

    def departments(self) -> tuple[Department, ...]:
        return self._departments.all()

    def save_specialty(self, specialty: Specialty) -> None:
        self._save(specialties, self._specialties, specialty.code, specialty, "code", {})

    def specialties(self) -> tuple[Specialty, ...]:
        return self._specialties.all()

    def _save(
        self, table: Table, rows: Rows[V], key: str, value: V, key_name: str, columns: dict[str, Any]
    ) -> None:
        if self._has(table, key):
            rows.save(key, value, **columns)
        else:
            rows.add(value, **{key_name: key}, **columns)

    def _has(self, table: Table, key: str) -> bool:
        (column,) = table.primary_key.columns
        return self._connection.scalar(select(column).where(column == key)) is not None
