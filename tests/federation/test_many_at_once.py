"""Much comes in and goes out at once, and one that is slow or at fault holds nobody else up."""

import asyncio
from typing import Any

import pytest

from node.domain.peers import PeerLevel
from node.domain.shares import Level
from node.services import copies, peers
from schemas.activities import Follow
from tests.federation.outsider import Outsider
from tests.village import Village, befriend, settle, until


async def follows(village: Village, other: Outsider, actor: str) -> None:
    """The village's public actor follows this one, and was accepted."""
    await peers.add(village.community, actor, PeerLevel.PUBLIC, village.dispatcher)
    await settle(village)
    asked = other.received[-1]
    await other.say(village, {"id": f"{actor}/yes", "type": "Accept", "actor": actor, "object": asked["id"]})
    await settle(village)


def create(other: Outsider, actor: str, number: int, **more: Any) -> dict[str, Any]:
    """A new note, and word of it."""
    note = other.note(actor, f"/notes/{number}", content=f"<p>Soup {number}</p>", **more)
    return {"id": f"{other.url}/a/{number}", "type": "Create", "actor": actor, "to": note["to"], "object": note}


# C-44
async def test_a_server_that_does_not_answer_holds_up_nobody_else(
    north: Village, river: Village, elsewhere: Outsider
) -> None:
    """The worker runs as it does in a server: river has the notice while the other still keeps us waiting."""
    await befriend(river, north)
    reader = elsewhere.actor("reader")
    wish = Follow(id=f"{reader}/1", actor=reader, object=f"{north.url}/actors/public")
    assert await elsewhere.say(north, wish) == 202
    await settle(north)
    elsewhere.awake.clear()
    elsewhere.received.clear()
    work = asyncio.create_task(north.worker.run())
    for number in range(3):
        await north.share(await north.ask(f"Coats {number}"), Level.PUBLIC)

    async def has_arrived() -> bool:
        await settle(river)
        return len(await river.feed()) == 3

    await until(has_arrived)
    assert elsewhere.received
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


async def test_of_many_posts_each_is_kept_and_what_is_for_us_alone_stays_apart(
    north: Village, elsewhere: Outsider
) -> None:
    """Notes of somebody we follow, twice the same one, a stranger's question, one that was deleted before it came."""
    sam, robin = elsewhere.actor("sam"), elsewhere.actor("robin")
    await follows(north, elsewhere, sam)
    await elsewhere.say(
        north, {"id": f"{sam}/gone", "type": "Delete", "actor": sam, "object": f"{elsewhere.url}/notes/4"}
    )
    await settle(north)
    for number in (1, 2):
        assert await elsewhere.say(north, create(elsewhere, sam, number)) == 202
    again = create(elsewhere, sam, 2, updated="2026-11-20T09:30:00Z") | {"id": f"{elsewhere.url}/a/again"}
    assert await elsewhere.say(north, again) == 202
    question = create(elsewhere, robin, 3, to=[f"{north.url}/actors/public"])
    assert await elsewhere.say(north, question) == 202
    assert await elsewhere.say(north, create(elsewhere, sam, 4)) == 202
    await settle(north)
    assert sorted(entry.item.title for entry in await north.feed()) == ["Soup 1", "Soup 2"]
    newest = next(entry.item for entry in await north.feed() if entry.item.title == "Soup 2")
    assert newest.updated_at.minute == 30


async def test_one_that_is_at_fault_does_not_take_the_others_along(
    north: Village, elsewhere: Outsider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept together they fail; each by itself, all but one are kept, and that one is tried again later."""
    sam = elsewhere.actor("sam")
    await follows(north, elsewhere, sam)
    real = copies.note_to_feed_item

    def fails_for_two(note: Any, *more: Any) -> Any:
        if note.id.endswith("/2"):
            raise RuntimeError("a fault of ours")
        return real(note, *more)

    monkeypatch.setattr(copies, "note_to_feed_item", fails_for_two)
    for number in (1, 2, 3):
        assert await elsewhere.say(north, create(elsewhere, sam, number)) == 202
    await settle(north)
    assert sorted(entry.item.title for entry in await north.feed()) == ["Soup 1", "Soup 3"]
    monkeypatch.undo()
    north.clock.forward(minutes=1)
    await settle(north)
    assert len(await north.feed()) == 3
