"""Who may say what about whom: nothing is believed but what comes from where it belongs."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from node.domain.errors import PeerTrouble
from node.domain.peers import Direction, FollowState, OwnActor, PeerLevel
from node.domain.responses import ResponseState
from node.domain.shares import Level
from node.services import peers, responses, shares
from schemas.activities import Accept, Delete, Follow, Reject, Undo
from schemas.marketplace import Agreement, Commitment, Measure
from tests.federation.outsider import PUBLIC, Outsider, outsider
from tests.village import Village, befriend, get, key_of, settle


def speaking_for(one: Village, *own: OwnActor) -> Outsider:
    """Somebody who holds a village's keys and says what it never would."""
    outside = Outsider(one.url, one.clock)
    for actor in own or OwnActor:
        outside.keys[f"{one.url}/actors/{actor}"] = key_of(one, actor)
    return outside


async def follow_them(north: Village, elsewhere: Outsider, name: str = "robin") -> str:
    """North follows an actor there, which agrees."""
    actor = elsewhere.actor(name)
    await peers.add(north.community, actor, PeerLevel.PUBLIC, north.dispatcher)
    await settle(north)
    asked = elsewhere.received[-1]
    yes = {"id": f"{actor}/yes", "type": "Accept", "actor": actor, "object": asked["id"]}
    assert await elsewhere.say(north, yes) == 202
    await settle(north)
    elsewhere.asked.clear()
    elsewhere.received.clear()
    return actor


def create_of(note: dict[str, Any], actor: str, **more: Any) -> dict[str, Any]:
    return {"id": f"{actor}/{note['id'][-1]}/create", "type": "Create", "actor": actor, "object": note} | more


async def titles(one: Village) -> list[str]:
    return [entry.item.title for entry in await one.feed()]


# T-7, C-90, C-91
async def test_somebody_elses_note_is_fetched_and_the_fetched_one_counts(north: Village, elsewhere: Outsider) -> None:
    """A copy with forged words, sent along by another actor: what its own server gives is kept, nothing of the copy."""
    author = await follow_them(north, elsewhere)
    async with outsider(north.clock) as other:
        sam = other.actor("sam")
        note = elsewhere.note(author)
        forged = note | {"content": "<p>Forged words</p>", "updated": "2026-11-20T09:59:00Z"}
        assert await other.say(north, create_of(forged, sam)) == 202
        await settle(north)
    assert await titles(north) == ["Soup on Sunday"]
    assert "/notes/1" in elsewhere.asked


@pytest.mark.parametrize("found", [404, 410, 503, {"id": "https://other.example/1"}, {"attributedTo": "x:1"}])
# C-90, C-91, T-7, T-8
async def test_a_copy_that_its_server_does_not_confirm_is_nothing(
    north: Village, elsewhere: Outsider, found: Any
) -> None:
    """Gone, not to be had, under another id, or by somebody else."""
    author = await follow_them(north, elsewhere)
    async with outsider(north.clock) as other:
        sam = other.actor("sam")
        note = elsewhere.note(author)
        elsewhere.documents["/notes/1"] = note | found if isinstance(found, dict) else found
        assert await other.say(north, create_of(note, sam)) == 202
        await settle(north)
    assert await titles(north) == []


# C-90, T-22
async def test_nobody_makes_us_fetch_what_is_of_nobody_we_follow(north: Village, elsewhere: Outsider) -> None:
    """Neither a copy, nor an id, nor an Update of somebody unknown."""
    author = elsewhere.actor("robin")
    async with outsider(north.clock) as other:
        sam = other.actor("sam")
        note = elsewhere.note(author)
        for number, about in enumerate((note, note["id"], author)):
            said = {"id": f"{other.url}/{number}", "type": ("Create", "Update")[number % 2], "actor": sam}
            assert await other.say(north, said | {"object": about}) == 202
        await settle(north)
    assert elsewhere.asked == []
    assert await titles(north) == []


# C-90
async def test_a_note_given_by_its_id_is_fetched(north: Village, elsewhere: Outsider) -> None:
    author = await follow_them(north, elsewhere)
    note = elsewhere.note(author)
    assert await elsewhere.say(north, create_of(note, author, object=note["id"])) == 202
    await settle(north)
    assert await titles(north) == ["Soup on Sunday"]


