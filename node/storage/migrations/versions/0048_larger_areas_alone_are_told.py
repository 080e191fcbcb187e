"""A community may tell others no more than the largest area around something."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Others are told what they were told before."""
    column: sa.Column[bool] = sa.Column("larger_areas_only", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("community", column)


def downgrade() -> None:
    """Others are told each area by its name."""
    op.drop_column("community", "larger_areas_only")
