"""Links that ended, for as long as their receipts can be looked up."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.ended_links import EndedLink
from node.storage.tables import ended_links


class EndedLinks:
    """One for each time that a neighbour was dropped."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, link: EndedLink) -> None:
        """Store one."""
        values = {"id": link.id, "name": link.name, "host": link.host, "ended_at": link.ended_at}
        await self._connection.execute(insert(ended_links).values(values))

    async def get(self, link_id: str) -> EndedLink | None:
        """The one with this id."""
        row = (await self._connection.execute(select(ended_links).where(ended_links.c.id == link_id))).one_or_none()
        return None if row is None else EndedLink(**row._mapping)

    async def all(self) -> tuple[EndedLink, ...]:
        """Every one, the newest first."""
        rows = await self._connection.execute(select(ended_links).order_by(ended_links.c.ended_at.desc()))
        return tuple(EndedLink(**row._mapping) for row in rows)

    async def ended_before(self, moment: datetime) -> bool:
        """Whether there is any that ended so long ago."""
        query = select(ended_links.c.id).where(ended_links.c.ended_at <= moment).limit(1)
        return (await self._connection.scalar(query)) is not None

    async def forget_before(self, moment: datetime) -> None:
        """Forget those that ended so long ago."""
        await self._connection.execute(delete(ended_links).where(ended_links.c.ended_at <= moment))
