"""The address this community left, where there is one."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.homes import FormerHome
from node.storage.tables import former_home

ONLY_ROW = 1


class Homes:
    """There is at most one at a time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def former(self) -> FormerHome | None:
        """Where the community lived before; None where it did not move, or that is over."""
        row = (await self._connection.execute(select(former_home))).one_or_none()
        return None if row is None else FormerHome(row.base_url, row.left_at, row.told_at)

    async def put(self, home: FormerHome) -> None:
        """Remember the address that was left; an earlier one is forgotten."""
        await self.forget()
        await self._connection.execute(
            insert(former_home).values(id=ONLY_ROW, base_url=home.base_url, left_at=home.left_at, told_at=home.told_at)
        )

    async def told(self, now: datetime) -> None:
        """Everybody was told."""
        await self._connection.execute(update(former_home).values(told_at=now))

    async def forget(self) -> None:
        """The old address is nobody's any more."""
        await self._connection.execute(delete(former_home))
