"""What is left of a month of what was erased: also how much of it was met."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what was erased before nobody knows; it counts as not met."""
    op.add_column("past", sa.Column("met", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """The number alone."""
    op.drop_column("past", "met")
