"""The address this community left, and the hosts that neighbours left."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has moved yet."""
    op.create_table(
        "former_home",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("base_url", sa.String(length=500), nullable=False),
        sa.Column("left_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("told_at", node.storage.columns.Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_home")),
    )
    op.add_column("peers", sa.Column("former_hosts", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Whoever moved is forgotten to have moved."""
    op.drop_table("former_home")
    op.drop_column("peers", "former_hosts")
