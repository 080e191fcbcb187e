"""A community goes on under another address: believed only where the new address says so, too."""

from typing import Any

import pytest

from node.domain.errors import Conflict
from node.domain.peers import Direction, OwnActor, PeerLevel
from node.domain.shares import Level
from node.services import peers, relocating, shares
from node.translate.actors import PROFILE_1
from schemas.activities import Move
from tests.federation.outsider import Outsider
from tests.village import Village, befriend, key_of, settle


async def told(river: Village, receiver: Village, target: str, own: OwnActor = OwnActor.PUBLIC, name: str = "1") -> int:
    """River says that one of its actors moved."""
    actor = f"{river.url}/actors/{own}"
    outside = Outsider(river.url, river.clock)
    outside.keys[actor] = key_of(river, own)
    move = Move(id=f"{river.url}/a/move{name}", actor=actor, to=(f"{actor}/followers",), object=actor, target=target)
    return await outside.say(receiver, move)


async def followed(north: Village) -> set[str]:
    async with north.community.database.reading() as work:
        return {
            follow.remote_actor
            for follow in await work.peers.all_follows()
            if follow.direction is Direction.OUTGOING and follow.state in {"asking", "accepted"}
        }


# C-116, T-34
async def test_a_followed_feed_is_followed_to_its_new_address(
    north: Village, river: Village, elsewhere: Outsider
) -> None:
    """The public feed alone goes along by itself, once the new actor names the old one."""
    await north.add_peer(river)
    await settle(north, river)
    old = f"{river.url}/actors/public"
    new = elsewhere.actor("river", type="Organization", alsoKnownAs=[old])
    assert await told(river, north, new) == 202
    await settle(north, river)
    assert await followed(north) == {new}
    assert [one["type"] for one in elsewhere.received] == ["Follow"]
    assert [(one.peer.public_actor, one.peer.address) for one in await peers.listing(north.community)] == [
        (new, f"@river@{elsewhere.url.removeprefix('http://')}")
    ]


@pytest.mark.parametrize("known_as", [{}, {"alsoKnownAs": ["https://other.example/actors/public"]}])
# C-116, T-34, C-15
async def test_a_move_that_the_new_address_does_not_confirm(
    north: Village, river: Village, elsewhere: Outsider, known_as: dict[str, Any]
) -> None:
    """Neither an actor that says nothing nor one that names another; a new name alone moves nobody."""
    await north.add_peer(river)
    await settle(north, river)
    new = elsewhere.actor("river", **known_as)
    assert await told(river, north, new) == 202
    await settle(north, river)
    assert await followed(north) == {f"{river.url}/actors/public"}
    assert elsewhere.received == []


# C-116, T-34
async def test_nobody_moves_somebody_else(north: Village, river: Village, market: Village, elsewhere: Outsider) -> None:
    await north.add_peer(river)
    await north.add_peer(market)
    await settle(north, river, market)
    old = f"{river.url}/actors/public"
    new = elsewhere.actor("river", alsoKnownAs=[old])
    actor = f"{market.url}/actors/public"
    outside = Outsider(market.url, market.clock)
    outside.keys[actor] = key_of(market)
    assert await outside.say(north, Move(id=f"{market.url}/a/m1", actor=actor, object=old, target=new)) == 202
    await settle(north, river, market)
    assert old in await followed(north)
    assert elsewhere.asked == []


# C-116
async def test_of_two_moves_within_a_week_only_the_first_counts(
    north: Village, river: Village, elsewhere: Outsider
) -> None:
    await north.add_peer(river)
    await settle(north, river)
    old = f"{river.url}/actors/public"
    first, second = (elsewhere.actor(name, alsoKnownAs=[old]) for name in ("first", "second"))
    await told(river, north, first)
    await settle(north, river)
    async with north.community.database.unit_of_work() as work:
        assert await work.peers.moved_at(old) is not None
    await north.add_peer(river)
    await settle(north, river)
    north.clock.forward(days=6)
    await told(river, north, second, name="2")
    await settle(north, river)
    assert second not in await followed(north)
    north.clock.forward(days=2)
    await told(river, north, second, name="3")
    await settle(north, river)
    assert second in await followed(north)


# C-116, T-34
async def test_a_linked_community_stays_until_a_steward_confirms(
    north: Village, river: Village, elsewhere: Outsider
) -> None:
    """What is for peers never moves by itself; once confirmed, the old address gets nothing new, but every Delete."""
    await befriend(river, north)
    share = await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    old, new = f"{river.url}/actors/peers", new_home(elsewhere, river)
    assert await told(river, north, new, OwnActor.PEERS) == 202
    await settle(north, river)
    standing = await north.peer(river)
    assert standing.peer.moving_to == new
    assert old in await followed(north)
    assert len(await river.feed()) == 1
    await relocating.confirm_move(north.community, standing.peer.id, north.dispatcher)
    await settle(north, river)
    (moved,) = await peers.listing(north.community)
    assert (moved.peer.id, moved.peer.moving_to, moved.peer.level) == (standing.peer.id, None, PeerLevel.PEERS)
    assert await followed(north) == {new, new.removesuffix("_peers")}
    await north.share(await north.ask("Two ladders"), Level.PEERS)
    await settle(north, river)
    assert [entry.item.title for entry in await river.feed()] == ["Winter coats for children"]
    await shares.withdraw(north.community, share.id, north.dispatcher)
    await settle(north, river)
    assert await river.feed() == ()


# C-116
async def test_a_steward_declines_and_the_new_address_must_still_confirm(
    north: Village, river: Village, elsewhere: Outsider
) -> None:
    await befriend(river, north)
    old = f"{river.url}/actors/peers"
    new = elsewhere.actor("river", alsoKnownAs=[old])
    await told(river, north, new, OwnActor.PEERS)
    await settle(north, river)
    peer = (await north.peer(river)).peer
    elsewhere.actor("river", alsoKnownAs=[])
    with pytest.raises(Conflict, match="does not say"):
        await relocating.confirm_move(north.community, peer.id, north.dispatcher)
    await relocating.decline_move(north.community, peer.id, north.dispatcher)
    assert (await north.peer(river)).peer.moving_to is None
    with pytest.raises(Conflict, match="not said that it moved"):
        await relocating.confirm_move(north.community, peer.id, north.dispatcher)
    assert old in await followed(north)


def new_home(elsewhere: Outsider, river: Village) -> str:
    """The peers actor of a whole community at another address that says it was river before."""
    host = elsewhere.url.removeprefix("http://")
    profile = {"type": "Application", "implements": [{"type": "Link", "href": PROFILE_1}]}
    elsewhere.actor("river", alsoKnownAs=[f"{river.url}/actors/public"], generator=profile)
    found = elsewhere.actor("river_peers", alsoKnownAs=[f"{river.url}/actors/peers"], generator=profile)
    link = {"rel": "self", "type": "application/activity+json"}
    # It is asked about one of its two names only, the one it was not found by.
    elsewhere.documents["/.well-known/webfinger"] = {
        "subject": f"acct:river@{host}",
        "links": [link | {"href": found.removesuffix("_peers")}],
    }
    return found
