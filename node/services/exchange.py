"""What flows between us and one neighbouring community: chosen by a steward for each category and each direction."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from node.domain.exchange import Exchange, chosen, in_order
from node.domain.members import Member
from node.domain.peers import Peer, PeerStanding, host_of
from node.domain.shares import Level, Share, ShareState
from node.services.community import Community
from node.services.copies import let_go
from node.services.peers import may_change, standing_of
from node.services.publishing import ASKED_BACK, MOST_MISSED, end_share, has_task, send_missed, take_back
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Wish:
    """The categories that shall flow from now on; a direction that is None stays as it is."""

    sends: Iterable[str] | None = None
    receives: Iterable[str] | None = None


async def choose(community: Community, peer_id: str, wish: Wish, by: Member | None) -> PeerStanding:
    """Change what goes to a community and what is taken in from it; at once, for what is shared now, too.

    What no longer goes there is asked back, save where a task is open or under way; what goes there anew is sent. What
    is no longer taken in is erased here, and what is taken in anew is read. Raises Invalid, NotFound, NotAllowed.
    """
    async with community.database.unit_of_work() as work:
        peer = await may_change(work, peer_id, by)
        before, wanted = peer.exchange, _wanted(peer.exchange, wish)
        peer = replace(peer, exchange=wanted)
        await work.peers.put(peer)
        await _ask_back(community, work, peer, before.sends - wanted.sends)
        if wanted.sends - before.sends and peer.may_exchange:
            await send_missed(community, work, peer.host, wanted.sends - before.sends)
        for item in await work.feed.for_neighbours(peer.host, before.receives - wanted.receives):
            await let_go(work, item)
        if wanted.receives - before.receives:
            await work.peers.read_again(peer.host)
        if wanted != before:
            entry = AuditEntry(community.now(), by.id if by else None, "chose what flows", peer.id, _detail(wanted))
            await work.audit.add(entry)
        return await standing_of(work, peer)


def _wanted(before: Exchange, wish: Wish) -> Exchange:
    return Exchange(
        before.sends if wish.sends is None else chosen(wish.sends, "sends"),
        before.receives if wish.receives is None else chosen(wish.receives, "receives"),
    )


async def _ask_back(community: Community, work: UnitOfWork, peer: Peer, categories: frozenset[str]) -> None:
    """Every copy of these categories that this community holds goes, and so does its name in shares named for it."""
    if not categories:
        return
    for published in await work.shares.shown([Level.PEERS, Level.NAMED], MOST_MISSED):
        share = published.share
        if share.category not in categories or await has_task(work, share, peer.host):
            continue
        left = tuple(named for named in share.named if named != peer.id)
        if share.level == Level.NAMED and not left:
            await end_share(community, work, published, ShareState.WITHDRAWN)
            continue
        if left != share.named:
            await work.shares.put(replace(published, share=replace(share, named=left)))
        await take_back(community, work, share, await _holders(work, share, peer))


async def _holders(work: UnitOfWork, share: Share, peer: Peer) -> tuple[str, ...]:
    copies = await work.shares.recipients(share.id)
    return tuple(copy.actor for copy in copies if host_of(copy.actor) == peer.host and copy.state not in ASKED_BACK)


def _detail(exchange: Exchange) -> str:
    sends, receives = ", ".join(in_order(exchange.sends)), ", ".join(in_order(exchange.receives))
    return f"sends: {sends or 'nothing'}; receives: {receives or 'nothing'}"
