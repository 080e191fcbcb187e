"""What nobody has spoken for in a long time expires by itself, so that nothing is kept and shown for ever."""

from node.domain.notices import Status, set_status
from node.domain.retention import expires_at
from node.services import publishing
from node.services.community import Community, zone_in
from node.services.promises import promised
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork

BATCH = 100


async def is_due(community: Community, work: UnitOfWork) -> bool:
    """Whether anything may have expired."""
    return bool(await work.notices.nearly_expired(community.now(), 1))


async def expire(community: Community, work: UnitOfWork) -> int:
    """Close what has expired, and take back what is shared of it; answers how many.

    What somebody has taken on is left alone.
    """
    now, zone, expired = community.now(), await zone_in(community, work), 0
    for notice in await work.notices.nearly_expired(now, BATCH):
        ends = expires_at(notice, zone)
        if ends is None or ends > now or await promised(work, notice.id):
            continue
        over = set_status(notice, Status.EXPIRED, now)
        await publishing.change_notice(community, work, over)
        await work.audit.add(AuditEntry(now, None, "it expired by itself", notice.id))
        expired += 1
    return expired
