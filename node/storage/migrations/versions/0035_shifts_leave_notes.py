"""What one shift leaves written for the next."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A board for notes."""
    op.create_table(
        "hand_over_notes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("noted_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=True),
        sa.Column("form_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_notes")),
        sa.UniqueConstraint("form_hash", name=op.f("uq_hand_over_notes_form_hash")),
    )
    with op.batch_alter_table("hand_over_notes") as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_over_notes_noted_at"), ["noted_at"], unique=False)


def downgrade() -> None:
    """The notes go."""
    op.drop_table("hand_over_notes")
