"""What a community could give now: an amount beside the words and the category."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A row beside a posting of its own kind."""
    op.create_table(
        "capacities",
        sa.Column("posting_id", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["postings.id"], name=op.f("fk_capacities_posting_id_postings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("posting_id", name=op.f("pk_capacities")),
    )


def downgrade() -> None:
    """What could be given is forgotten, with how it was shared."""
    op.drop_table("capacities")
    op.execute("DELETE FROM shares WHERE posting_id IN (SELECT id FROM postings WHERE kind = 'capacity')")
    op.execute("DELETE FROM postings WHERE kind = 'capacity'")
