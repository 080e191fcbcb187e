"""Shares, the exact document each one shows, and what we know of every copy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.shares import Level, Recipient, RecipientState, Share, ShareState
from node.storage.tables import share_recipients, shares


@dataclass(frozen=True)
class Published:
    """A share with the bytes of its object as they are served and sent."""

    share: Share
    document: bytes


class Shares:
    """One row per share; the object's id is never used again."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, published: Published, form_hash: str | None) -> None:
        """Store a new share."""
        values = _values(published) | {"id": published.share.id, "form_hash": form_hash}
        await self._connection.execute(insert(shares).values(values))

    async def put(self, published: Published) -> None:
        """Store a changed share."""
        share_id = published.share.id
        await self._connection.execute(update(shares).where(shares.c.id == share_id).values(_values(published)))

    async def get(self, share_id: str) -> Published | None:
        """The share with this id."""
        return await self._one(shares.c.id == share_id)

    async def by_object(self, object_id: str) -> Published | None:
        """The share whose object has this id."""
        return await self._one(shares.c.object_id == object_id)

    async def by_form(self, form_hash: str) -> Published | None:
        """The share made with this form."""
        return await self._one(shares.c.form_hash == form_hash)

    async def by_delete(self, activity_id: str) -> Published | None:
        """The share withdrawn with this Delete."""
        return await self._one(shares.c.delete_activity_id == activity_id)

    async def of_notice(self, notice_id: str) -> tuple[Published, ...]:
        """Every share of a notice, oldest first."""
        query = select(shares).where(shares.c.notice_id == notice_id).order_by(shares.c.published_at)
        return tuple(_published(row) for row in await self._connection.execute(query))

    async def shown_of(self, notice_ids: Iterable[str]) -> frozenset[str]:
        """Which of these notices others can see now."""
        mine = (shares.c.notice_id.in_(set(notice_ids)), shares.c.state == ShareState.SHOWN)
        return frozenset(await self._connection.scalars(select(shares.c.notice_id).where(*mine)))

    async def of_posting(self, posting_id: str) -> tuple[Published, ...]:
        """Every share of a posting, oldest first."""
        query = select(shares).where(shares.c.posting_id == posting_id).order_by(shares.c.published_at)
        return tuple(_published(row) for row in await self._connection.execute(query))

    async def these(self, ids: Iterable[str]) -> dict[str, Share]:
        """Shares by id; unknown ids are left out."""
        rows = await self._connection.execute(select(shares).where(shares.c.id.in_(set(ids))))
        return {row.id: _published(row).share for row in rows}

    async def shown(self, levels: Iterable[Level], limit: int, offset: int = 0) -> tuple[Published, ...]:
        """What is shown at these levels, newest first."""
        query = (
            select(shares)
            .where(shares.c.state == ShareState.SHOWN, shares.c.level.in_(list(levels)))
            .order_by(shares.c.published_at.desc(), shares.c.id)
            .limit(limit)
            .offset(offset)
        )
        return tuple(_published(row) for row in await self._connection.execute(query))

    async def ended(self, now: datetime, limit: int) -> tuple[Published, ...]:
        """What is still shown although its time is over."""
        query = select(shares).where(shares.c.state == ShareState.SHOWN, shares.c.ends_at <= now).limit(limit)
        return tuple(_published(row) for row in await self._connection.execute(query))

    async def add_recipients(self, share_id: str, inboxes: dict[str, str], now: datetime) -> None:
        """Remember to whom (actor to inbox) the share goes; those already known stay as they are."""
        known = {recipient.actor for recipient in await self.recipients(share_id)}
        rows = [
            {"share_id": share_id, "actor": actor, "inbox": inbox, "state": RecipientState.WAITING, "changed_at": now}
            for actor, inbox in inboxes.items()
            if actor not in known
        ]
        if rows:
            await self._connection.execute(insert(share_recipients), rows)

    async def recipients(self, share_id: str) -> tuple[Recipient, ...]:
        """Everyone the share was ever sent to."""
        query = select(share_recipients).where(share_recipients.c.share_id == share_id)
        rows = await self._connection.execute(query.order_by(share_recipients.c.actor))
        return tuple(_recipient(row) for row in rows)

    async def copies_since(self, moment: datetime) -> tuple[Recipient, ...]:
        """Every copy of which we learnt something since then."""
        rows = await self._connection.execute(select(share_recipients).where(share_recipients.c.changed_at >= moment))
        return tuple(_recipient(row) for row in rows)

    async def shown_since(self, moment: datetime) -> frozenset[tuple[str, str]]:
        """Which actors were sent which notices (their ids) in shares made since then."""
        query = (
            select(share_recipients.c.actor, shares.c.notice_id)
            .join(shares, shares.c.id == share_recipients.c.share_id)
            .where(shares.c.published_at >= moment, shares.c.notice_id.is_not(None))
            .distinct()
        )
        return frozenset((row.actor, row.notice_id) for row in await self._connection.execute(query))

    async def holders(self) -> frozenset[str]:
        """Every actor that any share was ever sent to."""
        return frozenset(await self._connection.scalars(select(share_recipients.c.actor).distinct()))

    async def recipient_inboxes(self, share_id: str) -> dict[str, str]:
        """Actor to inbox of everyone the share was ever sent to."""
        query = select(share_recipients.c.actor, share_recipients.c.inbox).where(
            share_recipients.c.share_id == share_id
        )
        return {row.actor: row.inbox for row in await self._connection.execute(query)}

    async def actors_at(self, inboxes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], frozenset[str]]:
        """Whom these (share id, inbox) pairs stand for."""
        wanted = set(inboxes)
        query = select(share_recipients.c.share_id, share_recipients.c.inbox, share_recipients.c.actor).where(
            share_recipients.c.share_id.in_({share_id for share_id, _ in wanted}),
            share_recipients.c.inbox.in_({inbox for _, inbox in wanted}),
        )
        found: dict[tuple[str, str], frozenset[str]] = {}
        for row in await self._connection.execute(query):
            place = (row.share_id, row.inbox)
            found[place] = found.get(place, frozenset()) | {row.actor}
        return found

    async def forget_words(self, notice_id: str) -> None:
        """The words that were written for sharing a notice go; that it was shared, and with whom, stays."""
        await self._connection.execute(
            update(shares).where(shares.c.notice_id == notice_id).values(text="", category="")
        )

    async def mark(self, condition: "RecipientMark", now: datetime) -> None:
        """Change what we know of some copies."""
        table = share_recipients.c
        wanted: list[ColumnElement[bool]] = [table.share_id == condition.share_id]
        if condition.inboxes is not None:
            wanted.append(table.inbox.in_(condition.inboxes))
        if condition.actor is not None:
            wanted.append(table.actor == condition.actor)
        if condition.only is not None:
            wanted.append(table.state.in_(condition.only))
        await self._connection.execute(update(share_recipients).where(*wanted).values(_known(condition.state, now)))

    async def ask_back(self, share_id: str, actor: str, activity_id: str, now: datetime) -> None:
        """This actor alone is asked to erase its copy, with this Delete."""
        mine = (share_recipients.c.share_id == share_id, share_recipients.c.actor == actor)
        values = {"state": RecipientState.ERASING, "changed_at": now, "asked_back_with": activity_id}
        await self._connection.execute(update(share_recipients).where(*mine).values(values))

    async def asked_back_from(self, host: str, limit: int) -> tuple[Recipient, ...]:
        """Copies that actors on this host alone were asked to erase, the newest word first."""
        theirs = share_recipients.c.actor.contains(f"://{host}/", autoescape=True)
        query = select(share_recipients).where(theirs, share_recipients.c.asked_back_with.is_not(None))
        query = query.order_by(share_recipients.c.changed_at.desc(), share_recipients.c.share_id).limit(limit)
        rows = await self._connection.execute(query)
        return tuple(Recipient(row.share_id, row.actor, RecipientState(row.state), row.changed_at) for row in rows)

    async def note_erased(self, activity_id: str, actor: str, now: datetime) -> None:
        """This actor says that it erased what it was asked back with this Delete; twice is as good as once."""
        mine = (share_recipients.c.asked_back_with == activity_id, share_recipients.c.actor == actor)
        is_open = share_recipients.c.state != RecipientState.ERASED
        values = {"state": RecipientState.ERASED, "changed_at": now}
        await self._connection.execute(update(share_recipients).where(*mine, is_open).values(values))

    async def _one(self, condition: ColumnElement[bool]) -> Published | None:
        row = (await self._connection.execute(select(shares).where(condition))).one_or_none()
        return None if row is None else _published(row)