# C-109
async def test_an_update_of_what_we_never_had_is_fetched_or_ignored(north: Village, elsewhere: Outsider) -> None:
    author = await follow_them(north, elsewhere)
    note = elsewhere.note(author)
    posted = note | {"content": "<p>Posted words</p>", "updated": "2026-11-20T09:30:00Z"}
    for path, served in (("/notes/1", note), ("/notes/2", 404)):
        elsewhere.documents[path] = served
        update = {"id": f"{elsewhere.url}{path}/up", "type": "Update", "actor": author}
        assert await elsewhere.say(north, update | {"object": posted | {"id": f"{elsewhere.url}{path}"}}) == 202
    await settle(north)
    assert await titles(north) == ["Soup on Sunday"]


# C-110, C-109
async def test_an_older_update_never_overwrites_a_newer_one(north: Village, elsewhere: Outsider) -> None:
    author = await follow_them(north, elsewhere)
    note = elsewhere.note(author)
    await elsewhere.say(north, create_of(note, author))
    for minute, words in ((40, "Newer"), (20, "Older")):
        changed = note | {"content": f"<p>{words}</p>", "updated": f"2026-11-20T09:{minute}:00Z"}
        update = {"id": f"{author}/{minute}", "type": "Update", "actor": author, "object": changed}
        assert await elsewhere.say(north, update) == 202
        await settle(north)
    assert await titles(north) == ["Newer"]


# C-108
async def test_a_delete_that_comes_first_is_remembered(north: Village, elsewhere: Outsider) -> None:
    """Also the next day. Of whom we never heard nothing is remembered."""
    author = await follow_them(north, elsewhere)
    note = elsewhere.note(author)
    await elsewhere.say(north, {"id": f"{author}/del", "type": "Delete", "actor": author, "object": note["id"]})
    sam = elsewhere.actor("sam")
    await elsewhere.say(north, {"id": f"{sam}/del", "type": "Delete", "actor": sam, "object": f"{sam}/notes/1"})
    await settle(north)
    north.clock.forward(hours=23)
    assert await elsewhere.say(north, create_of(note, author)) == 202
    await settle(north)
    assert await titles(north) == []
    async with north.community.database.reading() as work:
        assert not await work.feed.is_gone(f"{sam}/notes/1", sam)


# C-84, T-35
async def test_an_actor_that_is_gone_takes_everything_along(north: Village, elsewhere: Outsider) -> None:
    """Its own word while its key is there, or its server's 410; a 404 is not enough."""
    author = await follow_them(north, elsewhere)
    await elsewhere.say(north, create_of(elsewhere.note(author), author))
    await settle(north)
    goodbye = {"id": f"{author}#delete", "type": "Delete", "actor": author, "object": author, "to": [PUBLIC]}
    elsewhere.documents["/users/robin"] = 404
    north.community.remote.key_cache.forget(author)
    assert await elsewhere.say(north, goodbye) == 401
    await settle(north)
    assert len(await north.feed()) == 1
    elsewhere.documents["/users/robin"] = 410
    north.clock.forward(minutes=6)
    assert await elsewhere.say(north, goodbye) == 202
    await settle(north)
    assert await north.feed() == ()
    async with north.community.database.reading() as work:
        assert not await work.peers.accepted(Direction.OUTGOING, [author])


# C-83
async def test_an_actor_is_read_from_its_own_address_and_not_from_the_posted_copy(
    north: Village, elsewhere: Outsider
) -> None:
    """Inbox and name in the Update are somebody's wish; those at the address count."""
    author = await follow_them(north, elsewhere)
    posted = dict(elsewhere.document_of("robin"), name="Posted", inbox="https://other.example/inbox")
    elsewhere.actor("robin", name="Served")
    update = {"id": f"{author}/up", "type": "Update", "actor": author, "object": posted}
    assert await elsewhere.say(north, update) == 202
    await settle(north)
    async with north.community.database.reading() as work:
        actor = await work.peers.actor(author)
    assert actor is not None
    assert (actor.name, actor.inbox) == ("Served", f"{author}/inbox")


# C-89, T-6
async def test_a_forged_id_keeps_no_genuine_activity_out(north: Village, river: Village, market: Village) -> None:
    """Known activities are remembered by server and id, and only once their sender is proven."""
    await befriend(river, north)
    author = f"{river.url}/actors/peers"
    note = Outsider(river.url, river.clock).note(author, "/o/genuine", to=[f"{author}/followers"])
    said = create_of(note, author)
    forger = speaking_for(market)
    forger.keys[author] = key_of(market)
    assert await forger.post(north, json.dumps(said | {"@context": note["@context"]}).encode(), author) == 401
    stolen = said | {"actor": f"{market.url}/actors/public"}
    assert await forger.say(north, stolen) == 403
    assert await speaking_for(river).say(north, said) == 202
    await settle(north)
    assert await titles(north) == ["Soup on Sunday"]


