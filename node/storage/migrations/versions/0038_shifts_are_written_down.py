"""Shifts that are to come, and who takes them."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A list of shifts."""
    op.create_table(
        "shifts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("starts_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("ends_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("form_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.UniqueConstraint("form_hash", name=op.f("uq_shifts_form_hash")),
    )
    op.create_index(op.f("ix_shifts_ends_at"), "shifts", ["ends_at"])
    op.create_table(
        "shift_hands",
        sa.Column("shift_id", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shifts.id"], name=op.f("fk_shift_hands_shift_id_shifts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_shift_hands_member_id_members"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shift_id", "member_id", name=op.f("pk_shift_hands")),
    )
    op.create_index(op.f("ix_shift_hands_member_id"), "shift_hands", ["member_id"])


def downgrade() -> None:
    """The list goes."""
    op.drop_table("shift_hands")
    op.drop_table("shifts")
