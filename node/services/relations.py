"""Between us and one other community: Follows asked, answered and ended. Always inside a unit of work."""

from dataclasses import replace

from node.domain.link_texts import LinkText
from node.domain.peers import Direction, Follow, FollowState, OwnActor, Peer, PeerLevel, RemoteActor, host_of
from node.domain.shares import Level, RecipientState
from node.services import homes
from node.services.community import Community, profile_in
from node.services.introducing import end_with
from node.services.outgoing import Letter, known_actors, new_activity_id, post
from node.services.publishing import take_back
from node.services.remote import Both
from node.storage.unit_of_work import UnitOfWork
from node.translate import following
from node.translate.actors import PEERS_SUFFIX


async def known_peer(community: Community, work: UnitOfWork, found: Both, address: str) -> Peer:
    """The peer on the found actors' host, stored under `address` if it is new."""
    host = host_of(found.first.id)
    peer = await work.peers.by_host(host)
    if peer is None:
        name = found.public.name if found.public else found.first.name
        peer = Peer(community.new_id(), address, host, name, PeerLevel.PUBLIC, community.now())
        await work.peers.add(peer)
    return await with_actors(work, peer, found)


async def with_actors(work: UnitOfWork, peer: Peer, found: Both) -> Peer:
    """The peer with both feeds as far as they were found; their actors are stored."""
    for actor in (found.public, found.peers):
        if actor is not None:
            await work.peers.put_actor(actor)
    public = found.public or await _public_that_asked(work, peer)
    return replace(
        peer,
        name=public.name if public else peer.name,
        address=_handle(public) if public and PEERS_SUFFIX in peer.address else peer.address,
        public_actor=public.id if public else peer.public_actor,
        peers_actor=found.peers.id if found.peers else peer.peers_actor,
    )


async def _public_that_asked(work: UnitOfWork, peer: Peer) -> RemoteActor | None:
    """Their public actor, where only the peers actor is known and its server cannot be asked now: it follows us, too.

    It is called like the peers actor without what stands behind that name.
    """
    peers = await work.peers.actor(peer.peers_actor) if peer.peers_actor and peer.public_actor is None else None
    if peers is None or not peers.is_manyhands:
        return None
    follows = await work.peers.follows_with(peer.host)
    known = await work.peers.actors(one.remote_actor for one in follows if one.own_actor is OwnActor.PUBLIC)
    return next((one for one in known.values() if f"{one.username}{PEERS_SUFFIX}" == peers.username), None)


def _handle(actor: RemoteActor) -> str:
    return actor.handle or actor.id


async def ask(community: Community, work: UnitOfWork, peer: Peer) -> None:
    """Send every Follow that the peer's level wants and that was not sent before."""
    wanted = [(OwnActor.PUBLIC, peer.public_actor)]
    if peer.level is PeerLevel.PEERS:
        wanted.append((OwnActor.PEERS, peer.peers_actor))
    for own, remote in wanted:
        if remote is None:
            continue
        earlier = await work.peers.follow(Direction.OUTGOING, own, remote)
        if earlier is None or earlier.state not in {FollowState.ASKING, FollowState.ACCEPTED}:
            await send_follow(community, work, own, remote)
            if own is OwnActor.PEERS:
                await keep_texts(community, work, peer)


async def send_follow(community: Community, work: UnitOfWork, own: OwnActor, remote: str) -> None:
    """Ask to follow one actor."""
    activity_id = new_activity_id(community)
    follow = Follow(activity_id, Direction.OUTGOING, own, remote, FollowState.ASKING, community.now())
    await work.peers.put_follow(follow)
    activity = following.follow(follow, community.addresses.actor(own))
    await post(community, work, Letter(activity, own, f"follow {own} {remote}", await known_actors(work, [remote])))


async def keep_texts(community: Community, work: UnitOfWork, peer: Peer) -> None:
    """Keep what both communities write about being linked, as it is at this moment: we say yes to it."""
    ours = (await profile_in(work)).link_text
    await work.link_texts.put(LinkText(peer.id, ours, await text_of(work, peer), community.now()))


async def text_of(work: UnitOfWork, peer: Peer) -> str:
    """What a community writes to whoever links with it, as its peers actor said last."""
    actor = await work.peers.actor(peer.peers_actor) if peer.peers_actor else None
    return actor.link_text if actor is not None else ""


async def asked_of_us(work: UnitOfWork, peer: Peer) -> tuple[Follow, ...]:
    """Their Follows that wait for a steward's answer."""
    return tuple(follow for follow in await work.peers.follows_with(peer.host) if follow.state is FollowState.ASKED)


async def answer(community: Community, work: UnitOfWork, follow: Follow, state: FollowState) -> None:
    """Accept or reject a Follow of theirs, and tell them."""
    community = homes.of_follow(community, follow)
    await work.peers.put_follow(replace(follow, state=state))
    own_id = community.addresses.actor(follow.own_actor)
    build = following.accept if state is FollowState.ACCEPTED else following.reject
    activity = build(new_activity_id(community), follow, own_id)
    actors = await known_actors(work, [follow.remote_actor])
    await post(community, work, Letter(activity, follow.own_actor, f"answer {follow.activity_id}", actors))


async def end_relations(community: Community, work: UnitOfWork, peer: Peer) -> None:
    """End every Follow in both directions, take back what they hold, and forget what they showed (protocol 137)."""
    await _take_shares_back(community, work, peer)
    for host in peer.hosts:
        await end_with(community, work, host)
        for follow in await work.peers.follows_with(host):
            await end_follow(community, work, follow)
        await work.feed.remove_of(host)


async def end_peering(community: Community, work: UnitOfWork, peer: Peer) -> None:
    """Go back to the public feeds: what is for peers ends in both directions and is taken back (protocol 137)."""
    await _take_shares_back(community, work, peer)
    await end_with(community, work, peer.host)
    for follow in await work.peers.follows_with(peer.host):
        if follow.own_actor is OwnActor.PEERS:
            await end_follow(community, work, follow)
    for host in peer.hosts:
        await work.feed.remove_not_public_of(host)


async def forget_letters(work: UnitOfWork, host: str) -> None:
    """What this server's people wrote to us, what it reported, and what others wrote of it, is forgotten."""
    await work.introductions.remove_received_about(host)
    await work.enquiries.remove_from(host)
    await work.reports.remove_from(host)


async def end_follow(community: Community, work: UnitOfWork, follow: Follow) -> None:
    """Undo a Follow of ours, or reject one of theirs, whatever its state."""
    if follow.state in {FollowState.ENDED, FollowState.DECLINED}:
        return
    if follow.direction is Direction.INCOMING:
        await answer(community, work, follow, FollowState.DECLINED)
        return
    community = homes.of_follow(community, follow)
    await work.peers.put_follow(replace(follow, state=FollowState.ENDED, updated_at=community.now()))
    activity = following.undo(new_activity_id(community), follow, community.addresses.actor(follow.own_actor))
    actors = await known_actors(work, [follow.remote_actor])
    key = f"follow {follow.own_actor} {follow.remote_actor}"
    await post(community, work, Letter(activity, follow.own_actor, key, actors))


async def _take_shares_back(community: Community, work: UnitOfWork, peer: Peer) -> None:
    """A Delete of every peers-level copy this community holds."""
    for published in await work.shares.shown([Level.PEERS, Level.NAMED], limit=1000):
        share = published.share
        copies = await work.shares.recipients(share.id)
        holders = [
            copy.actor for copy in copies if host_of(copy.actor) in peer.hosts and copy.state != RecipientState.ERASED
        ]
        await take_back(community, work, share, holders)
