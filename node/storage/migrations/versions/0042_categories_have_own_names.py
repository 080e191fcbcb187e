"""Categories as the community calls and arranges them."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """They begin as they come."""
    op.add_column("community", sa.Column("categories", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    """As they come, again."""
    op.drop_column("community", "categories")
