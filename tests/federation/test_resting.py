"""A steward lets a link rest: nothing new goes either way, tasks under way go on, and afterwards all is as before."""

import pytest

from node.domain.errors import Conflict, NotFound
from node.domain.notices import Status
from node.domain.responses import ResponseState
from node.domain.shares import Level
from node.services import handoffs, needs, peers, responses, shares
from schemas.activities import Announce
from tests.federation.outsider import PUBLIC, Outsider
from tests.federation.records import differences
from tests.federation.test_what_can_go_otherwise import agreed, at
from tests.village import Village, befriend, key_of, settle


async def rest(north: Village, river: Village) -> None:
    await peers.pause(north.community, (await north.peer(river)).peer.id, north.dispatcher)


async def wake(north: Village, river: Village) -> None:
    await peers.resume(north.community, (await north.peer(river)).peer.id, north.dispatcher)


async def titles(one: Village) -> set[str]:
    return {entry.item.title for entry in await one.feed()}


async def test_nothing_new_goes_either_way_and_afterwards_all_is_as_before(
    north: Village, river: Village, elsewhere: Outsider
) -> None:
    """Neither their new notices nor their new words; not what they show of others; not what we share."""
    await befriend(river, north)
    kept = await river.ask("A ramp for one week")
    gone = await river.ask("Two ladders")
    await river.share(kept, Level.PEERS)
    over = await river.share(gone, Level.PEERS)
    known = await north.ask("Pushchair")
    await north.share(known, Level.PEERS)
    await settle(north, river)
    await rest(north, river)
    await river.share(await river.ask("Soup on Sunday"), Level.PEERS)
    await river.share(await river.ask("Three beds"), Level.PUBLIC)
    await needs.change_status(river.community, kept.notice.id, Status.PAUSED, river.dispatcher)
    await shares.withdraw(river.community, over.id, river.dispatcher)
    shown = elsewhere.note(elsewhere.actor("robin"))
    outside = Outsider(river.url, river.clock)
    outside.keys[f"{river.url}/actors/public"] = key_of(river)
    announce = Announce(id=f"{river.url}/a/show1", actor=f"{river.url}/actors/public", to=(PUBLIC,), object=shown["id"])
    assert await outside.say(north, announce) == 202
    coats = await north.ask("Winter coats")
    await north.share(coats, Level.PEERS)
    await settle(north, river)
    assert await titles(north) == {"A ramp for one week"}  # a Delete always counts
    assert (await north.only_item()).item.status == "open"
    assert elsewhere.asked == []
    assert await titles(river) == {"Pushchair"}
    with pytest.raises(Conflict, match="paused"):
        await north.offer()
    await needs.change_status(north.community, known.notice.id, Status.PAUSED, north.dispatcher)
    await settle(north, river)
    assert {entry.item.status for entry in await river.feed()} == {"open"}
    await wake(north, river)
    await settle(north, river)
    assert {entry.item.title: entry.item.status for entry in await river.feed()} == {
        "Pushchair": "matched",
        "Winter coats": "open",
    }
    assert await titles(north) == {"A ramp for one week", "Soup on Sunday", "Three beds"}
    statuses = {entry.item.title: entry.item.status for entry in await north.feed()}
    assert statuses["A ramp for one week"] == "matched"


async def test_what_was_asked_for_in_vain_meanwhile_comes_back(north: Village, river: Village) -> None:
    """While the origin rests the link, its notices are nowhere for the other: an old copy goes, and is sent again."""
    await befriend(river, north)
    await north.share(await north.ask("Pushchair"), Level.PEERS)
    await settle(north, river)
    await rest(north, river)
    north.clock.forward(hours=25)
    with pytest.raises(NotFound):
        await river.offer()
    assert await titles(river) == set()
    await wake(north, river)
    await settle(north, river)
    assert await titles(river) == {"Pushchair"}
    assert await differences(north, river) == []


async def test_a_task_that_is_under_way_goes_on(north: Village, river: Village) -> None:
    """The helper rests the link, and so does the origin: still it is met, with its receipt."""
    notice_id, arrived, sent = await agreed(north, river)
    await rest(north, river)
    await rest(river, north)
    for state in (ResponseState.UNDER_WAY, ResponseState.MET):
        await handoffs.set_status(river.community, sent, state, None, river.dispatcher)
        await settle(north, river)
        assert await at(north, arrived) == state
    assert (await north.notice(notice_id)).status == Status.MET
    assert (await responses.get(river.community, sent)).response.receipt_at is not None


async def test_an_offer_that_was_made_before_is_still_answered(north: Village, river: Village) -> None:
    """Its notice's changes count too: nobody shall work on what is no longer so."""
    await befriend(river, north)
    asked = await north.ask()
    share = await north.share(asked, Level.PEERS)
    await settle(north, river)
    sent = await river.offer(quantity=4)
    await settle(north, river)
    await rest(river, north)
    await responses.agree(north.community, (await north.response()).id, (), None, north.dispatcher)
    await settle(north, river)
    assert await at(river, sent.id) == ResponseState.AGREED
    assert (await river.only_item()).item.status == "matched"
    await shares.withdraw(north.community, share.id, north.dispatcher)
    await settle(north, river)
    assert await river.feed() == ()


async def test_an_offer_made_to_us_while_we_rest_is_not_taken(north: Village, river: Village) -> None:
    await befriend(river, north)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    await rest(north, river)
    await river.offer()
    await settle(north, river)
    assert await responses.listing(north.community) == ()
