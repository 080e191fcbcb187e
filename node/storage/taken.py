"""What helpers have taken on now: parts of needs, and apart from them whose hands are on each."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.taking_on import Part
from node.storage.tables import taken_by, taken_parts


class Taken:
    """Only what is under way; what has ended leaves no row behind."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, part: Part) -> None:
        """Store a part that somebody has just taken on."""
        values = {"id": part.id, "notice_id": part.notice_id, "quantity": part.quantity, "taken_at": part.taken_at}
        await self._connection.execute(insert(taken_parts).values(values))
        for member_id in part.hands:
            await self.join(part.id, member_id, part.taken_at)

    async def join(self, part_id: str, member_id: str, at: datetime) -> None:
        """One more hand on a part."""
        values = {"part_id": part_id, "member_id": member_id, "since": at}
        await self._connection.execute(insert(taken_by).values(values))

    async def leave(self, part_id: str, member_id: str) -> None:
        """One hand less."""
        await self._connection.execute(
            delete(taken_by).where(taken_by.c.part_id == part_id, taken_by.c.member_id == member_id)
        )

    async def remove(self, part_id: str) -> None:
        """It has ended: nothing of it stays."""
        await self._connection.execute(delete(taken_parts).where(taken_parts.c.id == part_id))

    async def remove_of(self, notice_id: str) -> None:
        """The same for every part of a notice."""
        await self._connection.execute(delete(taken_parts).where(taken_parts.c.notice_id == notice_id))

    async def of_notice(self, notice_id: str) -> tuple[Part, ...]:
        """Every part of a notice that somebody has, in the order in which they were taken on."""
        return await self._these(taken_parts.c.notice_id == notice_id)

    async def of_notices(self, ids: Iterable[str]) -> tuple[Part, ...]:
        """The same for several notices."""
        return await self._these(taken_parts.c.notice_id.in_(set(ids)))

    async def by_member(self, member_id: str) -> tuple[Part, ...]:
        """What somebody has taken on now, for themselves to read."""
        theirs = select(taken_by.c.part_id).where(taken_by.c.member_id == member_id)
        return await self._these(taken_parts.c.id.in_(theirs))

    async def since_before(self, moment: datetime, limit: int) -> tuple[Part, ...]:
        """What was taken on before this moment and is still with somebody."""
        query = select(taken_parts.c.id).where(taken_parts.c.taken_at <= moment).limit(limit)
        return await self._these(taken_parts.c.id.in_(query))

    async def _these(self, condition: ColumnElement[bool]) -> tuple[Part, ...]:
        query = (
            select(taken_parts, taken_by.c.member_id)
            .join(taken_by, taken_by.c.part_id == taken_parts.c.id)
            .where(condition)
            .order_by(taken_parts.c.taken_at, taken_parts.c.id, taken_by.c.since, taken_by.c.member_id)
        )
        found: dict[str, Part] = {}
        for row in await self._connection.execute(query):
            hands = found[row.id].hands if row.id in found else ()
            found[row.id] = _part(row, (*hands, row.member_id))
        return tuple(found.values())


def _part(row: Row[Any], hands: tuple[str, ...]) -> Part:
    return Part(row.id, row.notice_id, row.quantity, row.taken_at, hands)
