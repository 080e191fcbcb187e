"""The outbox as a queue: the statements that claim and settle, built once for each engine.

A list of values goes along as one parameter, so that the text of a statement never changes: PostgreSQL has arrays for
that, SQLite reads JSON.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Delete, Select, Update, any_, bindparam, delete, exists, func, not_, or_, select
from sqlalchemy import update as update_
from sqlalchemy.dialects.postgresql import ARRAY

from node.storage.columns import Moment
from node.storage.tables import activities, outbox

WAITING: Final = "waiting"
FAILED: Final = "failed"


@dataclass(frozen=True)
class Queue:
    """`claim` takes `now`, `until` and `most`; `claim_but` also `busy`, the inboxes that it passes over."""

    claim: Update
    claim_but: Update
    their_activities: Select[Any]
    delivered: Delete
    put_off: Update


@cache
def queue(dialect: str) -> Queue:
    """The statements for one engine."""
    is_sqlite = dialect == "sqlite"
    return Queue(
        claim=_claim(is_sqlite),
        claim_but=_claim(is_sqlite, not_(_among(outbox.c.inbox, "busy", is_sqlite))),
        their_activities=select(activities).where(_among(activities.c.id, "ids", is_sqlite)),
        delivered=delete(outbox).where(_among(outbox.c.id, "ids", is_sqlite)),
        put_off=_put_off(),
    )


def many(values: Collection[Any], dialect: str) -> Any:
    """Many values as one parameter."""
    return orjson.dumps(list(values)).decode() if dialect == "sqlite" else list(values)


def _among(column: ColumnElement[Any], name: str, is_sqlite: bool) -> ColumnElement[bool]:
    if is_sqlite:
        return column.in_(select(func.json_each(bindparam(name)).table_valued("value").c.value))
    return column == any_(bindparam(name, type_=ARRAY(column.type)))


def _claim(is_sqlite: bool, *conditions: ColumnElement[bool]) -> Update:
    now, mine, earlier = bindparam("now", type_=Moment), outbox.c, outbox.alias().c
    is_behind = exists().where(
        earlier.inbox == mine.inbox,
        earlier.object_key == mine.object_key,
        earlier.state == WAITING,
        earlier.id < mine.id,
    )
    is_free = or_(mine.claimed_until.is_(None), mine.claimed_until <= now)
    due = (
        select(mine.id)
        .where(mine.state == WAITING, mine.due_at <= now, is_free, *conditions, ~is_behind)
        .order_by(mine.due_at, mine.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )
    # An array is asked for once. PostgreSQL may ask a plain subquery again for each row and claim too many, or compare
    # it with every row there is.
    chosen = mine.id.in_(due) if is_sqlite else mine.id == any_(func.array(due.scalar_subquery()))
    until = bindparam("until", type_=Moment)
    claimed = update_(outbox).where(chosen).values(claimed_until=until)
    return claimed.returning(mine.id, mine.activity_id, mine.inbox, mine.attempts)


def _put_off() -> Update:
    return (
        update_(outbox)
        .where(outbox.c.id == bindparam("delivery_id"))
        .values(
            attempts=outbox.c.attempts + bindparam("tries"),
            due_at=func.coalesce(bindparam("next_at", type_=Moment), outbox.c.due_at),
            claimed_until=None,
            state=bindparam("new_state"),
            trouble=bindparam("why"),
        )
    )
