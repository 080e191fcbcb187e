"""A server that never read our code: it follows us and reads us, and we follow it and read it."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from node.domain.feed import FeedKind
from node.domain.notices import Status
from node.domain.peers import FollowState, OwnActor, PeerLevel
from node.domain.postings import Audience, Draft, PostingWords
from node.domain.resources import Facts
from node.domain.shares import Level
from node.services import needs, peers, postings, published, shares
from tests.interop.fedify_server import FedifyServer
from tests.village import START, Village, settle, until

pytestmark = pytest.mark.interop


async def followed_by(north: Village, stranger: FedifyServer) -> None:
    await asyncio.to_thread(stranger.follow, f"{north.url}/actors/public")
    await settle(north)

    async def is_accepted() -> bool:
        return any(seen["type"] == "Accept" for seen in await asyncio.to_thread(stranger.inbox))

    await until(is_accepted)


# C-17, C-39, C-102, C-144
async def test_it_follows_us_and_sees_a_need_its_change_and_its_end(north: Village, fedify: FedifyServer) -> None:
    """What is for it alone it believes by our HTTP signature; what is public also carries a proof."""
    await followed_by(north, fedify)
    asked = await north.ask("Children's winter coats")
    share = await north.share(asked, Level.PUBLIC)
    await settle(north)
    (note,) = await asyncio.to_thread(fedify.timeline)
    assert note["id"] == share.object_id
    assert note["author"] == f"{north.url}/actors/public"
    assert "<strong>Needed: Children's winter coats (4)</strong>" in note["content"]
    assert "North Side area, until" in note["content"]

    await needs.change_status(north.community, asked.notice.id, Status.MET, north.dispatcher)
    await settle(north)
    (changed,) = await asyncio.to_thread(fedify.timeline)
    assert "Met, thank you: Children's winter coats" in changed["content"]
    assert changed["published"] == note["published"]

    await shares.withdraw(north.community, share.id, north.dispatcher)
    await settle(north)
    assert await asyncio.to_thread(fedify.timeline) == []
    seen = await asyncio.to_thread(fedify.inbox)
    assert [one["type"] for one in seen] == ["Accept", "Create", "Update", "Delete"]
    assert all(one["believed"] for one in seen), seen
    assert [one["by_http_signature"] for one in seen] == [True, False, False, False]


# C-144
@pytest.mark.parametrize("facts", [None, Facts("meals", "12 Station Road", START, no_id_needed=True)], ids=str)
async def test_it_sees_what_we_announce_and_which_places_we_know(
    north: Village, fedify: FedifyServer, facts: Facts | None
) -> None:
    """Plain posts: the title, the words, a link; believed, changed and taken back as any other."""
    await followed_by(north, fedify)
    words = PostingWords("The kitchen is closed", "Parcels go out from the library.", language="en")
    made = await postings.write(north.community, Draft(words, Audience.PUBLIC, facts=facts), north.dispatcher)
    await settle(north)
    (note,) = await asyncio.to_thread(fedify.timeline)
    assert note["author"] == f"{north.url}/actors/public"
    assert note["content"].startswith("<p><strong>The kitchen is closed</strong></p><p>Parcels go out")
    assert ("No ID needed." in note["content"]) == (facts is not None)
    north.clock.forward(minutes=1)
    changed = Draft(replace(words, text="Parcels go out again."), Audience.PUBLIC, facts=facts)
    await postings.change(north.community, made.id, changed, north.dispatcher)
    await settle(north)
    (note,) = await asyncio.to_thread(fedify.timeline)
    assert "Parcels go out again." in note["content"]
    await postings.take_back(north.community, made.id, north.dispatcher)
    await settle(north)
    assert await asyncio.to_thread(fedify.timeline) == []
    seen = await asyncio.to_thread(fedify.inbox)
    assert [one["type"] for one in seen] == ["Accept", "Create", "Update", "Delete"]
    assert all(one["believed"] for one in seen), seen


# C-107, C-110
async def test_we_follow_it_and_see_its_posts(north: Village, fedify: FedifyServer) -> None:
    """Its posts are announcements here; edits and deletes follow."""
    earlier = await asyncio.to_thread(fedify.post, "<p>Tool library open on <b>Monday</b></p>")
    standing = await peers.add(north.community, fedify.actor, PeerLevel.PUBLIC, north.dispatcher)
    assert standing.outgoing is FollowState.ASKING
    await settle(north)

    async def is_accepted() -> bool:
        await settle(north)
        return (await peers.get(north.community, standing.peer.id)).outgoing is FollowState.ACCEPTED

    await until(is_accepted)
    post = await asyncio.to_thread(fedify.post, "<p>Soup on Friday<script>alert(1)</script></p>")
    await settle(north)
    items = {entry.item.object_id: entry.item for entry in await north.feed()}
    assert set(items) == {earlier, post}
    assert items[post].kind is FeedKind.ANNOUNCEMENT
    assert items[post].html == "<p>Soup on Friday</p>"

    await asyncio.to_thread(fedify.edit, post, "<p>Soup on Saturday</p>")
    await settle(north)
    assert "<p>Soup on Saturday</p>" in {entry.item.html for entry in await north.feed()}
    await asyncio.to_thread(fedify.delete, post)
    await settle(north)
    assert {entry.item.object_id for entry in await north.feed()} == {earlier}


# C-33
async def test_it_sees_nothing_that_is_not_public(north: Village, fedify: FedifyServer) -> None:
    """What is for peers neither reaches it nor stands in what it may read."""
    await followed_by(north, fedify)
    await north.share(await north.ask("Two chairs", quantity=Decimal(2)), Level.PEERS)
    await settle(north)
    assert await asyncio.to_thread(fedify.timeline) == []
    assert await published.visible(north.community, OwnActor.PEERS, fedify.actor) == ()


# C-106
async def test_it_unfollows(north: Village, fedify: FedifyServer) -> None:
    await followed_by(north, fedify)
    await asyncio.to_thread(fedify.unfollow, f"{north.url}/actors/public")
    await settle(north)
    await north.share(await north.ask(), Level.PUBLIC)
    await settle(north)
    assert await asyncio.to_thread(fedify.timeline) == []
