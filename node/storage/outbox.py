"""Activities of ours and the deliveries that still wait, with persisted retries.

Deliveries are claimed in batches. Of several waiting for one inbox about one object only the oldest is claimed, so that
a Create arrives before its Update and that before its Delete (protocol 46). A claim runs out by itself, so a killed
process loses nothing.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Insert, Row, cast, delete, exists, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.peers import OwnActor
from node.storage.claiming import FAILED, WAITING, many, queue
from node.storage.columns import Moment
from node.storage.tables import activities, outbox

CLAIM_TIME = timedelta(minutes=5)


@dataclass(frozen=True)
class OutgoingActivity:
    """An activity as it is sent. `object_key` keeps what belongs together in order; `sent_to` are actor ids.

    `signed_with` is the key that its requests are signed with, where it is not the one the actor uses now.
    """

    id: str
    own_actor: OwnActor
    type: str
    object_key: str
    body: bytes
    published_at: datetime
    share_id: str | None = None
    public: bool = False
    sent_to: tuple[str, ...] = ()
    signed_with: str | None = None


@dataclass(frozen=True)
class WaitingDelivery:
    """One claimed delivery."""

    id: int
    inbox: str
    attempts: int
    activity: OutgoingActivity


@dataclass(frozen=True)
class Unsent:
    """One delivery that has not arrived; `waits` False: it was given up."""

    inbox: str
    type: str
    waits: bool
    attempts: int
    due_at: datetime


@dataclass(frozen=True)
class DeliveryOutcome:
    """What became of a claimed delivery; `next_at` None with `delivered` False means it was given up.

    `counts` False: it was not tried at all, only put off.
    """

    id: int
    delivered: bool
    next_at: datetime | None = None
    trouble: str = ""
    counts: bool = True


class Outbox:
    """`added` tells that something new waits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self._queue = queue(self._dialect)
        self.added = False

    async def add(self, activity: OutgoingActivity, inboxes: Iterable[str], now: datetime) -> None:
        """Store an activity and one waiting delivery per inbox."""
        values = {name: getattr(activity, name) for name in _COLUMNS} | {"sent_to": list(activity.sent_to)}
        await self._connection.execute(insert(activities).values(values))
        wanted = sorted(inboxes)
        if wanted:
            await self._connection.execute(_one_for_each(self._dialect, wanted, activity, now))
            self.added = True

    async def activity(self, activity_id: str) -> OutgoingActivity | None:
        """The activity with this id."""
        row = (await self._connection.execute(select(activities).where(activities.c.id == activity_id))).one_or_none()
        return None if row is None else _activity(row)

    async def creates(self, share_ids: Iterable[str]) -> dict[str, OutgoingActivity]:
        """The first Create of each of these shares, by the share's id."""
        query = select(activities).where(activities.c.share_id.in_(set(share_ids)), activities.c.type == "Create")
        query = query.order_by(activities.c.published_at.desc(), activities.c.id)
        return {row.share_id: _activity(row) for row in await self._connection.execute(query)}

    async def cancel(self, object_key: str) -> None:
        """Drop what still waits about this object (protocol 55)."""
        await self._connection.execute(delete(outbox).where(outbox.c.object_key == object_key))

    async def forget(self, share_id: str) -> None:
        """Erase what announced a share and its changes, with whatever of it still waits."""
        mine = (activities.c.share_id == share_id) & activities.c.type.in_(["Create", "Update"])
        await self._connection.execute(delete(activities).where(mine))

    async def forget_about(self, object_key: str) -> None:
        """Erase every activity about this object, with whatever of it still waits."""
        await self._connection.execute(delete(activities).where(activities.c.object_key == object_key))

    async def forget_delivered(self, object_keys: Iterable[str]) -> None:
        """Erase the activities about these objects of which nothing waits any more."""
        waits = exists().where(outbox.c.activity_id == activities.c.id, outbox.c.state == WAITING)
        mine = activities.c.object_key.in_(set(object_keys))
        await self._connection.execute(delete(activities).where(mine, ~waits))

    async def undelivered(self, object_keys: Iterable[str]) -> dict[str, str]:
        """Which of these objects' Creates still wait to be sent, or were given up, by the object's key."""
        query = select(outbox.c.object_key, outbox.c.state).join(activities)
        mine = query.where(outbox.c.object_key.in_(set(object_keys)), activities.c.type == "Create")
        return {row.object_key: row.state for row in await self._connection.execute(mine)}

    async def drop_for(self, inboxes: Iterable[str], keeping: Iterable[str] = ()) -> None:
        """Drop what still waits for these inboxes, but for activities of the types `keeping`."""
        kept = select(activities.c.id).where(activities.c.type.in_(set(keeping)))
        theirs = outbox.c.inbox.in_(set(inboxes))
        await self._connection.execute(delete(outbox).where(theirs, outbox.c.activity_id.not_in(kept)))

    async def claim(self, now: datetime, limit: int, busy: Collection[str] = ()) -> tuple[WaitingDelivery, ...]:
        """Take up to `limit` deliveries that are due, for CLAIM_TIME; none for the inboxes `busy`."""
        given: dict[str, object] = {"now": now, "until": now + CLAIM_TIME, "most": limit}
        if busy:
            given["busy"] = many(busy, self._dialect)
        claimed = (await self._connection.execute(self._queue.claim_but if busy else self._queue.claim, given)).all()
        if not claimed:
            return ()
        known = await self._activities({activity_id for _, activity_id, _, _ in claimed})
        return tuple(
            WaitingDelivery(delivery_id, inbox, attempts, known[activity_id])
            for delivery_id, activity_id, inbox, attempts in sorted(tuple(row) for row in claimed)
        )

    async def settle(self, outcomes: Iterable[DeliveryOutcome]) -> None:
        """Store what became of claimed deliveries."""
        every = tuple(outcomes)
        delivered = [one.id for one in every if one.delivered]
        if delivered:
            await self._connection.execute(self._queue.delivered, {"ids": many(delivered, self._dialect)})
        others = [_settled(one) for one in every if not one.delivered]
        if others:
            await self._connection.execute(self._queue.put_off, others)

    async def waiting(self, limit: int) -> tuple[str, ...]:
        """Inboxes that deliveries wait for, oldest first."""
        query = select(outbox.c.inbox).where(outbox.c.state == WAITING).order_by(outbox.c.id).limit(limit)
        return tuple(await self._connection.scalars(query))

    async def unsent(self, since: datetime) -> tuple[Unsent, ...]:
        """What waits, and what was given up of what was said since then."""
        columns = (outbox.c.inbox, activities.c.type, outbox.c.state, outbox.c.attempts, outbox.c.due_at)
        wanted = (outbox.c.state == WAITING) | (activities.c.published_at >= since)
        rows = await self._connection.execute(select(*columns).join_from(outbox, activities).where(wanted))
        return tuple(Unsent(row.inbox, row.type, row.state == WAITING, row.attempts, row.due_at) for row in rows)

    async def revive_host(self, host: str, now: datetime) -> None:
        """What waits for any inbox of this host (with its port, if it has one) is due at once."""
        at_host = outbox.c.inbox.contains(f"://{host}/", autoescape=True)
        waiting = outbox.c.state == WAITING
        await self._connection.execute(update(outbox).where(at_host, waiting, outbox.c.due_at > now).values(due_at=now))
        self.added = True

    async def _activities(self, ids: Collection[str]) -> dict[str, OutgoingActivity]:
        """Each of these by its id; read once, to however many inboxes it goes."""
        rows = await self._connection.execute(self._queue.their_activities, {"ids": many(ids, self._dialect)})
        return {row.id: _activity(row) for row in rows}


