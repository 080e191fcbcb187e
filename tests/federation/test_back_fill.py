"""Stories: whoever is newly linked reads what was shown before, once, within bounds, and never what was taken back."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from node.domain.feed import FeedKind
from node.domain.peers import Direction, Follow, OwnActor, PeerLevel
from node.domain.postings import Audience, Draft, PostingWords
from node.domain.resources import Facts
from node.domain.shares import Level
from node.services import catching_up, peers, postings, shares
from node.services.catching_up import AT_ONCE, MOST_NOTICES, MOST_TRIES
from tests.crashes import mortal, outlive_settling
from tests.federation.outsider import PUBLIC, Outsider
from tests.federation.test_authority import create_of
from tests.links import Roads, roads
from tests.village import Clock, Village, befriend, settle

LATER = "Told before you came"


@pytest.fixture
async def road(north: Village, river: Village) -> AsyncIterator[Roads]:
    async with roads() as made:
        await made.lead_to(north, river)
        yield made


async def titles(one: Village, kind: FeedKind | None = None) -> list[str]:
    async with one.community.database.reading() as work:
        return sorted(item.title for item in await work.feed.page(kind, None, None, 1000))


async def our_follow(one: Village, remote: str, own: OwnActor = OwnActor.PEERS) -> Follow:
    async with one.community.database.reading() as work:
        found = await work.peers.follow(Direction.OUTGOING, own, remote)
    assert found is not None
    return found


async def announce(at: Village, title: str, audience: Audience, **more: Any) -> str:
    draft = Draft(PostingWords(title), audience, **more)
    return (await postings.write(at.community, draft, at.dispatcher)).id


async def test_a_new_neighbour_reads_everything_it_may_see_and_nothing_else(
    north: Village, river: Village, market: Village, clock: Clock
) -> None:
    """2.13: needs, offers, announcements and places; for everyone and for neighbours; not for others, not for here."""
    await befriend(market, north)
    chosen = ((await north.peer(market)).peer.id,)
    await north.share(await north.ask("For everyone"))
    await north.share(await north.ask("For neighbours"), Level.PEERS)
    await north.share(await north.ask("For the market alone"), Level.NAMED, peers=chosen)
    await north.ask("For nobody else")
    taken_back = await north.share(await north.ask("Taken back"), Level.PEERS)
    await shares.withdraw(north.community, taken_back.id, north.dispatcher)
    await announce(north, "News", Audience.PEERS)
    await announce(north, "News among us", Audience.HERE)
    gone = await announce(north, "Old news", Audience.PUBLIC)
    await postings.take_back(north.community, gone, north.dispatcher)
    await announce(north, "A place", Audience.PEERS, facts=Facts("meals", "12 Station Road", clock()))
    await settle(north, market)
    await befriend(river, north)
    assert await titles(river) == ["A place", "For everyone", "For neighbours", "News"]
    assert await titles(river, FeedKind.ANNOUNCEMENT) == ["News"]
    assert await titles(river, FeedKind.RESOURCE) == ["A place"]
    for own, remote in ((OwnActor.PUBLIC, "public"), (OwnActor.PEERS, "peers")):
        assert (await our_follow(river, f"{north.url}/actors/{remote}", own)).caught_up


async def test_what_was_read_can_be_taken_back_and_its_receipt_comes(north: Village, river: Village) -> None:
    """Whoever read it in the outbox is told of its end like whoever was sent it (protocol 53)."""
    share = await north.share(await north.ask(LATER), Level.PEERS)
    await befriend(river, north)
    assert await titles(river) == [LATER]
    await shares.withdraw(north.community, share.id, north.dispatcher)
    await settle(north, river)
    assert await titles(river) == []
    record = await shares.get(north.community, share.id)
    assert {line.state.value for line in record.recipients} == {"erased"}


async def test_of_very_much_the_newest_two_hundred_are_read(north: Village, river: Village, clock: Clock) -> None:
    """Forty a page, five pages."""
    for number in range(MOST_NOTICES + 5):
        clock.forward(seconds=1)
        await announce_quietly(north, number)
    await befriend(river, north)
    found = await titles(river)
    assert found == sorted(f"News {number:03}" for number in range(5, MOST_NOTICES + 5))


async def announce_quietly(at: Village, number: int) -> None:
    """One more than the form would take: the bound of the reader is meant here."""
    draft = Draft(PostingWords(f"News {number:03}"), Audience.PEERS, until=at.clock() + timedelta(days=3))
    async with at.community.database.unit_of_work() as work:
        posting = postings._new(at.community, draft)
        await work.postings.add(posting, None)
        await postings._bring_in_line(at.community, work, posting)


async def test_a_neighbour_that_is_down_is_asked_again(
    north: Village, river: Village, road: Roads, clock: Clock
) -> None:
    """Once it is back everything is there, and nothing twice."""
    await north.share(await north.ask(LATER), Level.PEERS)
    await river.add_peer(north, PeerLevel.PEERS)
    await settle(river, north)
    standing = await north.peer(river)
    road.block("/outbox")
    await peers.accept(north.community, standing.peer.id, north.dispatcher)
    await settle(north, river)
    waiting = await our_follow(river, f"{north.url}/actors/peers")
    assert (waiting.caught_up, waiting.read_tries) == (False, 1)
    assert waiting.read_due_at is not None and waiting.read_due_at > clock()
    assert await titles(river) == []
    clock.forward(hours=1)
    await settle(north, river)
    assert (await our_follow(river, f"{north.url}/actors/peers")).read_tries == 2
    road.mend()
    await settle(north, river)
    assert await titles(river) == []  # not before its time
    clock.forward(hours=1)
    await settle(north, river)
    assert await titles(river) == [LATER]
    assert (await our_follow(river, f"{north.url}/actors/peers")).caught_up


async def test_what_is_new_comes_meanwhile_and_is_there_once(
    north: Village, river: Village, road: Roads, clock: Clock
) -> None:
    await north.share(await north.ask(LATER), Level.PEERS)
    withdrawn = await north.share(await north.ask("Taken back in between"), Level.PEERS)
    await river.add_peer(north, PeerLevel.PEERS)
    await settle(river, north)
    road.block("/outbox")
    await peers.accept(north.community, (await north.peer(river)).peer.id, north.dispatcher)
    await settle(north, river)
    await north.share(await north.ask("New"), Level.PEERS)
    await shares.withdraw(north.community, withdrawn.id, north.dispatcher)
    await settle(north, river)
    assert await titles(river) == ["New"]
    road.mend()
    clock.forward(hours=1)
    await settle(north, river)
    assert await titles(river) == ["New", LATER]


async def test_what_is_taken_back_while_it_is_being_read_never_appears(
    north: Village, river: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading the outbox and storing it, the Delete arrives."""
    share = await north.share(await north.ask(LATER), Level.PEERS)
    read = catching_up._read

    async def read_and_hear(community: Any, follow: Follow) -> Any:
        items = await read(community, follow)
        if items:
            await shares.withdraw(north.community, share.id, north.dispatcher)
            while await north.worker.deliver_outbox() or await river.worker.handle_journal():
                pass
        return items

    monkeypatch.setattr(catching_up, "_read", read_and_hear)
    await befriend(river, north)
    assert await titles(river) == []


