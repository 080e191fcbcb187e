"""Stories: places and services worth knowing, ours and our neighbours', and when somebody last looked."""

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from node.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from node.domain.feed import FeedKind
from node.domain.members import Role
from node.domain.peers import OwnActor
from node.domain.postings import Audience, Draft, Posting, PostingKind, PostingWords
from node.domain.resources import LINE_LIMIT, LONG_AGO, TOLD_FOR, Facts
from node.domain.shares import RecipientState
from node.services import feed, members, notice_board, peers, postings, retention, told
from node.services.told import PostingRecord, Search
from node.translate.feed import TITLE_LIMIT, Reception, note_to_feed_item
from schemas.fields import load
from schemas.objects import parse_note
from tests.federation.pages import Browser
from tests.village import START, Clock, Village, befriend, get, settle, signed_get

KIND = PostingKind.RESOURCE
TITLE = "Station Kitchen"
FACTS = Facts(
    category="meals",
    where="12 Station Road",
    checked_at=START,
    hours="every day from 12 to 14",
    reach="020 7946 0555",
    asks_for="Nothing. Bring a bowl if you have one.",
    no_id_needed=True,
)


def draft(audience: Audience, title: str = TITLE, facts: Facts = FACTS, **more: object) -> Draft:
    words = PostingWords(title, str(more.pop("text", "A warm lunch.")), str(more.pop("area", "North Side")), "en")
    return Draft(words, audience, facts=facts, **more)  # type: ignore[arg-type]


async def tell(at: Village, audience: Audience, **more: object) -> Posting:
    return await postings.write(at.community, draft(audience, **more), at.dispatcher)  # type: ignore[arg-type]


async def record(at: Village, posting: Posting) -> PostingRecord:
    return await told.get(at.community, KIND, posting.id, at.dispatcher)


async def titles(at: Village, category: str | None = None, q: str | None = None) -> list[str]:
    return [entry.item.title for entry in await feed.places(at.community, category, q)]


async def own_titles(at: Village, category: str | None = None, q: str | None = None) -> list[str]:
    page = await told.listing(at.community, at.dispatcher, Search(KIND, category, q))
    return [one.words.title for one in page.items]


async def test_neighbours_know_the_place_hear_of_changes_and_erase_it(
    north: Village, river: Village, clock: Clock
) -> None:
    await befriend(river, north)
    place = await tell(north, Audience.PEERS)
    await settle(north, river)
    (entry,) = await feed.places(river.community, None, None)
    assert (entry.item.kind, entry.item.title, entry.item.category) == (FeedKind.RESOURCE, TITLE, "meals")
    assert entry.item.facts == FACTS
    assert entry.origin_name == "North Side Neighbours"
    assert not entry.item.is_open
    assert entry.item.ends_at == START + TOLD_FOR
    clock.forward(days=1)
    anew = replace(FACTS, asks_for="A proof of address.", no_id_needed=False, checked_at=clock())
    await postings.change(north.community, place.id, draft(Audience.PEERS, facts=anew), north.dispatcher)
    await settle(north, river)
    (entry,) = await feed.places(river.community, None, None)
    assert entry.item.facts == anew
    await postings.take_back(north.community, place.id, north.dispatcher)
    await settle(north, river)
    assert await titles(river) == await own_titles(north) == []
    assert {line.state for line in (await record(north, place)).recipients} == {RecipientState.ERASED}


# C-144
async def test_anybody_can_read_it_on_any_server(north: Village) -> None:
    """The facts stand in the text, and as terms beside it."""
    place = await tell(north, Audience.PUBLIC)
    share = (await record(north, place)).share
    assert share is not None
    body = (await get(share.object_id, Accept="application/activity+json"))[1]
    note = parse_note(load(body))
    assert (note.type, note.purpose, note.name) == ("Note", None, None)
    assert note.content.startswith(f"<p><strong>{TITLE}</strong></p><p>A warm lunch.</p><p>Where: 12 Station Road")
    for said in (
        "(North Side area)",
        "What they ask for: Nothing.",
        "No ID needed.",
        "checked on 20 November 2026.",
    ):
        assert said in note.content
    assert [tag.name for tag in note.tag if hasattr(tag, "name")] == ["#MutualAid", "#Meals"]
    sent = orjson.loads(body)["aid:resource"]
    assert sent == {
        "name": TITLE,
        "resourceConformsTo": "https://w3id.org/manyhands/ns#meals",
        "aid:where": "12 Station Road",
        "aid:hours": "every day from 12 to 14",
        "aid:reach": "020 7946 0555",
        "aid:asksFor": "Nothing. Bring a bowl if you have one.",
        "aid:noIdNeeded": True,
        "aid:checked": "2026-11-20T10:00:00Z",
    }
    assert north.dispatcher.name.encode() not in body
    page = (await get(f"{north.url}/p/{share.object_id.rpartition('/')[2]}", Accept="text/html"))[1].decode()
    assert "No ID needed" in page and "12 Station Road" in page and "I can help" not in page
    assert TITLE in (await get(f"{north.url}/resources"))[1].decode()
    for tag in ("meals", "mutualaid"):
        assert [one.seen.title for one in (await notice_board.board(north.community, tag)).notices] == [TITLE]


