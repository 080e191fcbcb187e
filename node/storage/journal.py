"""Verified activities as they arrived, to be handled in order. None that was answered 202 is ever lost."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from node.storage.tables import journal

WAITING, HANDLED, FAILED = "waiting", "handled", "failed"
#: The columns that a new row fills in.
NEW_ROW = tuple(column.name for column in journal.columns if not column.primary_key)


@dataclass(frozen=True)
class Entry:
    """One verified activity. `origin` and `activity_id` together are taken once."""

    origin: str
    activity_id: str
    type: str
    actor: str
    body: bytes
    received_at: datetime


@dataclass(frozen=True)
class WaitingEntry:
    """An entry that waits to be handled."""

    id: int
    attempts: int
    entry: Entry


class Journal:
    """`added` tells that something new waits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.added = False

    async def append(self, entries: Sequence[Entry]) -> None:
        """Store entries; one that was stored before is left as it is (protocol 89)."""
        insert = sqlite_insert if self._connection.dialect.name == "sqlite" else postgresql_insert
        await self._connection.execute(insert(journal).on_conflict_do_nothing(), [new_row(entry) for entry in entries])
        self.added = True

    async def waiting(self, now: datetime, limit: int) -> tuple[WaitingEntry, ...]:
        """The oldest entries that are to be handled now."""
        due = (journal.c.state == WAITING) & (journal.c.due_at <= now)
        query = select(journal).where(due).order_by(journal.c.id).limit(limit)
        return tuple(_waiting(row) for row in await self._connection.execute(query))

    async def handled(self, ids: Collection[int]) -> None:
        """These entries were handled; their bodies are not needed any more."""
        if ids:
            done = update(journal).where(journal.c.id.in_(ids)).values(state=HANDLED, body=b"", trouble="")
            await self._connection.execute(done)

    async def failed(self, entry: WaitingEntry, trouble: str, next_at: datetime | None) -> None:
        """Handling failed; it waits until `next_at` for another try, or was given up where that is None."""
        values: dict[str, object] = {
            "attempts": entry.attempts + 1,
            "trouble": trouble[:300],
            "state": WAITING if next_at is not None else FAILED,
            "due_at": next_at if next_at is not None else journal.c.due_at,
        }
        if next_at is None:
            values["body"] = b""
        await self._connection.execute(update(journal).where(journal.c.id == entry.id).values(values))

    async def forget_before(self, moment: datetime) -> None:
        """Forget handled entries received before `moment`."""
        await self._connection.execute(
            delete(journal).where(journal.c.state == HANDLED, journal.c.received_at < moment)
        )


def new_row(entry: Entry) -> dict[str, Any]:
    """The row of an entry that nobody has handled yet."""
    return vars(entry) | {"due_at": entry.received_at, "state": WAITING, "attempts": 0, "trouble": ""}


def _waiting(row: Row[Any]) -> WaitingEntry:
    entry = Entry(row.origin, row.activity_id, row.type, row.actor, row.body, row.received_at)
    return WaitingEntry(row.id, row.attempts, entry)
