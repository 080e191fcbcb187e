"""What the community tells of itself, announcements first, is shared with the same records as needs and offers."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MUST = "notice_id VARCHAR(40) NOT NULL"
MAY = "notice_id VARCHAR(40)"
TO_POSTINGS = (
    "CONSTRAINT fk_shares_posting_id_postings FOREIGN KEY(posting_id) REFERENCES postings (id) ON DELETE CASCADE"
)


def upgrade() -> None:
    """Bring the database one step forward."""
    moment = node.storage.columns.Moment(timezone=True)
    op.create_table(
        "postings",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("named", sa.JSON(), nullable=False),
        sa.Column("until", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("form_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
        sa.UniqueConstraint("form_hash", name=op.f("uq_postings_form_hash")),
    )
    op.create_index("ix_postings_kind", "postings", ["kind", "created_at"])
    op.add_column("shares", sa.Column("posting_id", sa.String(length=40), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _describe_shares_anew()
    else:
        op.alter_column("shares", "notice_id", nullable=True)
        op.execute(f"ALTER TABLE shares ADD {TO_POSTINGS}")
    op.create_index("ix_shares_posting_id", "shares", ["posting_id"])


def downgrade() -> None:
    """What the community told goes, with how it was shared; the column keeps its freedom."""
    op.execute("DELETE FROM shares WHERE posting_id IS NOT NULL")
    op.drop_index("ix_shares_posting_id", "shares")
    op.drop_table("postings")


def _describe_shares_anew() -> None:
    """Change the table's own description, as SQLite's manual says for constraints (lang_altertable, section 7).

    Making the table anew would drop it first, and with it every copy's record that hangs on it. Here no row is touched.
    """
    bind = op.get_bind()
    mine = "type = 'table' AND name = 'shares'"
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    written = bind.exec_driver_sql(f"SELECT sql FROM sqlite_schema WHERE {mine}").scalar_one().rstrip()
    if written.count(MUST) != 1 or not written.endswith(")"):
        raise RuntimeError("The table of shares is not as this program made it.")
    anew = f"{written.replace(MUST, MAY)[:-1].rstrip()}, \n\t{TO_POSTINGS}\n)"
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    bind.exec_driver_sql(f"UPDATE sqlite_schema SET sql = ? WHERE {mine}", (anew,))
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
