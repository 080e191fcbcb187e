"""The community's own ways: one row for each that differs from the default."""

from dataclasses import asdict, fields
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.ways import Ways
from node.storage.tables import ways

_NAMES: Final = frozenset(field.name for field in fields(Ways))


class CommunityWays:
    """There is exactly one set of them; what was never changed has no row. Rows with other names are others'."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self) -> Ways:
        """The ways as they are."""
        rows = await self._connection.execute(select(ways).where(ways.c.name.in_(_NAMES)))
        return Ways(**{row.name: row.value for row in rows})

    async def put(self, changed: Ways) -> None:
        """Replace them."""
        usual = asdict(Ways())
        rows = [{"name": name, "value": value} for name, value in asdict(changed).items() if value != usual[name]]
        await self._connection.execute(delete(ways).where(ways.c.name.in_(_NAMES)))
        if rows:
            await self._connection.execute(insert(ways), rows)
