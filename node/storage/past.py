"""What is left of what was erased: numbers for a month, a category and an area, with nobody in them."""

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.notices import Kind
from node.domain.retention import Past
from node.storage.tables import past


class PastMonths:
    """One row for each month, kind, category and area."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, line: Past) -> None:
        """Add to the number of its row."""
        mine = (
            (past.c.month == line.month)
            & (past.c.kind == line.kind)
            & (past.c.category == line.category)
            & (past.c.area == line.area)
        )
        more = update(past).where(mine).values(how_many=past.c.how_many + line.how_many, met=past.c.met + line.met)
        if (await self._connection.execute(more)).rowcount == 0:
            values = {name: getattr(line, name) for name in ("month", "kind", "category", "area", "how_many", "met")}
            await self._connection.execute(insert(past).values(values))

    async def all(self) -> tuple[Past, ...]:
        """Every row, newest month first."""
        query = select(past).order_by(past.c.month.desc(), past.c.kind, past.c.category, past.c.area)
        rows = await self._connection.execute(query)
        return tuple(Past(row.month, Kind(row.kind), row.category, row.area, row.how_many, row.met) for row in rows)