@dataclass(frozen=True)
class RecipientMark:
    """Which copies of a share become `state`: at these inboxes or of this actor, and only from the states `only`."""

    share_id: str
    state: RecipientState
    inboxes: frozenset[str] | None = None
    actor: str | None = None
    only: tuple[RecipientState, ...] | None = None


def _values(published: Published) -> dict[str, object]:
    share = published.share
    return {
        "notice_id": share.notice_id or None,
        "posting_id": share.posting_id or None,
        "level": share.level,
        "object_id": share.object_id,
        "published_at": share.published_at,
        "updated_at": share.updated_at,
        "ends_at": share.ends_at,
        "lease_seconds": int(share.lease.total_seconds()),
        "reply_by": share.reply_by,
        "text": share.text,
        "named": list(share.named),
        "category": share.category,
        "state": share.state,
        "delete_activity_id": share.delete_activity_id,
        "document": published.document,
    }


def _published(row: Row[Any]) -> Published:
    share = Share(
        id=row.id,
        notice_id=row.notice_id or "",
        posting_id=row.posting_id or "",
        level=Level(row.level),
        object_id=row.object_id,
        published_at=row.published_at,
        updated_at=row.updated_at,
        ends_at=row.ends_at,
        lease=timedelta(seconds=row.lease_seconds),
        reply_by=row.reply_by,
        text=row.text,
        named=tuple(row.named),
        category=row.category,
        state=ShareState(row.state),
        delete_activity_id=row.delete_activity_id,
    )
    return Published(share, row.document)


def _recipient(row: Row[Any]) -> Recipient:
    return Recipient(row.share_id, row.actor, RecipientState(row.state), row.changed_at, row.sent_at)


def _known(state: RecipientState, now: datetime) -> dict[str, object]:
    known: dict[str, object] = {"state": state, "changed_at": now}
    if state is RecipientState.SENT:  # what comes later does not change when the first one arrived
        known["sent_at"] = func.coalesce(share_recipients.c.sent_at, now)
    return known
