"""What makes a request that is sent twice count once: answers by Idempotency-Key, signatures that were used up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.storage.once import insert_once
from node.storage.tables import replays, used_signatures


@dataclass(frozen=True)
class KeptAnswer:
    """What was answered the first time; `fingerprint` tells which request it was for."""

    fingerprint: str
    status: int
    body: bytes


class Replays:
    """One answer per member and key."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, member_id: str, key: str) -> KeptAnswer | None:
        """The answer kept under this key."""
        query = select(replays).where(replays.c.member_id == member_id, replays.c.key == key)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else KeptAnswer(row.fingerprint, row.status, row.body)

    async def add(self, member_id: str, key: str, answer: KeptAnswer, now: datetime) -> None:
        """Keep an answer."""
        await self._connection.execute(
            insert(replays).values(
                member_id=member_id,
                key=key,
                fingerprint=answer.fingerprint,
                status=answer.status,
                body=answer.body,
                kept_at=now,
            )
        )

    async def use_up(self, signature: str, now: datetime) -> bool:
        """Whether the signature of this name comes for the first time; from now on it does not."""
        new = insert_once(self._connection, used_signatures).values(name=signature, at=now)
        return (await self._connection.scalar(new.returning(used_signatures.c.name))) is not None

    async def forget_signatures_before(self, moment: datetime) -> None:
        """Forget the signatures used before `moment`."""
        await self._connection.execute(delete(used_signatures).where(used_signatures.c.at < moment))

    async def forget_before(self, moment: datetime) -> int:
        """Remove answers kept before `moment`; answers how many."""
        return (await self._connection.execute(delete(replays).where(replays.c.kept_at < moment))).rowcount
