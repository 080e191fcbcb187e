"""A category of one community's own: neighbours read it as the one it is most like, beside its name as a hashtag."""

import json

from node.domain.categories import CategoryChange
from node.domain.exchange import LEAST
from node.domain.notices import Kind, Notice, Status, Wording
from node.domain.peers import OwnActor
from node.domain.shares import Level, RecipientState, Share
from node.services import categories, exchange, needs, shares
from node.services.exchange import Wish
from node.services.needs import NoticeFilter
from tests.village import Village, befriend, settle, signed_get

BIKES = "own-bike-repair"


async def add(one: Village, name: str = "Bike repair", like: str = "repairs") -> None:
    await categories.add(one.community, CategoryChange("", name, like=like), one.dispatcher)


async def call(one: Village, name: str, like: str) -> None:
    """The same category, called or mapped otherwise."""
    await categories.change(one.community, CategoryChange(BIKES, name, like=like), one.dispatcher)


async def shared(one: Village, level: Level = Level.PEERS) -> tuple[Notice, Share]:
    asked = await one.ask("My chain is broken", category="repairs", own_category=BIKES)
    return asked.notice, await one.share(asked, level)


async def seen(one: Village) -> list[tuple[str, str, bool]]:
    """What the feed shows: title, category, and whether the hashtag stands below it."""
    return [(it.item.title, it.item.category, "#BikeRepair" in it.item.html) for it in await one.feed()]


async def copies(one: Village, share: Share) -> list[RecipientState]:
    return [line.state for line in (await shares.get(one.community, share.id)).recipients]


# C-119
async def test_a_neighbour_reads_it_as_what_it_is_most_like_with_the_hashtag(north: Village, river: Village) -> None:
    await befriend(river, north)
    await add(north)
    _notice, share = await shared(north)
    await settle(north, river)
    assert await seen(river) == [("My chain is broken", "repairs", True)]
    async with river.community.database.reading() as work:
        (item,) = await work.feed.for_neighbours(north.community.host, {"repairs"})
    assert item.category == "repairs"
    async with north.community.database.reading() as work:
        published = await work.shares.get(share.id)
    assert published is not None
    document = json.loads(published.document)
    assert document["publishes"]["resourceConformsTo"].endswith("ns#repairs")
    assert b"own-" not in published.document and published.share.category == "repairs"


async def test_whoever_is_not_sent_what_it_is_like_is_not_sent_it_either(north: Village, river: Village) -> None:
    await befriend(river, north)
    await add(north)
    standing = (await north.peer(river)).peer.id
    await exchange.choose(north.community, standing, Wish(sends=LEAST - {"repairs"}), north.dispatcher)
    _notice, share = await shared(north)
    await settle(north, river)
    assert (await seen(river), await copies(north, share)) == ([], [])
    await call(north, "Bike repair", "tech")
    await settle(north, river)
    assert await seen(river) == [("My chain is broken", "tech", True)], "mapped anew, it goes where that one goes"
    await call(north, "Bike repair", "repairs")
    await settle(north, river)
    assert (await seen(river), await copies(north, share)) == ([], [RecipientState.ERASED])
    assert await signed_get(river, share.object_id, OwnActor.PEERS) == 404


async def test_called_otherwise_or_taken_away_the_neighbour_is_told(north: Village, river: Village) -> None:
    await befriend(river, north)
    await add(north)
    notice, _share = await shared(north)
    await settle(north, river)
    await call(north, "Wheels", "repairs")
    await settle(north, river)
    assert "#Wheels" in (await river.only_item()).item.html
    await categories.remove(north.community, BIKES, north.dispatcher)
    await categories.remove(north.community, BIKES, north.dispatcher)
    await settle(north, river)
    assert await seen(river) == [("My chain is broken", "repairs", False)]
    stands = await north.notice(notice.id)
    assert (stands.wording.category, stands.wording.own_category) == ("repairs", "")


async def test_mapped_to_what_is_delicate_nobody_but_neighbours_sees_it_any_more(north: Village) -> None:
    await add(north)
    notice, share = await shared(north, Level.PUBLIC)
    delicate = await north.ask("A room", category="housing")
    await call(north, "Bike repair", "safety")
    assert not (await shares.get(north.community, share.id)).share.is_shown
    wording = (await north.notice(notice.id)).wording
    assert (wording.category, wording.own_category) == ("safety", BIKES)
    assert (await north.notice(delicate.notice.id)).wording.category == "housing"


async def test_what_is_closed_and_what_was_read_before_go_along(north: Village) -> None:
    """A dispatcher corrects words that were opened before a steward mapped the category anew, or took it away."""
    await add(north)
    notice, _share = await shared(north)
    closed = await north.ask("A tyre", category="repairs", own_category=BIKES, kind=Kind.OFFER)
    await needs.change_status(north.community, closed.notice.id, Status.MET, north.dispatcher)
    await call(north, "Bike repair", "transport")
    stale = Wording("My chain is broken again", "repairs", own_category=BIKES)
    corrected = await needs.correct(north.community, notice.id, stale, north.dispatcher)
    assert (corrected.wording.category, corrected.wording.own_category) == ("transport", BIKES)
    assert (await north.notice(closed.notice.id)).wording.category == "transport"
    await categories.remove(north.community, BIKES, north.dispatcher)
    found = [await needs.listing(north.community, NoticeFilter(kind, category="transport")) for kind in Kind]
    assert [one.wording.own_category for page in found for one in page.items] == ["", ""]
    late = await north.ask("A pump", category="transport", own_category=BIKES)
    assert (late.notice.wording.category, late.notice.wording.own_category) == ("transport", "")
