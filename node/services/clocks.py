"""What happens by itself when its time has come. Silence ends a lease: the need comes home."""

from node.domain.responses import ResponseState, end
from node.domain.shares import ShareState
from node.services import (
    ended_links,
    followed,
    leases,
    lists,
    matching,
    moving,
    noting,
    practice,
    publishing,
    retention,
    rounds,
    taking_on,
)
from node.services.community import Community

BATCH = 100


async def run_due(community: Community) -> None:
    """Bring home what is overdue, let unanswered offers lapse, end shares and begin rounds that are due, forget."""
    await leases.run_out(community)
    await taking_on.run_out(community)
    await matching.run_out(community)
    await _offers(community)
    await _shares(community)
    await rounds.come_due(community)
    await moving.leave_due(community)
    await ended_links.forget_old(community)
    await followed.forget_oldest(community)
    await lists.forget_old(community)
    await practice.go_on_ending(community)
    await noting.note_due(community)
    await retention.forget_due(community)
    await community.database.clear_traces()


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
            await publishing.end_share(community, work, published, ShareState.EXPIRED)
