"""Tapes of consults, the consents to them, and the scores of ended sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _recording_consents() -> None:
    op.create_table(
        "recording_consents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("consult_id", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consult_id"], ["consults.id"], name=op.f("fk_recording_consents_consult_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_consents")),
    )
    with op.batch_alter_table("recording_consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recording_consents_consult_id"), ["consult_id"], unique=False)


def _tapes() -> None:
    op.create_table(
        "tapes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("consult_id", sa.Text(), nullable=False),
        sa.Column("resident_id", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_tapes_consult_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_tapes_resident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tapes")),
    )
    with op.batch_alter_table("tapes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tapes_consult_id"), ["consult_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tapes_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tapes_due_at"), ["due_at"], unique=False)
        batch_op.create_index(
            "ux_tapes_running_of_consult",
            ["consult_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
        )


def _session_scores() -> None:
    op.create_table(
        "session_scores",
        sa.Column("consult_id", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_session_scores_consult_id")),
        sa.PrimaryKeyConstraint("consult_id", name=op.f("pk_session_scores")),
    )
    with op.batch_alter_table("session_scores", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_scores_ended_at"), ["ended_at"], unique=False)


def upgrade() -> None:
    """Make the three tables."""
    _recording_consents()
    _tapes()
    _session_scores()
