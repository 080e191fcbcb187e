"""The language that a member reads in goes with them from device to device."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database one step forward."""
    op.add_column("members", sa.Column("language", sa.String(length=20), nullable=False, server_default=""))
