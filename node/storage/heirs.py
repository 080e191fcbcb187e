"""The heir we named, and the locked copies that we hold for others."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.heirs import Heir, HeldCopy
from node.storage.locked_copies import Lock
from node.storage.tables import heirs, held_copies
from node.storage.vault import Vault

ONLY_ROW = 1
_LABEL = "heir"


class Heirs:
    """One heir at most, and one copy for each neighbour that named us. Copies rest here locked."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    async def get(self) -> Heir | None:
        """The neighbour that we named."""
        row = (await self._connection.execute(select(heirs))).one_or_none()
        return None if row is None else _heir(row)

    async def name(self, heir: Heir, key: bytes, lock: Lock) -> None:
        """Name an heir, with the key of its copies and that key's lock, in place of an earlier one."""
        await self.end()
        await self._connection.execute(
            insert(heirs).values(
                id=ONLY_ROW,
                peer_id=heir.peer_id,
                chosen_at=heir.chosen_at,
                stewards=heir.stewards,
                agreed_at=heir.agreed_at,
                key_wrapped=self._vault.wrap(key, _LABEL),
                salt=lock.salt,
                wraps=list(lock.wraps),
            )
        )

    async def lock(self) -> tuple[bytes, Lock]:
        """The key of the copies, and its lock. There must be an heir. Raises CannotOpen."""
        row = (await self._connection.execute(select(heirs))).one()
        return self._vault.unwrap(row.key_wrapped, _LABEL), Lock(row.salt, tuple(row.wraps))

    async def fetched(self, now: datetime, opened_at: datetime | None) -> None:
        """The heir has the newest copy; the first time, it agreed by that."""
        await self._connection.execute(
            update(heirs).values(
                fetched_at=now, refused_at=None, **({"opened_at": opened_at} if opened_at is not None else {})
            )
        )
        await self._connection.execute(update(heirs).where(heirs.c.agreed_at.is_(None)).values(agreed_at=now))

    async def refused(self, now: datetime) -> None:
        """The heir cannot hold a copy; what it agreed to before is over."""
        await self._connection.execute(update(heirs).values(refused_at=now, agreed_at=None))

    async def end(self) -> None:
        """There is no heir any more; the key of its copies goes."""
        await self._connection.execute(delete(heirs))

    async def held(self) -> tuple[HeldCopy, ...]:
        """Every copy we hold, without what is in it."""
        columns = [column for column in held_copies.c if column.name != "body"]
        return tuple(_held(row) for row in await self._connection.execute(select(*columns)))

    async def held_for(self, peer_id: str) -> HeldCopy | None:
        """The copy that we hold for this neighbour, without what is in it."""
        return next((one for one in await self.held() if one.peer_id == peer_id), None)

    async def body(self, peer_id: str) -> bytes | None:
        """The locked copy itself."""
        return await self._connection.scalar(select(held_copies.c.body).where(held_copies.c.peer_id == peer_id))

    async def keep(self, copy: HeldCopy, body: bytes | None = None) -> None:
        """Store where a copy stands, and with `body` a newer one in place of the earlier."""
        kept = body if body is not None else await self.body(copy.peer_id)
        await self.let_go(copy.peer_id)
        await self._connection.execute(insert(held_copies).values(**vars(copy), body=kept))

    async def let_go(self, peer_id: str) -> None:
        """Erase the copy that we hold for this neighbour."""
        await self._connection.execute(delete(held_copies).where(held_copies.c.peer_id == peer_id))


def _heir(row: Row[Any]) -> Heir:
    return Heir(row.peer_id, row.chosen_at, row.stewards, row.agreed_at, row.fetched_at, row.opened_at, row.refused_at)


def _held(row: Row[Any]) -> HeldCopy:
    return HeldCopy(
        peer_id=row.peer_id,
        fetched_at=row.fetched_at,
        tried_at=row.tried_at,
        dark_since=row.dark_since,
        opened_at=row.opened_at,
        tries=row.tries,
        tries_since=row.tries_since,
    )
