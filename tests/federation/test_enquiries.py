"""Ordinary people of the fediverse write to a community: a private queue, bounded, never published, never crawled."""

from typing import Any

import aiohttp
import pytest

from node.domain.errors import NotAllowed
from node.domain.members import Member
from node.domain.peers import OwnActor
from node.domain.shares import Level, Share
from node.domain.strangers import MOST_ENQUIRIES, MOST_OF_SERVER, MOST_WAITING, TEXT_LIMIT, Reaction
from node.services import enquiries, questions
from node.services.enquiries import EnquiryLine
from tests.crashes import mortal, outlive_step
from tests.federation.outsider import PUBLIC, Outsider
from tests.village import Village, befriend, get, key_of, settle

AS2 = "application/activity+json"


def reply(elsewhere: Outsider, author: str, share: Share, path: str = "/notes/1", **more: Any) -> dict[str, Any]:
    note = elsewhere.note(author, path, inReplyTo=share.object_id, content="<p>I have <b>two</b> coats</p>", **more)
    del note["@context"]
    return {"id": f"{note['id']}/create", "type": "Create", "actor": author, "to": note["to"], "object": note}


async def waiting(north: Village) -> tuple[EnquiryLine, ...]:
    return await enquiries.listing(north.community, north.dispatcher)


# C-152
async def test_a_private_answer_waits_for_a_dispatcher_and_is_shown_nowhere(
    north: Village, elsewhere: Outsider
) -> None:
    """Cleaned, beside the notice it answers; nothing is fetched for it but its sender's own actor."""
    share = await north.share(await north.ask())
    robin = elsewhere.actor("robin")
    note = reply(elsewhere, robin, share, to=[f"{north.url}/actors/public"])
    note["object"]["context"] = f"{elsewhere.url}/threads/1"
    note["object"]["replies"] = f"{elsewhere.url}/notes/1/replies"
    assert await elsewhere.say(north, note) == 202
    await settle(north)
    (line,) = await waiting(north)
    assert (line.enquiry.text, line.enquiry.name) == ("I have two coats", "Robin")
    assert line.share is not None
    assert line.share.id == share.id
    assert set(elsewhere.asked) == {"/users/robin"}
    assert elsewhere.received == []
    assert await north.feed() == ()
    for path in ("/actors/public/outbox?page=1", "/actors/public/featured", "/"):
        assert b"two coats" not in (await get(f"{north.url}{path}"))[1]
    for path in ("/replies", "/thread"):
        assert b"two coats" not in (await get(share.object_id + path, Accept=AS2))[1]


async def test_processes_end_while_a_private_answer_comes_in_and_is_done_with(
    north: Village, elsewhere: Outsider
) -> None:
    """Before and after each thing that is stored: its server sends it again, and it waits once."""
    share = await north.share(await north.ask())
    note = reply(elsewhere, elsewhere.actor("robin"), share, to=[f"{north.url}/actors/public"])
    statuses: list[int] = []

    async def say() -> None:
        try:
            statuses.append(await elsewhere.say(north, note))
        except aiohttp.ClientError:
            statuses.append(0)

    async def is_kept() -> bool:
        return 202 in statuses

    async def done() -> None:
        for line in await waiting(north):
            await enquiries.done(north.community, line.enquiry.id, north.dispatcher)

    async def none_waits() -> bool:
        return not await waiting(north)

    async with mortal(north) as one:
        one.be_fragile()
        await outlive_step([one], say, is_kept)
        assert [line.enquiry.text for line in await waiting(north)] == ["I have two coats"]
        await outlive_step([one], done, none_waits)
        assert one.ended >= 4


async def test_a_message_to_one_of_our_actors(north: Village, elsewhere: Outsider) -> None:
    """With or without a notice: from a stranger it is an enquiry, and its Update and Delete are followed."""
    robin = elsewhere.actor("robin")
    note = elsewhere.note(robin, to=[f"{north.url}/actors/public"], content="<p>Hello</p>")
    create = {"id": f"{note['id']}/create", "type": "Create", "actor": robin, "to": note["to"], "object": note}
    await elsewhere.say(north, create)
    await settle(north)
    (line,) = await waiting(north)
    assert (line.enquiry.text, line.share) == ("Hello", None)
    newer = note | {"content": "<p>Hello again</p>", "updated": "2026-11-20T09:30:00Z"}
    update = {"id": f"{note['id']}/update", "type": "Update", "actor": robin, "to": note["to"], "object": newer}
    await elsewhere.say(north, update)
    await settle(north)
    assert [line.enquiry.text for line in await waiting(north)] == ["Hello again"]
    sam = elsewhere.actor("sam")
    for number, actor in enumerate((sam, robin)):
        assert len(await waiting(north)) == 1
        await elsewhere.say(
            north, {"id": f"{elsewhere.url}/d{number}", "type": "Delete", "actor": actor, "object": note["id"]}
        )
        await settle(north)
    assert await waiting(north) == ()


async def test_a_public_answer_is_only_counted(north: Village, elsewhere: Outsider) -> None:
    """It stands where it was written; we keep a number."""
    share = await north.share(await north.ask())
    robin = elsewhere.actor("robin")
    await elsewhere.say(north, reply(elsewhere, robin, share))
    await settle(north)
    assert await waiting(north) == ()
    assert await enquiries.counts(north.community, share.id, north.dispatcher) == {Reaction.REPLY: 1}


