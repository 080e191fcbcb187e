"""API tokens: what scripts hold. Only a hash is stored."""

import secrets

from node.domain.errors import NotFound
from node.domain.members import Member
from node.services.community import Community
from node.storage.audit import AuditEntry
from node.storage.vault import token_hash

PREFIX = "mh_"


async def create(community: Community, member_name: str, label: str = "") -> str:
    """A new token that acts as this member; it is shown this once. Raises NotFound."""
    token = PREFIX + secrets.token_urlsafe(32)
    now = community.now()
    async with community.database.unit_of_work() as work:
        member = await work.members.by_name(member_name)
        if member is None:
            raise NotFound(f"There is no member called {member_name}. See: manyhands member list")
        await work.sessions.add_token(token_hash(token), member.id, label[:80], now)
        await work.audit.add(AuditEntry(now, None, "created an API token", member.id))
    return token


async def member_of(community: Community, token: str) -> Member | None:
    """Whose token it is; None for an unknown one."""
    async with community.database.reading() as work:
        owner = await work.sessions.token_owner(token_hash(token))
        return None if owner is None else await work.members.get(owner)
