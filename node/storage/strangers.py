"""Enquiries, reports, and what is counted about shares."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.peers import host_of
from node.domain.strangers import Enquiry, Reaction, Report
from node.storage.tables import enquiries, reactions, reports


class Enquiries:
    """Private messages from strangers. One row per note."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, enquiry: Enquiry) -> None:
        """Store a new one."""
        await self._connection.execute(insert(enquiries).values(vars(enquiry) | {"host": host_of(enquiry.actor)}))

    async def get(self, enquiry_id: str) -> Enquiry | None:
        """The one with this id."""
        return await self._one(enquiries.c.id == enquiry_id)

    async def put_text(self, enquiry_id: str, text: str) -> None:
        """Its sender worded it anew."""
        await self._connection.execute(update(enquiries).where(enquiries.c.id == enquiry_id).values(text=text))

    async def by_note(self, note_id: str) -> Enquiry | None:
        """The enquiry made with this note."""
        return await self._one(enquiries.c.note_id == note_id)

    async def of_thread(self, thread: str) -> tuple[Enquiry, ...]:
        """What one sender wrote in one conversation, oldest first."""
        query = select(enquiries).where(enquiries.c.thread == thread).order_by(enquiries.c.received_at, enquiries.c.id)
        return tuple(_enquiry(row) for row in await self._connection.execute(query))

    async def all(self, limit: int) -> tuple[Enquiry, ...]:
        """The newest, newest first."""
        query = select(enquiries).order_by(enquiries.c.received_at.desc(), enquiries.c.id).limit(limit)
        return tuple(_enquiry(row) for row in await self._connection.execute(query))

    async def count(self, actor: str | None = None, since: datetime | None = None) -> int:
        """How many there are: of this actor, received after `since`."""
        wanted: list[ColumnElement[bool]] = []
        if actor is not None:
            wanted.append(enquiries.c.actor == actor)
        if since is not None:
            wanted.append(enquiries.c.received_at > since)
        return await self._connection.scalar(select(func.count()).select_from(enquiries).where(*wanted)) or 0

    async def count_below(self, domain: str, since: datetime) -> int:
        """How many are from this host, or from any below it, received after `since`."""
        below = or_(enquiries.c.host == domain, enquiries.c.host.endswith(f".{domain}", autoescape=True))
        query = select(func.count()).select_from(enquiries).where(below, enquiries.c.received_at > since)
        return await self._connection.scalar(query) or 0

    async def remove(self, enquiry_id: str) -> None:
        """Forget one."""
        await self._connection.execute(delete(enquiries).where(enquiries.c.id == enquiry_id))

    async def remove_thread(self, thread: str) -> None:
        """Forget a conversation."""
        await self._connection.execute(delete(enquiries).where(enquiries.c.thread == thread))

    async def remove_of(self, actor: str) -> None:
        """Forget all of an actor."""
        await self._connection.execute(delete(enquiries).where(enquiries.c.actor == actor))

    async def remove_from(self, host: str) -> None:
        """Forget all of a server."""
        await self._connection.execute(delete(enquiries).where(enquiries.c.host == host))

    async def forget_before(self, moment: datetime) -> int:
        """Forget those received before `moment`; answers how many."""
        return (await self._connection.execute(delete(enquiries).where(enquiries.c.received_at < moment))).rowcount

    async def _one(self, condition: ColumnElement[bool]) -> Enquiry | None:
        row = (await self._connection.execute(select(enquiries).where(condition))).one_or_none()
        return None if row is None else _enquiry(row)


class Reports:
    """Complaints about what is ours. One row per Flag."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, report: Report) -> None:
        """Store a new one; the same Flag twice is one report."""
        known = select(reports.c.id).where(reports.c.activity_id == report.activity_id)
        if await self._connection.scalar(known) is None:
            values = vars(report) | {"objects": list(report.objects), "host": host_of(report.actor)}
            await self._connection.execute(insert(reports).values(values))

    async def all(self, limit: int) -> tuple[Report, ...]:
        """The newest, newest first."""
        query = select(reports).order_by(reports.c.received_at.desc(), reports.c.id).limit(limit)
        return tuple(_report(row) for row in await self._connection.execute(query))

    async def count(self, host: str | None = None, since: datetime | None = None) -> int:
        """How many there are: from this host, received after `since`."""
        wanted: list[ColumnElement[bool]] = []
        if host is not None:
            wanted.append(reports.c.host == host)
        if since is not None:
            wanted.append(reports.c.received_at > since)
        return await self._connection.scalar(select(func.count()).select_from(reports).where(*wanted)) or 0

    async def get(self, report_id: str) -> Report | None:
        """The one with this id."""
        row = (await self._connection.execute(select(reports).where(reports.c.id == report_id))).one_or_none()
        return None if row is None else _report(row)

    async def remove(self, report_id: str) -> None:
        """Forget one."""
        await self._connection.execute(delete(reports).where(reports.c.id == report_id))

    async def remove_of(self, actor: str) -> None:
        """Forget all of an actor."""
        await self._connection.execute(delete(reports).where(reports.c.actor == actor))

    async def remove_from(self, host: str) -> None:
        """Forget all of a server."""
        await self._connection.execute(delete(reports).where(reports.c.host == host))

    async def forget_before(self, moment: datetime) -> int:
        """Forget those received before `moment`; answers how many."""
        return (await self._connection.execute(delete(reports).where(reports.c.received_at < moment))).rowcount


class Reactions:
    """What is counted about a share. `who` and `which` are keyed fingerprints of an actor and of its activity."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, share_id: str, kind: Reaction, who: str, which: str) -> None:
        """Count somebody, once."""
        mine = (reactions.c.share_id == share_id, reactions.c.kind == kind, reactions.c.who == who)
        await self._connection.execute(delete(reactions).where(*mine))
        await self._connection.execute(insert(reactions).values(share_id=share_id, kind=kind, who=who, which=which))

    async def remove(self, which: str) -> None:
        """Take back what was counted for this activity."""
        await self._connection.execute(delete(reactions).where(reactions.c.which == which))

    async def counts(self, share_id: str) -> dict[Reaction, int]:
        """How many of each kind; a kind without any is left out."""
        query = (
            select(reactions.c.kind, func.count()).where(reactions.c.share_id == share_id).group_by(reactions.c.kind)
        )
        return {Reaction(kind): total for kind, total in await self._connection.execute(query)}


def _enquiry(row: Row[Any]) -> Enquiry:
    values = dict(row._mapping)
    del values["host"]
    return Enquiry(**values)


def _report(row: Row[Any]) -> Report:
    values = dict(row._mapping)
    del values["host"]
    return Report(**(values | {"objects": tuple(row.objects)}))
