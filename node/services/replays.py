"""A request sent twice is done once: by its Idempotency-Key, and where it opens something, by its signature."""

from datetime import datetime

from federation.messages import MAX_FUTURE, MAX_PAST
from node.domain.errors import Conflict
from node.services.community import Community
from node.storage.replays import KeptAnswer
from node.storage.unit_of_work import UnitOfWork


async def recall(community: Community, member_id: str, key: str, fingerprint: str) -> KeptAnswer | None:
    """What was answered the first time. Raises Conflict when the key was used for another request."""
    async with community.database.reading() as work:
        kept = await work.replays.get(member_id, key)
    if kept is not None and kept.fingerprint != fingerprint:
        raise Conflict("This Idempotency-Key was used for another request. Use a new one.")
    return kept


async def keep(community: Community, member_id: str, key: str, answer: KeptAnswer) -> None:
    """Keep an answer for a day or two. Where another process of ours answered meanwhile, its answer stays."""
    async with community.database.unit_of_work() as work:
        if await work.replays.get(member_id, key) is None:
            await work.replays.add(member_id, key, answer, community.now())


async def is_first_use(community: Community, signature: str) -> bool:
    """Whether the proven signature of this name was never used before, at any process of ours (protocol 71, T-25)."""
    async with community.database.queueing() as work:
        return await work.replays.use_up(signature, community.now())


async def forget_signatures(work: UnitOfWork, now: datetime) -> None:
    """Forget signatures that are too old to be accepted again."""
    await work.replays.forget_signatures_before(now - MAX_PAST - MAX_FUTURE)
