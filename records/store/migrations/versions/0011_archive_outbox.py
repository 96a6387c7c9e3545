"""What is to be sent to archives, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "archive_outbox",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sop_instance_uid", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("kept_id", sa.Text(), nullable=False),
        sa.Column("consult_id", sa.Text(), nullable=False),
        sa.Column("resident_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_archive_outbox_consult_id")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_archive_outbox_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_outbox")),
        sa.UniqueConstraint(
            "sop_instance_uid", "destination", name=op.f("uq_archive_outbox_sop_instance_uid_destination")
        ),
    )
    op.create_index(op.f("ix_archive_outbox_consult_id"), "archive_outbox", ["consult_id"])
    op.create_index(op.f("ix_archive_outbox_state_due_at"), "archive_outbox", ["state", "due_at"])
