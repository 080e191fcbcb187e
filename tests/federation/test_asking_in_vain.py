"""Who asks with a signature that cannot be proven now is told that, and not that there is nothing.

A 404 is the origin's word that something is gone, and whoever holds a copy erases it. So it must not be said only
because the reader's own server could not be asked for its key a moment ago, or because the reader's clock is wrong.
"""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from federation.cavage import sign_headers
from federation.keys import generate_rsa
from federation.messages import Request
from node.domain.errors import PeerTrouble
from node.domain.heirs import EVERY
from node.domain.peers import OwnActor
from node.domain.shares import Level
from node.services import handoffs, heirs, responses
from tests.federation.records import differences
from tests.links import Fault, Planned, Roads, roads
from tests.village import Village, befriend, get, key_of, settle, signed_get

AS2 = "application/activity+json"
TITLE = "Winter coats for children"


@pytest.fixture
async def road(north: Village, river: Village) -> AsyncIterator[Roads]:
    async with roads() as made:
        await made.lead_to(north, river)
        yield made


def hides_its_keys(road: Roads, river: Village, north: Village) -> Planned:
    """North has forgotten the river's keys, and nothing that it asks of the river arrives."""
    north.community.remote.forget("")
    planned = road.plan(Fault.BUSY, from_=north, to=river, kind="GET")
    planned.times = 100
    return planned


# C-23, C-58
async def test_what_is_hidden_and_what_never_was_look_the_same_to_who_cannot_be_proven(
    north: Village, river: Village, road: Roads
) -> None:
    """503 while the key cannot be had, 401 for a signature that does not fit; what is public is there for everyone."""
    await befriend(river, north)
    asked = await north.ask()
    hidden, public = await north.share(asked, Level.PEERS), await north.share(asked, Level.PUBLIC)
    paths = ("o/nothing", "a/nothing", "agreements/nothing", "events/nothing", "actors/peers/outbox?page=1")
    urls = [hidden.object_id, *(f"{north.url}/{path}" for path in (*paths, "actors/peers/followers_synchronization"))]
    forged = generate_rsa(key_of(river, OwnActor.PEERS).id)
    for url in urls:
        headers = sign_headers(Request("GET", url), forged, river.clock())
        assert (await get(url, **headers, Accept=AS2))[0] == 401, url
        late = sign_headers(Request("GET", url), key_of(river, OwnActor.PEERS), river.clock() - timedelta(hours=2))
        assert (await get(url, **late, Accept=AS2))[0] == 401, url
        assert (await get(f"{url}", Accept=AS2))[0] == (200 if "outbox" in url else 404), url
    hides_its_keys(road, river, north)
    for url in urls:
        assert await signed_get(river, url, OwnActor.PEERS) == 503, url
    assert await signed_get(river, public.object_id, OwnActor.PEERS) == 200


# C-136
async def test_a_copy_is_kept_while_its_origin_cannot_see_who_asks(north: Village, river: Village, road: Roads) -> None:
    """Before an offer the origin is asked whether it is still open; a day later it has forgotten our keys."""
    await befriend(river, north)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    river.clock.forward(hours=25)
    hides_its_keys(road, river, north)
    with pytest.raises(PeerTrouble, match="try again later"):
        await river.offer(quantity=4)
    assert await differences(north, river) == []
    assert (await river.only_item()).item.is_open
    road.mend()
    river.clock.forward(minutes=2)
    await river.offer(quantity=4)
    await settle(north, river)
    assert (await north.response()).quantity == 4


# C-44
async def test_what_was_shown_before_is_read_again_when_it_is_known_who_asks(
    north: Village, river: Village, road: Roads
) -> None:
    """An empty outbox would be believed, and the newcomer would never see what was asked for before it came."""
    await north.share(await north.ask(), Level.PEERS)
    hiding = hides_its_keys(road, river, north)
    hiding.times = 0
    async with north.community.database.reading() as work:
        assert await work.peers.all() == ()
    await befriend_until_read(river, north, hiding)
    assert await river.feed() == ()
    road.mend()
    river.clock.forward(minutes=5)
    await settle(north, river)
    assert [entry.item.title for entry in await river.feed()] == [TITLE]


async def befriend_until_read(river: Village, north: Village, hiding: Planned) -> None:
    """They link, and between the yes and the reading of what was shown before north forgets the river's keys."""
    original = river.worker.catch_up

    async def catch_up() -> bool:
        north.community.remote.forget("")
        hiding.times = 100
        return await original()

    river.worker.catch_up = catch_up  # type: ignore[method-assign]
    await befriend(river, north)


async def test_an_heir_keeps_its_copy_and_a_helper_its_task(north: Village, river: Village, road: Roads) -> None:
    """The copy is asked for every six hours; a 404 would erase it just before it is wanted most."""
    await befriend(river, north)
    await heirs.choose(north.community, (await north.peer(river)).peer.id, 2, north.dispatcher)
    there = (await river.peer(north)).peer.id
    await heirs.hold(river.community, there, river.dispatcher)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    sent = await river.offer(quantity=4)
    await settle(north, river)
    await responses.agree(north.community, (await north.response()).id, ("name",), None, north.dispatcher)
    await settle(north, river)
    river.clock.forward(seconds=EVERY.total_seconds())
    hides_its_keys(road, river, north)
    await settle(river)
    copy = await heirs.held(river.community, there)
    assert copy is not None and copy.dark_since == river.clock()
    with pytest.raises(PeerTrouble):
        await handoffs.released(river.community, sent.id, river.dispatcher)
    road.mend()
    river.clock.forward(seconds=EVERY.total_seconds())
    await settle(north, river)
    copy = await heirs.held(river.community, there)
    assert copy is not None and (copy.dark_since, copy.fetched_at) == (None, river.clock())
    assert (await handoffs.released(river.community, sent.id, river.dispatcher))["name"] == "Amina"
