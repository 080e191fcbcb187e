"""A community goes on under another address (FEP-7628).

It counts only if the actor at the new address names the old one; `prepare` asked there. A follow of a public feed goes
along by itself. A linked community stays where it is until a steward confirms (protocol 116, T-34).
"""

from dataclasses import replace
from datetime import timedelta

from node.domain.peers import Direction, FollowState, OwnActor, Peer, PeerLevel, RemoteActor, host_of
from node.services.community import Community
from node.services.received.prepare import Fetched
from node.services.relations import end_follow, send_follow
from node.services.relocating import former_hosts
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork
from schemas.activities import Move

COOL_DOWN = timedelta(days=7)


async def on_move(community: Community, work: UnitOfWork, move: Move, fetched: Fetched | None) -> None:
    """Follow a confirmed move, or show it to the stewards. Of two within seven days only the first counts."""
    target = fetched.other if fetched is not None and fetched.wanted == move.target else None
    if move.object != move.actor or target is None or community.remote.boundaries.blocks(target.id):
        return
    now = community.now()
    earlier = await work.peers.moved_at(move.actor)
    if earlier is not None and now - earlier < COOL_DOWN:
        return
    await work.peers.put_move(move.actor, target.id, now)
    peer = await work.peers.by_host(host_of(move.actor))
    if peer is not None and await _waits_for_a_steward(work, peer):
        await work.peers.put(replace(peer, moving_to=target.id))
        await work.audit.add(AuditEntry(now, None, "a peer says that it moved", peer.id, target.id))
        return
    await _go_along(community, work, move.actor, target)
    if peer is not None and peer.public_actor == move.actor:
        await _readdress(work, peer, target)
        await work.audit.add(AuditEntry(now, None, "a followed community moved", peer.id, target.id))


async def _waits_for_a_steward(work: UnitOfWork, peer: Peer) -> bool:
    """A peering was agreed or asked for: what is for peers never moves by itself."""
    is_peering = any(follow.own_actor is OwnActor.PEERS for follow in await work.peers.follows_with(peer.host))
    return peer.level is PeerLevel.PEERS or is_peering


async def _go_along(community: Community, work: UnitOfWork, old: str, target: RemoteActor) -> None:
    follow = await work.peers.follow(Direction.OUTGOING, OwnActor.PUBLIC, old)
    if follow is None or follow.state not in {FollowState.ASKING, FollowState.ACCEPTED}:
        return
    await work.peers.put_actor(target)
    await end_follow(community, work, follow)
    await send_follow(community, work, OwnActor.PUBLIC, target.id)


async def _readdress(work: UnitOfWork, peer: Peer, target: RemoteActor) -> None:
    """The peer is the one at the new host now; one known there already takes its place."""
    there = await work.peers.by_host(target.host)
    if there is not None and there.host == target.host and there.id != peer.id:
        await work.peers.remove(peer.id)
        return
    address = f"@{target.username}@{target.host}" if target.username else target.id
    former = former_hosts(peer, target.host)
    await work.peers.put(replace(peer, host=target.host, address=address, public_actor=target.id, former_hosts=former))
