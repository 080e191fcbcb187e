"""An area may lie within a larger one."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None does yet."""
    op.add_column("areas", sa.Column("within", sa.String(length=80), nullable=False, server_default=""))


def downgrade() -> None:
    """All are as large as each other."""
    op.drop_column("areas", "within")
