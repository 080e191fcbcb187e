"""What happens by itself when its time has come. Silence ends a lease: the need comes home."""

from datetime import timedelta

from node.domain.hosts import FORGOTTEN_AFTER
from node.domain.notices import Status, set_status
from node.domain.responses import ResponseState, end
from node.domain.shares import ShareState
from node.services import forgetting, handoffs, publishing, replays
from node.services.community import Community, profile_in
from node.storage.audit import AuditEntry

BATCH = 100
ANSWERS_KEPT = timedelta(days=2)
JOURNAL_KEPT = timedelta(days=30)


async def run_due(community: Community) -> None:
    """Bring home what is overdue, let unanswered offers lapse, end shares whose time is over, forget what is due."""
    await _leases(community)
    await _offers(community)
    await _shares(community)
    await forgetting.erase_due(community)
    await community.database.clear_traces()
    await _ended(community)


async def _leases(community: Community) -> None:
    now = community.now()
    async with community.database.reading() as work:
        is_due = bool(await work.responses.overdue(now))
    if not is_due:
        return
    async with community.database.unit_of_work() as work:
        for response in await work.responses.overdue(now):
            await handoffs.come_home(community, work, response, handoffs.LEASE_OVER)
            await work.audit.add(AuditEntry(now, None, "a lease ran out", response.notice_id or ""))


async def _offers(community: Community) -> None:
    now = community.now()
    async with community.database.reading() as work:
        is_due = bool(await work.responses.unanswered(now))
    if not is_due:
        return
    async with community.database.unit_of_work() as work:
        for response in await work.responses.unanswered(now):
            await work.responses.put(end(response, ResponseState.LAPSED, now))


async def _shares(community: Community) -> None:
    now = community.now()
    async with community.database.reading() as work:
        is_due = bool(await work.shares.ended(now, 1))
    if not is_due:
        return
    async with community.database.unit_of_work() as work:
        for published in await work.shares.ended(now, BATCH):
            notice = await work.notices.get(published.share.notice_id)
            if notice is None:
                continue
            await publishing.end_share(community, work, notice, published, ShareState.EXPIRED)
            is_over = notice.wording.needed_by is not None and notice.wording.needed_by < now.date()
            if is_over and not notice.is_closed:
                await work.notices.put(set_status(notice, Status.EXPIRED, now))


async def _ended(community: Community) -> None:
    now = community.now()
    async with community.database.unit_of_work() as work:
        await work.sessions.forget_ended(now)
        await work.feed.forget_before(now)
        await work.replays.forget_before(now - ANSWERS_KEPT)
        await replays.forget_signatures(work, now)
        await work.journal.forget_before(now - JOURNAL_KEPT)
        kept = timedelta(days=(await profile_in(work)).strangers_kept_days)
        await work.enquiries.forget_before(now - kept)
        await work.reports.forget_before(now - kept)
        await work.answers.forget_ended()
        await work.hosts.forget_before(now - FORGOTTEN_AFTER)
