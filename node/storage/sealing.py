"""Who asked to seal the node, and since when it is sealed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.storage.tables import sealing

ONLY_ROW = 1


@dataclass(frozen=True)
class StoredSealing:
    """`asked_by` is the steward who waits for a second one since `asked_at`."""

    asked_by: str | None = None
    asked_at: datetime | None = None
    sealed_at: datetime | None = None


class Sealing:
    """There is one at most. It can be read without the master key."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self) -> StoredSealing:
        """Where it stands."""
        row = (await self._connection.execute(select(sealing).where(sealing.c.id == ONLY_ROW))).one_or_none()
        return StoredSealing() if row is None else StoredSealing(row.asked_by, row.asked_at, row.sealed_at)

    async def put(self, now: StoredSealing) -> None:
        """Where it stands from now on."""
        await self._connection.execute(delete(sealing))
        values = {"asked_by": now.asked_by, "asked_at": now.asked_at, "sealed_at": now.sealed_at}
        await self._connection.execute(insert(sealing).values(id=ONLY_ROW, **values))
