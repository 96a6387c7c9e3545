"""Stills and clips of the ultrasound kept with the record."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_TABLES = ("ultrasound_stills", "ultrasound_clips")


def _table(name: str, *more: sa.Column[str], unique: tuple[str, ...] = ()) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("resident_id", sa.Text(), nullable=False),
        sa.Column("consult_id", sa.Text(), nullable=False),
        sa.Column("binding_id", sa.Text(), nullable=False),
        *more,
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["binding_id"], ["bindings.id"], name=op.f(f"fk_{name}_binding_id")),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f(f"fk_{name}_consult_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f(f"fk_{name}_resident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        *(sa.UniqueConstraint(one, name=op.f(f"uq_{name}_{one}")) for one in ("number", *unique)),
    )
    with op.batch_alter_table(name, schema=None) as batch_op:
        for column in ("binding_id", "consult_id"):
            batch_op.create_index(batch_op.f(f"ix_{name}_{column}"), [column], unique=False)
        batch_op.create_index(
            batch_op.f(f"ix_{name}_resident_id_taken_at"), ["resident_id", "taken_at"], unique=False
        )


def upgrade() -> None:
    """Make the tables, and the triggers that keep what was kept."""
    _table("ultrasound_stills", sa.Column("request_key", sa.Text(), nullable=False), unique=("request_key",))
    _table("ultrasound_clips")
    for name in _TABLES:
        op.execute(
            f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} "
            "BEGIN SELECT RAISE(ABORT, 'what was kept stays kept'); END"
        )


def downgrade() -> None:
    """Take them away, with everything in them."""
    for name in _TABLES:
        op.execute(f"DROP TRIGGER {name}_no_delete")
        op.drop_table(name)
