"""A community in which several people work already needs no first steps."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

#: As whom somebody works here.
_WORKING = frozenset({"steward", "dispatcher", "helper"})


def upgrade() -> None:
    """Where more than the first steward works, the first steps are over."""
    members, ways = sa.table("members", sa.column("roles", sa.JSON)), sa.table("ways", *_columns())
    bind = op.get_bind()
    working = [roles for (roles,) in bind.execute(sa.select(members.c.roles)) if _WORKING & set(roles)]
    is_said = bind.scalar(sa.select(ways.c.name).where(ways.c.name == "is_introduced"))
    if len(working) > 1 and is_said is None:
        bind.execute(sa.insert(ways).values(name="is_introduced", value=True))


def _columns() -> tuple[sa.ColumnClause[str], sa.ColumnClause[object]]:
    return sa.column("name", sa.String), sa.column("value", sa.JSON)


def downgrade() -> None:
    """It was true before."""