async def test_whoever_is_paused_or_dropped_while_it_is_being_read_stays_unread(
    north: Village, river: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    await north.share(await north.ask(LATER), Level.PEERS)
    read = catching_up._read
    peer_id = ""

    async def read_and_pause(community: Any, follow: Follow) -> Any:
        nonlocal peer_id
        items = await read(community, follow)
        if items and not peer_id:
            peer_id = (await river.peer(north)).peer.id
            await peers.pause(river.community, peer_id, river.dispatcher)
        return items

    monkeypatch.setattr(catching_up, "_read", read_and_pause)
    await befriend(river, north)
    assert await titles(river) == []
    await peers.resume(river.community, peer_id, river.dispatcher)
    await settle(north, river)
    assert await titles(river) == [LATER]


async def test_a_process_that_ends_in_the_middle_begins_again_without_doubles(north: Village, river: Village) -> None:
    for number in range(3):
        await north.share(await north.ask(f"{LATER} {number}"), Level.PEERS)
    await river.add_peer(north, PeerLevel.PEERS)
    await settle(river, north)
    async with mortal(river) as fragile:
        await peers.accept(north.community, (await north.peer(river)).peer.id, north.dispatcher)
        fragile.be_fragile()
        async with mortal(north) as lasting:
            await outlive_settling(fragile, lasting)
        assert fragile.ended >= 4
        fragile.is_fragile = False
        assert await titles(river) == [f"{LATER} {number}" for number in range(3)]
        assert (await our_follow(river, f"{north.url}/actors/peers")).caught_up


async def test_one_that_never_answers_is_given_up_in_the_end(north: Village, elsewhere: Outsider, clock: Clock) -> None:
    """About two and a half days of tries, then two weeks of one a day; and no others wait for it."""
    actor = await follow_silently(north, elsewhere)
    elsewhere.documents["/users/robin/outbox"] = 503
    began = clock()
    asked = []
    for _ in range(1000):
        await settle(north)
        follow = await our_follow(north, actor, OwnActor.PUBLIC)
        if follow.caught_up:
            break
        assert follow.read_due_at is not None
        asked.append(follow.read_due_at)
        clock.time = follow.read_due_at
    assert len(asked) == MOST_TRIES - 1
    assert asked == sorted(set(asked))
    assert timedelta(days=14) < clock() - began < timedelta(days=18)
    async with north.community.database.reading() as work:
        entries = await work.audit.newest(100)
    assert any(entry.action.startswith("gave up reading") and entry.subject == actor for entry in entries)


async def follow_silently(north: Village, elsewhere: Outsider, name: str = "robin") -> str:
    """North follows somebody there, who has agreed; what was shown before is still to be read."""
    actor = elsewhere.actor(name)
    await peers.add(north.community, actor, PeerLevel.PUBLIC, north.dispatcher)
    while await north.worker.deliver_outbox():
        pass
    yes = {"id": f"{actor}/yes", "type": "Accept", "actor": actor, "object": elsewhere.received[-1]["id"]}
    assert await elsewhere.say(north, yes) == 202
    await north.worker.handle_journal()
    return actor


def page_of(elsewhere: Outsider, path: str, notes: list[dict[str, Any]], following: str | None, actor: str) -> None:
    url = f"{elsewhere.url}{path}"
    elsewhere.documents[path] = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": url,
        "type": "OrderedCollectionPage",
        "partOf": f"{actor}/outbox",
        "orderedItems": [create_of(note, actor) for note in notes],
    } | ({"next": following} if following else {})


