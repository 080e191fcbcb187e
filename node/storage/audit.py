"""What was done, by whom, to what. Never what a sealed note says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.storage.tables import audit


@dataclass(frozen=True)
class AuditEntry:
    """One line. `detail` may hold field names and reasons, never their contents."""

    at: datetime
    member_id: str | None
    action: str
    subject: str
    detail: str = ""


class AuditLog:
    """Lines are only ever added, and go when their time is over, or with what was only practised.

    Of what was erased, the words in them go at once.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, entry: AuditEntry) -> None:
        """Write one line."""
        await self._connection.execute(
            insert(audit).values(
                at=entry.at,
                member_id=entry.member_id,
                action=entry.action[:80],
                subject=entry.subject,
                detail=entry.detail,
            )
        )

    async def about(self, subject: str, *actions: str) -> tuple[AuditEntry, ...]:
        """Lines of these actions about one subject, oldest first."""
        return await self._these(audit.c.subject == subject, audit.c.action.in_(actions))

    async def of(self, *actions: str) -> tuple[AuditEntry, ...]:
        """Lines of these actions about anything, oldest first."""
        return await self._these(audit.c.action.in_(actions))

    async def of_subject(self, subject: str, but: Iterable[str], limit: int) -> tuple[AuditEntry, ...]:
        """The newest lines about one subject, newest first, without those of the actions `but`."""
        query = select(audit).where(audit.c.subject == subject, audit.c.action.not_in(set(but)))
        rows = await self._connection.execute(query.order_by(audit.c.id.desc()).limit(limit))
        return tuple(_entry(row) for row in rows)

    async def forget_words(self, subject: str, action: str) -> None:
        """Take the words out of every line about one subject whose action begins so: that it was done stays.

        Older lines have the words in brackets behind the action.
        """
        mine = (audit.c.subject == subject) & audit.c.action.startswith(action, autoescape=True)
        await self._connection.execute(update(audit).where(mine).values(detail=""))
        for row in (await self._connection.execute(select(audit).where(mine, audit.c.action.contains(" (")))).all():
            bare = row.action.partition(" (")[0]
            await self._connection.execute(update(audit).where(audit.c.id == row.id).values(action=bare))

    async def forget_about(self, subject: str) -> None:
        """Remove every line about one subject."""
        await self._connection.execute(delete(audit).where(audit.c.subject == subject))

    async def forget_before(self, moment: datetime) -> int:
        """Remove lines written before `moment`; answers how many."""
        return (await self._connection.execute(delete(audit).where(audit.c.at < moment))).rowcount

    async def all_about(self, subject: str) -> tuple[AuditEntry, ...]:
        """Every line about one subject, oldest first."""
        rows = await self._connection.execute(select(audit).where(audit.c.subject == subject).order_by(audit.c.id))
        return tuple(AuditEntry(row.at, row.member_id, row.action, row.subject, row.detail) for row in rows)

    async def newest(self, limit: int) -> tuple[AuditEntry, ...]:
        """The newest lines, newest first."""
        rows = await self._connection.execute(select(audit).order_by(audit.c.id.desc()).limit(limit))
        return tuple(_entry(row) for row in rows)

    async def _these(self, *conditions: ColumnElement[bool]) -> tuple[AuditEntry, ...]:
        rows = await self._connection.execute(select(audit).where(*conditions).order_by(audit.c.id))
        return tuple(_entry(row) for row in rows)


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(row.at, row.member_id, row.action, row.subject, row.detail)
