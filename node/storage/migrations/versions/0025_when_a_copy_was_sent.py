"""When a copy of a share was sent, which its later states no longer tell."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of copies that were sent and nothing else since, it is known."""
    op.add_column("share_recipients", sa.Column("sent_at", node.storage.columns.Moment(timezone=True), nullable=True))
    op.execute("UPDATE share_recipients SET sent_at = changed_at WHERE state = 'sent'")


def downgrade() -> None:
    """What was known of it goes."""
    op.drop_column("share_recipients", "sent_at")
