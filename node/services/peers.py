"""Linking with other communities: one asks, the other agrees, and both see each other's notices."""

from collections.abc import Callable
from dataclasses import replace

from node.domain.errors import Conflict, Invalid, NotFound
from node.domain.members import Member, must_be_steward_or_command_line
from node.domain.peers import (
    Direction,
    Follow,
    FollowState,
    OwnActor,
    Peer,
    PeerLevel,
    PeerStanding,
)
from node.domain.phrases import say
from node.domain.second_yes import FirstYes, of_link
from node.services import boundaries, second_yes
from node.services.community import Community
from node.services.ended_links import note_end
from node.services.publishing import send_missed
from node.services.relations import (
    answer,
    ask,
    asked_of_us,
    end_peering,
    end_relations,
    forget_letters,
    keep_texts,
    known_peer,
    with_actors,
)
from node.services.rest import rest_of
from node.services.second_yes import Deed
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork


async def add(community: Community, address: str, level: PeerLevel, by: Member | None) -> PeerStanding:
    """Follow a community, and at level `peers` also ask for a peering. The same host twice is one peer.

    `by` None stands for the command line. Where a link takes two stewards, the first one's yes waits, and nothing is
    asked yet. Raises Invalid for an address that is none, PeerTrouble when it cannot be reached, NotAllowed.
    """
    must_be_steward_or_command_line(by)
    found = await community.remote.look_up(tidy_address(address))
    if level is PeerLevel.PEERS and found.peers is None:
        raise Invalid({"address": say("That server takes no peerings. You can follow its public feed.")})
    async with community.database.unit_of_work() as work:
        peer = await known_peer(community, work, found, tidy_address(address))
        if peer.blocked or community.remote.boundaries.blocks_host(peer.host):
            raise Conflict(say("This community is blocked. Unblock it first."))
        if level is PeerLevel.PEERS and not await _is_agreed(community, work, peer, by):
            await work.peers.put(peer)
            return await standing_of(work, peer)
        peer = replace(peer, level=max(peer.level, level, key=list(PeerLevel).index))
        await work.peers.put(peer)
        await ask(community, work, peer)
        await _note(community, work, by, "asked a community", peer)
        return await standing_of(work, peer)


async def listing(community: Community) -> tuple[PeerStanding, ...]:
    """Every peer with where each direction stands, by name."""
    async with community.database.reading() as work:
        return tuple([await standing_of(work, peer) for peer in await work.peers.all()])


async def names(community: Community) -> dict[str, str]:
    """The name of every peer, by its id."""
    async with community.database.reading() as work:
        return await work.peers.names()


async def get(community: Community, peer_id: str) -> PeerStanding:
    """One peer. Raises NotFound."""
    async with community.database.reading() as work:
        return await standing_of(work, await found_peer(work, peer_id))


