"""Questions about a shared notice, before anybody offers anything."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A place for what two communities say to each other about one notice."""
    op.create_table(
        "questions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("thread", sa.String(length=40), nullable=False),
        sa.Column("side", sa.String(length=20), nullable=False),
        sa.Column("object_id", sa.String(length=500), nullable=False),
        sa.Column("own_actor", sa.String(length=20), nullable=False),
        sa.Column("remote_actor", sa.String(length=500), nullable=False),
        sa.Column("note_id", sa.String(length=500), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("notice_id", sa.String(length=40), nullable=True),
        sa.Column("share_id", sa.String(length=40), nullable=True),
        sa.Column("feed_item_id", sa.String(length=40), nullable=True),
        sa.Column("form_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["feed_item_id"], ["feed_items.id"], name=op.f("fk_questions_feed_item_id_feed_items"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_questions_notice_id_notices"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("form_hash", name=op.f("uq_questions_form_hash")),
        sa.UniqueConstraint("note_id", name=op.f("uq_questions_note_id")),
    )
    with op.batch_alter_table("questions") as batch_op:
        for name in ("feed_item_id", "notice_id", "object_id", "thread"):
            batch_op.create_index(batch_op.f(f"ix_questions_{name}"), [name], unique=False)


def downgrade() -> None:
    """The words go."""
    op.drop_table("questions")
