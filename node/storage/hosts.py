"""Hosts that could not be reached lately. A host that answers has no row."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.hosts import HostHealth
from node.storage.tables import hosts

#: Above this, the hosts that failed longest ago are forgotten (T-24).
MOST_HOSTS = 5_000


class Hosts:
    """One row per failing host."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def these(self, names: Iterable[str]) -> dict[str, HostHealth]:
        """What is known of these hosts; those that are well are left out."""
        rows = await self._connection.execute(select(hosts).where(hosts.c.host.in_(set(names))))
        return {
            row.host: HostHealth(row.host, tuple(date.fromisoformat(day) for day in row.failed_on), row.failed_at)
            for row in rows
        }

    async def put(self, health: HostHealth) -> None:
        """Store what is known of a failing host."""
        await self._connection.execute(delete(hosts).where(hosts.c.host == health.host))
        days = [day.isoformat() for day in health.failed_on]
        await self._connection.execute(
            insert(hosts).values(host=health.host, failed_on=days, failed_at=health.failed_at)
        )

    async def are_well(self, names: Iterable[str]) -> frozenset[str]:
        """Forget the failures of these hosts; returns those that had any."""
        gone = delete(hosts).where(hosts.c.host.in_(set(names))).returning(hosts.c.host)
        return frozenset(await self._connection.scalars(gone))

    async def forget_before(self, moment: datetime) -> None:
        """Forget hosts whose last failure is older than `moment`, and the oldest of too many."""
        await self._connection.execute(delete(hosts).where(hosts.c.failed_at < moment))
        newest = select(hosts.c.host).order_by(hosts.c.failed_at.desc()).limit(MOST_HOSTS)
        await self._connection.execute(delete(hosts).where(hosts.c.host.not_in(newest)))