def _one_for_each(dialect: str, inboxes: list[str], activity: OutgoingActivity, now: datetime) -> Insert:
    """A delivery for each inbox by one statement: the list travels as one parameter that the database takes apart."""
    listed = json.dumps(inboxes)
    each = (
        func.json_each(listed).table_valued("value")
        if dialect == "sqlite"
        else func.json_array_elements_text(cast(literal(listed), JSON)).table_valued("value")
    )
    columns = {
        "activity_id": literal(activity.id),
        "inbox": each.c.value,
        "object_key": literal(activity.object_key),
        "attempts": literal(0),
        "due_at": literal(now, Moment),
        "state": literal(WAITING),
        "trouble": literal(""),
    }
    return insert(outbox).from_select(list(columns), select(*columns.values()))


def _settled(outcome: DeliveryOutcome) -> dict[str, object]:
    return {
        "delivery_id": outcome.id,
        "tries": 1 if outcome.counts else 0,
        "next_at": outcome.next_at,
        "new_state": WAITING if outcome.next_at is not None else FAILED,
        "why": outcome.trouble[:300],
    }


_COLUMNS = ("id", "own_actor", "type", "object_key", "body", "published_at", "share_id", "public", "signed_with")


def _activity(row: Row[Any]) -> OutgoingActivity:
    values = {name: row._mapping[name] for name in _COLUMNS}
    values |= {"own_actor": OwnActor(row.own_actor), "sent_to": tuple(row.sent_to)}
    return OutgoingActivity(**values)
