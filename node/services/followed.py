"""Following anybody's public posts: a person or a community anywhere in the fediverse. Nobody there has to be ours."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from node.domain.errors import Conflict
from node.domain.members import Member, must_be_steward, must_be_steward_or_command_line
from node.domain.peers import Direction, Follow, FollowState, OwnActor, Peer, PeerLevel, RemoteActor
from node.domain.phrases import say
from node.services import peers
from node.services.community import Community
from node.services.relations import end_follow, send_follow
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork

MOST_FOLLOWED = 200
#: Of one who posts much, no more than the newest stay in the feed.
MOST_POSTS = 100
_STANDS = frozenset({FollowState.ASKING, FollowState.ACCEPTED})


@dataclass(frozen=True)
class Followed:
    """Somebody whose public posts we follow or asked to; `peer_id` where that is a community in the list of neighbours.

    `type` is the actor's own word: Person, Group, Organization, Service or Application.
    """

    actor: str
    name: str
    handle: str
    type: str
    state: FollowState
    since: datetime
    peer_id: str | None = None

    @property
    def id(self) -> str:
        """A name for it in addresses of ours."""
        return hashlib.sha256(self.actor.encode()).hexdigest()[:32]


async def listing(community: Community, by: Member) -> tuple[Followed, ...]:
    """Everybody we follow publicly, by name. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        follows = [one for one in await work.peers.all_follows() if _is_public(one) and one.state in _STANDS]
        actors = await work.peers.actors(follow.remote_actor for follow in follows)
        known = {peer.public_actor: peer for peer in await work.peers.all() if not peer.blocked}
    found = (_followed(one, actors.get(one.remote_actor), known.get(one.remote_actor)) for one in follows)
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.actor)))


async def follow(community: Community, address: str, by: Member | None) -> str:
    """Follow somebody's public posts; the id of the actor. A community of our own kind also joins our list.

    Raises Invalid for an address that is none, PeerTrouble when it cannot be reached, NotAllowed, and Conflict where it
    is blocked or too many are followed.
    """
    must_be_steward_or_command_line(by)
    found = await community.remote.look_up(peers.tidy_address(address))
    actor = found.first
    if actor.is_manyhands:
        standing = await peers.add(community, address, PeerLevel.PUBLIC, by)
        return standing.peer.public_actor or actor.id
    if community.remote.boundaries.blocks(actor.id):
        raise Conflict(say("Nothing is heard from there: it is blocked. Unblock it first."))
    async with community.database.unit_of_work() as work:
        await work.peers.put_actor(actor)
        earlier = await work.peers.follow(Direction.OUTGOING, OwnActor.PUBLIC, actor.id)
        if earlier is None or earlier.state not in _STANDS:
            await _must_have_room(work)
            await send_follow(community, work, OwnActor.PUBLIC, actor.id)
            await _note(community, work, by, ("followed somebody", actor.id))
    return actor.id


async def unfollow(community: Community, followed_id: str, by: Member) -> None:
    """Follow them no longer; what they posted goes here. Raises NotAllowed. Twice is as good as once."""
    one = next((one for one in await listing(community, by) if one.id == followed_id), None)
    if one is None:
        return
    async with community.database.unit_of_work() as work:
        current = await work.peers.follow(Direction.OUTGOING, OwnActor.PUBLIC, one.actor)
        if current is not None:
            await end_follow(community, work, current)
        await work.feed.remove_by(one.actor)
        await _note(community, work, by, ("unfollowed somebody", one.actor))


async def forget_oldest(community: Community) -> None:
    """Of everybody who posts much, only the newest posts stay."""
    async with community.database.reading() as work:
        talkative = await work.feed.with_more_posts_than(MOST_POSTS)
    if talkative:
        async with community.database.unit_of_work() as work:
            for actor in talkative:
                await work.feed.keep_newest_posts(actor, MOST_POSTS)


def _followed(one: Follow, actor: RemoteActor | None, peer: Peer | None) -> Followed:
    return Followed(
        actor=one.remote_actor,
        name=actor.name if actor else one.remote_actor,
        handle=actor.handle if actor else "",
        type=actor.type if actor else "",
        state=one.state,
        since=one.updated_at,
        peer_id=peer.id if peer else None,
    )


def _is_public(one: Follow) -> bool:
    return one.direction is Direction.OUTGOING and one.own_actor is OwnActor.PUBLIC


async def _must_have_room(work: UnitOfWork) -> None:
    followed = [one for one in await work.peers.all_follows() if _is_public(one) and one.state in _STANDS]
    if len(followed) >= MOST_FOLLOWED:
        raise Conflict(say("We follow %(most)s already. Stop following somebody first.", most=MOST_FOLLOWED))


async def _note(community: Community, work: UnitOfWork, by: Member | None, said: tuple[str, str]) -> None:
    action, subject = said
    await work.audit.add(AuditEntry(community.now(), by.id if by else None, action, subject[:100]))
