"""What still waits in the outbox, as people look at it: one line for each inbox."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.peers import host_of
from node.storage.claiming import WAITING
from node.storage.outbox import DeliveryId
from node.storage.tables import activities, outbox


@dataclass(frozen=True)
class Undelivered:
    """One delivery that waits: of what was said at `said_at`, tried again at `due_at`, and why it did not arrive.

    Its id stands for its whole row: whoever settles all inboxes of a row is done with it.
    """

    id: DeliveryId
    type: str
    share_id: str | None
    said_at: datetime
    due_at: datetime
    attempts: int
    trouble: str

    @property
    def host(self) -> str:
        """The server it is for."""
        return host_of(self.id.inbox)


async def waiting(connection: AsyncConnection, rows: int) -> tuple[Undelivered, ...]:
    """What waits in the oldest so many rows of the outbox, the oldest first."""
    found = await connection.execute(_waiting().limit(rows))
    return tuple(one for row in found for one in _each(row))


async def waiting_for(connection: AsyncConnection, host: str) -> tuple[Undelivered, ...]:
    """Everything that waits for any inbox of this host (with its port, if it has one), the oldest first."""
    at_host = cast(outbox.c.inboxes, Text).contains(f"://{host}/", autoescape=True)
    found = await connection.execute(_waiting().where(at_host))
    return tuple(one for row in found for one in _each(row) if one.host == host)


def _waiting() -> Select[Any]:
    of_rows = (outbox.c.id, outbox.c.inboxes, outbox.c.due_at, outbox.c.attempts, outbox.c.trouble)
    said = (activities.c.type, activities.c.share_id, activities.c.published_at)
    return select(*of_rows, *said).join_from(outbox, activities).where(outbox.c.state == WAITING).order_by(outbox.c.id)


def _each(row: Row[Any]) -> Iterator[Undelivered]:
    for inbox in row.inboxes:
        whole = DeliveryId(row.id, inbox, len(row.inboxes))
        yield Undelivered(whole, row.type, row.share_id, row.published_at, row.due_at, row.attempts, row.trouble)
