"""Stories: what a community tells of itself, here, to chosen neighbours, to all of them, and to everyone."""

from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import orjson
import pytest

from node.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from node.domain.feed import FeedKind
from node.domain.members import Role
from node.domain.peers import OwnActor
from node.domain.postings import (
    DEFAULT_LIFE,
    KEPT_AFTER_END,
    LONGEST_LIFE,
    MOST_CURRENT,
    Audience,
    Draft,
    Posting,
    PostingKind,
    PostingWords,
)
from node.domain.shares import RecipientState
from node.services import feed, members, notice_board, peers, postings, retention, told
from node.services.community import profile, save_profile
from node.services.told import PostingRecord, Search
from schemas.fields import load
from schemas.objects import parse_note
from tests.federation.pages import Browser
from tests.village import Clock, Village, befriend, get, settle, signed_get

KIND = PostingKind.ANNOUNCEMENT
SEARCH = Search(KIND)
TITLE = "The kitchen is closed on Friday"
TEXT = "The gas is being repaired. Parcels go out from the library instead."


def draft(audience: Audience, title: str = TITLE, text: str = TEXT, **more: object) -> Draft:
    words = PostingWords(title, text, str(more.pop("area", "North Side")), str(more.pop("language", "en")))
    return Draft(words, audience, **more)  # type: ignore[arg-type]


async def announce(at: Village, audience: Audience, **more: object) -> Posting:
    return await postings.write(at.community, draft(audience, **more), at.dispatcher)  # type: ignore[arg-type]


async def record(at: Village, posting: Posting) -> PostingRecord:
    return await told.get(at.community, KIND, posting.id, at.dispatcher)


async def object_of(at: Village, posting: Posting) -> str:
    share = (await record(at, posting)).share
    assert share is not None
    return share.object_id


async def states(at: Village, posting: Posting) -> set[RecipientState]:
    return {line.state for line in (await record(at, posting)).recipients}


async def titles(at: Village, kind: FeedKind | None = FeedKind.ANNOUNCEMENT) -> list[str]:
    return [entry.item.title for entry in (await feed.listing(at.community, kind)).items]


async def test_neighbours_read_it_hear_of_changes_and_erase_it(north: Village, river: Village, clock: Clock) -> None:
    await befriend(river, north)
    news = await announce(north, Audience.PEERS)
    await settle(north, river)
    entry = await river.only_item()
    assert (entry.item.kind, entry.item.title, entry.item.area) == (FeedKind.ANNOUNCEMENT, TITLE, "North Side")
    assert entry.origin_name == "North Side Neighbours"
    assert "from the library" in entry.item.html
    assert not entry.item.is_open  # there is nothing to help with
    assert await titles(river, FeedKind.NEED) == await titles(river, FeedKind.OFFER) == []
    assert await states(north, news) == {RecipientState.SENT}

    clock.forward(minutes=5)
    later = replace(draft(Audience.PEERS, title="The kitchen is closed until Monday"), until=news.until)
    await postings.change(north.community, news.id, later, north.dispatcher)
    await settle(north, river)
    assert await titles(river) == ["The kitchen is closed until Monday"]

    await postings.take_back(north.community, news.id, north.dispatcher)
    await settle(north, river)
    assert await titles(river) == []
    assert await states(north, news) == {RecipientState.ERASED}
    before = (await record(north, news)).share
    await postings.take_back(north.community, news.id, north.dispatcher)  # twice is as good as once
    await settle(north, river)
    assert (await record(north, news)).share == before


async def test_here_only_never_leaves(north: Village, river: Village) -> None:
    await befriend(river, north)
    news = await announce(north, Audience.HERE, text="Ask for Sam, 555-0199.")  # among ourselves a number may stand
    await settle(north, river)
    assert await river.feed() == ()
    assert (await record(north, news)).share is None
    assert [one.id for one in (await told.listing(north.community, north.dispatcher, SEARCH)).items] == [news.id]
    assert (await told.listing(north.community, None, SEARCH)).items == ()
    with pytest.raises(NotFound):
        await told.get(north.community, KIND, news.id, None)


async def test_only_named_neighbours_get_it(north: Village, river: Village, market: Village) -> None:
    await befriend(river, north)
    await befriend(market, north)
    chosen = (await north.peer(river)).peer.id
    news = await announce(north, Audience.NAMED, peers=(chosen,))
    await settle(north, river, market)
    assert await titles(river) == [TITLE]
    assert await market.feed() == ()
    object_id = await object_of(north, news)
    assert await signed_get(river, object_id, OwnActor.PEERS) == 200
    assert await signed_get(market, object_id, OwnActor.PEERS) == 404
    assert (await get(object_id, Accept="application/activity+json"))[0] == 404


