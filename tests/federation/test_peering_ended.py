"""A link that ended: what they hold is asked back, their receipts are listed, and after 90 days it is forgotten."""

import pytest

from node.domain.errors import NotFound
from node.domain.peers import FollowState
from node.domain.shares import Level, RecipientState
from node.services import ended_links, peers
from node.services.ended_links import Ended
from tests.village import Village, befriend, settle


async def drop(one: Village, other: Village) -> str:
    peer_id = (await one.peer(other)).peer.id
    await peers.drop(one.community, peer_id, one.dispatcher)
    return peer_id


async def ended(one: Village, link_id: str) -> Ended:
    return await ended_links.get(one.community, link_id, one.dispatcher)


async def test_what_was_asked_back_is_listed_with_each_receipt(north: Village, river: Village, market: Village) -> None:
    """The other neighbour keeps its copies, and at both ends nothing of the link is left."""
    await befriend(river, north)
    await befriend(market, north)
    await north.share(await north.ask("A desk"), Level.PEERS)
    named = ((await north.peer(river)).peer.id,)
    await north.share(await north.ask("A lamp"), Level.NAMED, peers=named)
    await river.share(await river.ask("Soup"), Level.PEERS)
    await settle(north, river, market)
    assert len(await river.feed()) == 2 and len(await north.feed()) == 1
    link_id = await drop(north, river)
    found = await ended(north, link_id)
    assert {copy.title for copy in found.awaited} == {"A desk", "A lamp"}
    assert (found.link.name, found.link.host) == ("River Street Circle", river.community.host)
    await settle(north, river, market)
    found = await ended(north, link_id)
    assert found.awaited == () and len(found.copies) == 2
    assert await river.feed() == await north.feed() == ()
    assert {entry.item.title for entry in await market.feed()} == {"A desk"}
    there = await river.peer(north)
    assert there.outgoing is not FollowState.ACCEPTED and there.incoming is not FollowState.ACCEPTED
    await north.share(await north.ask("A chair"), Level.PEERS)
    await settle(north, river, market)
    assert await river.feed() == ()


async def test_a_receipt_that_is_late_is_listed_when_it_comes(north: Village, river: Village) -> None:
    """Their server is down while the link ends."""
    await befriend(river, north)
    await north.share(await north.ask("A desk"), Level.PEERS)
    await settle(north, river)
    await river.close_doors()
    link_id = await drop(north, river)
    await settle(north)
    assert [copy.state for copy in (await ended(north, link_id)).awaited] == [RecipientState.ERASING]
    await river.open_doors()
    north.clock.forward(hours=2)
    await settle(north, river)
    assert (await ended(north, link_id)).awaited == ()
    assert await river.feed() == ()


async def test_linked_again_and_ended_again_both_are_listed_and_go_after_90_days(
    north: Village, river: Village
) -> None:
    await befriend(river, north)
    first = await drop(north, river)
    await settle(north, river)
    north.clock.forward(days=30)
    await befriend(river, north)
    second = await drop(north, river)
    await settle(north, river)
    assert {one.id for one in await ended_links.listing(north.community, north.dispatcher)} == {first, second}
    north.clock.forward(days=60)
    await north.run_clocks()
    assert [one.id for one in await ended_links.listing(north.community, north.dispatcher)] == [second]
    with pytest.raises(NotFound):
        await ended(north, first)
