"""Two communities that lost track of who follows whom find it out with the next notice (FEP-8fcf)."""

import json
from dataclasses import replace
from typing import Any

import pytest

from federation.cavage import sign_headers
from federation.keys import generate_rsa
from federation.messages import Request
from node.domain.peers import Direction, FollowState, OwnActor, PeerLevel
from node.domain.shares import Level
from node.services import peers, synchronising
from node.services.claims import Claim, Heard, digest
from schemas.activities import Follow, Like
from tests.federation.outsider import Outsider
from tests.village import Village, befriend, get, key_of, settle, signed_get

AS2 = "application/activity+json"


async def follows(one: Village, direction: Direction, actor: str) -> bool:
    async with one.community.database.reading() as work:
        return (OwnActor.PEERS, actor) in await work.peers.accepted(direction, [actor])


async def change(one: Village, direction: Direction, actor: str, state: FollowState | None) -> None:
    """As after a restored backup: one side remembers something else than the other."""
    async with one.community.database.unit_of_work() as work:
        follow = await work.peers.follow(direction, OwnActor.PEERS, actor)
        assert follow is not None
        if state is None:
            await work.peers.remove_follow(follow)
        else:
            await work.peers.put_follow(replace(follow, state=state))


def test_the_digest_is_that_of_the_fep() -> None:
    ids = ("https://testing.example.org/users/1", "https://testing.example.org/users/2")
    assert digest(ids) == digest(reversed(ids)) == "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f"
    assert digest(()) == "0" * 64


# C-37
async def test_a_partial_list_is_for_the_server_it_is_about(north: Village, river: Village, market: Village) -> None:
    """Signed, and only its own actors; nobody else learns who follows."""
    await befriend(river, north)
    url = f"{north.url}/actors/peers/followers_synchronization"
    assert (await get(url, Accept=AS2))[0] == 404
    for reader, own, expected in (
        (river, OwnActor.INSTANCE, [f"{river.url}/actors/peers"]),
        (market, OwnActor.PEERS, []),
    ):
        headers = sign_headers(Request("GET", url), key_of(reader, own), reader.clock())
        status, body = await get(url, **headers, Accept=AS2)
        assert status == 200
        found = json.loads(body)
        assert (found["id"], found["orderedItems"]) == (url, expected)
    forged = sign_headers(Request("GET", url), generate_rsa(key_of(river).id), river.clock())
    assert (await get(url, **forged, Accept=AS2))[0] == 401
    assert await signed_get(river, f"{north.url}/actors/public/followers_synchronization", OwnActor.PEERS) == 404


# C-140, T-29
async def test_a_follow_that_the_other_side_lost_ends_here(north: Village, river: Village) -> None:
    """River believes that it follows; north says otherwise with its next delivery to that server."""
    await befriend(river, north)
    await change(north, Direction.INCOMING, f"{river.url}/actors/peers", FollowState.ENDED)
    await say_something(north, river)
    await settle(north, river)
    assert not await follows(river, Direction.OUTGOING, f"{north.url}/actors/peers")


# C-140
async def test_a_follow_that_we_lost_is_undone_there(north: Village, river: Village) -> None:
    await befriend(river, north)
    await change(river, Direction.OUTGOING, f"{north.url}/actors/peers", None)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    assert not await follows(north, Direction.INCOMING, f"{river.url}/actors/peers")


# C-140
async def test_a_yes_that_was_lost_on_its_way_counts(north: Village, river: Village) -> None:
    await befriend(river, north)
    await change(river, Direction.OUTGOING, f"{north.url}/actors/peers", FollowState.ASKING)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    assert await follows(river, Direction.OUTGOING, f"{north.url}/actors/peers")


async def say_something(north: Village, river: Village) -> None:
    """A signed delivery of north's peers actor that carries the header although river does not follow any more."""
    actor = f"{north.url}/actors/peers"
    async with north.community.database.reading() as work:
        listed = await synchronising.listed(work, river.community.host)
    outside = Outsider(north.url, north.clock)
    outside.keys[actor] = key_of(north, OwnActor.PEERS)
    like = Like(id=f"{north.url}/a/like1", actor=actor, object=f"{river.url}/o/1")
    assert await outside.say(river, like, synchronization=claim(north.url, digest(listed))) == 202


def claim(base: str, value: str, **changed: str) -> str:
    said = {"collectionId": f"{base}/actors/peers/followers", "digest": value}
    said |= {"url": f"{base}/actors/peers/followers_synchronization"} | changed
    return ", ".join(f'{name}="{text}"' for name, text in said.items())


