"""Inbox forwarding: what was sent to our followers about a public notice of ours reaches all of them, byte for byte."""

import json
from typing import Any

import pytest

from node.domain.shares import Level, Share
from node.services import peers
from node.services.received.forwarding import leads
from schemas.activities import Follow
from tests.federation.outsider import AS, PUBLIC, Outsider, outsider
from tests.village import Village, befriend, settle


async def follow(north: Village, reader: Outsider, name: str = "reader", own: str = "public") -> str:
    actor = reader.actor(name)
    wish = Follow(id=f"{actor}/follow", actor=actor, object=f"{north.url}/actors/{own}")
    assert await reader.say(north, wish) == 202
    await settle(north)
    reader.received.clear()
    reader.bodies.clear()
    return actor


def answer(elsewhere: Outsider, author: str, share: Share, north: Village, **more: Any) -> dict[str, Any]:
    """A public reply to a share, for everybody who follows us."""
    to = {"to": [PUBLIC], "cc": [f"{north.url}/actors/public/followers"]}
    note = elsewhere.note(author, inReplyTo=share.object_id, **to)
    return {"@context": AS, "id": f"{note['id']}/create", "type": "Create", "actor": author, "object": note} | to | more


# C-112
async def test_a_public_answer_reaches_our_other_followers_byte_for_byte(north: Village, elsewhere: Outsider) -> None:
    """To those addressed and to nobody else; not back to where it comes from; and only the first time."""
    share = await north.share(await north.ask())
    robin = await follow(north, elsewhere, "robin")
    async with outsider(north.clock) as reader, outsider(north.clock) as stranger:
        await follow(north, reader)
        stranger.actor("kim")
        body = json.dumps(answer(elsewhere, robin, share, north), indent=3).encode() + b"\n"
        for _ in range(2):
            assert await elsewhere.post(north, body, robin) == 202
            await settle(north)
            north.clock.forward(seconds=1)
        assert reader.bodies == [body]
        assert elsewhere.bodies == []
        assert stranger.bodies == []


NOT_FORWARDED: list[tuple[str, dict[str, Any]]] = [
    ("not addressed to a collection of ours", {"cc": []}),
    ("to somebody else's collection", {"cc": ["https://other.example/followers"]}),
    ("to the peers feed", {"cc": ["PEERS"]}),
    ("not public", {"to": []}),
    ("about nothing of ours", {"object": {"id": "NOTE", "type": "Note", "inReplyTo": "https://other.example/o/1"}}),
]


@pytest.mark.parametrize(("why", "changed"), NOT_FORWARDED, ids=[why for why, _ in NOT_FORWARDED])
# C-112, C-113
async def test_each_condition_is_needed(north: Village, elsewhere: Outsider, why: str, changed: dict[str, Any]) -> None:
    share = await north.share(await north.ask())
    robin = elsewhere.actor("robin")
    async with outsider(north.clock) as reader:
        await follow(north, reader)
        said = answer(elsewhere, robin, share, north) | changed
        written = json.dumps(said).replace("PEERS", f"{north.url}/actors/peers/followers")
        written = written.replace('"NOTE"', f'"{elsewhere.url}/notes/1"')
        await elsewhere.post(north, written.encode(), robin)
        await settle(north)
        assert reader.bodies == []


# C-113
async def test_nothing_about_a_notice_that_is_not_public_is_forwarded(
    north: Village, river: Village, elsewhere: Outsider
) -> None:
    """Whoever follows, and however it is addressed."""
    await befriend(river, north)
    share = await north.share(await north.ask(), Level.PEERS)
    robin = elsewhere.actor("robin")
    async with outsider(north.clock) as reader:
        await follow(north, reader)
        await elsewhere.say(north, answer(elsewhere, robin, share, north))
        await settle(north, river)
        assert reader.bodies == []


# C-112
async def test_what_is_refused_is_not_insisted_on(north: Village, elsewhere: Outsider) -> None:
    """A reader that cannot verify what another wrote says 401; then it looks for itself, or not."""
    share = await north.share(await north.ask())
    robin = elsewhere.actor("robin")
    async with outsider(north.clock) as reader:
        await follow(north, reader)
        reader.status = 401
        await elsewhere.say(north, answer(elsewhere, robin, share, north))
        await settle(north)
        heard = len(reader.bodies)
        assert heard > 0
        north.clock.forward(hours=12)
        await settle(north)
        assert len(reader.bodies) == heard


# C-99, C-112
async def test_nothing_of_a_blocked_actor_is_forwarded(north: Village, elsewhere: Outsider) -> None:
    share = await north.share(await north.ask())
    robin = await follow(north, elsewhere, "robin", "peers")
    (theirs,) = await peers.listing(north.community)
    await peers.block(north.community, theirs.peer.id, north.dispatcher)
    async with outsider(north.clock) as reader:
        await follow(north, reader)
        assert await elsewhere.say(north, answer(elsewhere, robin, share, north)) == 403
        undo = answer(elsewhere, robin, share, north, type="Undo", id=f"{elsewhere.url}/undo")
        assert await elsewhere.say(north, undo) == 202
        await settle(north)
        assert reader.bodies == []


# C-112, C-152
def test_what_leads_to_ours_is_looked_for_no_deeper_than_three() -> None:
    inner: dict[str, Any] = {"id": "x:4", "inReplyTo": "x:5"}
    third = {"id": "x:3", "object": inner, "content": "x:no"}
    document = {
        "id": "x:0",
        "object": {"id": "x:1", "tag": [{"type": "Mention", "href": "x:2"}, third], "inReplyTo": ["x:6"]},
        "target": "x:7",
    }
    assert set(leads(document)) == {"x:1", "x:2", "x:3", "x:4", "x:6", "x:7"}
