"""What was derived of measurements on kept stills."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_NAME = "derived_measurements"


def upgrade() -> None:
    """Make the table, and the trigger that keeps what was kept."""
    op.create_table(
        _NAME,
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("resident_id", sa.Text(), nullable=False),
        sa.Column("consult_id", sa.Text(), nullable=False),
        sa.Column("request_key", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f(f"fk_{_NAME}_consult_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f(f"fk_{_NAME}_resident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_NAME}")),
        sa.UniqueConstraint("number", name=op.f(f"uq_{_NAME}_number")),
        sa.UniqueConstraint("request_key", name=op.f(f"uq_{_NAME}_request_key")),
    )
    op.create_index(op.f(f"ix_{_NAME}_consult_id"), _NAME, ["consult_id"])
    op.create_index(op.f(f"ix_{_NAME}_resident_id_kept_at"), _NAME, ["resident_id", "kept_at"])
    op.execute(
        f"CREATE TRIGGER {_NAME}_no_delete BEFORE DELETE ON {_NAME} "
        "BEGIN SELECT RAISE(ABORT, 'what was kept stays kept'); END"
    )


def downgrade() -> None:
    """Take it away, with everything in it."""
    op.execute(f"DROP TRIGGER {_NAME}_no_delete")
    op.drop_table(_NAME)
