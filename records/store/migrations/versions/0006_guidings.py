"""What was asked of operators, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "guidings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("consult_id", sa.Text(), nullable=False),
        sa.Column("guide_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_guidings_consult_id")),
        sa.ForeignKeyConstraint(["guide_id"], ["accounts.id"], name=op.f("fk_guidings_guide_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidings")),
    )
    op.create_index(op.f("ix_guidings_consult_id_asked_at"), "guidings", ["consult_id", "asked_at"])
    op.create_index(op.f("ix_guidings_state"), "guidings", ["state"])
