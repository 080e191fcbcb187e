"""Both communities' texts as they were when a link was agreed: one row for each neighbour."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.link_texts import LinkText
from node.storage.tables import link_texts


class LinkTexts:
    """They go with the neighbour."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, peer_id: str) -> LinkText | None:
        """What was agreed with this neighbour."""
        row = (await self._connection.execute(select(link_texts).where(link_texts.c.peer_id == peer_id))).one_or_none()
        return None if row is None else LinkText(**row._mapping)

    async def put(self, agreed: LinkText) -> None:
        """Keep it, in place of what was kept before."""
        await self._connection.execute(delete(link_texts).where(link_texts.c.peer_id == agreed.peer_id))
        values = {"peer_id": agreed.peer_id, "ours": agreed.ours, "theirs": agreed.theirs, "at": agreed.at}
        await self._connection.execute(insert(link_texts).values(values))
