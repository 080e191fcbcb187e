"""Do both sides agree on who follows our peers feed, and whom we follow? (FEP-8fcf, protocol 37, 140)

A delivery of the peers feed carries a digest of those followers that are on the receiving server. Where a server that
we follow gives another digest than we have ourselves, its list for our server is fetched, and its word counts: a
Follow that it does not know ends here, and one that we do not know is undone there.

What was heard rests in memory alone: a lost one comes again with the next delivery.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from federation.origin import same_origin
from node.domain.addresses import Addresses
from node.domain.errors import PeerTrouble
from node.domain.peers import Direction, Follow, FollowState, OwnActor, host_of
from node.services import homes
from node.services.claims import Claim, digest
from node.services.community import Community
from node.services.outgoing import Letter, known_actors, new_activity_id, post
from node.storage.outbox import DeliveryId, WaitingDelivery
from node.storage.unit_of_work import UnitOfWork
from node.translate import following

LONGEST_HEADER = 2_000
_PARAMETER = re.compile(r'(\w{1,32})="([^"]{0,1000})"')


def listen(community: Community, actor: str, header: str | None) -> None:
    """Take note of what the proven `actor` said of its followers; nothing is done here."""
    if header is None:
        return
    found = dict(_PARAMETER.findall(header)) if len(header) <= LONGEST_HEADER else {}
    claim = Claim(found.get("collectionId", ""), found.get("url", ""), found.get("digest", ""))
    allow_http = community.remote.allow_http
    if all(same_origin(url, actor, allow_http=allow_http) for url in (claim.collection, claim.url)):
        community.remote.heard.add(actor, claim)


async def headers(community: Community, work: UnitOfWork, going: Iterable[WaitingDelivery]) -> dict[DeliveryId, str]:
    """What to say along with each delivery of the peers feed, by its id."""
    places = {
        one.id: host_of(one.inbox)
        for one in going
        if one.activity.own_actor is OwnActor.PEERS
        and one.activity.type in {"Create", "Update"}
        and community.at(one.activity.id) is community.current
    }
    lists = {host: await listed(work, host) for host in set(places.values())}
    return {delivery_id: _header(community.addresses, lists[host]) for delivery_id, host in places.items()}


async def partial_followers(community: Community, reader: str) -> tuple[str, ...]:
    """Those followers of our peers feed that are on the reader's own server (protocol 37)."""
    async with community.database.reading() as work:
        return await listed(work, host_of(reader))


async def listed(work: UnitOfWork, host: str) -> tuple[str, ...]:
    """The followers of our peers feed on this host. One that is paused here still follows."""
    return tuple(
        follow.remote_actor
        for follow in await work.peers.follows_with(host)
        if (follow.direction, follow.own_actor, follow.state)
        == (Direction.INCOMING, OwnActor.PEERS, FollowState.ACCEPTED)
    )


async def catch_up(community: Community) -> bool:
    """Look at what was heard; whether there was any."""
    heard = community.remote.heard.take()
    for actor, claim in heard:
        await _compare(community, actor, claim)
    return bool(heard)


async def _compare(community: Community, actor: str, claim: Claim) -> None:
    async with community.database.reading() as work:
        ours = await _our_followers(community, work, actor)
    if digest(ours) == claim.digest:
        return
    try:
        theirs = await community.remote.followers_here(actor, claim)
    except PeerTrouble:
        return  # it will be said again
    listed_here = [community.home_of(one) for one in theirs]
    known = {home.addresses.own_actor(one) for one, home in zip(theirs, listed_here, strict=True) if home is not None}
    async with community.database.unit_of_work() as work:
        for own in OwnActor:
            await _settle(community, work, (own, actor), own in known)


async def _our_followers(community: Community, work: UnitOfWork, actor: str) -> tuple[str, ...]:
    """Those of our actors that follow this one, each under the address it did so from."""
    found: list[str] = []
    for own, _ in await work.peers.accepted(Direction.OUTGOING, [actor]):
        follow = await work.peers.follow(Direction.OUTGOING, own, actor)
        home = homes.of_follow(community, follow) if follow is not None else community
        found.append(home.addresses.actor(own))
    return tuple(found)


async def _settle(community: Community, work: UnitOfWork, pair: tuple[OwnActor, str], is_known: bool) -> None:
    """One of our actors and theirs: their list decides."""
    own, actor = pair
    follow = await work.peers.follow(Direction.OUTGOING, own, actor)
    now = community.now()
    if not is_known:
        if follow is not None and follow.state is FollowState.ACCEPTED:
            await work.peers.put_follow(replace(follow, state=FollowState.ENDED, updated_at=now))
        return
    if follow is not None and follow.state is FollowState.ASKING:
        await work.peers.put_follow(replace(follow, state=FollowState.ACCEPTED, updated_at=now))
    elif follow is None or follow.state is not FollowState.ACCEPTED:
        undone = follow or Follow(new_activity_id(community), Direction.OUTGOING, own, actor, FollowState.ENDED, now)
        undo = following.undo(new_activity_id(community), undone, community.addresses.actor(own))
        letter = Letter(undo, own, f"follow {own} {actor}", await known_actors(work, [actor]))
        await post(community, work, letter)


def _header(addresses: Addresses, ids: tuple[str, ...]) -> str:
    collection = addresses.followers(OwnActor.PEERS)
    url = addresses.followers_synchronization(OwnActor.PEERS)
    return f'collectionId="{collection}", url="{url}", digest="{digest(ids)}"'
