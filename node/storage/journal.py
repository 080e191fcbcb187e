"""Verified activities as they arrived, to be handled in order. None that was answered 202 is ever lost.

`JournalWriter` owns every write of the doors: whatever waits is committed together as soon as the last commit is back,
so that one durable commit serves many posts (group commit).
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from node.storage.tables import journal

WAITING, HANDLED, FAILED = "waiting", "handled", "failed"
BATCH = 500


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

    async def append(self, entries: list[Entry]) -> None:
        """Store entries; one that was stored before is left as it is (protocol 89)."""
        insert = sqlite_insert if self._connection.dialect.name == "sqlite" else postgresql_insert
        new = {"state": WAITING, "attempts": 0, "trouble": ""}
        rows = [vars(entry) | new | {"due_at": entry.received_at} for entry in entries]
        await self._connection.execute(insert(journal).on_conflict_do_nothing(), rows)
        self.added = True

    async def waiting(self, now: datetime, limit: int) -> tuple[WaitingEntry, ...]:
        """The oldest entries that are to be handled now."""
        due = (journal.c.state == WAITING) & (journal.c.due_at <= now)
        query = select(journal).where(due).order_by(journal.c.id).limit(limit)
        return tuple(_waiting(row) for row in await self._connection.execute(query))

    async def handled(self, entry_id: int) -> None:
        """An entry was handled; its body is not needed any more."""
        await self._connection.execute(
            update(journal).where(journal.c.id == entry_id).values(state=HANDLED, body=b"", trouble="")
        )

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


class _Work(Protocol):
    @property
    def journal(self) -> Journal: ...


class JournalWriter:
    """The one who writes the journal on behalf of every door. Run `run()` beside the server."""

    def __init__(self, unit_of_work: Callable[[], AbstractAsyncContextManager[_Work]]) -> None:
        self._unit_of_work = unit_of_work
        self._waiting: list[tuple[Entry, asyncio.Future[None]]] = []
        self._something = asyncio.Event()

    async def append(self, entry: Entry) -> None:
        """Return once the entry is stored for good. Raises what the database raised."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, stored))
        self._something.set()
        await stored

    async def run(self) -> None:
        """Commit whatever waits, together, for ever."""
        while True:
            await self._something.wait()
            self._something.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._commit(batch)

    async def _commit(self, batch: list[tuple[Entry, asyncio.Future[None]]]) -> None:
        try:
            async with self._unit_of_work() as work:
                await work.journal.append([entry for entry, _ in batch])
        except Exception as error:  # each door is told, none waits for ever
            outcome: Exception | None = error
        else:
            outcome = None
        for _, stored in batch:
            if stored.cancelled():
                continue
            if outcome is None:
                stored.set_result(None)
            else:
                stored.set_exception(outcome)


def _waiting(row: Row[Any]) -> WaitingEntry:
    entry = Entry(row.origin, row.activity_id, row.type, row.actor, row.body, row.received_at)
    return WaitingEntry(row.id, row.attempts, entry)
