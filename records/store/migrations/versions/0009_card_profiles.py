"""What of capture cards' pictures may be seen."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0006"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "card_profiles",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_card_profiles_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_profiles")),
        sa.UniqueConstraint(
            *("institution_id", "source", "width_px", "height_px", "layout"),
            name=op.f("uq_card_profiles_institution_id_source_width_px_height_px_layout"),
        ),
    )