async def test_other_readers_get_another_object_and_the_first_is_taken_back(
    north: Village, river: Village, market: Village, clock: Clock
) -> None:
    """An id is never shown to more, and never used again."""
    await befriend(river, north)
    await befriend(market, north)
    news = await announce(north, Audience.PEERS)
    await settle(north, river, market)
    first = await object_of(north, news)
    clock.forward(minutes=10)
    chosen = ((await north.peer(river)).peer.id,)
    await postings.change(north.community, news.id, draft(Audience.NAMED, peers=chosen), north.dispatcher)
    await settle(north, river, market)
    assert await titles(river) == [TITLE]
    assert await titles(market) == []
    assert await object_of(north, news) != first
    assert await signed_get(river, first, OwnActor.PEERS) == 404
    await postings.change(north.community, news.id, draft(Audience.HERE), north.dispatcher)
    await settle(north, river, market)
    assert await titles(river) == []
    assert (await record(north, news)).posting.is_current(clock())


# C-144
async def test_for_everyone_it_is_a_plain_post_that_reads_alone(north: Village, clock: Clock) -> None:
    """Title, what, where, until when, link, hashtags; nothing of a proposal, and no person."""
    news = await announce(north, Audience.PUBLIC, until=clock() + timedelta(days=7))
    object_id = await object_of(north, news)
    status, body = await get(object_id, Accept="application/activity+json")
    assert status == 200
    note = parse_note(load(body))
    assert not note.is_proposal
    assert (note.type, note.purpose, note.publishes, note.name, note.summary) == ("Note", None, None, None, None)
    assert note.content.startswith(f"<p><strong>{TITLE}</strong></p><p>The gas is being repaired.")
    assert "North Side area, until 27 November 2026." in note.content
    assert f'<a href="{note.url}">' in note.content
    assert [tag.name for tag in note.tag if hasattr(tag, "name")] == ["#MutualAid", "#Announcements"]
    assert list(note.content_map or {}) == ["en"]
    assert note.end_time == clock() + timedelta(days=7)
    assert north.dispatcher.name.encode() not in body
    featured = orjson.loads((await get(f"{north.url}/actors/public/featured"))[1])
    assert [one["id"] for one in featured["orderedItems"]] == [object_id]
    outbox = orjson.loads((await get(f"{north.url}/actors/public/outbox?page=1"))[1])
    assert [one["object"]["id"] for one in outbox["orderedItems"]] == [object_id]

    local = object_id.rpartition("/")[2]
    page = (await get(f"{north.url}/p/{local}", Accept="text/html"))[1].decode()
    assert TITLE in page and "Announced at North Side Neighbours" in page and "I can help" not in page
    assert TITLE in (await get(f"{north.url}/"))[1].decode()
    assert TITLE in (await get(f"{north.url}/announcements"))[1].decode()
    for tag in ("announcements", "mutualaid"):
        assert [one.seen.title for one in (await notice_board.board(north.community, tag)).notices] == [TITLE]
    assert (await notice_board.board(north.community, "goods")).notices == ()

    await postings.take_back(north.community, news.id, north.dispatcher)
    assert (await get(object_id, Accept="application/activity+json"))[0] == 410
    assert (await get(f"{north.url}/p/{local}", Accept="text/html"))[0] == 410
    assert TITLE not in (await get(f"{north.url}/"))[1].decode()


async def test_feed_readers_find_what_is_for_everyone(north: Village, clock: Clock) -> None:
    await announce(north, Audience.PUBLIC)
    await announce(north, Audience.PEERS, title="For neighbours alone")
    asked = await north.ask()
    await north.share(asked)
    for name, titles_there in (("announcements", [TITLE]), ("needs", ["Winter coats for children"]), ("offers", [])):
        status, body = await get(f"{north.url}/feeds/{name}.atom")
        feed_there = ElementTree.fromstring(body)
        assert status == 200
        assert [one.text for one in feed_there.iterfind("{*}entry/{*}title")] == titles_there
        assert {one.tag.rpartition("}")[2] for one in feed_there} >= {"id", "title", "updated", "author", "link"}
    assert (await get(f"{north.url}/feeds/people.atom"))[0] == 404


