"""ECGs kept to be read, their drafts, reports and second signatures, and the phrases they are read with."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_REFUSED = (
    ("ecg_reports", "update", "old.state = 'signed'", "a signed report never changes"),
    ("ecg_reports", "delete", "old.state = 'signed'", "a signed report never changes"),
    ("ecg_cosignatures", "update", "true", "a signature never changes"),
    ("ecg_cosignatures", "delete", "true", "a signature never changes"),
)
_TABLES = ("ecg_phrases", "ecg_cosignatures", "ecg_reports", "ecg_drafts", "ecg_studies")


def _studies() -> None:
    op.create_table(
        "ecg_studies",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("resident_id", sa.Text(), nullable=False),
        sa.Column("consult_id", sa.Text(), nullable=True),
        sa.Column("binding_id", sa.Text(), nullable=True),
        sa.Column("request_key", sa.Text(), nullable=True),
        sa.Column("file_sha256", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["binding_id"], ["bindings.id"], name=op.f("fk_ecg_studies_binding_id")),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_ecg_studies_consult_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_ecg_studies_resident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecg_studies")),
        sa.UniqueConstraint("number", name=op.f("uq_ecg_studies_number")),
        sa.UniqueConstraint("request_key", name=op.f("uq_ecg_studies_request_key")),
    )
    with op.batch_alter_table("ecg_studies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ecg_studies_binding_id"), ["binding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ecg_studies_closed_at"), ["closed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ecg_studies_consult_id"), ["consult_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_ecg_studies_resident_id_taken_at"), ["resident_id", "taken_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ecg_studies_state"), ["state"], unique=False)


def _drafts() -> None:
    op.create_table(
        "ecg_drafts",
        sa.Column("study_id", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["ecg_studies.id"], name=op.f("fk_ecg_drafts_study_id")),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_ecg_drafts")),
    )


def _reports() -> None:
    op.create_table(
        "ecg_reports",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("study_id", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_ecg_reports_author_id")),
        sa.ForeignKeyConstraint(["study_id"], ["ecg_studies.id"], name=op.f("fk_ecg_reports_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecg_reports")),
    )
    with op.batch_alter_table("ecg_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ecg_reports_study_id"), ["study_id"], unique=False)
        batch_op.create_index(
            "ux_ecg_reports_draft_of_author",
            ["study_id", "author_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
        )


def _cosignatures() -> None:
    op.create_table(
        "ecg_cosignatures",
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("study_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["ecg_reports.id"], name=op.f("fk_ecg_cosignatures_report_id")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["ecg_studies.id"], name=op.f("fk_ecg_cosignatures_study_id")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_ecg_cosignatures")),
    )
    with op.batch_alter_table("ecg_cosignatures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ecg_cosignatures_study_id"), ["study_id"], unique=False)


def _phrases() -> None:
    op.create_table(
        "ecg_phrases",
        sa.Column("institution_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_ecg_phrases_institution_id")
        ),
        sa.PrimaryKeyConstraint("institution_id", name=op.f("pk_ecg_phrases")),
    )


def upgrade() -> None:
    """Make the tables, and the triggers that keep what was signed."""
    _studies()
    _drafts()
    _reports()
    _cosignatures()
    _phrases()
    for table, verb, when, sentence in _REFUSED:
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )


def downgrade() -> None:
    """Take them away, with everything in them."""
    for table, verb, _, _ in _REFUSED:
        op.execute(f"DROP TRIGGER {table}_no_{verb}")
    for table in _TABLES:
        op.drop_table(table)