# T-40
async def test_nobody_can_fill_the_queue(north: Village, elsewhere: Outsider) -> None:
    """So many a day from one actor; the same note twice is one."""
    share = await north.share(await north.ask())
    robin, sam = elsewhere.actor("robin"), elsewhere.actor("sam")
    to = [f"{north.url}/actors/public"]
    for number in range(MOST_ENQUIRIES + 4):
        await elsewhere.say(north, reply(elsewhere, robin, share, f"/notes/{number}", to=to))
    again = reply(elsewhere, sam, share, "/notes/sam", to=to)
    await elsewhere.say(north, again)
    await elsewhere.say(north, again | {"id": f"{elsewhere.url}/other"})
    await settle(north)
    found = await waiting(north)
    assert len([line for line in found if line.enquiry.actor == robin]) == MOST_ENQUIRIES
    assert len([line for line in found if line.enquiry.actor == sam]) == 1
    await enquiries.done(north.community, found[0].enquiry.id, north.dispatcher)
    assert len(await waiting(north)) == len(found) - 1
    north.clock.forward(days=31)
    await north.run_clocks()
    assert await waiting(north) == ()


# T-40, T-24
async def test_neither_one_server_nor_all_together_fill_the_queue(
    north: Village, elsewhere: Outsider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many a day from one server, whoever writes there; so many in all; the next day there is room again."""
    share = await north.share(await north.ask())
    to = [f"{north.url}/actors/public"]
    names = [elsewhere.actor(name) for name in ("ana", "ben", "cai", "dan", "eve")]

    async def everybody_writes(day: str) -> int:
        for number, name in enumerate(names):
            await elsewhere.say(north, reply(elsewhere, name, share, f"/notes/{day}{number}", to=to))
        await settle(north)
        return len(await waiting(north))

    assert (MOST_OF_SERVER, MOST_WAITING) == (40, 1_000)
    monkeypatch.setattr("node.services.received.enquiries.MOST_OF_SERVER", 3)
    assert await everybody_writes("a") == 3
    north.clock.forward(days=1)
    assert await everybody_writes("b") == 6
    north.clock.forward(days=1)
    monkeypatch.setattr("node.services.received.enquiries.MOST_WAITING", 7)
    assert await everybody_writes("c") == 7


async def test_of_a_long_message_its_beginning_is_kept(north: Village, elsewhere: Outsider) -> None:
    share = await north.share(await north.ask())
    robin = elsewhere.actor("robin")
    note = reply(elsewhere, robin, share, to=[f"{north.url}/actors/public"])
    note["object"]["content"] = f"<p>{'word ' * 2_000}</p>"
    await elsewhere.say(north, note)
    await settle(north)
    (line,) = await waiting(north)
    assert len(line.enquiry.text) <= TEXT_LIMIT == 4_000


async def test_only_dispatchers_read_them(north: Village) -> None:
    with pytest.raises(NotAllowed):
        await enquiries.listing(north.community, Member("m", "Kim", frozenset(), north.clock()))


async def test_what_answers_nothing_of_ours_and_is_not_for_us_is_left_alone(
    north: Village, elsewhere: Outsider
) -> None:
    """Not for us, in somebody else's name, or in answer to what its author cannot see."""
    hidden = await north.share(await north.ask(), Level.PEERS)
    robin, sam = elsewhere.actor("robin"), elsewhere.actor("sam")
    aside = elsewhere.note(robin, "/notes/1", to=[sam])
    forged = elsewhere.note(sam, "/notes/2", to=[f"{north.url}/actors/public"])
    for number, note in enumerate((aside, forged)):
        create = {"id": f"{elsewhere.url}/c{number}", "type": "Create", "actor": robin, "object": note}
        assert await elsewhere.say(north, create | {"to": note["to"]}) == 202
    await elsewhere.say(north, reply(elsewhere, robin, hidden, "/notes/3", to=[sam]))
    await settle(north)
    assert await waiting(north) == ()
    assert await north.feed() == ()


async def test_a_linked_community_answers_privately(north: Village, river: Village) -> None:
    """What it writes about a notice is a question from neighbours: it stands with the need, and is no post."""
    await befriend(river, north)
    share = await north.share(await north.ask(), Level.PEERS)
    author = f"{river.url}/actors/peers"
    outside = Outsider(river.url, river.clock)
    outside.keys[author] = key_of(river, OwnActor.PEERS)
    note = reply(outside, author, share, "/o/answer1", to=[f"{north.url}/actors/peers"])
    assert await outside.say(north, note) == 202
    await settle(north)
    assert len(await waiting(north)) == 0
    assert len(await questions.of_notice(north.community, share.notice_id, north.dispatcher)) == 1
    assert await north.feed() == ()


async def test_nobody_reads_a_public_answer_through_us(north: Village, elsewhere: Outsider) -> None:
    """The number of answers is not shown to strangers either."""
    share = await north.share(await north.ask())
    robin = elsewhere.actor("robin")
    await elsewhere.say(north, reply(elsewhere, robin, share, to=[PUBLIC]))
    await settle(north)
    status, body = await get(f"{share.object_id}/replies", Accept=AS2)
    assert status == 200
    assert b'"totalItems":0' in body
