"""Requests belong to their owners: renewed, erased, access; the community's time zone, and how long things are kept."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOMENT = node.storage.columns.Moment(timezone=True)
_KEPT_DAYS = {
    "sealed_notes_kept_days": 14,
    "notices_kept_days": 90,
    "log_kept_days": 180,
    "sessions_kept_days": 30,
}
_NOTICES = sa.table("notices", sa.column("renewed_at", _MOMENT))


def upgrade() -> None:
    """Bring the database one step forward."""
    # Added in place: SQLite would otherwise build the table anew, and take what hangs on each notice with the old one.
    op.add_column("notices", sa.Column("renewed_at", _MOMENT, nullable=True))
    op.add_column("notices", sa.Column("erased_at", _MOMENT, nullable=True))
    op.add_column("notices", sa.Column("access", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("community") as batch_op:
        batch_op.add_column(sa.Column("timezone", sa.String(length=64), nullable=False, server_default="UTC"))
        for name, days in _KEPT_DAYS.items():
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default=str(days)))
    # The values were only for the rows that are there already.
    with op.batch_alter_table("community") as batch_op:
        for name in ("timezone", *_KEPT_DAYS):
            batch_op.alter_column(name, server_default=None)
    op.create_table(
        "past",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("how_many", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "kind", "category", "area", name=op.f("pk_past")),
    )
    # Nobody was told until now that something expires: for whatever is here, the time begins today.
    op.execute(_NOTICES.update().values(renewed_at=datetime.now(UTC)))
