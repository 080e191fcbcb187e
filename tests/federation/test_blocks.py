"""Whom a steward blocked gets nowhere, and is told nothing; neither one sender nor a whole server."""

import pytest

from node.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from node.domain.members import Member
from node.domain.peers import PeerLevel
from node.services import blocks, boundaries, enquiries, peers, reports
from node.services.blocks import Blocked
from schemas.activities import Announce, Follow
from tests.federation.outsider import PUBLIC, Outsider
from tests.federation.test_answers import answer, asked, get_as, lines, only_line, write
from tests.village import Village, befriend, get, key_of, settle


def host_of(elsewhere: Outsider) -> str:
    return elsewhere.url.partition("//")[2]


async def listed(north: Village) -> Blocked:
    return await blocks.listing(north.community, north.dispatcher)


async def follow(north: Village, elsewhere: Outsider, actor: str) -> None:
    asking = Follow(id=f"{actor}/follow", actor=actor, object=f"{north.url}/actors/public")
    assert await elsewhere.say(north, asking) == 202
    await settle(north)


# C-52, C-99
async def test_a_blocked_sender_gets_nowhere(north: Village, elsewhere: Outsider) -> None:
    """What they wrote is forgotten, what they write is passed over, their Follow ends; others there go on."""
    _, robin = await asked(north, elsewhere)
    await follow(north, elsewhere, robin)
    await blocks.block_sender(north.community, (await only_line(north)).enquiry.id, north.dispatcher)
    assert await lines(north) == ()
    await settle(north)
    assert [one["type"] for one in elsewhere.received] == ["Accept", "Reject"]
    await write(north, elsewhere, robin, "2")
    flag = {"id": f"{elsewhere.url}/f1", "type": "Flag", "actor": robin, "object": [f"{north.url}/actors/public"]}
    assert await elsewhere.say(north, flag) == 202
    await follow(north, elsewhere, robin)
    assert await lines(north) == ()
    assert await reports.listing(north.community, north.dispatcher) == ()
    assert len(elsewhere.received) == 2
    await write(north, elsewhere, elsewhere.actor("sam"), "3")
    assert len(await lines(north)) == 1


async def test_an_answer_to_a_blocked_sender_is_not_sent(north: Village, elsewhere: Outsider) -> None:
    await asked(north, elsewhere)
    made = await answer(north)
    await blocks.block_sender(north.community, (await only_line(north)).enquiry.id, north.dispatcher)
    await settle(north)
    await north.run_clocks()
    assert elsewhere.received == []
    assert await get_as(elsewhere, f"{elsewhere.url}/users/robin", made.object_id) == 404


# T-30, C-99
async def test_a_blocked_sender_does_not_come_in_through_somebody_else(
    north: Village, river: Village, elsewhere: Outsider
) -> None:
    await north.add_peer(river)
    _, robin = await asked(north, elsewhere)
    await blocks.block_sender(north.community, (await only_line(north)).enquiry.id, north.dispatcher)
    note = elsewhere.note(robin, "/notes/shown")
    outside = Outsider(river.url, river.clock)
    shower = f"{river.url}/actors/public"
    outside.keys[shower] = key_of(river)
    announce = Announce(id=f"{river.url}/a/show1", actor=shower, to=(PUBLIC,), object=note["id"])
    assert await outside.say(north, announce) == 202
    await settle(north, river)
    assert await north.feed() == ()


