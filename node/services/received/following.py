"""Somebody wants to follow one of our feeds."""

from node.domain.peers import Direction, Follow, FollowState, OwnActor, Peer, PeerLevel, host_of
from node.services.community import Community
from node.services.moving import follow_back
from node.services.outgoing import Letter, known_actors, new_activity_id, post
from node.services.relations import ask, with_actors
from node.services.remote import Both
from node.storage.unit_of_work import UnitOfWork
from node.translate import following
from schemas.activities import Follow as FollowActivity


async def on_follow(community: Community, work: UnitOfWork, activity: FollowActivity) -> None:
    """The public feed takes everyone; the peers feed asks a steward, unless we asked that community first.

    A repeated Follow is answered again (protocol 102, 103). The instance actor cannot be followed.
    """
    own = community.addresses.own_actor(activity.object)
    if own is None or activity.id is None:
        return
    earlier = await work.peers.follow(Direction.INCOMING, own, activity.actor)
    if community is not community.current:
        await _answer_at_the_old_address(community, work, (activity, own), earlier)
        return
    state = await _state(work, own, activity.actor, earlier)
    follow = Follow(activity.id, Direction.INCOMING, own, activity.actor, state, community.now())
    if state is not FollowState.DECLINED:
        await work.peers.put_follow(follow)
    if state is FollowState.ASKED:
        await _introduce(community, work, activity.actor)
        return
    await _answer(community, work, follow)
    if state is FollowState.ACCEPTED:
        await follow_back(community, work, activity.actor)
    if own is OwnActor.PUBLIC:
        await _make_whole(community, work, activity.actor)


async def _answer_at_the_old_address(
    community: Community, work: UnitOfWork, asked: tuple[FollowActivity, OwnActor], earlier: Follow | None
) -> None:
    """Whoever follows us there is told so again; nobody new is taken: the actor's document says where we live now."""
    activity, own = asked
    is_known = earlier is not None and earlier.state is FollowState.ACCEPTED
    state = FollowState.ACCEPTED if is_known else FollowState.DECLINED
    follow = Follow(activity.id or "", Direction.INCOMING, own, activity.actor, state, community.now())
    await _answer(community, work, follow)


async def _answer(community: Community, work: UnitOfWork, follow: Follow) -> None:
    build = following.accept if follow.state is FollowState.ACCEPTED else following.reject
    answer = build(new_activity_id(community), follow, community.addresses.actor(follow.own_actor))
    actors = await known_actors(work, [follow.remote_actor])
    await post(community, work, Letter(answer, follow.own_actor, f"answer {follow.activity_id}", actors))


async def _state(work: UnitOfWork, own: OwnActor, actor: str, earlier: Follow | None) -> FollowState:
    match own:
        case OwnActor.PUBLIC:
            return FollowState.ACCEPTED
        case OwnActor.INSTANCE:
            return FollowState.DECLINED
        case OwnActor.PEERS:
            is_agreed = earlier is not None and earlier.state is FollowState.ACCEPTED
            return FollowState.ACCEPTED if is_agreed or await _we_asked(work, actor) else FollowState.ASKED


async def _we_asked(work: UnitOfWork, actor: str) -> bool:
    """A steward of ours asked this very actor for a peering, and that stands."""
    ours = await work.peers.follow(Direction.OUTGOING, OwnActor.PEERS, actor)
    peer = await work.peers.by_host(host_of(actor))
    stands = ours is not None and ours.state in {FollowState.ASKING, FollowState.ACCEPTED}
    return stands and peer is not None and peer.level is PeerLevel.PEERS and not peer.blocked


async def _make_whole(community: Community, work: UnitOfWork, actor_id: str) -> None:
    """A link that was agreed to while their public feed could not be found is whole once that feed asks for ours."""
    peer = await work.peers.by_host(host_of(actor_id))
    if peer is None or peer.level is not PeerLevel.PEERS or peer.blocked or peer.public_actor is not None:
        return
    actor = await work.peers.actor(actor_id)
    if actor is not None and actor.is_manyhands:
        peer = await with_actors(work, peer, Both(public=actor, peers=None))
        await work.peers.put(peer)
        await ask(community, work, peer)


async def _introduce(community: Community, work: UnitOfWork, actor_id: str) -> None:
    """Show the asking community to our stewards."""
    host = host_of(actor_id)
    if await work.peers.by_host(host) is not None:
        return
    actor = await work.peers.actor(actor_id)
    name = actor.name if actor else host
    address = f"@{actor.username}@{host}" if actor and actor.username else actor_id
    peer = Peer(community.new_id(), address, host, name, PeerLevel.PUBLIC, community.now(), peers_actor=actor_id)
    await work.peers.add(peer)
