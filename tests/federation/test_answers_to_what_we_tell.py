"""Stories: people of the fediverse read our announcements and places, and write to us about them."""

from datetime import timedelta
from typing import Any

import pytest

from node.domain.capacity import CapacityDraft
from node.domain.peers import OwnActor
from node.domain.postings import Audience, Draft, Posting, PostingWords
from node.domain.resources import Facts
from node.domain.strangers import MOST_ENQUIRIES, Reaction
from node.services import answering, blocks, capacity, enquiries, peers, postings, reports, told
from node.services.enquiries import EnquiryLine
from node.services.responses import listing as offers_of_help
from tests.federation.outsider import PUBLIC, Outsider
from tests.federation.pages import Browser
from tests.village import START, Village, befriend, get, key_of, settle

AS2 = "application/activity+json"


async def tell(at: Village, audience: Audience = Audience.PUBLIC, facts: Facts | None = None) -> tuple[Posting, str]:
    """Something the community tells, and the id of its object."""
    words = PostingWords("Station Kitchen" if facts else "The kitchen is closed on Friday")
    made = await postings.write(at.community, Draft(words, audience, facts=facts), at.dispatcher)
    share = (await told.get(at.community, made.kind, made.id, at.dispatcher)).share
    assert share is not None
    return made, share.object_id


def reply(elsewhere: Outsider, author: str, about: str, path: str = "/notes/1", **more: Any) -> dict[str, Any]:
    note = elsewhere.note(author, path, inReplyTo=about, content="<p>Is the library <b>open</b>?</p>", **more)
    del note["@context"]
    return {"id": f"{note['id']}/create", "type": "Create", "actor": author, "to": note["to"], "object": note}


async def waiting(north: Village) -> tuple[EnquiryLine, ...]:
    return await enquiries.listing(north.community, north.dispatcher)


PLACE = Facts("meals", "12 Station Road", START)


# C-152
@pytest.mark.parametrize("facts", [None, PLACE], ids=["announcement", "place"])
async def test_a_private_answer_waits_beside_what_it_answers_and_is_answered(
    north: Village, elsewhere: Outsider, facts: Facts | None
) -> None:
    posting, object_id = await tell(north, facts=facts)
    kim = elsewhere.actor("kim")
    assert await elsewhere.say(north, reply(elsewhere, kim, object_id, to=[f"{north.url}/actors/public"])) == 202
    await settle(north)
    (line,) = await waiting(north)
    assert line.posting is not None and line.posting.id == posting.id
    assert line.notice is None
    assert (line.enquiry.text, line.enquiry.name) == ("Is the library open?", "Kim")
    place = f"/resources/{posting.id}" if facts else f"/announcements/{posting.id}"
    async with Browser(north) as robin:
        await robin.walk_in(north.dispatcher)
        for page in ("/enquiries", f"/enquiries/{line.enquiry.id}"):
            assert f'href="{place}"' in await robin.open(page)
    await answering.answer(north.community, line.enquiry.id, "From nine to five.", north.dispatcher)
    await settle(north)
    answer = elsewhere.received[-1]
    assert (answer["type"], answer["to"], answer["object"]["inReplyTo"]) == ("Create", [kim], line.enquiry.note_id)
    for path in (object_id + "/replies", f"{north.url}/actors/public/outbox?page=1"):
        body = (await get(path, Accept=AS2))[1]
        assert b"library" not in body.replace(b"library instead", b"") and b"nine to five" not in body


async def test_public_answers_likes_and_boosts_are_counted_and_shown_to_nobody_else(
    north: Village, elsewhere: Outsider
) -> None:
    posting, object_id = await tell(north)
    for number, name in enumerate(("kim", "sam")):
        actor = elsewhere.actor(name)
        await elsewhere.say(north, reply(elsewhere, actor, object_id, f"/notes/{number}", to=[PUBLIC]))
        await elsewhere.say(north, {"id": f"{actor}/like", "type": "Like", "actor": actor, "object": object_id})
    boost = {"id": f"{actor}/boost", "type": "Announce", "actor": actor, "object": object_id, "to": [PUBLIC]}
    await elsewhere.say(north, boost)
    await settle(north)
    assert await waiting(north) == ()
    share = (await told.get(north.community, posting.kind, posting.id, north.dispatcher)).share
    assert share is not None
    counted = await enquiries.counts(north.community, share.id, north.dispatcher)
    assert counted == {Reaction.REPLY: 2, Reaction.LIKE: 2, Reaction.ANNOUNCE: 1}
    async with Browser(north) as robin:
        await robin.walk_in(north.dispatcher)
        assert "Answered in public elsewhere" in await robin.open(f"/announcements/{posting.id}")
    async with Browser(north) as guest:
        assert "Answered in public elsewhere" not in await guest.open(f"/announcements/{posting.id}")


