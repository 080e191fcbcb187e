"""Devices on which members want to be told that something waits."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Where their push services take messages for them, locked."""
    op.create_table(
        "push_devices",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("added_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_push_devices_member_id_members"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_devices")),
        sa.UniqueConstraint("mark", name=op.f("uq_push_devices_mark")),
    )
    op.create_index(op.f("ix_push_devices_member_id"), "push_devices", ["member_id"])


def downgrade() -> None:
    """Nobody is told on a device any more."""
    op.drop_table("push_devices")
