"""From every schema there was to the newest, on a copy first, and never backwards."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from records.errors import StoreError, StoreTooNew
from records.store.connections import open_reader, open_writer
from records.store.database import FILE_NAME, Database
from records.store.migrate import SCHEMAS, Schemas, migrate, revision_of
from records.store.schema import metadata
from records.store.vault import Vault
from tests.fakes.records import RESIDENTS, fake_records
from tests.records.values import consult, opinion

FIRST = Path(__file__).parents[1] / "data" / "records" / "schema-0001.sql"
FIXTURE_VAULT = Vault(bytes(32))  # the key the fixture was made with

NEXT = f"{int(SCHEMAS.newest) + 1:04}"
NEXT_STEP = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{newest}"


def upgrade():
    with op.batch_alter_table("consults") as batch:
        batch.add_column(sa.Column("noted", sa.Text()))
    {more}
"""


def first_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST.read_text("utf-8"))


def with_a_next_step(tmp_path: Path, more: str = "pass") -> Schemas:
    """The project's own steps and one more, as a later version would bring."""
    folder = tmp_path / "migrations"
    shutil.copytree(SCHEMAS.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / f"{NEXT}_next.py").write_text(
        NEXT_STEP.format(more=more, revision=NEXT, newest=SCHEMAS.newest)
    )
    return Schemas(folder=folder, revisions=(*SCHEMAS.revisions, NEXT))


def columns_of_consults(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {row[1] for row in connection.execute("PRAGMA table_info(consults)")}


def test_the_steps_lead_to_the_tables_the_program_knows(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    migrate(path)
    connection = open_reader(path)
    try:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    finally:
        connection.close()


def test_the_list_of_schemas_is_that_of_the_files() -> None:
    files = sorted((SCHEMAS.folder / "versions").glob("[0-9]*.py"))
    assert tuple(file.name.partition("_")[0] for file in files) == SCHEMAS.revisions


async def test_data_of_the_first_version_is_read_by_this_one(tmp_path: Path) -> None:
    first_version(tmp_path / FILE_NAME)
    records = await Database.open(tmp_path, FIXTURE_VAULT)
    residents = await records.read(lambda ledger: [ledger.residents.get(one.id) for one in RESIDENTS])
    kept = await records.read(lambda ledger: ledger.consults.get(consult().id))
    written = await records.read(lambda ledger: ledger.opinions.of_consult(consult().id))
    await records.close()
    assert (tuple(residents), kept, written) == (RESIDENTS, consult(), opinion())


def test_a_step_keeps_the_rows_the_backup_and_the_triggers(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    first_version(path)
    migrate(path, with_a_next_step(tmp_path))
    assert revision_of(path) == NEXT
    assert "noted" in columns_of_consults(path)
    assert "noted" not in columns_of_consults(tmp_path / f"{FILE_NAME}.before-{NEXT}")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM consults").fetchone() == (1,)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute("DELETE FROM audit_entries")


@pytest.mark.parametrize(
    "fault",
    ["raise ArithmeticError", "op.execute('DELETE FROM accounts')"],
    ids=["a step that breaks off", "a step that leaves references to nothing"],
)
def test_a_step_that_fails_changes_nothing(tmp_path: Path, fault: str) -> None:
    path = tmp_path / FILE_NAME
    first_version(path)
    before = path.read_bytes()
    with pytest.raises((ArithmeticError, StoreError)):
        migrate(path, with_a_next_step(tmp_path, fault))
    assert path.read_bytes() == before
    assert sorted(found.name for found in tmp_path.glob("*rehearsal*")) == []
    migrate(path)
    assert revision_of(path) == SCHEMAS.newest


def test_a_database_of_a_newer_version_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    first_version(path)
    migrate(path, with_a_next_step(tmp_path))
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match=f"schema {NEXT}, this program knows up to {SCHEMAS.newest}"):
        migrate(path)
    assert path.read_bytes() == before


async def test_the_store_does_not_start_on_a_newer_version(tmp_path: Path) -> None:
    await (await fake_records(tmp_path)).close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreTooNew):
        await Database.open(tmp_path, Vault.open(tmp_path / "master.key"))


def tables_of(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: sql for name, sql in rows if "alembic" not in name}


def step(path: Path, verb: str, revision: str) -> None:
    """One of alembic's commands on a database, as `migrate` gives it."""
    config = Config()
    config.set_main_option("script_location", str(SCHEMAS.folder))
    connection = open_writer(path, foreign_keys=False)
    try:
        config.attributes["connection"] = connection
        with connection.begin():
            getattr(command, verb)(config, revision)
    finally:
        connection.close()


def test_the_step_of_ecg_studies_leads_up_down_and_up_again(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    first_version(path)
    step(path, "upgrade", "0003")
    before = tables_of(path)
    step(path, "upgrade", "0004")
    there = tables_of(path)
    assert {"ecg_studies", "ecg_drafts", "ecg_reports", "ecg_cosignatures", "ecg_phrases"} <= set(there)
    step(path, "downgrade", "0003")
    assert tables_of(path) == before
    step(path, "upgrade", "0004")
    assert tables_of(path) == there


async def test_several_stores_open_at_once(tmp_path: Path) -> None:
    directories = [tmp_path / str(number) for number in range(4)]
    for directory in directories:
        directory.mkdir()
    opened = await asyncio.gather(*(fake_records(directory) for directory in directories))
    await asyncio.gather(*(records.close() for records in opened))
