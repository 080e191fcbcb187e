"""Needs and offers that are being brought together; what has ended leaves no row behind."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.matches import Match, MatchState
from node.storage.tables import matches


class Matches:
    """One row for each pair."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, match: Match) -> None:
        """Store a new match."""
        await self._connection.execute(insert(matches).values(**vars(match)))

    async def put(self, match: Match) -> None:
        """Store a changed match."""
        values = {"state": match.state, "of_need": match.of_need, "of_offer": match.of_offer}
        await self._connection.execute(update(matches).where(matches.c.id == match.id).values(values))

    async def get(self, match_id: str) -> Match | None:
        """The match with this id."""
        found = await self._these(matches.c.id == match_id)
        return found[0] if found else None

    async def of_notice(self, notice_id: str) -> tuple[Match, ...]:
        """Every match of a need or an offer, the oldest first."""
        return await self.of_notices((notice_id,))

    async def of_notices(self, ids: Iterable[str]) -> tuple[Match, ...]:
        """The same for several of them."""
        wanted = set(ids)
        return await self._these(or_(matches.c.need_id.in_(wanted), matches.c.offer_id.in_(wanted)))

    async def since_before(self, moment: datetime, limit: int) -> tuple[Match, ...]:
        """What was proposed before this moment and has not ended, the oldest first."""
        return await self._these(matches.c.created_at <= moment, limit)

    async def remove(self, match_id: str) -> None:
        """It has ended."""
        await self._connection.execute(delete(matches).where(matches.c.id == match_id))

    async def _these(self, condition: ColumnElement[bool], limit: int | None = None) -> tuple[Match, ...]:
        query = select(matches).where(condition).order_by(matches.c.created_at, matches.c.id).limit(limit)
        return tuple(_match(row) for row in await self._connection.execute(query))


def _match(row: Row[Any]) -> Match:
    return Match(row.id, row.need_id, row.offer_id, MatchState(row.state), row.of_need, row.of_offer, row.created_at)
