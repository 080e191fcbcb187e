"""Verified activities as they arrived, to be handled in order. None that was answered 202 is ever lost."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from node.storage.postgresql import await_turn
from node.storage.tables import journal
from node.storage.turns import Turn

WAITING, HANDLED, FAILED = "waiting", "handled", "failed"
CLAIM_TIME = timedelta(minutes=2)
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
        self._is_sqlite = connection.dialect.name == "sqlite"
        self.added = False

    async def append(self, entries: Sequence[Entry]) -> None:
        """Store entries; one that was stored before is left as it is (protocol 89)."""
        insert = sqlite_insert if self._is_sqlite else postgresql_insert
        if not self._is_sqlite:
            await await_turn(self._connection, Turn.APPEND)
        await self._connection.execute(insert(journal).on_conflict_do_nothing(), [new_row(entry) for entry in entries])
        self.added = True

    async def waiting(self, now: datetime, limit: int) -> tuple[WaitingEntry, ...]:
        """The oldest entries that are to be handled now."""
        query = _due(now).order_by(journal.c.id).limit(limit)
        return tuple(_waiting(row) for row in await self._connection.execute(query))

    async def claim(self, now: datetime, limit: int) -> tuple[WaitingEntry, ...]:
        """Take the oldest entries that are to be handled now, for CLAIM_TIME, out of the hands of other processes.

        While one process has something of an actor, no other gets more of that actor, so that each is handled in order.
        On SQLite only one process handles anything, so nothing has to be claimed.
        """
        if self._is_sqlite:
            return await self.waiting(now, limit)
        await await_turn(self._connection, Turn.CLAIM)
        mine, elsewhere = journal.c, journal.alias().c
        is_elsewhere = exists().where(elsewhere.actor == mine.actor, elsewhere.claimed_until > now)
        unclaimed = mine.claimed_until.is_(None) | (mine.claimed_until <= now)
        due = _due(now, mine.id).where(unclaimed, ~is_elsewhere).order_by(mine.id).limit(limit)
        claimed = due.with_for_update(skip_locked=True).cte("due")
        claim = update(journal).where(mine.id == claimed.c.id).values(claimed_until=now + CLAIM_TIME)
        rows = await self._connection.execute(claim.returning(*mine))
        return tuple(sorted((_waiting(row) for row in rows), key=lambda one: one.id))

    async def unhandled(self, claimed: Iterable[WaitingEntry]) -> frozenset[int]:
        """Which of these nobody handled meanwhile, by id."""
        query = select(journal.c.id).where(journal.c.id.in_([one.id for one in claimed]), journal.c.state == WAITING)
        return frozenset(await self._connection.scalars(query))

    async def handled(self, ids: Collection[int]) -> None:
        """These entries were handled; their bodies are not needed any more."""
        if ids:
            values = {"state": HANDLED, "body": b"", "trouble": "", "claimed_until": None}
            await self._connection.execute(update(journal).where(journal.c.id.in_(ids)).values(values))

    async def failed(self, entry: WaitingEntry, trouble: str, next_at: datetime | None) -> None:
        """Handling failed; it waits until `next_at` for another try, or was given up where that is None."""
        values: dict[str, object] = {
            "attempts": entry.attempts + 1,
            "trouble": trouble[:300],
            "state": WAITING if next_at is not None else FAILED,
            "due_at": next_at if next_at is not None else journal.c.due_at,
            "claimed_until": None,
        }
        if next_at is None:
            values["body"] = b""
        await self._connection.execute(update(journal).where(journal.c.id == entry.id).values(values))

    async def forget_before(self, moment: datetime) -> int:
        """Forget entries received before `moment` that nobody will handle any more; answers how many."""
        over = delete(journal).where(journal.c.state != WAITING, journal.c.received_at < moment)
        return (await self._connection.execute(over)).rowcount


def new_row(entry: Entry) -> dict[str, Any]:
    """The row of an entry that nobody has handled yet."""
    unhandled = {"due_at": entry.received_at, "state": WAITING, "attempts": 0, "trouble": "", "claimed_until": None}
    return vars(entry) | unhandled


def _due(now: datetime, *columns: ColumnElement[Any]) -> Select[Any]:
    return select(*(columns or (journal,))).where(journal.c.state == WAITING, journal.c.due_at <= now)


def _waiting(row: Row[Any]) -> WaitingEntry:
    entry = Entry(row.origin, row.activity_id, row.type, row.actor, row.body, row.received_at)
    return WaitingEntry(row.id, row.attempts, entry)