# C-97, C-111
@pytest.mark.parametrize("kind", ["Add", "Remove"])
async def test_nobody_adds_to_a_collection_of_ours_or_takes_from_it(
    north: Village, elsewhere: Outsider, kind: str
) -> None:
    """Whose target it is owns it; we are told of none that we would read."""
    share = await north.share(await north.ask())
    robin = elsewhere.actor("robin")
    before = [await get(f"{north.url}/actors/public/{name}") for name in ("featured", "followers", "outbox")]
    for number, target in enumerate((f"{north.url}/actors/public/featured", f"{north.url}/actors/public/followers")):
        said = {"id": f"{robin}/{number}", "type": kind, "actor": robin, "object": share.object_id, "target": target}
        assert await elsewhere.say(north, said) == 202
    await settle(north)
    assert [await get(f"{north.url}/actors/public/{name}") for name in ("featured", "followers", "outbox")] == before


# C-96, T-36
async def test_a_yes_by_somebody_else_than_the_owner_of_the_need(
    north: Village, river: Village, market: Village
) -> None:
    await befriend(river, north)
    await befriend(market, river)
    share = await north.share(await north.ask(), Level.PEERS)
    await settle(north, river, market)
    sent = await river.offer(quantity=3)
    actor = f"{market.url}/actors/peers"
    measure = Measure(has_unit="one", has_numerical_value=Decimal(3))
    result = Agreement(
        id=f"{market.url}/agreements/1",
        attributed_to=actor,
        stipulates=Commitment(satisfies=share.intent_id, resource_quantity=measure),
    )
    forger = speaking_for(market)
    assert (
        await forger.say(river, Accept(id=f"{market.url}/a/1", actor=actor, object=sent.offer_id, result=result)) == 202
    )
    assert await forger.say(river, Reject(id=f"{market.url}/a/2", actor=actor, object=sent.offer_id)) == 202
    await settle(north, river, market)
    assert (await responses.get(river.community, sent.id)).response.state == ResponseState.OFFERED