async def test_who_agrees_asks_nothing(north: Village, river: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    """The digest that goes along is that of what the other side has, so nobody fetches anything."""
    await befriend(river, north)

    async def never(*_: Any) -> Any:
        raise AssertionError("nothing was to be asked")

    monkeypatch.setattr(river.community.remote, "followers_here", never)
    await north.share(await north.ask(), Level.PEERS)
    await north.share(await north.ask("A cot"), Level.PUBLIC)
    await settle(north, river)
    assert len(await river.feed()) == 2


# C-140
@pytest.mark.parametrize("wrong", ["unsigned", "collection", "url", "list"])
async def test_what_is_not_to_be_believed_is_passed_over(north: Village, elsewhere: Outsider, wrong: str) -> None:
    """A header that was not signed, of another collection, or with a list of another server."""
    actor = elsewhere.actor("robin", followers=f"{elsewhere.url}/users/robin/followers")
    await peers.add(north.community, actor, PeerLevel.PUBLIC, north.dispatcher)
    await settle(north)
    asked = elsewhere.received[-1]
    await elsewhere.say(north, {"id": f"{actor}/yes", "type": "Accept", "actor": actor, "object": asked["id"]})
    await settle(north)
    elsewhere.asked.clear()
    said = {
        "collectionId": f"{actor}/followers" if wrong != "collection" else f"{elsewhere.url}/users/sam/followers",
        "url": "https://other.example/sync" if wrong == "url" else f"{elsewhere.url}/sync",
        "digest": "0" * 64,
    }
    listing = {"@context": "https://www.w3.org/ns/activitystreams", "type": "OrderedCollection", "orderedItems": []}
    other_id = f"{elsewhere.url}/other" if wrong == "list" else f"{elsewhere.url}/sync"
    elsewhere.documents["/sync"] = listing | {"id": other_id}
    header = ", ".join(f'{name}="{text}"' for name, text in said.items())
    like = Like(id=f"{elsewhere.url}/likes/1", actor=actor, object=f"{north.url}/o/1")
    if wrong == "unsigned":
        body = json.dumps({"@context": listing["@context"], **like.model_dump(mode="json", exclude_none=True)})
        await elsewhere.post(north, body.encode(), actor, **{"Collection-Synchronization": header})
    else:
        await elsewhere.say(north, like, synchronization=header)
    await settle(north)
    assert ("/sync" in elsewhere.asked) is (wrong == "list")
    async with north.community.database.reading() as work:
        assert await work.peers.accepted(Direction.OUTGOING, [actor])
    like = Like(id=f"{elsewhere.url}/likes/2", actor=actor, object=f"{north.url}/o/1")
    right = said | {"collectionId": f"{actor}/followers", "url": f"{elsewhere.url}/sync"}
    elsewhere.documents["/sync"] = listing | {"id": f"{elsewhere.url}/sync"}
    north.clock.forward(seconds=1)
    await elsewhere.say(north, like, synchronization=", ".join(f'{name}="{text}"' for name, text in right.items()))
    await settle(north)
    async with north.community.database.reading() as work:
        assert not await work.peers.accepted(Direction.OUTGOING, [actor])


async def test_the_header_goes_with_the_peers_feed_alone(north: Village, elsewhere: Outsider) -> None:
    """Signed, to every follower of that feed; nothing of it with public notices."""
    actor = elsewhere.actor("reader")
    for own in ("public", "peers"):
        wish = Follow(id=f"{actor}/{own}", actor=actor, object=f"{north.url}/actors/{own}")
        assert await elsewhere.say(north, wish) == 202
    await settle(north)
    (asking,) = await peers.listing(north.community)
    await peers.accept(north.community, asking.peer.id, north.dispatcher)
    await settle(north)
    elsewhere.headers.clear()
    await north.share(await north.ask("For everyone"), Level.PUBLIC)
    await north.share(await north.ask("For peers"), Level.PEERS)
    await settle(north)
    public, hidden = sorted(elsewhere.headers, key=lambda headers: "collection-synchronization" in headers)
    assert "collection-synchronization" not in public
    assert f'digest="{digest([actor])}"' in hidden["collection-synchronization"]
    assert "collection-synchronization" in hidden["signature"].partition('headers="')[2].partition('"')[0]


# T-24
def test_what_was_heard_is_bounded() -> None:
    heard = Heard()
    for number in range(700):
        heard.add(f"x:{number}", Claim("x:c", "x:u", str(number)))
    heard.add("x:699", Claim("x:c", "x:u", "newer"))
    found = heard.take()
    assert len(found) == 500
    assert found[-1] == ("x:699", Claim("x:c", "x:u", "newer"))
    assert heard.take() == ()
