"""Whom we have to do with, and whose things are whose."""

from federation.origin import same_origin
from node.domain.addresses import PUBLIC_COLLECTION
from node.domain.peers import Direction, FollowState, OwnActor, host_of
from node.services.community import Community
from node.storage.unit_of_work import UnitOfWork
from schemas.objects import Note


def is_own(community: Community, note: Note, actor: str) -> bool:
    """Author and id belong to the actor's own server (protocol 92)."""
    return note.attributed_to == actor and same_origin(note.id, actor, allow_http=community.remote.allow_http)


async def is_related(work: UnitOfWork, actor: str) -> bool:
    """One of our actors follows this one, or its community is linked with ours."""
    return bool(await work.peers.accepted(Direction.OUTGOING, [actor])) or await is_linked(work, actor)


async def is_linked(work: UnitOfWork, actor: str) -> bool:
    """A steward linked us with this actor's community, and neither paused nor blocked it."""
    peer = await work.peers.by_host(host_of(actor))
    if peer is None or not peer.may_exchange:
        return False
    return any(
        follow.state is FollowState.ACCEPTED and follow.own_actor is OwnActor.PEERS
        for follow in await work.peers.follows_with(peer.host)
    )


async def for_whom(community: Community, work: UnitOfWork, author: str, addressed: tuple[str, ...]) -> OwnActor | None:
    """Which of our actors may keep this: one that follows the author, or one it was addressed to by a peer of ours."""
    followed = {own for own, _ in await work.peers.accepted(Direction.OUTGOING, [author])}
    for own in (OwnActor.PEERS, OwnActor.PUBLIC):
        if own in followed:
            return own
    named = addressed_actors(community, addressed)
    if named and PUBLIC_COLLECTION not in addressed and await is_linked(work, author):
        return named[0]
    return None


def addressed_actors(community: Community, addressed: tuple[str, ...]) -> tuple[OwnActor, ...]:
    """Those of our actors that are among the addressees."""
    return tuple(own for own in OwnActor if community.addresses.actor(own) in addressed)
