"""What waits to be told to people, without addresses and words; and the addresses of members who want to be told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.tellings import Subject, Telling, TellingState, Way
from node.storage.devices import Devices
from node.storage.tables import mail_addresses, notices, tellings
from node.storage.vault import Vault


class MailAddresses:
    """Members' addresses, each in a box; only of those who want to be told what waits."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    async def put(self, member_id: str, address: str) -> None:
        """Keep a member's address, in place of an earlier one."""
        await self.forget(member_id)
        box = self._vault.wrap(address.encode(), _label(member_id))
        await self._connection.execute(insert(mail_addresses).values(member_id=member_id, box=box))

    async def get(self, member_id: str) -> str | None:
        """A member's address. Raises CannotOpen."""
        query = select(mail_addresses.c.box).where(mail_addresses.c.member_id == member_id)
        box = await self._connection.scalar(query)
        return None if box is None else self._vault.unwrap(box, _label(member_id)).decode()

    async def members(self) -> tuple[str, ...]:
        """The members who gave one; no address is opened."""
        return tuple(await self._connection.scalars(select(mail_addresses.c.member_id)))

    async def forget(self, member_id: str) -> None:
        """This member does not want to be told any more."""
        await self._connection.execute(delete(mail_addresses).where(mail_addresses.c.member_id == member_id))


class Tellings:
    """One row for each thing told, so that nothing is told twice. `addresses` and `devices` are those of members."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection = connection
        self.addresses = MailAddresses(connection, vault)
        self.devices = Devices(connection, vault)

    async def add(self, telling: Telling) -> None:
        """Store a new one. Its key must be new."""
        await self._connection.execute(insert(tellings).values(vars(telling)))

    async def put(self, telling: Telling) -> None:
        """Store a changed one."""
        await self._connection.execute(update(tellings).where(tellings.c.id == telling.id).values(vars(telling)))

    async def take(self, taken: Telling) -> bool:
        """Store that it goes out now; False where another process has taken it in the same moment."""
        query = update(tellings).where(tellings.c.id == taken.id, tellings.c.state == TellingState.WAITING)
        return (await self._connection.execute(query.values(vars(taken)))).rowcount == 1

    async def get(self, telling_id: str) -> Telling | None:
        """The one with this id."""
        row = (await self._connection.execute(select(tellings).where(tellings.c.id == telling_id))).one_or_none()
        return None if row is None else _telling(row)

    async def known(self, keys: Iterable[str]) -> frozenset[str]:
        """Which of these keys have been used."""
        query = select(tellings.c.key).where(tellings.c.key.in_(set(keys)))
        return frozenset(await self._connection.scalars(query))

    async def asked_about(self, wholes: Iterable[str]) -> dict[str, datetime]:
        """When it was last asked by a message whether these are still so, or any part of them.

        What was given up asked nobody.
        """
        wanted = set(wholes)
        query = (
            select(func.coalesce(notices.c.whole_id, notices.c.id).label("whole"), tellings.c.made_at)
            .join_from(notices, tellings, tellings.c.notice_id == notices.c.id)
            .where(or_(notices.c.id.in_(wanted), notices.c.whole_id.in_(wanted)))
            .where(tellings.c.subject == Subject.STILL_NEEDED, tellings.c.state != TellingState.GIVEN_UP)
            .order_by(tellings.c.made_at)
        )
        return {row.whole: row.made_at for row in await self._connection.execute(query)}

    async def due(self, way: Way, now: datetime, limit: int) -> tuple[Telling, ...]:
        """What waits and is due, the oldest first."""
        return await self._these(way, TellingState.WAITING, now, limit)

    async def left_going(self, way: Way, before: datetime, limit: int) -> tuple[Telling, ...]:
        """What has been on its way since before this moment."""
        return await self._these(way, TellingState.GOING, before, limit)

    async def last_outcome(self, way: Way) -> TellingState | None:
        """What became of the newest one by this way that is over: told, or given up."""
        over = (TellingState.TOLD, TellingState.GIVEN_UP)
        query = select(tellings.c.state).where(tellings.c.way == way, tellings.c.state.in_(over))
        state = await self._connection.scalar(query.order_by(tellings.c.made_at.desc(), tellings.c.id).limit(1))
        return None if state is None else TellingState(state)

    async def is_stuck(self, way: Way) -> bool:
        """Whether one that was tried by this way already waits for another try."""
        tried = (tellings.c.way == way) & (tellings.c.state == TellingState.WAITING) & (tellings.c.tries > 0)
        return bool(await self._connection.scalar(select(exists().where(tried))))

    async def remove(self, telling_id: str) -> None:
        """As if it had not been noted."""
        await self._connection.execute(delete(tellings).where(tellings.c.id == telling_id))

    async def forget_of(self, notice_id: str) -> None:
        """Nothing more is told about this notice."""
        await self._connection.execute(delete(tellings).where(tellings.c.notice_id == notice_id))

    async def begin_anew(self, notice_id: str, subject: Subject) -> None:
        """What was told of this is of a time that is over; the next of this kind is told anew."""
        query = delete(tellings).where(tellings.c.notice_id == notice_id, tellings.c.subject == subject)
        await self._connection.execute(query)

    async def forget_before(self, moment: datetime) -> int:
        """Remove what was told to members before this moment; answers how many."""
        query = delete(tellings).where(tellings.c.member_id.is_not(None), tellings.c.made_at < moment)
        return (await self._connection.execute(query)).rowcount

    async def _these(self, way: Way, state: TellingState, until: datetime, limit: int) -> tuple[Telling, ...]:
        query = (
            select(tellings)
            .where(tellings.c.way == way, tellings.c.state == state, tellings.c.due_at <= until)
            .order_by(tellings.c.due_at, tellings.c.id)
            .limit(limit)
        )
        return tuple(_telling(row) for row in await self._connection.execute(query))


def _label(member_id: str) -> str:
    return f"address of {member_id}"


def _telling(row: Row[Any]) -> Telling:
    return Telling(
        id=row.id,
        subject=Subject(row.subject),
        way=Way(row.way),
        key=row.key,
        made_at=row.made_at,
        due_at=row.due_at,
        notice_id=row.notice_id,
        member_id=row.member_id,
        state=TellingState(row.state),
        tries=row.tries,
    )
