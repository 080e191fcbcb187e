"""Shifts that are to come, and who takes them; what is over leaves no row behind."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.shifts import Shift
from node.storage.tables import shift_hands, shifts


class Shifts:
    """Rows are added and removed, never changed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: Iterable[Shift], form_hash: str | None) -> None:
        """Store what was written down with one form."""
        rows = [{"id": one.id, "starts_at": one.starts_at, "ends_at": one.ends_at, "words": one.words} for one in new]
        marks = [form_hash, *[None] * (len(rows) - 1)]
        values = [row | {"form_hash": mark} for row, mark in zip(rows, marks, strict=True)]
        await self._connection.execute(insert(shifts), values)

    async def is_known(self, form_hash: str) -> bool:
        """Whether this form was taken before."""
        query = select(shifts.c.id).where(shifts.c.form_hash == form_hash)
        return await self._connection.scalar(query) is not None

    async def get(self, shift_id: str) -> Shift | None:
        """The shift with this id."""
        found = await self._these(shifts.c.id == shift_id, 1)
        return found[0] if found else None

    async def to_come(self, now: datetime, limit: int) -> tuple[Shift, ...]:
        """What is not over, the next first."""
        return await self._these(shifts.c.ends_at > now, limit)

    async def join(self, shift_id: str, member_id: str) -> None:
        """Somebody takes it."""
        await self._connection.execute(insert(shift_hands).values(shift_id=shift_id, member_id=member_id))

    async def leave(self, shift_id: str, member_id: str) -> None:
        """Somebody does not take it after all."""
        await self._connection.execute(
            delete(shift_hands).where(shift_hands.c.shift_id == shift_id, shift_hands.c.member_id == member_id)
        )

    async def leave_all(self, member_id: str) -> None:
        """Somebody takes none any more."""
        await self._connection.execute(delete(shift_hands).where(shift_hands.c.member_id == member_id))

    async def remove(self, shift_id: str) -> None:
        """It is off the list. One that is not there is no fault."""
        await self._connection.execute(delete(shifts).where(shifts.c.id == shift_id))

    async def forget_before(self, moment: datetime) -> int:
        """Erase what ended before `moment`; answers how many."""
        return (await self._connection.execute(delete(shifts).where(shifts.c.ends_at < moment))).rowcount

    async def _these(self, condition: ColumnElement[bool], limit: int) -> tuple[Shift, ...]:
        query = select(shifts).where(condition).order_by(shifts.c.starts_at, shifts.c.id).limit(limit)
        rows = (await self._connection.execute(query)).all()
        taken = select(shift_hands).where(shift_hands.c.shift_id.in_([row.id for row in rows]))
        hands: dict[str, tuple[str, ...]] = {}
        for one in await self._connection.execute(taken.order_by(shift_hands.c.member_id)):
            hands[one.shift_id] = (*hands.get(one.shift_id, ()), one.member_id)
        return tuple(Shift(row.id, row.starts_at, row.ends_at, row.words, hands.get(row.id, ())) for row in rows)