async def accept(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
    """Say yes to a peering they asked for, and follow them back. Raises Conflict when they did not ask.

    Where it takes two stewards, the first one's yes waits and nothing is answered yet.
    """
    async with community.database.reading() as work:
        peer = await found_peer(work, peer_id)
    both = await community.remote.complete(peer.public_actor, peer.peers_actor)
    async with community.database.unit_of_work() as work:
        peer = await may_change(work, peer_id, by)
        asked = await asked_of_us(work, peer)
        if not asked:
            raise Conflict(say("This community has not asked for anything that waits for an answer."))
        if not await _is_agreed(community, work, peer, by):
            return await standing_of(work, peer)
        peer = replace(await with_actors(work, peer, both), level=PeerLevel.PEERS)
        await work.peers.put(peer)
        for follow in asked:
            await answer(community, work, follow, FollowState.ACCEPTED)
        await ask(community, work, peer)
        await keep_texts(community, work, peer)
        await _note(community, work, by, "accepted a peering", peer)
        return await standing_of(work, peer)


async def decline(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
    """Say no to a peering they asked for; they may ask again. Raises NotFound, NotAllowed."""
    async with community.database.unit_of_work() as work:
        peer = await may_change(work, peer_id, by)
        for follow in await asked_of_us(work, peer):
            await answer(community, work, follow, FollowState.DECLINED)
        await work.first_yeses.remove(of_link(peer.id))
        await _note(community, work, by, "declined a peering", peer)
        return await standing_of(work, peer)


async def pause(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
    """Exchange nothing new with them until resumed; tasks that are under way go on."""
    return await _change(community, peer_id, by, "paused a peer", lambda peer: replace(peer, paused=True))


async def resume(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
    """Go on as before the pause: what they shared meanwhile is read, and what we shared is sent."""
    async with community.database.unit_of_work() as work:
        before = await may_change(work, peer_id, by)
        standing = await _changed(community, work, by, "resumed a peer", replace(before, paused=False))
        if before.paused:
            await work.peers.read_again(before.host)
            await work.outbox.revive_host(before.host, community.now())
            await send_missed(community, work, before.host)
    await boundaries.refresh(community.database, community.remote.boundaries)
    return standing


async def unblock(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
    """Talk with them again; what was ended stays ended until somebody asks anew."""
    return await _change(community, peer_id, by, "unblocked a peer", lambda peer: replace(peer, blocked=False))


async def block(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
    """End everything with a community and hear nothing from it any more (protocol 137)."""
    async with community.database.unit_of_work() as work:
        peer = await may_change(work, peer_id, by)
        await end_relations(community, work, peer)
        await forget_letters(work, peer.host)
        blocked = replace(peer, blocked=True)
        await work.peers.put(blocked)
        await _note(community, work, by, "blocked a peer", peer)
        standing = await standing_of(work, blocked)
    await boundaries.refresh(community.database, community.remote.boundaries)
    return standing


async def drop(community: Community, peer_id: str, by: Member | None) -> None:
    """End everything with a community and forget it."""
    async with community.database.unit_of_work() as work:
        peer = await may_change(work, peer_id, by)
        await end_relations(community, work, peer)
        for follow in await work.peers.follows_with(peer.host):
            await work.peers.remove_follow(follow)
        await work.peers.remove(peer.id)
        await work.first_yeses.remove(of_link(peer.id))
        await note_end(community, work, peer)
        await _note(community, work, by, "dropped a peer", peer)
    await boundaries.refresh(community.database, community.remote.boundaries)


async def change_level(community: Community, peer_id: str, level: PeerLevel, by: Member | None) -> PeerStanding:
    """Ask for a peering with a community, or follow its public feed alone, again or for the first time."""
    async with community.database.reading() as work:
        peer = await found_peer(work, peer_id)
    if level is PeerLevel.PEERS:
        return await add(community, peer.address, level, by)
    async with community.database.unit_of_work() as work:
        before = await may_change(work, peer_id, by)
        peer = replace(before, level=level)
        await work.peers.put(peer)
        if before.level is PeerLevel.PEERS:  # otherwise what they ask of us still waits for its own answer
            await end_peering(community, work, peer)
        await ask(community, work, peer)
        await _note(community, work, by, f"changed the level: {level}", peer)
        return await standing_of(work, peer)


async def find(community: Community, words: str) -> Peer:
    """A peer by id, host, address or name, as people type it on the command line. Raises NotFound."""
    async with community.database.reading() as work:
        for peer in await work.peers.all():
            if words in {peer.id, peer.host, peer.address, peer.name, peer.public_actor, peer.peers_actor}:
                return peer
    raise NotFound(f"There is no peer called {words}. See: manyhands peer list")


async def _change(
    community: Community, peer_id: str, by: Member | None, action: str, change: Callable[[Peer], Peer]
) -> PeerStanding:
    async with community.database.unit_of_work() as work:
        standing = await _changed(community, work, by, action, change(await may_change(work, peer_id, by)))
    await boundaries.refresh(community.database, community.remote.boundaries)
    return standing


async def _changed(
    community: Community, work: UnitOfWork, by: Member | None, action: str, changed: Peer
) -> PeerStanding:
    await work.peers.put(changed)
    await _note(community, work, by, action, changed)
    return await standing_of(work, changed)


async def may_change(work: UnitOfWork, peer_id: str, by: Member | None) -> Peer:
    """The peer, for a steward or for the command line (`by` None). Raises NotFound, NotAllowed."""
    must_be_steward_or_command_line(by)
    return await found_peer(work, peer_id)


async def found_peer(work: UnitOfWork, peer_id: str) -> Peer:
    """The peer with this id. Raises NotFound."""
    peer = await work.peers.get(peer_id)
    if peer is None:
        raise NotFound(say("There is no such peer."))
    return peer


async def standing_of(work: UnitOfWork, peer: Peer) -> PeerStanding:
    """Per direction the state of the Follow that matters most: the peering where there is one."""
    follows = await work.peers.follows_with(peer.host)
    outgoing, incoming = _state(follows, peer, Direction.OUTGOING), _state(follows, peer, Direction.INCOMING)
    return PeerStanding(peer, outgoing, incoming, await rest_of(work, peer))


def _state(follows: tuple[Follow, ...], peer: Peer, direction: Direction) -> FollowState | None:
    mine = [follow for follow in follows if follow.direction is direction and follow.state is not FollowState.ENDED]
    peering = [follow for follow in mine if follow.own_actor is OwnActor.PEERS]
    if peer.level is PeerLevel.PEERS or peering:
        return peering[0].state if peering else None
    return mine[0].state if mine else None


async def _is_agreed(community: Community, work: UnitOfWork, peer: Peer, by: Member | None) -> bool:
    """Whether a link that we do not have yet may be asked for or accepted; else the first steward's yes waits."""
    ours = await work.peers.follow(Direction.OUTGOING, OwnActor.PEERS, peer.peers_actor or "")
    if ours is not None and ours.state in {FollowState.ASKING, FollowState.ACCEPTED}:
        return True
    said = FirstYes(of_link(peer.id), by.id, community.now()) if by is not None else None
    return await second_yes.is_agreed(work, Deed.LINKS, said)


async def _note(community: Community, work: UnitOfWork, by: Member | None, action: str, peer: Peer) -> None:
    await work.audit.add(AuditEntry(community.now(), by.id if by else None, action, peer.id, peer.host))


def tidy_address(address: str) -> str:
    """An address as people type it, if it may be one. Raises Invalid."""
    tidy = address.strip()
    if not tidy or len(tidy) > 500 or any(character.isspace() for character in tidy):
        raise Invalid({"address": say("Write an address such as @name@host or https://host/.")})
    return tidy
