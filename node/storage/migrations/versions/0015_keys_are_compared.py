"""Which keys another community's actors have, and which of them were compared on the telephone."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of those known before, the keys are noted when their documents are read again."""
    op.add_column("remote_actors", sa.Column("keys", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    op.add_column("peers", sa.Column("compared_ours", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("peers", sa.Column("compared_theirs", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("peers", sa.Column("compared_at", node.storage.columns.Moment(timezone=True), nullable=True))
