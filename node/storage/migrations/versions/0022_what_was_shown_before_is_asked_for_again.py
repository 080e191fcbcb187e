"""What a community showed before it said yes: how often it was asked for in vain, and when it is asked for again."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database one step forward."""
    op.add_column("follows", sa.Column("read_tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("follows", sa.Column("read_due_at", node.storage.columns.Moment(timezone=True), nullable=True))


def downgrade() -> None:
    """What is behind is tried at once, for ever."""
    op.drop_column("follows", "read_due_at")
    op.drop_column("follows", "read_tries")
