"""Activities of ours and the deliveries that still wait, with persisted retries.

Deliveries are claimed in batches. Of several waiting for one inbox about one object only the oldest is claimed, so that
a Create arrives before its Update and that before its Delete (protocol 46). A claim runs out by itself, so a killed
process loses nothing.

The inboxes of one activity share a row, as long as nothing is known of any of them: storing, claiming and settling
cost by the row. Each that has to be tried again gets a row of its own, and so does, from then on, whatever goes to it
about the same object: nobody waits for another community's server.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, Text, cast, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.peers import OwnActor
from node.storage.claiming import FAILED, WAITING, many, overlap, queue
from node.storage.tables import activities, outbox

CLAIM_TIME = timedelta(minutes=5)
#: So many inboxes share a row at most.
TOGETHER = 50


class DeliveryId(NamedTuple):
    """A row of the outbox, and one of its inboxes, claimed together with so many (itself one of them)."""

    row: int
    inbox: str
    together: int


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

    id: DeliveryId
    attempts: int
    activity: OutgoingActivity

    @property
    def inbox(self) -> str:
        """Where it goes."""
        return self.id.inbox


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

    id: DeliveryId
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
        if not wanted:
            return
        tried = await self._connection.scalars(self._queue.tried, {"key": activity.object_key, "now": now})
        alone = {inbox for row in tried for inbox in row}
        shared = [inbox for inbox in wanted if inbox not in alone]
        rows = [[inbox] for inbox in wanted if inbox in alone]
        rows += [shared[at : at + TOGETHER] for at in range(0, len(shared), TOGETHER)]
        await self._connection.execute(_INSERT, [_new_row(activity, row, now) for row in rows])
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
        gone = tuple(inboxes)
        kept = select(activities.c.id).where(activities.c.type.in_(set(keeping)))
        theirs = overlap(outbox.c.inboxes, "gone", self._dialect)
        query = select(outbox.c.id).where(theirs, outbox.c.activity_id.not_in(kept))
        rows = await self._connection.scalars(query, {"gone": many(gone, self._dialect)})
        await self._take_out({row: gone for row in rows})

    async def claim(self, now: datetime, limit: int, busy: Collection[str] = ()) -> tuple[WaitingDelivery, ...]:
        """Take up to `limit` deliveries that are due, for CLAIM_TIME; none for the inboxes `busy`.

        They come by the row: of a first row with more inboxes than that, all.
        """
        given: dict[str, object] = {"now": now, "until": now + CLAIM_TIME, "most": limit}
        if busy:
            given["busy"] = many(busy, self._dialect)
        claimed = (await self._connection.execute(self._queue.claim_but if busy else self._queue.claim, given)).all()
        if not claimed:
            return ()
        await self._leave({row_id: {*inboxes}.intersection(busy) for row_id, _, inboxes, _ in claimed})
        known = await self._activities({activity_id for _, activity_id, _, _ in claimed})
        found = list[WaitingDelivery]()
        for row_id, activity_id, inboxes, attempts in sorted(tuple(row) for row in claimed):
            going = [inbox for inbox in inboxes if inbox not in busy] if busy else inboxes
            activity, together = known[activity_id], len(going)
            found += [WaitingDelivery(DeliveryId(row_id, inbox, together), attempts, activity) for inbox in going]
        return tuple(found)

    async def settle(self, outcomes: Iterable[DeliveryOutcome]) -> None:
        """Store what became of claimed deliveries."""
        every = tuple(outcomes)
        again = [one for one in every if not one.delivered]
        if again:
            await self._let_pass(one.id for one in again if one.next_at is not None)
            await self._connection.execute(self._queue.set_apart, [_tried(one) for one in again])
        left: defaultdict[int, list[str]] = defaultdict(list)
        for one in every:
            left[one.id.row].append(one.id.inbox)
        # No inbox ever comes into a row that is there: where all that were claimed are back, nothing is left of it.
        over = {one.id.row for one in every if len(left[one.id.row]) == one.id.together}
        if over:
            await self._connection.execute(self._queue.drop, {"ids": many(over, self._dialect)})
        await self._take_out({row: inboxes for row, inboxes in left.items() if row not in over})

    async def waiting(self, limit: int) -> tuple[str, ...]:
        """Inboxes that deliveries wait for, oldest first."""
        query = select(outbox.c.inboxes).where(outbox.c.state == WAITING).order_by(outbox.c.id).limit(limit)
        return tuple(inbox for row in await self._connection.scalars(query) for inbox in row)[:limit]

    async def unsent(self, since: datetime) -> tuple[Unsent, ...]:
        """What waits, and what was given up of what was said since then."""
        columns = (outbox.c.inboxes, activities.c.type, outbox.c.state, outbox.c.attempts, outbox.c.due_at)
        wanted = (outbox.c.state == WAITING) | (activities.c.published_at >= since)
        rows = await self._connection.execute(select(*columns).join_from(outbox, activities).where(wanted))
        return tuple(
            Unsent(inbox, row.type, row.state == WAITING, row.attempts, row.due_at)
            for row in rows
            for inbox in row.inboxes
        )

    async def revive_host(self, host: str, now: datetime) -> None:
        """What waits for any inbox of this host (with its port, if it has one) is due at once."""
        at_host = cast(outbox.c.inboxes, Text).contains(f"://{host}/", autoescape=True)
        waiting = outbox.c.state == WAITING
        await self._connection.execute(update(outbox).where(at_host, waiting, outbox.c.due_at > now).values(due_at=now))
        self.added = True

    async def _let_pass(self, trying_again: Iterable[DeliveryId]) -> None:
        """What goes to these inboxes later about the same objects leaves the rows that it shares with others."""
        waiting: defaultdict[int, set[str]] = defaultdict(set)
        for one in trying_again:
            waiting[one.row].add(one.inbox)
        if not waiting:
            return
        behind: defaultdict[int, set[str]] = defaultdict(set)
        found = await self._connection.execute(self._queue.behind, {"ids": many(waiting, self._dialect)})
        for row, later, inboxes in found:
            behind[later] |= waiting[row].intersection(inboxes)
        await self._leave(behind)

    async def _leave(self, leaving: Mapping[int, Collection[str]]) -> None:
        """These inboxes of each row wait in rows of their own, as they did."""
        apart = [_apart(row, inbox) for row, inboxes in leaving.items() for inbox in inboxes]
        if apart:
            await self._connection.execute(self._queue.set_apart, apart)
            await self._take_out({row: inboxes for row, inboxes in leaving.items() if inboxes})

    async def _take_out(self, gone: Mapping[int, Collection[str]]) -> None:
        """Take these inboxes out of each row, and drop the rows with none left."""
        if gone:
            taken = [{"row": row, "gone": many(inboxes, self._dialect)} for row, inboxes in gone.items()]
            await self._connection.execute(self._queue.take_out, taken)
            await self._connection.execute(self._queue.drop_empty, {"ids": many(gone, self._dialect)})

    async def _activities(self, ids: Collection[str]) -> dict[str, OutgoingActivity]:
        """Each of these by its id; read once, to however many inboxes it goes."""
        rows = await self._connection.execute(self._queue.their_activities, {"ids": many(ids, self._dialect)})
        return {row.id: _activity(row) for row in rows}


def _new_row(activity: OutgoingActivity, inboxes: list[str], now: datetime) -> dict[str, object]:
    return {"activity_id": activity.id, "object_key": activity.object_key, "inboxes": inboxes, "due_at": now}


def _apart(row: int, inbox: str, **changed: object) -> dict[str, object]:
    unchanged = {"tries": 0, "next_at": None, "new_state": WAITING, "why": ""}
    return {"row": row, "inbox": inbox} | unchanged | changed


def _tried(outcome: DeliveryOutcome) -> dict[str, object]:
    tries, state = 1 if outcome.counts else 0, WAITING if outcome.next_at is not None else FAILED
    row, inbox, _ = outcome.id
    return _apart(row, inbox, tries=tries, next_at=outcome.next_at, new_state=state, why=outcome.trouble[:300])


_LAST = select(func.coalesce(func.max(outbox.c.id), 0)).scalar_subquery()
_INSERT = insert(outbox).values(place=_LAST + 1, attempts=0, state=WAITING, trouble="")
_COLUMNS = ("id", "own_actor", "type", "object_key", "body", "published_at", "share_id", "public", "signed_with")


def _activity(row: Row[Any]) -> OutgoingActivity:
    values = {name: row._mapping[name] for name in _COLUMNS}
    values |= {"own_actor": OwnActor(row.own_actor), "sent_to": tuple(row.sent_to)}
    return OutgoingActivity(**values)