async def test_it_is_found_by_category_words_area_and_street(north: Village, river: Village) -> None:
    await befriend(river, north)
    await tell(north, Audience.PEERS)
    clinic = replace(FACTS, category="health", where="3 Mill Lane")
    await tell(north, Audience.PEERS, title="Mill Clinic 100%", facts=clinic, area="Old Mill", text="Walk in.")
    await settle(north, river)
    for search, found in (
        ((None, None), {TITLE, "Mill Clinic 100%"}),
        (("meals", None), {TITLE}),
        ((None, "mill lane"), {"Mill Clinic 100%"}),
        ((None, "north side"), {TITLE}),
        ((None, "%"), {"Mill Clinic 100%"}),
        (("pets", None), set()),
        (("meals", "mill"), set()),
    ):
        assert set(await own_titles(north, *search)) == set(await titles(river, *search)) == found
    assert await own_titles(north, None, "lunch") == [TITLE]  # our own words are searched, too


async def test_one_tap_says_that_somebody_looked(north: Village, river: Village, clock: Clock) -> None:
    await befriend(river, north)
    place = await tell(north, Audience.PEERS)
    await settle(north, river)
    clock.forward(days=LONG_AGO.days, seconds=1)
    posting = (await record(north, place)).posting
    assert posting.facts is not None and posting.facts.is_old(clock())
    async with Browser(north) as robin:
        await robin.walk_in(north.dispatcher)
        path = f"/resources/{place.id}"
        assert "Better ask before you go." in await robin.open(path)
        assert "It says now that somebody looked today." in await robin.press(f"{path}/checked")
        assert "Better ask before you go." not in await robin.open(path)
    await settle(north, river)
    (entry,) = await feed.places(river.community, None, None)
    assert entry.item.facts is not None and entry.item.facts.checked_at == clock()
    assert entry.item.ends_at == clock() + TOLD_FOR


async def test_what_nobody_looks_at_goes_home_and_out_again_when_somebody_does(
    north: Village, river: Village, clock: Clock
) -> None:
    """Others show it no longer than half a year; here it stays, and says kindly how old it is."""
    await befriend(river, north)
    place = await tell(north, Audience.PEERS)
    await settle(north, river)
    clock.forward(seconds=TOLD_FOR.total_seconds())
    await north.run_clocks()
    await settle(north, river)
    assert await titles(river) == []
    assert await own_titles(north) == [TITLE]
    first = (await record(north, place)).share
    with pytest.raises(Invalid) as refused:
        await postings.change(north.community, place.id, draft(Audience.PEERS, text="Soup."), north.dispatcher)
    assert list(refused.value.fields) == ["checked"]
    await postings.checked_now(north.community, place.id, north.dispatcher)
    await settle(north, river)
    assert await titles(river) == [TITLE]
    again = (await record(north, place)).share
    assert first is not None and again is not None and again.object_id != first.object_id


async def test_only_those_it_is_for_can_read_it(north: Village, river: Village, market: Village) -> None:
    await befriend(river, north)
    await befriend(market, north)
    chosen = ((await north.peer(river)).peer.id,)
    place = await tell(north, Audience.NAMED, peers=chosen)
    await tell(north, Audience.HERE, title="Our own cellar")
    await settle(north, river, market)
    share = (await record(north, place)).share
    assert share is not None
    assert (await titles(river), await titles(market)) == ([TITLE], [])
    assert await signed_get(river, share.object_id, OwnActor.PEERS) == 200
    assert await signed_get(market, share.object_id, OwnActor.PEERS) == 404
    assert (await get(share.object_id, Accept="application/activity+json"))[0] == 404
    guests = (await get(f"{north.url}/resources"))[1].decode()
    assert TITLE not in guests and "Our own cellar" not in guests
    await peers.drop(north.community, chosen[0], north.dispatcher)
    await settle(north, river)
    assert await titles(river) == []


