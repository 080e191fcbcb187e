"""Strangers are answered: conversations, answers, blocks, and for how long they are kept."""

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: For a moment only: the rows that are there get these, and then what belongs into them.
_NEW = {"thread": 40, "host": 255, "handle": 500}


def upgrade() -> None:
    """Bring the database one step forward."""
    with op.batch_alter_table("enquiries") as batch_op:
        for name, length in _NEW.items():
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    _fill()
    with op.batch_alter_table("enquiries") as batch_op:
        for name, length in _NEW.items():
            batch_op.alter_column(name, existing_type=sa.String(length=length), server_default=None)
        batch_op.create_index(batch_op.f("ix_enquiries_thread"), ["thread"], unique=False)
        batch_op.create_index("ix_enquiries_host", ["host", "received_at"], unique=False)
    with op.batch_alter_table("community") as batch_op:
        batch_op.add_column(sa.Column("strangers_kept_days", sa.Integer(), nullable=False, server_default="30"))
    with op.batch_alter_table("community") as batch_op:
        batch_op.alter_column("strangers_kept_days", existing_type=sa.Integer(), server_default=None)
    _create_answers()
    _create_blocks()


def _fill() -> None:
    """Each message that waits begins a conversation of its own."""
    connection = op.get_bind()
    enquiries = sa.table("enquiries", *(sa.column(name) for name in ("id", "actor", "thread", "host")))
    for row in connection.execute(sa.select(enquiries.c.id, enquiries.c.actor)).all():
        known = {"thread": row.id, "host": urlsplit(row.actor).netloc.lower()}
        connection.execute(sa.update(enquiries).where(enquiries.c.id == row.id).values(known))


def _create_answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("thread", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=500), nullable=False),
        sa.Column("in_reply_to", sa.String(length=500), nullable=False),
        sa.Column("own_actor", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=500), nullable=False),
        sa.Column("handle", sa.String(length=500), nullable=False),
        sa.Column("inbox", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.Column("form_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("form_hash", name=op.f("uq_answers_form_hash")),
        sa.UniqueConstraint("object_id", name=op.f("uq_answers_object_id")),
    )
    with op.batch_alter_table("answers") as batch_op:
        batch_op.create_index(batch_op.f("ix_answers_thread"), ["thread"], unique=False)


def _create_blocks() -> None:
    op.create_table(
        "blocks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("created_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocks")),
        sa.UniqueConstraint("subject", name=op.f("uq_blocks_subject")),
    )
