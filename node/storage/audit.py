"""What was done, by whom, to what. Never what a sealed note says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
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
    """Lines are only ever added; of what was erased, the words in them go."""

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

    async def about(self, subject: str, action: str) -> tuple[AuditEntry, ...]:
        """Lines of one action about one subject, oldest first."""
        query = select(audit).where(audit.c.subject == subject, audit.c.action == action).order_by(audit.c.id)
        rows = await self._connection.execute(query)
        return tuple(AuditEntry(row.at, row.member_id, row.action, row.subject, row.detail) for row in rows)

    async def of_subject(self, subject: str, but: Iterable[str], limit: int) -> tuple[AuditEntry, ...]:
        """The newest lines about one subject, newest first, without those of the actions `but`."""
        query = select(audit).where(audit.c.subject == subject, audit.c.action.not_in(set(but)))
        rows = await self._connection.execute(query.order_by(audit.c.id.desc()).limit(limit))
        return tuple(AuditEntry(row.at, row.member_id, row.action, row.subject, row.detail) for row in rows)

    async def forget_words(self, subject: str, action: str) -> None:
        """Take the words out of every line about one subject whose action begins so: that it was done stays.

        Older lines have the words in brackets behind the action.
        """
        mine = (audit.c.subject == subject) & audit.c.action.startswith(action, autoescape=True)
        await self._connection.execute(update(audit).where(mine).values(detail=""))
        for row in (await self._connection.execute(select(audit).where(mine, audit.c.action.contains(" (")))).all():
            bare = row.action.partition(" (")[0]
            await self._connection.execute(update(audit).where(audit.c.id == row.id).values(action=bare))

    async def newest(self, limit: int) -> tuple[AuditEntry, ...]:
        """The newest lines, newest first."""
        rows = await self._connection.execute(select(audit).order_by(audit.c.id.desc()).limit(limit))
        return tuple(AuditEntry(row.at, row.member_id, row.action, row.subject, row.detail) for row in rows)
