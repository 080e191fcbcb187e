"""Whether a community practises: then nothing that is asked or offered there is real."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is there already is real."""
    op.add_column("community", sa.Column("practice", sa.String(length=10), nullable=False, server_default=""))


def downgrade() -> None:
    """It is not known any more that it was practice."""
    op.drop_column("community", "practice")
