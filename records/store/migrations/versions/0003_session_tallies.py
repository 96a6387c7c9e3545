"""What the score of a session under way is made of."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "session_tallies",
        sa.Column("consult_id", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["consult_id"], ["consults.id"], name=op.f("fk_session_tallies_consult_id")),
        sa.PrimaryKeyConstraint("consult_id", name=op.f("pk_session_tallies")),
    )
