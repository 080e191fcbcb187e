"""What nobody has spoken for in a long time expires by itself, so that nothing is kept and shown for ever."""

from node.domain.notices import Notice, Status, set_status
from node.domain.retention import expires_at
from node.services import publishing
from node.services.community import Community, zone_in
from node.services.promises import promised_of
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork

BATCH = 100


async def is_due(community: Community, work: UnitOfWork) -> bool:
    """Whether anything expires now."""
    return bool(await _due(community, work))


async def expire(community: Community, work: UnitOfWork) -> int:
    """Close what has expired, and take back what is shared of it; answers how many.

    What somebody has taken on is left alone.
    """
    now, due = community.now(), await _due(community, work)
    for notice in due:
        await publishing.change_notice(community, work, set_status(notice, Status.EXPIRED, now))
        await work.audit.add(AuditEntry(now, None, "it expired by itself", notice.id))
    return len(due)


async def _due(community: Community, work: UnitOfWork) -> tuple[Notice, ...]:
    now, zone = community.now(), await zone_in(community, work)
    found = await work.notices.nearly_expired(now, BATCH)
    over = [notice for notice in found if (end := expires_at(notice, zone)) is not None and end <= now]
    left = await promised_of(work, (notice.id for notice in over))
    return tuple(notice for notice in over if not left[notice.id])