# T-40
async def test_nobody_fills_the_queue_and_the_blocked_are_not_heard(north: Village, elsewhere: Outsider) -> None:
    _, object_id = await tell(north, facts=PLACE)
    kim = elsewhere.actor("kim")
    to = [f"{north.url}/actors/public"]
    for number in range(MOST_ENQUIRIES + 2):
        await elsewhere.say(north, reply(elsewhere, kim, object_id, f"/notes/{number}", to=to))
    await settle(north)
    assert (
        len(
            (await enquiries.conversation(north.community, (await waiting(north))[0].enquiry.id, north.dispatcher)).said
        )
        == 1
    )
    assert len(await waiting(north)) == MOST_ENQUIRIES
    await blocks.block_sender(north.community, (await waiting(north))[0].enquiry.id, north.dispatcher)
    left = len(await waiting(north))
    north.clock.forward(days=2)
    await elsewhere.say(north, reply(elsewhere, kim, object_id, "/notes/again", to=to))
    await settle(north)
    assert len(await waiting(north)) == left < MOST_ENQUIRIES


async def test_what_is_for_neighbours_is_answered_by_nobody_else(
    north: Village, river: Village, elsewhere: Outsider
) -> None:
    """A stranger who guessed the id writes about nothing; of a place or announcement nobody can offer help."""
    await befriend(river, north)
    posting, object_id = await tell(north, Audience.PEERS)
    await settle(north, river)
    kim = elsewhere.actor("kim")
    await elsewhere.say(north, reply(elsewhere, kim, object_id, to=[f"{north.url}/actors/peers"]))
    await elsewhere.say(north, {"id": f"{kim}/like", "type": "Like", "actor": kim, "object": object_id})
    await settle(north)
    (line,) = await waiting(north)
    assert (line.posting, line.share) == (None, None)
    share = (await told.get(north.community, posting.kind, posting.id, north.dispatcher)).share
    assert share is not None
    assert await enquiries.counts(north.community, share.id, north.dispatcher) == {}
    item = (await river.only_item()).item
    async with Browser(river) as robin:
        await robin.walk_in(river.dispatcher)
        assert "Offer to help" not in await robin.open(f"/feed/{item.id}")
    assert await offers_of_help(north.community) == ()


async def test_a_report_names_what_it_is_about(north: Village, river: Village, elsewhere: Outsider) -> None:
    """An announcement, and what we could give, which only neighbours see: each leads to where it stands."""
    await befriend(river, north)
    posting, object_id = await tell(north)
    could = CapacityDraft("Thirty boxes", "groceries", until=north.clock() + timedelta(days=2))
    given = await capacity.tell(north.community, could, north.dispatcher)
    await settle(north, river)
    (heard,) = await capacity.theirs(river.community, river.dispatcher)
    actor = f"{river.url}/actors/peers"
    moderator = Outsider(river.url, elsewhere.clock)
    moderator.keys[actor] = key_of(river, OwnActor.PEERS)
    about = [object_id, heard.item.object_id]
    await moderator.say(
        north, {"id": f"{river.url}/flags/1", "type": "Flag", "actor": actor, "object": about, "content": "Wrong day"}
    )
    await settle(north)
    (line,) = await reports.listing(north.community, north.dispatcher)
    assert [one.posting.id for one in line.about if one.posting] == [posting.id, given.id]
    async with Browser(north) as robin:
        await robin.walk_in(north.dispatcher)
        page = await robin.open("/reports")
        assert f'href="/announcements/{posting.id}"' in page and f"/announcements/{given.id}" not in page
        assert '<a href="/capacity">Thirty boxes</a>' in page


async def test_whoever_follows_on_another_server_sees_it_change_and_go(north: Village, elsewhere: Outsider) -> None:
    kim = elsewhere.actor("kim")
    follow = {"id": f"{kim}/follow", "type": "Follow", "actor": kim, "object": f"{north.url}/actors/public"}
    await elsewhere.say(north, follow)
    await settle(north)
    elsewhere.received.clear()
    posting, object_id = await tell(north)
    await settle(north)
    north.clock.forward(minutes=1)
    draft = Draft(PostingWords("The kitchen is open again"), Audience.PUBLIC)
    await postings.change(north.community, posting.id, draft, north.dispatcher)
    await settle(north)
    await postings.take_back(north.community, posting.id, north.dispatcher)
    await settle(north)
    assert [one["type"] for one in elsewhere.received] == ["Create", "Update", "Delete"]
    created, updated, deleted = elsewhere.received
    assert created["object"]["id"] == updated["object"]["id"] == deleted["object"]["id"] == object_id
    assert updated["object"]["updated"] > created["object"]["published"]
    assert (created["to"], created["cc"]) == ([PUBLIC], [f"{north.url}/actors/public/followers"])
    assert "purpose" not in created["object"] and "name" not in created["object"]
    assert await peers.listing(north.community) == ()  # and nobody became a neighbour by reading
