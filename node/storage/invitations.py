"""Invitations: a hash of what their link says, and what it is for. Who came with one is not kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.invitations import ENDED_KEPT, Invitation
from node.domain.members import Role
from node.storage.tables import invitations


class Invitations:
    """What was ended has no places left, and goes a day later."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, invitation: Invitation, token_hash: str) -> None:
        """Store a new one."""
        values = {
            "id": invitation.id,
            "token_hash": token_hash,
            "role": invitation.role.value,
            "word": invitation.word,
            "places": invitation.places,
            "made_at": invitation.made_at,
            "ends_at": invitation.ends_at,
        }
        await self._connection.execute(insert(invitations).values(values))

    async def by_token(self, token_hash: str) -> Invitation | None:
        """The one whose link has this hash, over or not."""
        query = select(invitations).where(invitations.c.token_hash == token_hash)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else _invitation(row)

    async def to_come(self, now: datetime) -> tuple[Invitation, ...]:
        """Those with which somebody may still come, the newest first."""
        query = select(invitations).where(invitations.c.places > 0, invitations.c.ends_at > now)
        rows = await self._connection.execute(query.order_by(invitations.c.made_at.desc(), invitations.c.id))
        return tuple(_invitation(row) for row in rows)

    async def take_place(self, invitation_id: str) -> None:
        """One place less."""
        taken = update(invitations).where(invitations.c.id == invitation_id, invitations.c.places > 0)
        await self._connection.execute(taken.values(places=invitations.c.places - 1))

    async def end(self, invitation_id: str) -> bool:
        """Nobody comes with it any more. Answers whether somebody could have; one that is not there is no fault."""
        is_open = (invitations.c.id == invitation_id) & (invitations.c.places > 0)
        return (await self._connection.execute(update(invitations).where(is_open).values(places=0))).rowcount > 0

    async def end_all(self) -> None:
        """Nobody comes with any of them any more."""
        await self._connection.execute(delete(invitations))

    async def forget_over(self, now: datetime) -> int:
        """Remove those that are over; answers how many."""
        is_ended = (invitations.c.places == 0) & (invitations.c.made_at <= now - ENDED_KEPT)
        gone = await self._connection.execute(delete(invitations).where(or_(invitations.c.ends_at <= now, is_ended)))
        return gone.rowcount


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(row.id, Role(row.role), row.word, row.places, row.made_at, row.ends_at)
