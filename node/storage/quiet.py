"""When members want to be left in peace."""

from datetime import time

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.quiet import Quiet
from node.storage.tables import quiet


class QuietTimes:
    """One row for each member who asked for it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, member_id: str) -> Quiet:
        """What this member asked for; nothing where they did not."""
        row = (await self._connection.execute(select(quiet).where(quiet.c.member_id == member_id))).one_or_none()
        return Quiet() if row is None else Quiet(row.enough_until, _read(row.since), _read(row.until))

    async def put(self, member_id: str, wanted: Quiet) -> None:
        """Store it in place of what was there; nothing asked for leaves no row."""
        await self._connection.execute(delete(quiet).where(quiet.c.member_id == member_id))
        if wanted == Quiet():
            return
        hours = {"since": _write(wanted.since), "until": _write(wanted.until)}
        values = {"member_id": member_id, "enough_until": wanted.enough_until, **hours}
        await self._connection.execute(insert(quiet).values(values))


def _read(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def _write(clock: time | None) -> str:
    return "" if clock is None else clock.isoformat("minutes")
