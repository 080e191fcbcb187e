"""Suggestions from lists of others: each waits for a steward, and goes after a while."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.lists import Advice, Suggestion
from node.storage.tables import suggestions


class Suggestions:
    """One for each host and advice."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_all(self, new: Iterable[Suggestion]) -> None:
        """Store new ones."""
        rows = [asdict(one) for one in new]
        if rows:
            await self._connection.execute(insert(suggestions), rows)

    async def get(self, suggestion_id: str) -> Suggestion | None:
        """The one with this id."""
        query = select(suggestions).where(suggestions.c.id == suggestion_id)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else _suggestion(row)

    async def known(self) -> frozenset[tuple[Advice, str]]:
        """Advice and host of everything that waits."""
        rows = await self._connection.execute(select(suggestions.c.advice, suggestions.c.host))
        return frozenset((Advice(row.advice), row.host) for row in rows)

    async def first(self, limit: int) -> tuple[Suggestion, ...]:
        """Those that wait, by host."""
        query = select(suggestions).order_by(suggestions.c.host, suggestions.c.advice).limit(limit)
        return tuple(_suggestion(row) for row in await self._connection.execute(query))

    async def many(self) -> int:
        """How many wait."""
        return await self._connection.scalar(select(func.count()).select_from(suggestions)) or 0

    async def remove(self, suggestion_id: str) -> None:
        """It was taken, or left."""
        await self._connection.execute(delete(suggestions).where(suggestions.c.id == suggestion_id))

    async def came_before(self, moment: datetime) -> bool:
        """Whether there is any that has waited since then."""
        query = select(suggestions.c.id).where(suggestions.c.at <= moment).limit(1)
        return (await self._connection.scalar(query)) is not None

    async def forget_before(self, moment: datetime) -> None:
        """Forget those that have waited since then."""
        await self._connection.execute(delete(suggestions).where(suggestions.c.at <= moment))


def _suggestion(row: Row[Any]) -> Suggestion:
    return Suggestion(row.id, Advice(row.advice), row.host, row.reason, row.source, row.at)