def outbox_of(elsewhere: Outsider, actor: str, first: str) -> None:
    elsewhere.documents["/users/robin/outbox"] = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{actor}/outbox",
        "type": "OrderedCollection",
        "first": f"{elsewhere.url}{first}",
    }


# C-38, T-23
async def test_pages_that_lead_in_a_circle_or_never_end_are_left_after_five(
    north: Village, elsewhere: Outsider
) -> None:
    actor = await follow_silently(north, elsewhere)
    outbox_of(elsewhere, actor, "/page/1")
    for number in range(1, 9):
        note = elsewhere.note(actor, f"/notes/{number}", content=f"<p>Soup {number}</p>")
        page_of(elsewhere, f"/page/{number}", [note], f"{elsewhere.url}/page/{number + 1}", actor)
    await settle(north)
    assert await titles(north) == [f"Soup {number}" for number in range(1, 6)]
    assert elsewhere.asked.count("/page/6") == 0

    other = await follow_silently(north, elsewhere, "sam")
    elsewhere.documents["/users/sam/outbox"] = {
        **elsewhere.documents["/users/robin/outbox"],  # type: ignore[dict-item]
        "id": f"{other}/outbox",
        "first": f"{elsewhere.url}/round/1",
    }
    for number, following in ((1, 2), (2, 1)):
        note = elsewhere.note(other, f"/bread/{number}", content=f"<p>Bread {number}</p>")
        page_of(elsewhere, f"/round/{number}", [note], f"{elsewhere.url}/round/{following}", other)
    await settle(north)
    assert [title for title in await titles(north) if title.startswith("Bread")] == ["Bread 1", "Bread 2"]
    assert elsewhere.asked.count("/round/1") == 1


# C-38
async def test_a_page_on_another_server_is_not_asked_for(north: Village, elsewhere: Outsider, market: Village) -> None:
    actor = await follow_silently(north, elsewhere)
    outbox_of(elsewhere, actor, "/page/1")
    page_of(elsewhere, "/page/1", [elsewhere.note(actor)], f"{market.url}/actors/public/outbox?page=1", actor)
    await market.share(await market.ask("Somebody else's"))
    await settle(north)
    assert await titles(north) == []
    assert (await our_follow(north, actor, OwnActor.PUBLIC)).caught_up  # and it is not tried for ever


# C-88, C-90
async def test_only_its_own_notices_are_taken_from_an_outbox(north: Village, elsewhere: Outsider) -> None:
    """Somebody else's Create, somebody else's note, and what is no notice at all stand between two good ones."""
    actor = await follow_silently(north, elsewhere)
    stranger = elsewhere.actor("mallory")
    outbox_of(elsewhere, actor, "/page/1")
    good, last = (elsewhere.note(actor, f"/notes/{name}", content=f"<p>{name}</p>") for name in ("first", "last"))
    foreign = {**elsewhere.note(actor, "/notes/x", content="<p>x</p>"), "id": "https://other.example/notes/x"}
    of_another = elsewhere.note(stranger, "/notes/y", content="<p>y</p>")
    page_of(elsewhere, "/page/1", [good, foreign, of_another, last], None, actor)
    page = elsewhere.documents["/page/1"]
    assert isinstance(page, dict)
    page["orderedItems"][1:1] = [
        {**create_of(of_another, stranger)},
        {"id": f"{actor}/like", "type": "Like", "actor": actor, "object": good["id"], "to": [PUBLIC]},
        {"type": "Create"},
        "https://other.example/a/1",
        7,
    ]
    await settle(north)
    assert await titles(north) == ["first", "last"]


async def test_one_that_is_slow_to_be_reached_keeps_nobody_else_waiting(
    north: Village, river: Village, elsewhere: Outsider, clock: Clock
) -> None:
    """More that fail than are read at once, and then one that answers."""
    for number in range(AT_ONCE + 1):
        name = f"robin{number}"
        await follow_silently(north, elsewhere, name)
        elsewhere.documents[f"/users/{name}/outbox"] = 503
    await river.share(await river.ask(LATER))
    await north.add_peer(river)
    await settle(north, river)
    assert await titles(north) == [LATER]