async def test_a_neighbours_place_becomes_our_own_after_reading(north: Village, river: Village, clock: Clock) -> None:
    await befriend(river, north)
    await tell(north, Audience.PEERS)
    await settle(north, river)
    (entry,) = await feed.places(river.community, None, None)
    async with Browser(river) as robin:
        await robin.walk_in(river.dispatcher)
        assert "12 Station Road" in await robin.open("/resources")
        form = await robin.open(f"/feed/{entry.item.id}/copy")
        assert 'value="12 Station Road"' in form and 'value="Station Kitchen"' in form
        assert await own_titles(river) == []  # nothing is ours before somebody said so
        typed = {"title": TITLE, "category": "meals", "where": "12 Station Road", "audience": "here", "step": "publish"}
        assert "Only public places and services" in await robin.press("/resources/new", **typed)
        assert "It is written." in await robin.press("/resources/new", **typed, public_place="yes")
    (ours,) = (await told.listing(river.community, river.dispatcher, Search(KIND))).items
    assert ours.facts is not None and ours.facts.checked_at == clock()
    assert await titles(north) == []


async def test_what_others_send_is_cleaned_and_bounded(north: Village, river: Village, clock: Clock) -> None:
    """Half-true, too long, from the future: it is shown as far as it can be."""
    await befriend(river, north)
    place = await tell(north, Audience.PEERS)
    share = (await record(north, place)).share
    assert share is not None
    async with north.community.database.reading() as work:
        published = await work.shares.get(share.id)
    assert published is not None
    document = orjson.loads(published.document)
    document["aid:resource"] |= {
        "name": "<b>Kit\u202echen</b>" + "x" * 500,
        "aid:where": "a\n\nb" + "y" * 500,
        "aid:checked": "2030-01-01T00:00:00Z",
        "resourceConformsTo": "https://elsewhere.example/ns#meals",
    }
    item = note_to_feed_item(parse_note(document), Reception("i", clock(), OwnActor.PEERS))
    assert item.facts is not None
    assert "\u202e" not in item.title and len(item.title) == TITLE_LIMIT
    assert item.facts.where.startswith("a b") and len(item.facts.where) == LINE_LIMIT
    assert (item.facts.checked_at, item.facts.category, item.category) == (clock(), "other", "other")
    for odd in ({"aid:where": 3}, "a place", [], {"aid:noIdNeeded": "maybe"}):
        assert parse_note(document | {"aid:resource": odd}).resource is None


# C-130
async def test_words_are_checked_and_the_places_own_number_may_stand(north: Village) -> None:
    """What the place is reached by is meant to be told; a number among the words is not."""
    await tell(north, Audience.PUBLIC)
    for wrong in (
        draft(Audience.PUBLIC, text="Ask Sam, 020 7946 0999."),
        draft(Audience.PUBLIC, facts=replace(FACTS, asks_for="Call kim@mail.example before.")),
    ):
        with pytest.raises(Invalid) as refused:
            await postings.write(north.community, wrong, north.dispatcher)
        assert list(refused.value.fields) == ["text"]
    for facts, name in (
        (replace(FACTS, where=" "), "where"),
        (replace(FACTS, where="x" * 201), "where"),
        (replace(FACTS, reach="x" * 201), "reach"),
        (replace(FACTS, category="castles"), "category"),
        (replace(FACTS, checked_at=START + timedelta(seconds=1)), "checked"),
        (replace(FACTS, checked_at=START - TOLD_FOR), "checked"),
    ):
        with pytest.raises(Invalid) as refused:
            await postings.write(north.community, draft(Audience.PEERS, facts=facts), north.dispatcher)
        assert list(refused.value.fields) == [name]
    await tell(north, Audience.HERE, facts=replace(FACTS, checked_at=START - TOLD_FOR))  # here it may be old


async def test_helpers_read_and_do_not_write_and_what_was_taken_back_is_forgotten(north: Village, clock: Clock) -> None:
    cai = await members.add(north.community, "Cai", frozenset({Role.HELPER}))
    place = await tell(north, Audience.HERE)
    assert (await told.get(north.community, KIND, place.id, cai)).posting == place
    for deed in (
        postings.checked_now(north.community, place.id, cai),
        postings.take_back(north.community, place.id, cai),
    ):
        with pytest.raises(NotAllowed):
            await deed
    with pytest.raises(NotFound):
        await told.get(north.community, PostingKind.ANNOUNCEMENT, place.id, cai)
    await postings.take_back(north.community, place.id, north.dispatcher)
    with pytest.raises(Conflict):
        await postings.checked_now(north.community, place.id, north.dispatcher)
    clock.forward(days=90)
    await retention.run(north.community)
    with pytest.raises(NotFound):
        await record(north, place)
