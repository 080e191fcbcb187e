"""A neighbour says that it moved: once a steward confirms, the link goes on with its new address.

Nothing is taken back and no task ends: what began with the old actors ends with them, and nobody else gets a say in it
(protocol 93, 116, T-34). What was agreed with them is agreed with the new ones.
"""

from dataclasses import replace

from node.domain.errors import Conflict
from node.domain.members import Member
from node.domain.peers import Direction, Follow, FollowState, OwnActor, Peer, PeerStanding, RemoteActor
from node.domain.phrases import say
from node.services import boundaries
from node.services.community import Community
from node.services.peers import may_change, standing_of
from node.services.relations import ask, with_actors
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork

MOST_FORMER = 5


async def confirm_move(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
    """Go along with a community that says it moved. Its new address must still name the old one.

    Raises NotFound, NotAllowed, PeerTrouble, and Conflict where nothing waits, or the new address is blocked or says
    nothing of a move.
    """
    async with community.database.reading() as work:
        peer = await may_change(work, peer_id, by)
    new = await _moved_to(community, peer)
    found = await community.remote.look_up(new.id)
    async with community.database.unit_of_work() as work:
        peer = await may_change(work, peer_id, by)
        if peer.moving_to != new.id:
            raise Conflict(say("This community has not said that it moved."))
        if peer.blocked or community.remote.boundaries.blocks(new.id):
            raise Conflict(say("The community at the new address is blocked. Unblock it first."))
        await _make_room(work, peer, new)
        moved = replace(
            peer,
            host=new.host,
            public_actor=None,
            peers_actor=None,
            moving_to=None,
            compared=None,
            former_hosts=former_hosts(peer, new.host),
        )
        moved = replace(await with_actors(work, moved, found), address=f"@{new.username}@{new.host}")
        await work.peers.put(moved)
        await _take_along(community, work, (peer, moved))
        await ask(community, work, moved)
        by_id = by.id if by else None
        await work.audit.add(AuditEntry(community.now(), by_id, "confirmed a move", moved.id, moved.host))
        standing = await standing_of(work, moved)
    await boundaries.refresh(community.database, community.remote.boundaries)
    return standing


async def decline_move(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
    """Stay with the old address; the same move can be told again after seven days. Raises NotFound, NotAllowed."""
    async with community.database.unit_of_work() as work:
        peer = replace(await may_change(work, peer_id, by), moving_to=None)
        await work.peers.put(peer)
        by_id = by.id if by else None
        await work.audit.add(AuditEntry(community.now(), by_id, "declined a move", peer.id, peer.host))
        return await standing_of(work, peer)


def former_hosts(peer: Peer, new_host: str) -> tuple[str, ...]:
    """The hosts a community lived at, once it lives at `new_host`: the newest first, five at most."""
    return tuple(host for host in peer.hosts if host != new_host)[:MOST_FORMER]


async def _make_room(work: UnitOfWork, peer: Peer, new: RemoteActor) -> None:
    """Whoever was known at the new host until now was this community, too."""
    there = await work.peers.by_host(new.host)
    if there is not None and there.host == new.host and there.id != peer.id:
        await work.peers.remove(there.id)


async def _take_along(community: Community, work: UnitOfWork, both: tuple[Peer, Peer]) -> None:
    """What was agreed with each old actor is agreed with the new one of the same kind; the old ones follow no more.

    They are not told: at the same community they are the same Follows, which the new ones are about to renew.
    """
    before, now = both
    heirs = {before.public_actor: now.public_actor, before.peers_actor: now.peers_actor}
    for follow in [one for host in before.hosts for one in await work.peers.follows_with(host)]:
        heir = heirs.get(follow.remote_actor)
        if heir is None or heir == follow.remote_actor:
            continue
        if follow.direction is Direction.INCOMING and follow.state is FollowState.ACCEPTED:
            await _accept_heir(work, follow, heir)
        await work.peers.put_follow(replace(follow, state=FollowState.ENDED, updated_at=community.now()))


async def _accept_heir(work: UnitOfWork, follow: Follow, heir: str) -> None:
    asked = await work.peers.follow(Direction.INCOMING, OwnActor(follow.own_actor), heir)
    await work.peers.put_follow(replace(asked or replace(follow, remote_actor=heir), state=FollowState.ACCEPTED))


async def _moved_to(community: Community, peer: Peer) -> RemoteActor:
    """The actor at the new address, if it names one of the old ones."""
    if peer.moving_to is None:
        raise Conflict(say("This community has not said that it moved."))
    for old in (peer.public_actor, peer.peers_actor):
        found = await community.remote.moved_to(peer.moving_to, old) if old else None
        if found is not None:
            return found
    raise Conflict(say("The community at the new address does not say that it is this one."))
