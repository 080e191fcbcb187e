"""Whether somebody for whom another asked knows of it, and may be contacted."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Both are unknown of what is there."""
    with op.batch_alter_table("notices") as batch_op:
        batch_op.add_column(sa.Column("they_know", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("may_be_contacted", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Nobody said."""
    with op.batch_alter_table("notices") as batch_op:
        batch_op.drop_column("may_be_contacted")
        batch_op.drop_column("they_know")
