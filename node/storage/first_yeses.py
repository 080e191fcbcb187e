"""First yeses that wait for a second one."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.second_yes import WAITS_FOR, FirstYes
from node.storage.tables import first_yeses


class FirstYeses:
    """One for each deed at most."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, subject: str, now: datetime) -> FirstYes | None:
        """The yes that waits for a second one now."""
        query = select(first_yeses).where(first_yeses.c.subject == subject)
        row = (await self._connection.execute(query)).one_or_none()
        found = None if row is None else FirstYes(row.subject, row.member_id, row.at, row.details)
        return found if found is not None and found.waits(now) else None

    async def put(self, first: FirstYes) -> None:
        """Keep it, in place of an earlier one; what has waited for too long goes."""
        over = (first_yeses.c.subject == first.subject) | (first_yeses.c.at <= first.at - WAITS_FOR)
        await self._connection.execute(delete(first_yeses).where(over))
        values = {"subject": first.subject, "member_id": first.member_id, "at": first.at, "details": first.details}
        await self._connection.execute(insert(first_yeses).values(values))

    async def remove(self, subject: str) -> None:
        """It is done, or void."""
        await self._connection.execute(delete(first_yeses).where(first_yeses.c.subject == subject))

    async def remove_of(self, member_id: str) -> None:
        """Every first yes of this member is void."""
        await self._connection.execute(delete(first_yeses).where(first_yeses.c.member_id == member_id))
