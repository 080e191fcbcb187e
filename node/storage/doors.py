"""How a community asks at its doors: rows of its ways, one for each that differs from the default."""

from dataclasses import asdict, fields
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.doors import AskedOf, Doors, OwnQuestion, Sort
from node.storage.tables import ways

_NAMES: Final = frozenset(field.name for field in fields(Doors))


class CommunityDoors:
    """There is exactly one way of asking."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self) -> Doors:
        """How it is now."""
        rows = await self._connection.execute(select(ways).where(ways.c.name.in_(_NAMES)))
        found = {row.name: row.value for row in rows}
        return Doors(
            own_questions=tuple(map(_question, found.get("own_questions", ()))),
            asks_both_ways=found.get("asks_both_ways", True),
            framed_by=tuple(found.get("framed_by", ())),
        )

    async def put(self, changed: Doors) -> None:
        """Replace it."""
        usual = asdict(Doors())
        rows = [{"name": name, "value": value} for name, value in asdict(changed).items() if value != usual[name]]
        await self._connection.execute(delete(ways).where(ways.c.name.in_(_NAMES)))
        if rows:
            await self._connection.execute(insert(ways), rows)


def _question(stored: dict[str, Any]) -> OwnQuestion:
    known = {"sort": Sort(stored["sort"]), "asked_of": AskedOf(stored["asked_of"])}
    return OwnQuestion(**{**stored, **known, "options": tuple(stored["options"])})
