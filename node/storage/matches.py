"""Needs and offers that are being brought together; what has ended leaves no row behind."""

from datetime import datetime
from decimal import Decimal
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
        return await self._these(or_(matches.c.need_id == notice_id, matches.c.offer_id == notice_id))

    async def since_before(self, moment: datetime, limit: int) -> tuple[Match, ...]:
        """What was proposed before this moment and has not ended."""
        return (await self._these(matches.c.created_at <= moment))[:limit]

    async def promised(self, notice_id: str, but: str | None = None) -> Decimal:
        """How much of a notice is held by agreed matches, leaving out the match `but`."""
        found = [one for one in await self.of_notice(notice_id) if one.holds and one.id != but]
        return sum((one.amount_of(notice_id) for one in found), Decimal(0))

    async def remove(self, match_id: str) -> None:
        """It has ended."""
        await self._connection.execute(delete(matches).where(matches.c.id == match_id))

    async def _these(self, condition: ColumnElement[bool]) -> tuple[Match, ...]:
        query = select(matches).where(condition).order_by(matches.c.created_at, matches.c.id)
        return tuple(_match(row) for row in await self._connection.execute(query))


def _match(row: Row[Any]) -> Match:
    return Match(row.id, row.need_id, row.offer_id, MatchState(row.state), row.of_need, row.of_offer, row.created_at)
