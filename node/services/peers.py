"""Linking with other communities: one asks, the other agrees, and both see each other's notices."""

from collections.abc import Callable
from dataclasses import replace

from node.domain.errors import Conflict, Invalid, NotFound
from node.domain.members import Member, must_be_steward
from node.domain.peers import (
    Direction,
    Follow,
    FollowState,
    OwnActor,
    Peer,
    PeerLevel,
    PeerStanding,
    host_of,
)
from node.domain.shares import Level
from node.services.community import Community
from node.services.outgoing import Letter, known_actors, new_activity_id, post
from node.services.remote import Both
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork
from node.translate import following, notices


async def add(community: Community, address: str, level: PeerLevel, by: Member | None) -> PeerStanding:
    """Follow a community, and at level `peers` also ask for a peering. The same host twice is one peer.

    `by` None stands for the command line. Raises Invalid for an address that is none, PeerTrouble when it cannot be
    reached, NotAllowed.
    """
    if by is not None:
        must_be_steward(by)
    found = await community.remote.look_up(_tidy(address))
    if level is PeerLevel.PEERS and found.peers is None:
        raise Invalid({"address": "That server takes no peerings. You can follow its public feed."})
    async with community.database.unit_of_work() as work:
        peer = await _known(community, work, found, address)
        if peer.blocked:
            raise Conflict("This community is blocked. Unblock it first.")
        peer = replace(peer, level=max(peer.level, level, key=list(PeerLevel).index))
        await work.peers.put(peer)
        await _ask(community, work, peer)
        await _note(community, work, by, "asked a community", peer)
        return await _standing(work, peer)


async def listing(community: Community) -> tuple[PeerStanding, ...]:
    """Every peer with where each direction stands, by name."""
    async with community.database.reading() as work:
        return tuple([await _standing(work, peer) for peer in await work.peers.all()])


async def get(community: Community, peer_id: str) -> PeerStanding:
    """One peer. Raises NotFound."""
    async with community.database.reading() as work:
        return await _standing(work, await _peer(work, peer_id))


