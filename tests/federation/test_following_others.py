"""Following anybody's public posts, persons and communities of other kinds: asked, read, bounded and ended."""

import pytest

from node.domain.errors import Conflict
from node.domain.feed import FeedKind
from node.domain.peers import FollowState
from node.domain.shares import Level
from node.services import blocks, followed, peers
from node.services.followed import Followed
from tests.federation.outsider import PUBLIC, Outsider
from tests.village import Village, settle


async def follow(one: Village, actor: str) -> None:
    await followed.follow(one.community, actor, one.dispatcher)
    await settle(one)


async def all_followed(one: Village) -> dict[str, Followed]:
    return {found.actor: found for found in await followed.listing(one.community, one.dispatcher)}


async def accept(elsewhere: Outsider, one: Village, actor: str) -> None:
    """Their server says yes to what it was asked last."""
    asked = next(
        found for found in reversed(elsewhere.received) if found["type"] == "Follow" and found["object"] == actor
    )
    yes = {"id": f"{actor}/yes", "type": "Accept", "actor": actor, "to": [asked["actor"]], "object": asked["id"]}
    assert await elsewhere.say(one, yes) == 202
    await settle(one)


async def post(elsewhere: Outsider, one: Village, actor: str, name: str) -> int:
    note = elsewhere.note(actor, f"/notes/{name}", content=f"<p>{name}</p>")
    note.pop("@context")
    create = {"id": f"{note['id']}/create", "type": "Create", "actor": actor, "to": [PUBLIC], "object": note}
    status = await elsewhere.say(one, create)
    await settle(one)
    return status


async def titles(one: Village) -> set[str]:
    return {entry.item.html for entry in await one.feed()}


async def test_two_people_of_one_server_are_followed_and_ended_each_by_itself(
    north: Village, elsewhere: Outsider
) -> None:
    robin, kim = elsewhere.actor("robin"), elsewhere.actor("kim", type="Group")
    for who in (robin, kim):
        await follow(north, who)
        assert (await all_followed(north))[who].state is FollowState.ASKING
        await accept(elsewhere, north, who)
    found = await all_followed(north)
    assert {(one.type, one.state) for one in found.values()} == {
        ("Person", FollowState.ACCEPTED),
        ("Group", FollowState.ACCEPTED),
    }
    assert await peers.listing(north.community) == ()  # nobody of them is a neighbour
    await post(elsewhere, north, robin, "soup")
    await post(elsewhere, north, kim, "bread")
    entries = await north.feed()
    assert {(entry.item.kind, entry.is_post) for entry in entries} == {(FeedKind.ANNOUNCEMENT, True)}
    await followed.unfollow(north.community, found[robin].id, north.dispatcher)
    await settle(north)
    assert elsewhere.received[-1]["type"] == "Undo"
    assert await titles(north) == {"<p>bread</p>"}
    await post(elsewhere, north, robin, "more")
    assert await titles(north) == {"<p>bread</p>"}
    assert set(await all_followed(north)) == {kim}
    await followed.unfollow(north.community, found[robin].id, north.dispatcher)
    assert set(await all_followed(north)) == {kim}


async def test_the_same_twice_asks_once_and_again_after_the_end(north: Village, elsewhere: Outsider) -> None:
    robin = elsewhere.actor("robin")
    await follow(north, robin)
    await follow(north, robin)
    assert [one["type"] for one in elsewhere.received] == ["Follow"]
    await accept(elsewhere, north, robin)
    await followed.unfollow(north.community, (await all_followed(north))[robin].id, north.dispatcher)
    await follow(north, robin)
    assert [one["type"] for one in elsewhere.received] == ["Follow", "Undo", "Follow"]


async def test_who_is_blocked_is_not_followed_and_a_block_ends_it(north: Village, elsewhere: Outsider) -> None:
    robin = elsewhere.actor("robin")
    await follow(north, robin)
    await accept(elsewhere, north, robin)
    await post(elsewhere, north, robin, "soup")
    host = elsewhere.url.partition("://")[2]
    await blocks.block_server(north.community, host, north.dispatcher)
    assert (await all_followed(north), await titles(north)) == ({}, set())
    with pytest.raises(Conflict, match="blocked"):
        await followed.follow(north.community, robin, north.dispatcher)


async def test_nobody_fills_the_feed(north: Village, elsewhere: Outsider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one who posts much only the newest stay; and we follow no more than we can read."""
    monkeypatch.setattr(followed, "MOST_POSTS", 2)
    monkeypatch.setattr(followed, "MOST_FOLLOWED", 1)
    robin = elsewhere.actor("robin")
    await follow(north, robin)
    await accept(elsewhere, north, robin)
    for name in ("one", "two", "three"):
        north.clock.forward(minutes=1)
        await post(elsewhere, north, robin, name)
    await north.run_clocks()
    assert await titles(north) == {"<p>two</p>", "<p>three</p>"}
    with pytest.raises(Conflict, match="1 already"):
        await followed.follow(north.community, elsewhere.actor("kim"), north.dispatcher)


async def test_a_community_of_our_kind_joins_the_list_and_its_words_are_no_posts(
    north: Village, river: Village
) -> None:
    await followed.follow(north.community, f"{river.url}/actors/public", north.dispatcher)
    await settle(north, river)
    await river.share(await river.ask("Soup"), Level.PUBLIC)
    await settle(north, river)
    (entry,) = await north.feed()
    assert not entry.is_post
    (one,) = (await all_followed(north)).values()
    assert one.peer_id == (await north.peer(river)).peer.id
