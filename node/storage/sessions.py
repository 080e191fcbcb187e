"""Sessions, one-time sign-in links, API tokens and calendar links. Only hashes of what people hold are stored."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.storage.tables import api_tokens, calendar_links, sessions, sign_in_links


@dataclass(frozen=True)
class StoredSession:
    """A signed-in browser."""

    token_hash: str
    member_id: str
    csrf_token: str
    expires_at: datetime


class Sessions:
    """Everything that proves who somebody is."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, session: StoredSession) -> None:
        """Store a new session."""
        await self._connection.execute(
            insert(sessions).values(
                token_hash=session.token_hash,
                member_id=session.member_id,
                csrf_token=session.csrf_token,
                expires_at=session.expires_at,
            )
        )

    async def get(self, token_hash: str, now: datetime) -> StoredSession | None:
        """The session, unless it is over."""
        query = select(sessions).where(sessions.c.token_hash == token_hash, sessions.c.expires_at > now)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else StoredSession(row.token_hash, row.member_id, row.csrf_token, row.expires_at)

    async def remove(self, token_hash: str) -> None:
        """End one session."""
        await self._connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    async def add_link(self, token_hash: str, member_id: str, expires_at: datetime) -> None:
        """Store a one-time sign-in link."""
        values = {"token_hash": token_hash, "member_id": member_id, "expires_at": expires_at}
        await self._connection.execute(insert(sign_in_links).values(values))

    async def link_owner(self, token_hash: str, now: datetime) -> str | None:
        """Whose link it is, without using it up."""
        query = select(sign_in_links.c.member_id).where(
            sign_in_links.c.token_hash == token_hash, sign_in_links.c.expires_at > now
        )
        return await self._connection.scalar(query)

    async def take_link(self, token_hash: str, now: datetime) -> str | None:
        """Use a link up and return whose it was; None if it was used before or is over."""
        statement = (
            delete(sign_in_links)
            .where(sign_in_links.c.token_hash == token_hash, sign_in_links.c.expires_at > now)
            .returning(sign_in_links.c.member_id)
        )
        return await self._connection.scalar(statement)

    async def add_token(self, token_hash: str, member_id: str, label: str, now: datetime) -> None:
        """Store an API token's hash."""
        values = {"token_hash": token_hash, "member_id": member_id, "label": label, "created_at": now}
        await self._connection.execute(insert(api_tokens).values(values))

    async def token_owner(self, token_hash: str) -> str | None:
        """Whose API token it is."""
        return await self._connection.scalar(
            select(api_tokens.c.member_id).where(api_tokens.c.token_hash == token_hash)
        )

    async def put_calendar(self, token_hash: str, member_id: str, now: datetime) -> None:
        """Store the hash of a member's calendar link, in place of an earlier one."""
        await self.end_calendar(member_id)
        values = {"token_hash": token_hash, "member_id": member_id, "made_at": now}
        await self._connection.execute(insert(calendar_links).values(values))

    async def has_calendar(self, member_id: str) -> bool:
        """Whether this member has a calendar link."""
        query = select(calendar_links.c.made_at).where(calendar_links.c.member_id == member_id)
        return await self._connection.scalar(query) is not None

    async def calendar_owner(self, token_hash: str) -> str | None:
        """Whose calendar link it is."""
        query = select(calendar_links.c.member_id).where(calendar_links.c.token_hash == token_hash)
        return await self._connection.scalar(query)

    async def end_calendar(self, member_id: str) -> None:
        """This member's calendar link opens nothing any more."""
        await self._connection.execute(delete(calendar_links).where(calendar_links.c.member_id == member_id))

    async def end_of(self, member_id: str, keep: str = "") -> None:
        """Nothing lets this member in any more, but the session whose hash is `keep`."""
        others = (sessions.c.member_id == member_id) & (sessions.c.token_hash != keep)
        await self._connection.execute(delete(sessions).where(others))
        for table in (sign_in_links, api_tokens, calendar_links):
            await self._connection.execute(delete(table).where(table.c.member_id == member_id))

    async def end_links_of(self, member_id: str) -> None:
        """No sign-in link of this member works any more."""
        await self._connection.execute(delete(sign_in_links).where(sign_in_links.c.member_id == member_id))

    async def end_all(self) -> None:
        """Nobody is signed in any more, no link signs anybody in, and no calendar opens."""
        await self._connection.execute(delete(calendar_links))
        await self._connection.execute(delete(sessions))
        await self._connection.execute(delete(sign_in_links))

    async def shorten(self, latest: datetime) -> None:
        """No session lasts longer than until `latest`."""
        await self._connection.execute(update(sessions).where(sessions.c.expires_at > latest).values(expires_at=latest))

    async def forget_ended(self, now: datetime) -> int:
        """Remove sessions and links that are over; answers how many."""
        gone = await self._connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
        links = await self._connection.execute(delete(sign_in_links).where(sign_in_links.c.expires_at <= now))
        return gone.rowcount + links.rowcount