async def test_it_ends_by_itself_at_both_sides(north: Village, river: Village, clock: Clock) -> None:
    await befriend(river, north)
    news = await announce(north, Audience.PEERS, until=clock() + timedelta(hours=3))
    await settle(north, river)
    clock.forward(hours=4)
    await north.run_clocks()
    await settle(north, river)
    assert await titles(river) == []
    assert (await told.listing(north.community, north.dispatcher, SEARCH)).items == ()
    assert [one.id for one in await told.over(north.community, KIND, north.dispatcher)] == [news.id]
    assert await states(north, news) == {RecipientState.ERASED}
    with pytest.raises(Conflict, match="over"):
        await postings.change(north.community, news.id, draft(Audience.PEERS), north.dispatcher)


# C-135
async def test_a_neighbour_that_never_hears_of_the_end_forgets_it_all_the_same(
    north: Village, river: Village, clock: Clock
) -> None:
    await befriend(river, north)
    await announce(north, Audience.PEERS, until=clock() + timedelta(hours=3))
    await settle(north, river)
    await north.close_doors()
    clock.forward(days=7, hours=4)
    await river.run_clocks()
    assert await river.feed() == ()


async def test_what_is_over_is_forgotten_with_its_shares(north: Village, river: Village, clock: Clock) -> None:
    await befriend(river, north)
    news = await announce(north, Audience.PEERS, until=clock() + timedelta(hours=3))
    await settle(north, river)
    clock.forward(hours=3)
    await north.run_clocks()
    clock.forward(seconds=KEPT_AFTER_END.total_seconds() - 1)
    await retention.run(north.community)
    assert (await record(north, news)).posting.id == news.id
    clock.forward(seconds=1)
    await retention.run(north.community)
    with pytest.raises(NotFound):
        await record(north, news)
    async with north.community.database.reading() as work:
        assert await work.shares.of_posting(news.id) == ()
        assert await work.shares.holders() == frozenset()


async def test_a_neighbour_that_is_down_hears_of_it_when_it_is_back(
    north: Village, river: Village, clock: Clock
) -> None:
    await befriend(river, north)
    await river.close_doors()
    news = await announce(north, Audience.PEERS)
    await settle(north)
    assert await states(north, news) == {RecipientState.WAITING}
    await river.open_doors()
    clock.forward(hours=1)
    await settle(north, river)
    assert await titles(river) == [TITLE]
    assert await states(north, news) == {RecipientState.SENT}


# C-137
async def test_dropping_or_blocking_a_neighbour_takes_it_back(north: Village, river: Village, market: Village) -> None:
    await befriend(river, north)
    await befriend(market, north)
    news = await announce(north, Audience.PEERS)
    await settle(north, river, market)
    await peers.drop(north.community, (await north.peer(river)).peer.id, north.dispatcher)
    await peers.block(north.community, (await north.peer(market)).peer.id, north.dispatcher)
    await settle(north, river, market)
    assert await river.feed() == await market.feed() == ()
    object_id = await object_of(north, news)
    assert await signed_get(river, object_id, OwnActor.PEERS) == 404


async def test_what_was_announced_in_a_pause_arrives_after_it(north: Village, river: Village) -> None:
    await befriend(river, north)
    peer = (await north.peer(river)).peer.id
    await peers.pause(north.community, peer, north.dispatcher)
    await announce(north, Audience.PEERS)
    await settle(north, river)
    assert await river.feed() == ()
    await peers.resume(north.community, peer, north.dispatcher)
    await settle(north, river)
    assert await titles(river) == [TITLE]


# C-130
async def test_a_way_to_reach_somebody_does_not_leave(north: Village, clock: Clock) -> None:
    """Our own line may stand in it: that is what it is for."""
    shown = await profile(north.community)
    await save_profile(north.community, replace(shown, contact_line="+44 20 7946 0123"))
    with pytest.raises(Invalid, match="check") as refused:
        await announce(north, Audience.PUBLIC, text="Call Sam on 020 7946 0999.")
    assert "telephone number" in refused.value.fields["text"]
    found = await postings.preview(
        north.community, draft(Audience.PUBLIC, text="Call Sam on 020 7946 0999."), north.dispatcher
    )
    assert "0999" in found.blocked
    news = await announce(north, Audience.PUBLIC, text="Call us on 020 7946 0123.")
    with pytest.raises(Invalid):  # nor by a later change
        await postings.change(
            north.community, news.id, draft(Audience.PUBLIC, text="Or kim@mail.example."), north.dispatcher
        )
    assert (await record(north, news)).posting.words.text == "Call us on 020 7946 0123."