async def accept(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
    """Say yes to a peering they asked for, and follow them back. Raises Conflict when they did not ask."""
    async with community.database.reading() as work:
        peer = await _peer(work, peer_id)
    both = await community.remote.complete(peer.public_actor, peer.peers_actor)
    async with community.database.unit_of_work() as work:
        peer = await _may_change(work, peer_id, by)
        asked = [follow for follow in await _follows(work, peer, Direction.INCOMING) if _is_asked(follow)]
        if not asked:
            raise Conflict("This community has not asked for anything that waits for an answer.")
        peer = replace(await _with_actors(work, peer, both), level=PeerLevel.PEERS)
        await work.peers.put(peer)
        for follow in asked:
            await _answer(community, work, follow, FollowState.ACCEPTED)
        await _ask(community, work, peer)
        await _note(community, work, by, "accepted a peering", peer)
        return await _standing(work, peer)


async def decline(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
    """Say no to a peering they asked for; they may ask again. Raises NotFound, NotAllowed."""
    async with community.database.unit_of_work() as work:
        peer = await _may_change(work, peer_id, by)
        for follow in await _follows(work, peer, Direction.INCOMING):
            if _is_asked(follow):
                await _answer(community, work, follow, FollowState.DECLINED)
        await _note(community, work, by, "declined a peering", peer)
        return await _standing(work, peer)


async def pause(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
    """Send them nothing new until resumed."""
    return await _change(community, peer_id, by, "paused a peer", lambda peer: replace(peer, paused=True))


async def resume(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
    """Go on as before the pause."""
    return await _change(community, peer_id, by, "resumed a peer", lambda peer: replace(peer, paused=False))


async def unblock(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
    """Talk with them again; what was ended stays ended until somebody asks anew."""
    return await _change(community, peer_id, by, "unblocked a peer", lambda peer: replace(peer, blocked=False))


async def block(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
    """End everything with a community and hear nothing from it any more (protocol 137)."""
    async with community.database.unit_of_work() as work:
        peer = await _may_change(work, peer_id, by)
        await _end_relations(community, work, peer)
        blocked = replace(peer, blocked=True)
        await work.peers.put(blocked)
        await _note(community, work, by, "blocked a peer", peer)
        standing = await _standing(work, blocked)
    await refresh_blocked(community)
    return standing


async def drop(community: Community, peer_id: str, by: Member | None) -> None:
    """End everything with a community and forget it."""
    async with community.database.unit_of_work() as work:
        peer = await _may_change(work, peer_id, by)
        await _end_relations(community, work, peer)
        for follow in await work.peers.follows_with(peer.host):
            await work.peers.remove_follow(follow)
        await work.peers.remove(peer.id)
        await _note(community, work, by, "dropped a peer", peer)
    await refresh_blocked(community)


async def change_level(community: Community, peer_id: str, level: PeerLevel, by: Member | None) -> PeerStanding:
    """Ask for a peering with a followed community, or go back to its public feed alone."""
    async with community.database.reading() as work:
        peer = await _peer(work, peer_id)
    if level is PeerLevel.PEERS:
        return await add(community, peer.address, level, by)
    async with community.database.unit_of_work() as work:
        peer = replace(await _may_change(work, peer_id, by), level=level)
        await work.peers.put(peer)
        for follow in await work.peers.follows_with(peer.host):
            if follow.own_actor is OwnActor.PEERS:
                await _end(community, work, follow)
        await _note(community, work, by, f"changed the level: {level}", peer)
        return await _standing(work, peer)


async def refresh_blocked(community: Community) -> None:
    """Bring the doors' list of blocked hosts up to date."""
    async with community.database.reading() as work:
        community.remote.blocked_hosts.replace(await work.peers.blocked_hosts())


async def find(community: Community, words: str) -> Peer:
    """A peer by id, host, address or name, as people type it on the command line. Raises NotFound."""
    async with community.database.reading() as work:
        for peer in await work.peers.all():
            if words in {peer.id, peer.host, peer.address, peer.name, peer.public_actor, peer.peers_actor}:
                return peer
    raise NotFound(f"There is no peer called {words}. See: manyhands peer list")


async def _known(community: Community, work: UnitOfWork, found: Both, address: str) -> Peer:
    """The peer on the found actors' host, stored if it is new."""
    host = host_of(found.first.id)
    peer = await work.peers.by_host(host)
    if peer is None:
        name = found.public.name if found.public else found.first.name
        peer = Peer(community.new_id(), _tidy(address), host, name, PeerLevel.PUBLIC, community.now())
        await work.peers.add(peer)
    return await _with_actors(work, peer, found)


async def _with_actors(work: UnitOfWork, peer: Peer, found: Both) -> Peer:
    for actor in (found.public, found.peers):
        if actor is not None:
            await work.peers.put_actor(actor)
    return replace(
        peer,
        name=found.public.name if found.public else peer.name,
        public_actor=found.public.id if found.public else peer.public_actor,
        peers_actor=found.peers.id if found.peers else peer.peers_actor,
    )


async def _ask(community: Community, work: UnitOfWork, peer: Peer) -> None:
    """Send every Follow that the peer's level wants and that was not sent before."""
    wanted = [(OwnActor.PUBLIC, peer.public_actor)]
    if peer.level is PeerLevel.PEERS:
        wanted.append((OwnActor.PEERS, peer.peers_actor))
    for own, remote in wanted:
        if remote is None:
            continue
        earlier = await work.peers.follow(Direction.OUTGOING, own, remote)
        if earlier is None or earlier.state not in {FollowState.ASKING, FollowState.ACCEPTED}:
            await _send_follow(community, work, own, remote)


async def _send_follow(community: Community, work: UnitOfWork, own: OwnActor, remote: str) -> None:
    activity_id = new_activity_id(community)
    follow = Follow(activity_id, Direction.OUTGOING, own, remote, FollowState.ASKING, community.now())
    await work.peers.put_follow(follow)
    activity = following.follow(follow, community.addresses.actor(own))
    await post(community, work, Letter(activity, own, f"follow {own} {remote}", await known_actors(work, [remote])))


async def _answer(community: Community, work: UnitOfWork, follow: Follow, state: FollowState) -> None:
    await work.peers.put_follow(replace(follow, state=state, updated_at=community.now()))
    own_id = community.addresses.actor(follow.own_actor)
    build = following.accept if state is FollowState.ACCEPTED else following.reject
    activity = build(new_activity_id(community), follow, own_id)
    actors = await known_actors(work, [follow.remote_actor])
    await post(community, work, Letter(activity, follow.own_actor, f"answer {follow.activity_id}", actors))


async def _end_relations(community: Community, work: UnitOfWork, peer: Peer) -> None:
    await _take_shares_back(community, work, peer)
    for follow in await work.peers.follows_with(peer.host):
        await _end(community, work, follow)
    await work.feed.remove_of(peer.host)


async def _end(community: Community, work: UnitOfWork, follow: Follow) -> None:
    """Undo a Follow of ours, or reject one of theirs, whatever its state."""
    if follow.state in {FollowState.ENDED, FollowState.DECLINED}:
        return
    if follow.direction is Direction.INCOMING:
        await _answer(community, work, follow, FollowState.DECLINED)
        return
    await work.peers.put_follow(replace(follow, state=FollowState.ENDED, updated_at=community.now()))
    activity = following.undo(new_activity_id(community), follow, community.addresses.actor(follow.own_actor))
    actors = await known_actors(work, [follow.remote_actor])
    key = f"follow {follow.own_actor} {follow.remote_actor}"
    await post(community, work, Letter(activity, follow.own_actor, key, actors))


async def _take_shares_back(community: Community, work: UnitOfWork, peer: Peer) -> None:
    """A Delete of every peers-level copy this community holds."""
    for published in await work.shares.shown([Level.PEERS, Level.NAMED], limit=1000):
        share = published.share
        holders = [actor for actor in await work.shares.recipient_inboxes(share.id) if host_of(actor) == peer.host]
        if holders:
            activity = notices.delete_for(new_activity_id(community), share, community.addresses, tuple(holders))
            letter = Letter(
                activity, OwnActor.PEERS, f"{share.object_id} {peer.host}", await known_actors(work, holders)
            )
            await post(community, work, letter)


async def _change(
    community: Community, peer_id: str, by: Member | None, action: str, change: Callable[[Peer], Peer]
) -> PeerStanding:
    async with community.database.unit_of_work() as work:
        changed = change(await _may_change(work, peer_id, by))
        await work.peers.put(changed)
        await _note(community, work, by, action, changed)
        standing = await _standing(work, changed)
    await refresh_blocked(community)
    return standing


async def _may_change(work: UnitOfWork, peer_id: str, by: Member | None) -> Peer:
    if by is not None:
        must_be_steward(by)
    return await _peer(work, peer_id)


async def _peer(work: UnitOfWork, peer_id: str) -> Peer:
    peer = await work.peers.get(peer_id)
    if peer is None:
        raise NotFound("There is no such peer.")
    return peer


async def _follows(work: UnitOfWork, peer: Peer, direction: Direction) -> list[Follow]:
    return [follow for follow in await work.peers.follows_with(peer.host) if follow.direction is direction]


async def _standing(work: UnitOfWork, peer: Peer) -> PeerStanding:
    """Per direction the state of the Follow that matters most: the peering where there is one."""
    follows = await work.peers.follows_with(peer.host)
    return PeerStanding(peer, _state(follows, peer, Direction.OUTGOING), _state(follows, peer, Direction.INCOMING))


def _state(follows: tuple[Follow, ...], peer: Peer, direction: Direction) -> FollowState | None:
    mine = [follow for follow in follows if follow.direction is direction and follow.state is not FollowState.ENDED]
    peering = [follow for follow in mine if follow.own_actor is OwnActor.PEERS]
    if peer.level is PeerLevel.PEERS or peering:
        return peering[0].state if peering else None
    return mine[0].state if mine else None


def _is_asked(follow: Follow) -> bool:
    return follow.state is FollowState.ASKED


async def _note(community: Community, work: UnitOfWork, by: Member | None, action: str, peer: Peer) -> None:
    await work.audit.add(AuditEntry(community.now(), by.id if by else None, action, peer.id, peer.host))


def _tidy(address: str) -> str:
    tidy = address.strip()
    if not tidy or len(tidy) > 500 or any(character.isspace() for character in tidy):
        raise Invalid({"address": "Write an address such as @name@host or https://host/."})
    return tidy
