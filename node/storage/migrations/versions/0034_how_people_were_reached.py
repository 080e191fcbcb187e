"""How each try to reach somebody went."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A row for each try."""
    op.create_table(
        "contact_notes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("notice_id", sa.String(length=40), nullable=False),
        sa.Column("reached", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("noted_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=True),
        sa.Column("form_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_contact_notes_notice_id_notices"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_notes")),
        sa.UniqueConstraint("form_hash", name=op.f("uq_contact_notes_form_hash")),
    )
    with op.batch_alter_table("contact_notes") as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_notes_notice_id"), ["notice_id"], unique=False)


def downgrade() -> None:
    """The tries are forgotten."""
    op.drop_table("contact_notes")