# C-58, C-99
async def test_a_blocked_server_is_refused_at_the_door(north: Village, elsewhere: Outsider) -> None:
    """403, but for what ends something; nothing goes there; and unblocked they are heard again."""
    _, robin = await asked(north, elsewhere)
    await follow(north, elsewhere, robin)
    server = elsewhere.actor("server")
    flag = {"id": f"{elsewhere.url}/f1", "type": "Flag", "actor": server, "object": [f"{north.url}/actors/public"]}
    await elsewhere.say(north, flag)
    await settle(north)
    await blocks.block_server(north.community, host_of(elsewhere), north.dispatcher)
    await settle(north)
    assert await lines(north) == ()
    assert await reports.listing(north.community, north.dispatcher) == ()
    sent = [one["type"] for one in elsewhere.received]
    note = elsewhere.note(robin, "/notes/2", to=[f"{north.url}/actors/public"])
    create = {"id": f"{elsewhere.url}/c2", "type": "Create", "actor": robin, "to": note["to"], "object": note}
    assert await elsewhere.say(north, create) == 403
    delete = {"id": f"{elsewhere.url}/d1", "type": "Delete", "actor": robin, "object": f"{elsewhere.url}/notes/1"}
    assert await elsewhere.say(north, delete) == 202
    await north.share(await north.ask("Two chairs"))
    await settle(north)
    assert [one["type"] for one in elsewhere.received] == sent == ["Accept", "Reject"]
    with pytest.raises(Conflict, match="blocked"):
        await peers.add(north.community, robin, PeerLevel.PUBLIC, north.dispatcher)
    (block,) = (await listed(north)).others
    await blocks.unblock(north.community, block.id, north.dispatcher)
    assert await elsewhere.say(north, create) == 202
    await settle(north)
    assert len(await lines(north)) == 1
    with pytest.raises(NotFound):
        await blocks.unblock(north.community, block.id, north.dispatcher)


async def test_blocking_a_neighbours_server_ends_the_link(north: Village, river: Village) -> None:
    """It is the same block as on the neighbour's own page, and listed once."""
    await befriend(river, north)
    await blocks.block_server(north.community, river.community.host.upper(), north.dispatcher)
    found = await listed(north)
    assert ([peer.host for peer in found.peers], found.others) == ([river.community.host], ())
    await settle(north, river)
    await north.share(await north.ask())
    await settle(north, river)
    assert await river.feed() == ()
    await peers.unblock(north.community, found.peers[0].id, north.dispatcher)
    assert (await listed(north)).peers == ()


async def test_a_block_outlives_a_restart(north: Village, elsewhere: Outsider) -> None:
    """What is kept in memory is only a copy."""
    await blocks.block_server(north.community, host_of(elsewhere), north.dispatcher)
    north.community.remote.boundaries.replace((), ())
    await boundaries.refresh(north.community.database, north.community.remote.boundaries)
    robin = elsewhere.actor("robin")
    note = elsewhere.note(robin, to=[f"{north.url}/actors/public"])
    create = {"id": f"{elsewhere.url}/c1", "type": "Create", "actor": robin, "to": note["to"], "object": note}
    assert await elsewhere.say(north, create) == 403


async def test_what_is_public_a_blocked_server_can_still_read_like_anybody(north: Village, elsewhere: Outsider) -> None:
    share, robin = await asked(north, elsewhere)
    await blocks.block_server(north.community, host_of(elsewhere), north.dispatcher)
    assert (await get(share.object_id, Accept="application/activity+json"))[0] == 200
    assert await get_as(elsewhere, robin, share.object_id) == 200


async def test_blocking_is_for_stewards_and_twice_is_as_good_as_once(north: Village, elsewhere: Outsider) -> None:
    _, _ = await asked(north, elsewhere)
    enquiry_id = (await only_line(north)).enquiry.id
    kim = Member("m", "Kim", frozenset(), north.clock())
    for deed in (
        blocks.block_sender(north.community, enquiry_id, kim),
        blocks.block_server(north.community, "social.example", kim),
        blocks.unblock(north.community, "any", kim),
        blocks.listing(north.community, kim),
    ):
        with pytest.raises(NotAllowed):
            await deed
    with pytest.raises(Invalid):
        await blocks.block_server(north.community, north.community.host, north.dispatcher)
    for _ in range(2):
        await blocks.block_server(north.community, "https://Social.Example/about", north.dispatcher)
    assert [block.subject for block in (await listed(north)).others] == ["social.example"]
    await blocks.block_sender(north.community, enquiry_id, north.dispatcher)
    with pytest.raises(NotFound):
        await enquiries.conversation(north.community, enquiry_id, north.dispatcher)
