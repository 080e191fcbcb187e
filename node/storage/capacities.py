"""What we could give now: postings of their own kind, each with an amount beside it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.capacity import Capacity
from node.domain.postings import Audience, PostingKind
from node.storage.tables import capacities, postings


class Capacities:
    """How each is shared stands in `shares`, as for every posting."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, capacity: Capacity, form_hash: str | None) -> None:
        """Store a new one."""
        posting = {
            "id": capacity.id,
            "kind": PostingKind.CAPACITY,
            "title": capacity.title,
            "text": "",
            "area": "",
            "language": "",
            "category": capacity.category,
            "audience": Audience.PEERS,
            "named": [],
            "until": capacity.until,
            "ended_at": None,
            "form_hash": form_hash,
            "created_at": capacity.written_at,
            "updated_at": capacity.written_at,
        }
        amount = {"posting_id": capacity.id, "quantity": capacity.quantity, "unit": capacity.unit}
        await self._connection.execute(insert(postings).values(posting))
        await self._connection.execute(insert(capacities).values(amount))

    async def end(self, capacity_id: str, now: datetime) -> None:
        """It holds no longer."""
        mine = postings.c.id == capacity_id
        await self._connection.execute(update(postings).where(mine).values(ended_at=now, updated_at=now))

    async def get(self, capacity_id: str) -> Capacity | None:
        """The one with this id."""
        return await self._one(postings.c.id == capacity_id)

    async def by_form(self, form_hash: str) -> Capacity | None:
        """The one that was written with this form."""
        return await self._one(postings.c.form_hash == form_hash)

    async def current(self, now: datetime) -> tuple[Capacity, ...]:
        """What holds now, by category: there is at most one of each."""
        holds = (postings.c.ended_at.is_(None), postings.c.until > now)
        rows = await self._connection.execute(_ALL.where(*holds).order_by(postings.c.category, postings.c.id))
        return tuple(map(_capacity, rows))

    async def _one(self, condition: ColumnElement[bool]) -> Capacity | None:
        row = (await self._connection.execute(_ALL.where(condition))).one_or_none()
        return None if row is None else _capacity(row)


_ALL = select(postings, capacities).join(capacities, capacities.c.posting_id == postings.c.id)


def _capacity(row: Row[Any]) -> Capacity:
    return Capacity(
        id=row.id,
        title=row.title,
        category=row.category,
        quantity=row.quantity,
        unit=row.unit,
        until=row.until,
        written_at=row.created_at,
        ended_at=row.ended_at,
    )
