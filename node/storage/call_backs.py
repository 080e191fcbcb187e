"""People to get in touch with, and what they are to be asked, if anything."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.call_backs import CallBack
from node.domain.consent import Question, Use
from node.domain.notices import CLOSED
from node.storage.tables import call_backs, notices


class CallBacks:
    """One row for each thing to ask; settled ones stay with their notice."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, call_back: CallBack) -> None:
        """Store a new one."""
        values = _values(call_back) | {"id": call_back.id, "notice_id": call_back.notice_id}
        await self._connection.execute(insert(call_backs).values(values))

    async def put(self, call_back: CallBack) -> None:
        """Store a changed one."""
        query = update(call_backs).where(call_backs.c.id == call_back.id)
        await self._connection.execute(query.values(_values(call_back)))

    async def get(self, call_back_id: str) -> CallBack | None:
        """The one with this id."""
        found = await self._all(select(call_backs).where(call_backs.c.id == call_back_id))
        return found[0] if found else None

    async def open_of(self, notice_id: str) -> tuple[CallBack, ...]:
        """What the person behind a notice has still to be asked, soonest first."""
        query = select(call_backs).where(call_backs.c.notice_id == notice_id, call_backs.c.settled_at.is_(None))
        return await self._all(query.order_by(call_backs.c.due_at, call_backs.c.id))

    async def open_of_these(self, notice_ids: Iterable[str]) -> tuple[CallBack, ...]:
        """Whom to get in touch with about any of these notices, soonest first."""
        mine = (call_backs.c.notice_id.in_(set(notice_ids)), call_backs.c.settled_at.is_(None))
        return await self._all(select(call_backs).where(*mine).order_by(call_backs.c.due_at, call_backs.c.id))

    async def due(self, limit: int) -> tuple[CallBack, ...]:
        """Everybody who is still to be asked about something that is not closed, soonest first."""
        query = (
            select(call_backs)
            .join(notices, notices.c.id == call_backs.c.notice_id)
            .where(call_backs.c.settled_at.is_(None), notices.c.status.not_in(CLOSED))
        )
        return await self._all(query.order_by(call_backs.c.due_at, call_backs.c.id).limit(limit))

    async def settle_contact(self, notice_id: str, now: datetime) -> None:
        """The person behind a notice was tried: whoever was to be called back without a question is not any more."""
        for call_back in await self.open_of(notice_id):
            if not call_back.questions:
                await self.put(replace(call_back, settled_at=now))

    async def forget(self, notice_id: str) -> None:
        """Nobody is to be asked about this notice any more."""
        await self._connection.execute(delete(call_backs).where(call_backs.c.notice_id == notice_id))

    async def _all(self, query: Select[Any]) -> tuple[CallBack, ...]:
        return tuple(_call_back(row) for row in await self._connection.execute(query))


def _values(call_back: CallBack) -> dict[str, object]:
    return {
        "questions": [[question.use, question.peer] for question in call_back.questions],
        "due_at": call_back.due_at,
        "noted_at": call_back.noted_at,
        "member_id": call_back.by,
        "settled_at": call_back.settled_at,
    }


def _call_back(row: Row[Any]) -> CallBack:
    return CallBack(
        id=row.id,
        notice_id=row.notice_id,
        questions=tuple(Question(Use(use), peer) for use, peer in row.questions),
        due_at=row.due_at,
        noted_at=row.noted_at,
        by=row.member_id,
        settled_at=row.settled_at,
    )
