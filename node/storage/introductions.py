"""Words with which communities introduce each other, and how many of them this community wants to see."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.introductions import Introduced, Introduction, Rule, Side, Sort
from node.storage.tables import introductions, ways

_RULE: Final = {f"introductions.{field.name}": field.name for field in fields(Rule)}


class Introductions:
    """One row for each side, sort, other community and community it is about."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, introduction: Introduction) -> None:
        """Store a new or changed one."""
        await self.remove(introduction.id)
        await self._connection.execute(insert(introductions).values(_values(introduction)))

    async def remove(self, introduction_id: str) -> None:
        """Forget one."""
        await self._connection.execute(delete(introductions).where(introductions.c.id == introduction_id))

    async def get(self, introduction_id: str) -> Introduction | None:
        """The one with this id."""
        return await self._one(introductions.c.id == introduction_id)

    async def by_activity(self, side: Side, activity_id: str) -> Introduction | None:
        """The one that this activity brought."""
        return await self._one(introductions.c.side == side, introductions.c.activity_id == activity_id)

    async def between(self, side: Side, sort: Sort, host: str, about_host: str) -> Introduction | None:
        """The one between us and the community on `host` about the community on `about_host`."""
        return await self._one(
            introductions.c.side == side,
            introductions.c.sort == sort,
            introductions.c.host == host,
            introductions.c.about_host == about_host,
        )

    async def all(self, side: Side, sort: Sort, now: datetime, limit: int) -> tuple[Introduction, ...]:
        """Those that stand at `now` and were not set aside, newest first."""
        return await self._many(limit, introductions.c.sort == sort, *_standing(side, now))

    async def about(self, side: Side, sort: Sort, about_host: str, now: datetime) -> tuple[Introduction, ...]:
        """Those about the community on this host that stand at `now` and were not set aside, newest first."""
        mine = (introductions.c.sort == sort, introductions.c.about_host == about_host)
        return await self._many(None, *mine, *_standing(side, now))

    async def written_with(self, host: str) -> tuple[Introduction, ...]:
        """What we wrote to the community on this host, or about it to others."""
        either = (introductions.c.host == host) | (introductions.c.about_host == host)
        return await self._many(None, introductions.c.side == Side.WRITTEN, either)

    async def of_neighbour(self, host: str, since: datetime) -> int:
        """How many communities the one on this host introduced to us after `since`, those set aside among them."""
        theirs = (introductions.c.host == host, introductions.c.written_at > since)
        return await self._count(*_RECEIVED, *theirs)

    async def waiting(self, now: datetime) -> int:
        """How many introductions wait for a steward."""
        return await self._count(*_RECEIVED, introductions.c.is_set_aside.is_(False), introductions.c.ends_at > now)

    async def remove_received(self, host: str) -> None:
        """Forget what the community on this host wrote to us."""
        theirs = (introductions.c.side == Side.RECEIVED, introductions.c.host == host)
        await self._connection.execute(delete(introductions).where(*theirs))

    async def remove_received_about(self, host: str) -> None:
        """Forget what others wrote to us about the community on this host."""
        await self._connection.execute(delete(introductions).where(*_RECEIVED, introductions.c.about_host == host))

    async def set_aside(self, about_host: str) -> None:
        """Erase the words of every introduction of the community on this host."""
        mine = (*_RECEIVED, introductions.c.about_host == about_host)
        await self._connection.execute(update(introductions).where(*mine).values(text="", is_set_aside=True))

    async def ended(self, now: datetime) -> tuple[Introduction, ...]:
        """Those whose time is over."""
        return await self._many(None, introductions.c.ends_at <= now)

    async def rule(self) -> Rule:
        """How many this community wants to see."""
        rows = await self._connection.execute(select(ways).where(ways.c.name.in_(_RULE)))
        return Rule(**{_RULE[row.name]: row.value for row in rows})

    async def put_rule(self, rule: Rule) -> None:
        """Replace the rule."""
        usual, chosen = asdict(Rule()), asdict(rule)
        rows = [{"name": row, "value": chosen[name]} for row, name in _RULE.items() if chosen[name] != usual[name]]
        await self._connection.execute(delete(ways).where(ways.c.name.in_(_RULE)))
        if rows:
            await self._connection.execute(insert(ways), rows)

    async def _one(self, *conditions: ColumnElement[bool]) -> Introduction | None:
        row = (await self._connection.execute(select(introductions).where(*conditions))).one_or_none()
        return None if row is None else _introduction(row)

    async def _many(self, limit: int | None, *conditions: ColumnElement[bool]) -> tuple[Introduction, ...]:
        query = select(introductions).where(*conditions)
        query = query.order_by(introductions.c.written_at.desc(), introductions.c.id).limit(limit)
        return tuple(_introduction(row) for row in await self._connection.execute(query))

    async def _count(self, *conditions: ColumnElement[bool]) -> int:
        return await self._connection.scalar(select(func.count()).select_from(introductions).where(*conditions)) or 0


_RECEIVED = (introductions.c.side == Side.RECEIVED, introductions.c.sort == Sort.ANOTHER)


def _standing(side: Side, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        introductions.c.side == side,
        introductions.c.ends_at > now,
        introductions.c.is_set_aside.is_(False),
    )


def _values(introduction: Introduction) -> dict[str, object]:
    plain = vars(introduction) | {f"about_{name}": value for name, value in vars(introduction.about).items()}
    about = {"about": plain.pop("about_actor"), "about_host": introduction.about.host}
    return plain | about | {"host": introduction.host}


def _introduction(row: Row[Any]) -> Introduction:
    names = ("id", "activity_id", "actor", "text", "written_at", "ends_at", "is_set_aside")
    about = Introduced(row.about, row.about_name, row.about_address, row.about_summary, row.about_url)
    values = {name: getattr(row, name) for name in names}
    return Introduction(side=Side(row.side), sort=Sort(row.sort), about=about, **values)
