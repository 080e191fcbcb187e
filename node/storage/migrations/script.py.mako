"""${message}."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database one step forward."""
    ${upgrades if upgrades else "pass"}