# C-125, T-36
@pytest.mark.parametrize("what", ["quantity", "unit", "satisfies", "id", "url", "none"])
async def test_a_yes_to_something_else_is_shown_and_counts_for_nothing(
    north: Village, river: Village, what: str
) -> None:
    """Nor is a yes believed that speaks for another server's agreement; a link to another server is left out."""
    await befriend(river, north)
    share = await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    sent = await river.offer(quantity=3)
    actor = f"{north.url}/actors/peers"
    good = {
        "id": f"{north.url}/agreements/1",
        "type": "Agreement",
        "attributedTo": actor,
        "stipulates": {
            "type": "Commitment",
            "satisfies": share.intent_id,
            "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "3"},
        },
        "url": {"type": "Link", "href": f"{north.url}/agreements/1/coordinate"},
        "endTime": "2026-11-22T10:00:00Z",
    }
    promise: dict[str, Any] = dict(good["stipulates"])  # type: ignore[call-overload]
    bad: dict[str, Any] = {
        "quantity": {"stipulates": promise | {"resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "4"}}},
        "unit": {"stipulates": promise | {"resourceQuantity": {"hasUnit": "hour", "hasNumericalValue": "3"}}},
        "satisfies": {"stipulates": promise | {"satisfies": f"{north.url}/o/other#primary"}},
        "id": {"id": "https://other.example/agreements/1"},
        "url": {"url": {"type": "Link", "href": "https://other.example/coordinate"}},
        "none": {},
    }[what]
    said = {"id": f"{north.url}/a/1", "type": "Accept", "actor": actor, "object": sent.offer_id, "result": good | bad}
    if what == "none":
        del said["result"]
    assert await speaking_for(north).say(river, said) == 202
    await river.worker.handle_journal()
    answered = (await responses.get(river.community, sent.id)).response
    if what == "url":
        assert (answered.state, answered.coordination_url) == (ResponseState.AGREED, None)
    else:
        assert answered.state == ResponseState.OFFERED
        assert "something else" in answered.answer


# C-99, C-58
async def test_of_a_blocked_actor_only_what_ends_something_is_heard(north: Village, elsewhere: Outsider) -> None:
    """Delete, Undo, Reject, and its own change; everything else gets 403 and does nothing."""
    author = await follow_them(north, elsewhere)
    (theirs,) = await peers.listing(north.community)
    await peers.block(north.community, theirs.peer.id, north.dispatcher)
    note = elsewhere.note(author)
    refused = ("Create", "Follow", "Like", "Announce", "Accept", "Flag", "Offer", "Move", "Question")
    for kind in refused:
        said = {"id": f"{author}/{kind}", "type": kind, "actor": author, "object": note, "target": author}
        assert await elsewhere.say(north, said) == 403, kind
    assert await elsewhere.say(north, {"id": f"{author}/u", "type": "Update", "actor": author, "object": note}) == 403
    for kind in ("Delete", "Undo", "Reject"):
        said = {"id": f"{author}/{kind}", "type": kind, "actor": author, "object": note["id"]}
        assert await elsewhere.say(north, said) == 202, kind
    elsewhere.actor("robin", name="Renamed")
    itself = elsewhere.document_of("robin")
    assert (
        await elsewhere.say(north, {"id": f"{author}/me", "type": "Update", "actor": author, "object": itself}) == 202
    )
    elsewhere.received.clear()
    await settle(north)
    assert await north.feed() == ()
    async with north.community.database.reading() as work:
        actor = await work.peers.actor(author)
    assert actor is not None
    assert actor.name == "Renamed"
    assert [one["type"] for one in elsewhere.received if one["type"] not in {"Undo", "Reject", "Delete"}] == []


# C-99
async def test_what_waited_when_somebody_was_blocked_is_not_done(north: Village, elsewhere: Outsider) -> None:
    """Taken in before, handled after."""
    author = await follow_them(north, elsewhere)
    follow = Follow(id=f"{author}/follow", actor=author, object=f"{north.url}/actors/public")
    assert await elsewhere.say(north, follow) == 202
    (theirs,) = await peers.listing(north.community)
    await peers.block(north.community, theirs.peer.id, north.dispatcher)
    await settle(north)
    async with north.community.database.reading() as work:
        assert await work.peers.follow(Direction.INCOMING, OwnActor.PUBLIC, author) is None


# C-102, C-103
async def test_a_repeated_follow_is_answered_again_and_is_one(north: Village, elsewhere: Outsider) -> None:
    robin = elsewhere.actor("robin")
    for number in range(2):
        follow = Follow(id=f"{robin}/follow{number}", actor=robin, object=f"{north.url}/actors/public")
        assert await elsewhere.say(north, follow) == 202
        await settle(north)
    assert [(one["type"], one["object"]["id"]) for one in elsewhere.received] == [
        ("Accept", f"{robin}/follow0"),
        ("Accept", f"{robin}/follow1"),
    ]
    async with north.community.database.reading() as work:
        assert await work.peers.followers(OwnActor.PUBLIC) == (robin,)


# C-104, C-95
async def test_we_follow_only_after_their_yes_to_our_follow(north: Village, elsewhere: Outsider) -> None:
    """Asking is not following, and a yes to anything else changes nothing."""
    robin = elsewhere.actor("robin")
    await peers.add(north.community, robin, PeerLevel.PUBLIC, north.dispatcher)
    await settle(north)
    (asked,) = elsewhere.received
    await elsewhere.say(north, create_of(elsewhere.note(robin), robin))
    await elsewhere.say(
        north, {"id": f"{robin}/y1", "type": "Accept", "actor": robin, "object": f"{north.url}/a/other"}
    )
    await settle(north)
    assert await north.feed() == ()
    async with north.community.database.reading() as work:
        assert not await work.peers.accepted(Direction.OUTGOING, [robin])
    await elsewhere.say(north, {"id": f"{robin}/y2", "type": "Accept", "actor": robin, "object": asked})
    await settle(north)
    async with north.community.database.reading() as work:
        assert await work.peers.accepted(Direction.OUTGOING, [robin])


# C-105
async def test_a_no_after_a_yes_ends_it(north: Village, elsewhere: Outsider) -> None:
    robin = await follow_them(north, elsewhere)
    async with north.community.database.reading() as work:
        follow = await work.peers.follow(Direction.OUTGOING, OwnActor.PUBLIC, robin)
    assert follow is not None
    no = Reject(id=f"{robin}/no", actor=robin, object=follow.activity_id)
    assert await elsewhere.say(north, no) == 202
    assert await elsewhere.say(north, create_of(elsewhere.note(robin), robin)) == 202
    await settle(north)
    assert await north.feed() == ()
    assert (await peers.listing(north.community))[0].outgoing is not FollowState.ACCEPTED


# C-106, C-94
@pytest.mark.parametrize("form", ["whole", "by id", "with a new id"])
async def test_an_unfollow_in_every_form(north: Village, elsewhere: Outsider, form: str) -> None:
    robin, sam = elsewhere.actor("robin"), elsewhere.actor("sam")
    follow = Follow(id=f"{robin}/follow", actor=robin, object=f"{north.url}/actors/public")
    await elsewhere.say(north, follow)
    await settle(north)
    forged = Undo(id=f"{sam}/undo", actor=sam, object=f"{robin}/follow")
    unknown = Undo(id=f"{robin}/undo0", actor=robin, object=f"{robin}/never")
    assert [await elsewhere.say(north, one) for one in (forged, unknown)] == [202, 202]
    await settle(north)
    async with north.community.database.reading() as work:
        assert await work.peers.followers(OwnActor.PUBLIC) == (robin,)
    undo = {
        "whole": Undo(id=f"{robin}/undo", actor=robin, object=f"{robin}/follow", embedded=follow),
        "by id": Undo(id=f"{robin}/undo", actor=robin, object=f"{robin}/follow"),
        "with a new id": Undo(
            id=f"{robin}/undo",
            actor=robin,
            object=f"{robin}/other",
            embedded=follow.model_copy(update={"id": f"{robin}/other"}),
        ),
    }[form]
    assert await elsewhere.say(north, undo) == 202
    await settle(north)
    async with north.community.database.reading() as work:
        assert await work.peers.followers(OwnActor.PUBLIC) == ()


# C-62
async def test_202_comes_before_any_work(north: Village, elsewhere: Outsider) -> None:
    """The signature is checked and the activity stored; nothing else has happened yet."""
    robin = elsewhere.actor("robin")
    follow = Follow(id=f"{robin}/follow", actor=robin, object=f"{north.url}/actors/public")
    assert await elsewhere.say(north, follow) == 202
    async with north.community.database.reading() as work:
        assert await work.peers.followers(OwnActor.PUBLIC) == ()
        assert [waiting.entry.activity_id for waiting in await work.journal.waiting(north.clock(), 9)] == [follow.id]


# C-136
async def test_what_we_hold_is_asked_about_again_before_anything_is_offered(north: Village, river: Village) -> None:
    """A copy older than a day: changed, gone, or not to be asked about now."""
    await befriend(river, north)
    asked = await north.ask()
    share = await north.share(asked, Level.PEERS)
    await settle(north, river)
    async with river.community.database.unit_of_work() as work:
        item = await work.feed.by_object(share.object_id)
        assert item is not None
        await work.feed.put(replace(item, available=Decimal(9)))
    await river.offer(quantity=9)
    await settle(river)
    river.clock.forward(hours=25)
    await responses.withdraw(river.community, (await responses_of(river))[0], river.dispatcher)
    with pytest.raises(Exception, match="check what you typed"):
        await river.offer(quantity=9)
    river.clock.forward(hours=25)
    await north.close_doors()
    with pytest.raises(PeerTrouble, match="could not be asked"):
        await river.offer(quantity=4)


async def responses_of(river: Village) -> list[str]:
    async with river.community.database.reading() as work:
        items = {entry.item.id for entry in await river.feed()}
        return [response.id for response in await work.responses.of_items(items)]


# C-138
async def test_switched_off_nothing_goes_in_or_out_but_a_delete(north: Village, river: Village) -> None:
    """One setting; what waits, waits."""
    await befriend(river, north)
    first, second = await north.ask("First"), await north.ask("Second")
    kept = await north.share(first, Level.PEERS)
    await settle(north, river)
    switch(north, "off")
    await north.share(second, Level.PEERS)
    await shares.withdraw(north.community, kept.id, north.dispatcher)
    await settle(north, river)
    assert await river.feed() == ()
    note = Outsider(river.url, river.clock).note(f"{river.url}/actors/peers", "/o/1")
    voice = speaking_for(river)
    assert await voice.say(north, create_of(note, f"{river.url}/actors/peers")) == 503
    gone = Delete(id=f"{river.url}/a/d", actor=f"{river.url}/actors/peers", object=f"{river.url}/o/1")
    assert await voice.say(north, gone) == 202
    await settle(north)
    with pytest.raises(PeerTrouble, match="switched off"):
        await peers.add(north.community, f"{river.url}/actors/public", PeerLevel.PUBLIC, north.dispatcher)
    switch(north, "on")
    north.clock.forward(hours=2)
    await settle(north, river)
    assert await titles(river) == ["Second"]


def switch(one: Village, federation: str) -> None:
    """As if it had been started with another setting."""
    settings = one.community.settings.model_copy(update={"federation": federation})
    object.__setattr__(one.community, "settings", settings)
    one.community.remote.is_off = federation == "off"
