"""Whom a share goes to, and which neighbours do not get it and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from node.domain.errors import Conflict
from node.domain.peers import Direction, FollowState, OwnActor, Peer, PeerLevel, RemoteActor, host_of
from node.domain.phrases import say
from node.domain.shares import Level, Share, ShareRequest
from node.services.community import profile_in
from node.services.outgoing import known_actors
from node.storage.unit_of_work import UnitOfWork
from node.translate.notices import sender

RESTS = say("The link with them rests. It goes to them when the link is started again.")
NOT_LINKED = say("They do not receive what we share with neighbouring communities.")


@dataclass(frozen=True)
class Reader:
    """A neighbouring community and, in one sentence, why it does not get something; empty where it does.

    `is_off` tells that a steward has not switched this category on for it.
    """

    peer: Peer
    reason: str = ""
    is_off: bool = False


async def audience_actors(work: UnitOfWork, one: Share) -> tuple[RemoteActor, ...]:
    """Everyone a share goes to at this moment."""
    if one.level == Level.NAMED:
        return await known_actors(work, await named_actors(work, one.named))
    followers = await work.peers.followers(sender(one.level))
    if one.level == Level.PEERS:
        peers = await work.peers.by_hosts(host_of(actor) for actor in followers)
        followers = tuple(actor for actor in followers if is_meant(one, peers.get(host_of(actor))))
    return await known_actors(work, followers)


def is_meant(one: Share, peer: Peer | None) -> bool:
    """Whether a share is for this community, a linked one: it is named, or the category goes there.

    What we tell of ourselves has no category: it goes to every neighbour.
    """
    if one.level == Level.PUBLIC:
        return True
    if peer is None or not peer.may_exchange:
        return False
    if one.level == Level.NAMED:
        return peer.id in one.named
    return not one.category or peer.exchange.gives(one.category)


async def readers(work: UnitOfWork, category: str, request: ShareRequest) -> tuple[Reader, ...]:
    """Every neighbour that a share like this is, or might be, for: by name. None for a public one, which is for all."""
    if request.level == Level.PUBLIC:
        return ()
    wanted = [peer for peer in await work.peers.all() if _is_considered(peer, request)]
    return tuple([await _reader(work, peer, category) for peer in wanted])


def refuse_switched_off(found: Iterable[Reader], request: ShareRequest, *, is_steward: bool) -> None:
    """Raise Conflict where a named community is not sent this category: only a steward decides so for one notice."""
    if request.level != Level.NAMED or is_steward:
        return
    for reader in found:
        if reader.is_off:
            raise Conflict(say("%(reason)s Ask a steward, or choose others.", reason=reader.reason))


async def named_actors(work: UnitOfWork, named: tuple[str, ...]) -> tuple[str, ...]:
    """The actors of these communities that are linked with ours, and neither paused nor blocked."""
    peers = [peer for peer in await work.peers.all() if peer.id in named and peer.may_exchange]
    actors = [await _linked_actor(work, peer) for peer in peers]
    return tuple(actor for actor in actors if actor is not None)


def _is_considered(peer: Peer, request: ShareRequest) -> bool:
    if request.level == Level.NAMED:
        return peer.id in request.peers
    return peer.level is PeerLevel.PEERS and not peer.blocked


async def _reader(work: UnitOfWork, peer: Peer, category: str) -> Reader:
    if await _linked_actor(work, peer) is None:
        return Reader(peer, NOT_LINKED)
    if not peer.exchange.gives(category):
        return Reader(
            peer,
            say(
                "A steward has not switched “%(category)s” on for %(community)s.",
                category=(await profile_in(work)).categories.name_of(category),
                community=peer.name,
            ),
            is_off=True,
        )
    return Reader(peer, RESTS if peer.paused else "")


async def _linked_actor(work: UnitOfWork, peer: Peer) -> str | None:
    """The peer's actor that agreed to receive what is for peers."""
    for follow in await work.peers.follows_with(peer.host):
        is_peering = follow.own_actor is OwnActor.PEERS and follow.remote_actor == peer.peers_actor
        if is_peering and follow.direction is Direction.INCOMING and follow.state is FollowState.ACCEPTED:
            return follow.remote_actor
    return None
