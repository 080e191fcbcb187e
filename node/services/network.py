"""The network at a glance: our neighbours, and what went each way this month."""

from collections import Counter
from datetime import datetime

from node.domain.days import first_of_month
from node.domain.members import Member, must_be_dispatcher
from node.domain.network import Counted, Neighbour, neighbours
from node.domain.peers import host_of
from node.domain.responses import Side
from node.services import peers
from node.services.community import Community, zone_in
from node.storage.unit_of_work import UnitOfWork


async def at_a_glance(community: Community, by: Member) -> tuple[Neighbour, ...]:
    """Every neighbour by name, with what went each way since the first of this month. Raises NotAllowed."""
    must_be_dispatcher(by)
    now = community.now()
    standings = await peers.listing(community)
    async with community.database.reading() as work:
        since = first_of_month(now, await zone_in(community, work))
        counted = await _counted(work, since)
        health = await work.hosts.these(standing.peer.host for standing in standings)
    failing = (host for host, known in health.items() if known.is_out_of_reach(now))
    return neighbours(standings, counted, failing, now)


async def _counted(work: UnitOfWork, since: datetime) -> Counted:
    """Of each neighbour once: a notice that was shown to it in two ways is one notice."""
    shown = {(host_of(actor), notice) for actor, notice in await work.shares.shown_since(since)}
    tasks = Counter((task.side, host_of(task.remote_actor)) for task in await work.responses.agreed_since(since))
    return Counted(
        shown=Counter(host for host, _ in shown),
        received=await work.feed.received_since(since),
        helped={host: number for (side, host), number in tasks.items() if side is Side.HELPER},
        were_helped={host: number for (side, host), number in tasks.items() if side is Side.ORIGIN},
    )
