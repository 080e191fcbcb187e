"""Idempotency-Key: a request sent twice is done once and answered the same."""

from node.domain.errors import Conflict
from node.services.community import Community
from node.storage.replays import KeptAnswer


async def recall(community: Community, member_id: str, key: str, fingerprint: str) -> KeptAnswer | None:
    """What was answered the first time. Raises Conflict when the key was used for another request."""
    async with community.database.reading() as work:
        kept = await work.replays.get(member_id, key)
    if kept is not None and kept.fingerprint != fingerprint:
        raise Conflict("This Idempotency-Key was used for another request. Use a new one.")
    return kept


async def keep(community: Community, member_id: str, key: str, answer: KeptAnswer) -> None:
    """Keep an answer for a day or two."""
    async with community.database.unit_of_work() as work:
        await work.replays.add(member_id, key, answer, community.now())
