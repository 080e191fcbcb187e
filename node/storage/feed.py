"""Copies of other communities' notices, and the ids of those that are gone for good."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.feed import FeedItem, FeedKind
from node.domain.peers import host_of
from node.domain.resources import Facts
from node.storage.facts import facts_of, facts_to_values
from node.storage.tables import feed_items, tombstones


class FeedItems:
    """One row per object of another server."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, item: FeedItem) -> None:
        """Store a new copy."""
        await self._connection.execute(insert(feed_items).values(_values(item) | {"id": item.id}))

    async def add_all(self, items: Iterable[FeedItem]) -> None:
        """Store new copies."""
        rows = [_values(item) | {"id": item.id} for item in items]
        if rows:
            await self._connection.execute(insert(feed_items), rows)

    async def put(self, item: FeedItem) -> None:
        """Store a changed copy."""
        await self._connection.execute(update(feed_items).where(feed_items.c.id == item.id).values(_values(item)))

    async def get(self, item_id: str) -> FeedItem | None:
        """The copy with this id of ours."""
        return await self._one(feed_items.c.id == item_id)

    async def by_object(self, object_id: str) -> FeedItem | None:
        """The copy of this object."""
        return await self._one(feed_items.c.object_id == object_id)

    async def by_objects(self, object_ids: Collection[str]) -> dict[str, FeedItem]:
        """The copies of these objects, by the object's id; of which there is none is left out."""
        rows = await self._connection.execute(select(feed_items).where(feed_items.c.object_id.in_(object_ids)))
        return {row.object_id: _item(row) for row in rows}

    async def these(self, ids: set[str]) -> dict[str, FeedItem]:
        """Copies by our id; unknown ids are left out."""
        rows = await self._connection.execute(select(feed_items).where(feed_items.c.id.in_(ids)))
        return {row.id: _item(row) for row in rows}

    async def received_since(self, moment: datetime) -> dict[str, int]:
        """How many needs and offers came since then and are still here, by host."""
        query = (
            select(feed_items.c.host, func.count())
            .where(feed_items.c.received_at >= moment, feed_items.c.kind.in_([FeedKind.NEED, FeedKind.OFFER]))
            .group_by(feed_items.c.host)
        )
        return {host: number for host, number in await self._connection.execute(query)}

    async def remove(self, item_id: str) -> None:
        """Erase a copy."""
        await self._connection.execute(delete(feed_items).where(feed_items.c.id == item_id))

    async def remove_of(self, host: str) -> None:
        """Erase every copy from this host."""
        await self._connection.execute(delete(feed_items).where(feed_items.c.host == host))

    async def remove_not_public_of(self, host: str) -> None:
        """Erase every copy from this host that was not for everyone."""
        await self._connection.execute(
            delete(feed_items).where(feed_items.c.host == host, feed_items.c.public.is_(False))
        )

    async def for_neighbours(self, host: str, categories: Collection[str]) -> tuple[FeedItem, ...]:
        """Copies from this host of needs and offers of these categories that were not for everyone."""
        notices = feed_items.c.kind.in_([FeedKind.NEED, FeedKind.OFFER])
        query = select(feed_items).where(
            feed_items.c.host == host, feed_items.c.public.is_(False), notices, feed_items.c.category.in_(categories)
        )
        return tuple(_item(row) for row in await self._connection.execute(query))

    async def with_more_posts_than(self, most: int) -> tuple[str, ...]:
        """Actors of whom more plain posts are kept than this."""
        query = (
            select(feed_items.c.actor)
            .where(feed_items.c.kind == FeedKind.ANNOUNCEMENT)
            .group_by(feed_items.c.actor)
            .having(func.count() > most)
        )
        return tuple(await self._connection.scalars(query))

    async def keep_newest_posts(self, actor: str, most: int) -> None:
        """Erase this actor's plain posts but for the newest."""
        theirs = (feed_items.c.actor == actor, feed_items.c.kind == FeedKind.ANNOUNCEMENT)
        newest = select(feed_items.c.id).where(*theirs)
        newest = newest.order_by(feed_items.c.received_at.desc(), feed_items.c.id.desc()).limit(most)
        kept = tuple(await self._connection.scalars(newest))
        await self._connection.execute(delete(feed_items).where(*theirs, feed_items.c.id.not_in(kept)))

    async def remove_by(self, actor: str) -> None:
        """Erase every copy of this actor's."""
        await self._connection.execute(delete(feed_items).where(feed_items.c.actor == actor))

    async def forget_before(self, now: datetime) -> int:
        """Erase copies whose time is over (protocol 135); answers how many."""
        return (await self._connection.execute(delete(feed_items).where(feed_items.c.forget_at <= now))).rowcount

    async def page(
        self, kind: FeedKind | None, host: str | None, before: tuple[datetime, str] | None, limit: int
    ) -> tuple[FeedItem, ...]:
        """Newest received first, from behind the (time, id) `before`; what neighbours could give is not among them."""
        conditions: list[ColumnElement[bool]] = [feed_items.c.kind != FeedKind.CAPACITY]
        if kind is not None:
            conditions.append(feed_items.c.kind == kind)
        if host is not None:
            conditions.append(feed_items.c.host == host)
        if before is not None:
            older = feed_items.c.received_at < before[0]
            conditions.append(or_(older, and_(feed_items.c.received_at == before[0], feed_items.c.id < before[1])))
        query = (
            select(feed_items)
            .where(*conditions)
            .order_by(feed_items.c.received_at.desc(), feed_items.c.id.desc())
            .limit(limit)
        )
        return tuple(_item(row) for row in await self._connection.execute(query))

    async def places(self, category: str | None, q: str | None, limit: int) -> tuple[FeedItem, ...]:
        """Places and services that others told us of, those checked last first; of this category, with these words."""
        conditions: list[ColumnElement[bool]] = [feed_items.c.kind == FeedKind.RESOURCE]
        if category is not None:
            conditions.append(feed_items.c.category == category)
        if q is not None:
            where = func.coalesce(feed_items.c.facts["where"].as_string(), "")
            said = feed_items.c.title + " " + feed_items.c.area + " " + where
            conditions.append(func.lower(said).contains(q.lower(), autoescape=True))
        query = select(feed_items).where(*conditions)
        query = query.order_by(feed_items.c.facts["checked_at"].as_string().desc(), feed_items.c.id).limit(limit)
        return tuple(_item(row) for row in await self._connection.execute(query))

    async def capacity(self, now: datetime, category: str | None = None) -> tuple[FeedItem, ...]:
        """What neighbours could give now, in this category; what ends first comes first."""
        conditions = [feed_items.c.kind == FeedKind.CAPACITY, feed_items.c.ends_at > now]
        if category is not None:
            conditions.append(feed_items.c.category == category)
        query = select(feed_items).where(*conditions).order_by(feed_items.c.ends_at, feed_items.c.id)
        return tuple(_item(row) for row in await self._connection.execute(query))

    async def keep_newest_capacity(self, actor: str, category: str) -> None:
        """Of what one actor could give in a category only the newest word stays."""
        mine = (
            feed_items.c.kind == FeedKind.CAPACITY, feed_items.c.actor == actor, feed_items.c.category == category,
        )  # fmt: skip
        newest = select(feed_items.c.id).where(*mine).order_by(feed_items.c.published_at.desc(), feed_items.c.id)
        kept = await self._connection.scalar(newest.limit(1))
        await self._connection.execute(delete(feed_items).where(*mine, feed_items.c.id != kept))

    async def add_tombstone(self, object_id: str, actor: str, now: datetime) -> None:
        """Remember that this id is gone, so that no late Create brings it back (protocol 107, 108)."""
        if await self.is_gone(object_id, actor):
            return
        await self._connection.execute(delete(tombstones).where(tombstones.c.object_id == object_id))
        await self._connection.execute(insert(tombstones).values(object_id=object_id, actor=actor, at=now))

    async def gone(self, object_ids: Collection[str]) -> frozenset[tuple[str, str]]:
        """Which of these ids were deleted before, each with the actor that deleted it."""
        query = select(tombstones.c.object_id, tombstones.c.actor).where(tombstones.c.object_id.in_(object_ids))
        return frozenset((row.object_id, row.actor) for row in await self._connection.execute(query))

    async def is_gone(self, object_id: str, actor: str) -> bool:
        """Whether this actor deleted this id before."""
        query = select(tombstones.c.object_id).where(tombstones.c.object_id == object_id, tombstones.c.actor == actor)
        return (await self._connection.scalar(query)) is not None

    async def _one(self, condition: ColumnElement[bool]) -> FeedItem | None:
        row = (await self._connection.execute(select(feed_items).where(condition))).one_or_none()
        return None if row is None else _item(row)


def _values(item: FeedItem) -> dict[str, object]:
    names = (
        "object_id actor kind title html published_at updated_at received_at ends_at category area urgency language "
        "unit available unit_based status url intent_id received_by public checked_at"
    ).split()
    facts = {"facts": _stored(item.facts)}
    return (
        {name: getattr(item, name) for name in names}
        | facts
        | {
            "host": host_of(item.actor),
            "forget_at": item.forget_at(),
        }
    )


def _item(row: Row[Any]) -> FeedItem:
    values = dict(row._mapping)
    del values["host"], values["forget_at"]
    return FeedItem(**(values | {"kind": FeedKind(row.kind), "facts": _read(row)}))


def _stored(facts: Facts | None) -> dict[str, object] | None:
    """Beside its own times, a copy keeps when its origin last looked."""
    values = facts_to_values(facts)
    return None if facts is None or values is None else {**values, "checked_at": facts.checked_at.isoformat()}


def _read(row: Row[Any]) -> Facts | None:
    if row.facts is None:
        return None
    return facts_of(row.facts, row.category, datetime.fromisoformat(row.facts["checked_at"]))
