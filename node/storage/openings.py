"""Who read which sealed fields, when and why. Never what they say."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.openings import Opening, Reason, Why
from node.storage.tables import openings


class Openings:
    """Lines are only ever added; later they lose the words that were typed, and go when the log's time is over."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, opening: Opening) -> None:
        """Write one line."""
        await self._connection.execute(
            insert(openings).values(
                id=opening.id,
                at=opening.at,
                fields=list(opening.fields),
                reason=opening.why.reason,
                words=opening.why.words,
                member_id=opening.member_id,
                role=opening.role,
                reader=opening.reader,
                notice_id=opening.notice_id,
                response_id=opening.response_id,
            )
        )

    async def put_fields(self, opening_id: str, fields: Iterable[str]) -> None:
        """Say which fields were read, once that is known."""
        await self._connection.execute(update(openings).where(openings.c.id == opening_id).values(fields=list(fields)))

    async def of_notice(self, notice_id: str) -> tuple[Opening, ...]:
        """Every opening of this note, oldest first."""
        return await self._these(openings.c.notice_id == notice_id)

    async def of_response(self, response_id: str) -> tuple[Opening, ...]:
        """Every time we read what was released for this task, oldest first."""
        return await self._these(openings.c.response_id == response_id)

    async def weight(self, member_id: str, since: datetime) -> int:
        """What weighs on one member's brake. For the brake alone: no page and no list may show it."""
        query = select(func.count()).where(openings.c.member_id == member_id, openings.c.at > since)
        return await self._connection.scalar(query) or 0

    async def forget_words(self, notice_id: str) -> None:
        """Remove the typed words from this note's lines; who read it and when stays."""
        await self._connection.execute(update(openings).where(openings.c.notice_id == notice_id).values(words=""))

    async def forget_of(self, notice_id: str) -> None:
        """Remove every line about this note."""
        await self._connection.execute(delete(openings).where(openings.c.notice_id == notice_id))

    async def forget_before(self, moment: datetime) -> int:
        """Remove lines written before `moment`; answers how many."""
        return (await self._connection.execute(delete(openings).where(openings.c.at < moment))).rowcount

    async def _these(self, condition: ColumnElement[bool]) -> tuple[Opening, ...]:
        rows = await self._connection.execute(select(openings).where(condition).order_by(openings.c.at, openings.c.id))
        return tuple(_opening(row) for row in rows)


def _opening(row: Row[Any]) -> Opening:
    return Opening(
        id=row.id,
        at=row.at,
        fields=tuple(row.fields),
        why=Why(Reason(row.reason), row.words),
        member_id=row.member_id,
        role=row.role,
        reader=row.reader,
        notice_id=row.notice_id,
        response_id=row.response_id,
    )
