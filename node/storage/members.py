"""Members and what each signs in with."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.members import Member, Role
from node.storage.tables import members


class Members:
    """Names are unique without regard to capitals."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, member: Member) -> None:
        """Store a new member."""
        await self._connection.execute(
            insert(members).values(
                id=member.id,
                name=member.name,
                name_key=member.name.casefold(),
                roles=sorted(member.roles),
                created_at=member.created_at,
                language=member.language,
            )
        )

    async def get(self, member_id: str) -> Member | None:
        """The member with this id."""
        row = (await self._connection.execute(select(members).where(members.c.id == member_id))).one_or_none()
        return None if row is None else _member(row)

    async def by_name(self, name: str) -> Member | None:
        """The member with this name, whatever its capitals."""
        query = select(members).where(members.c.name_key == " ".join(name.split()).casefold())
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else _member(row)

    async def all(self) -> tuple[Member, ...]:
        """Every member, by name."""
        rows = await self._connection.execute(select(members).order_by(members.c.name_key))
        return tuple(_member(row) for row in rows)

    async def names(self, ids: Iterable[str]) -> dict[str, str]:
        """Names by id."""
        rows = await self._connection.execute(select(members.c.id, members.c.name).where(members.c.id.in_(set(ids))))
        return {row.id: row.name for row in rows}

    async def set_name(self, member_id: str, name: str) -> None:
        """What this member is called."""
        named = {"name": name, "name_key": name.casefold()}
        await self._connection.execute(update(members).where(members.c.id == member_id).values(named))

    async def set_language(self, member_id: str, language: str) -> None:
        """Which language this member reads in."""
        await self._connection.execute(update(members).where(members.c.id == member_id).values(language=language))

    async def set_roles(self, member: Member) -> None:
        """The roles of this member are now these."""
        changed = update(members).where(members.c.id == member.id)
        await self._connection.execute(changed.values(roles=sorted(member.roles)))

    async def remove(self, member_id: str) -> None:
        """Erase a member; what they sign in with, addresses, devices and shifts go along (foreign keys)."""
        await self._connection.execute(delete(members).where(members.c.id == member_id))

    async def password_hash(self, member_id: str) -> str | None:
        """The stored password hash, if a password was set."""
        return await self._connection.scalar(select(members.c.password_hash).where(members.c.id == member_id))

    async def set_password_hash(self, member_id: str, password_hash: str | None) -> None:
        """Replace the password hash; None takes the password away."""
        await self._connection.execute(
            update(members).where(members.c.id == member_id).values(password_hash=password_hash)
        )


def _member(row: Row[Any]) -> Member:
    roles = frozenset(Role(role) for role in row.roles)
    return Member(row.id, row.name, roles, row.created_at, row.password_hash is not None, row.language)