async def test_the_preview_is_what_is_sent(north: Village, clock: Clock) -> None:
    wanted = draft(Audience.PUBLIC, text="Come to 12 Station Road.", until=clock() + timedelta(days=2))
    seen = await postings.preview(north.community, wanted, north.dispatcher, "form 1")
    assert [finding.pieces for finding in seen.findings] == [("12 Station Road",)]
    news = await postings.write(north.community, wanted, north.dispatcher, "form 1")
    again = await postings.write(north.community, wanted, north.dispatcher, "form 1")
    assert again.id == news.id
    sent = orjson.loads((await get(await object_of(north, news), Accept="application/activity+json"))[1])
    assert sent == seen.document


async def test_every_bound_is_kept(north: Village, clock: Clock) -> None:
    now = clock()
    for wrong, name in (
        (draft(Audience.HERE, title=" "), "title"),
        (draft(Audience.HERE, title="x" * 121), "title"),
        (draft(Audience.HERE, text="x" * 2001), "text"),
        (draft(Audience.HERE, area="x" * 81), "area"),
        (draft(Audience.HERE, until=now), "until"),
        (draft(Audience.HERE, until=now + LONGEST_LIFE + timedelta(seconds=1)), "until"),
        (draft(Audience.NAMED), "peers"),
        (draft(Audience.NAMED, peers=tuple(map(str, range(21)))), "peers"),
        (draft(Audience.NAMED, peers=("nobody",)), "peers"),
    ):
        with pytest.raises(Invalid) as refused:
            await postings.write(north.community, wrong, north.dispatcher)
        assert list(refused.value.fields) == [name]
    news = await announce(north, Audience.HERE)
    assert news.until == now + DEFAULT_LIFE
    async with north.community.database.unit_of_work() as work:
        for number in range(MOST_CURRENT - 1):
            await work.postings.add(replace(news, id=f"more{number}"), None)
    with pytest.raises(Conflict, match="200"):
        await announce(north, Audience.HERE)
    first = await told.listing(north.community, north.dispatcher, SEARCH, limit=100)
    second = await told.listing(north.community, north.dispatcher, SEARCH, first.next, 100)
    assert (len(first.items), len(second.items), second.next) == (100, 100, None)
    assert len({one.id for one in (*first.items, *second.items)}) == MOST_CURRENT


async def test_helpers_read_and_do_not_write(north: Village) -> None:
    cai = await members.add(north.community, "Cai", frozenset({Role.HELPER}))
    news = await announce(north, Audience.HERE)
    assert (await told.get(north.community, KIND, news.id, cai)).posting == news
    for deed in (
        postings.write(north.community, draft(Audience.HERE), cai),
        postings.change(north.community, news.id, draft(Audience.HERE), cai),
        postings.take_back(north.community, news.id, cai),
        postings.preview(north.community, draft(Audience.HERE), cai),
        told.over(north.community, KIND, cai),
    ):
        with pytest.raises(NotAllowed):
            await deed


async def test_on_the_pages_it_is_seen_before_it_is_published(north: Village, river: Village) -> None:
    await befriend(river, north)
    typed = {"title": TITLE, "text": "Come to 12 Station Road.", "audience": "peers", "language": "en"}
    async with Browser(north) as robin:
        await robin.walk_in(north.dispatcher)
        await robin.open("/announcements/new")
        assert "Choose who may see it." in await robin.press("/announcements/new", title=TITLE, step="preview")
        seen = await robin.press("/announcements/new", **typed, step="preview")
        assert "Read these once more" in seen and "12 Station Road" in seen
        assert (await told.listing(north.community, north.dispatcher, SEARCH)).items == ()
        unread = await robin.press("/announcements/new", **typed, step="publish")
        assert "tick that it can go as it is" in unread
        mark = (
            await postings.preview(north.community, draft(Audience.PEERS, text=typed["text"]), north.dispatcher)
        ).mark
        assert "It is written." in await robin.press("/announcements/new", **typed, step="publish", read=mark)
        await settle(north, river)
        (news,) = (await told.listing(north.community, north.dispatcher, SEARCH)).items
        path = f"/announcements/{news.id}"
        assert "Sent. They have a copy." in await robin.open(path)
        assert "Step 1 of 2" in await robin.open(f"{path}/edit")
        assert "It is changed." in await robin.press(f"{path}/edit", **(typed | {"text": "Come."}), step="publish")
        await robin.open(f"{path}/take-back")
        assert "It is taken back." in await robin.press(f"{path}/take-back")
        await settle(north, river)
        assert "Erased. They confirmed it." in await robin.open(path)
        assert "This is over." in await robin.open(f"{path}/edit")
    assert await river.feed() == ()
    async with Browser(north) as guest:
        assert "There is nothing here" in await guest.open(path)
