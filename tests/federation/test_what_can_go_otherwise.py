"""The same story, going otherwise: declined, withdrawn, handed back, silent, down and back, offered twice."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from node.domain.errors import Conflict, Invalid, NotFound, PeerTrouble
from node.domain.notices import Status
from node.domain.openings import UNSAID
from node.domain.responses import ResponseState
from node.domain.shares import Level, RecipientState
from node.services import forgetting, handoffs, needs, openings, responses, shares
from tests.engines import ON_EVERY_ENGINE
from tests.village import Village, befriend, get, settle


async def agreed(north: Village, river: Village, **offer: int) -> tuple[str, str, str]:
    """Two linked villages with an agreed task: the notice's id, and the response's id at each side."""
    await befriend(river, north)
    asked = await north.ask()
    await north.share(asked, Level.PEERS)
    await settle(north, river)
    sent = await river.offer(**({"quantity": 4} | offer))
    await settle(north, river)
    arrived = await north.response()
    await responses.agree(north.community, arrived.id, ("name", "contact"), None, north.dispatcher)
    await settle(north, river)
    return asked.notice.id, arrived.id, sent.id


async def at(one: Village, response_id: str) -> ResponseState:
    return (await responses.get(one.community, response_id)).response.state


async def test_declined_with_a_few_words(north: Village, river: Village) -> None:
    await befriend(river, north)
    asked = await north.ask()
    await north.share(asked, Level.PEERS)
    await settle(north, river)
    sent = await river.offer()
    await settle(north, river)
    arrived = await north.response()
    await responses.decline(north.community, arrived.id, "Already covered, thank you.", north.dispatcher)
    await settle(north, river)
    answer = (await responses.get(river.community, sent.id)).response
    assert (answer.state, answer.answer) == (ResponseState.DECLINED, "Already covered, thank you.")
    assert (await north.notice(asked.notice.id)).remaining == Decimal(4)


# C-53, C-107
async def test_withdrawn_share_is_erased_and_the_receipt_is_shown(north: Village, river: Village) -> None:
    """A Delete reaches everyone who got it, and each peer's receipt comes back."""
    await befriend(river, north)
    asked = await north.ask()
    share = await north.share(asked, Level.PEERS)
    await settle(north, river)
    await shares.withdraw(north.community, share.id, north.dispatcher)
    await settle(north, river)
    assert await river.feed() == ()
    record = await shares.get(north.community, share.id)
    assert [line.state for line in record.recipients] == [RecipientState.ERASED]
    assert (await get(share.object_id, Accept="application/activity+json"))[0] == 404


# C-26
async def test_withdrawn_public_share_leaves_a_tombstone(north: Village) -> None:
    """410 with a Tombstone and nothing else."""
    asked = await north.ask()
    share = await north.share(asked, Level.PUBLIC)
    assert (await get(share.object_id, Accept="application/activity+json"))[0] == 200
    await shares.withdraw(north.community, share.id, north.dispatcher)
    status, body = await get(share.object_id, Accept="application/activity+json")
    assert status == 410
    assert body == (
        b'{"@context":"https://www.w3.org/ns/activitystreams","id":"%s","type":"Tombstone"}' % share.object_id.encode()
    )


async def test_withdrawn_while_somebody_offers(north: Village, river: Village) -> None:
    await befriend(river, north)
    asked = await north.ask()
    share = await north.share(asked, Level.PEERS)
    await settle(north, river)
    sent = await river.offer()
    await settle(north, river)
    await shares.withdraw(north.community, share.id, north.dispatcher)
    await settle(north, river)
    assert await at(river, sent.id) in {ResponseState.WITHDRAWN, ResponseState.DECLINED}  # whichever comes first
    assert (await north.response()).state == ResponseState.WITHDRAWN


# C-94
async def test_the_helper_takes_the_offer_back(north: Village, river: Village) -> None:
    """An Undo by the same actor."""
    await befriend(river, north)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    sent = await river.offer()
    await settle(north, river)
    await responses.withdraw(river.community, sent.id, river.dispatcher)
    await settle(north, river)
    assert (await north.response()).state == ResponseState.WITHDRAWN


async def test_handed_back_without_blame(north: Village, river: Village) -> None:
    notice_id, arrived, sent = await agreed(north, river)
    await handoffs.set_status(river.community, sent, ResponseState.RETURNED, None, river.dispatcher)
    await settle(north, river)
    assert await at(north, arrived) == ResponseState.RETURNED
    notice = await north.notice(notice_id)
    assert (notice.status, notice.remaining) == (Status.OPEN, Decimal(4))
    assert (await river.only_item()).item.is_open


async def test_silence_ends_the_lease(north: Village, river: Village) -> None:
    """The need comes home by itself, and nothing can be read any more."""
    notice_id, arrived, sent = await agreed(north, river)
    north.clock.forward(hours=49)
    with pytest.raises(PeerTrouble):
        await handoffs.released(river.community, sent, river.dispatcher)
    await north.run_clocks()
    await settle(north, river)
    assert await at(north, arrived) == ResponseState.RETURNED
    assert await at(river, sent) == ResponseState.RETURNED
    assert (await responses.get(river.community, sent)).response.answer == "the agreed time has passed"
    assert (await north.notice(notice_id)).status == Status.OPEN


async def test_partly_met_leaves_the_rest_open(north: Village, river: Village) -> None:
    notice_id, arrived, sent = await agreed(north, river)
    await handoffs.set_status(river.community, sent, ResponseState.PARTLY, Decimal(3), river.dispatcher)
    await settle(north, river)
    assert await at(north, arrived) == ResponseState.PARTLY
    notice = await north.notice(notice_id)
    assert (notice.status, notice.remaining) == (Status.PARTLY_MET, Decimal(1))
    item = (await river.only_item()).item
    assert (item.status, item.available) == ("partly-met", Decimal(1))


async def test_the_origin_says_met(north: Village, river: Village) -> None:
    """The origin's word is final, with or without the helper's."""
    notice_id, arrived, sent = await agreed(north, river)
    await handoffs.set_status(north.community, arrived, ResponseState.MET, None, north.dispatcher)
    await handoffs.set_status(north.community, arrived, ResponseState.MET, None, north.dispatcher)
    await settle(north, river)
    assert await at(river, sent) == ResponseState.MET
    assert (await north.notice(notice_id)).status == Status.MET


# C-44, C-46
async def test_nothing_is_lost_while_a_peer_is_down(north: Village, river: Village) -> None:
    """Deliveries wait, keep their order, and arrive when the peer is back."""
    await befriend(river, north)
    await river.close_doors()
    asked = await north.ask()
    share = await north.share(asked, Level.PEERS)
    await needs.change_status(north.community, asked.notice.id, Status.PAUSED, north.dispatcher)
    await settle(north)
    record = await shares.get(north.community, share.id)
    assert [line.state for line in record.recipients] == [RecipientState.WAITING]
    await river.open_doors()
    assert await river.feed() == ()
    north.clock.forward(minutes=2)
    await settle(north, river)
    assert (await river.only_item()).item.status == "matched"


async def test_offered_twice(north: Village, river: Village) -> None:
    """One form sent twice offers once; a second offer while the first waits is refused."""
    await befriend(river, north)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    item = (await river.only_item()).item
    offer = responses.HelpOffer(Decimal(2))
    first = await responses.offer_help(river.community, item.id, offer, river.dispatcher, form_id="one")
    again = await responses.offer_help(river.community, item.id, offer, river.dispatcher, form_id="one")
    assert again.id == first.id
    with pytest.raises(Conflict):
        await responses.offer_help(river.community, item.id, offer, river.dispatcher, form_id="two")
    await settle(north, river)
    assert len(await responses.listing(north.community)) == 1


# C-126
@ON_EVERY_ENGINE
async def test_two_peers_cannot_both_take_all_of_it(north: Village, river: Village, market: Village) -> None:
    """What is agreed never exceeds what is open."""
    await befriend(river, north)
    await befriend(market, north)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river, market)
    await river.offer(quantity=3)
    await market.offer(quantity=3)
    await settle(north, river, market)
    first, second = (line.response for line in await responses.listing(north.community))
    await responses.agree(north.community, first.id, (), None, north.dispatcher)
    with pytest.raises(Conflict, match="more than is still open"):
        await responses.agree(north.community, second.id, (), None, north.dispatcher)


async def test_more_than_is_asked_for_is_refused_at_home(north: Village, river: Village) -> None:
    await befriend(river, north)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    with pytest.raises(Invalid):
        await river.offer(quantity=5)


# C-127
@ON_EVERY_ENGINE
async def test_an_unanswered_offer_lapses_and_a_late_yes_is_undone(north: Village, river: Village) -> None:
    await befriend(river, north)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    sent = await river.offer(until=river.clock() + timedelta(hours=1))
    await settle(north, river)
    arrived = await north.response()
    river.clock.forward(hours=2)
    await river.run_clocks()
    assert await at(river, sent.id) == ResponseState.LAPSED
    await responses.agree(north.community, arrived.id, ("name",), None, north.dispatcher)
    await settle(north, river)
    assert await at(north, arrived.id) == ResponseState.RETURNED


async def test_named_peers_only(north: Village, river: Village, market: Village) -> None:
    """A share for one named community reaches that one alone."""
    await befriend(river, north)
    await befriend(market, north)
    chosen = await north.peer(river)
    share = await north.share(await north.ask(), Level.NAMED, peers=(chosen.peer.id,))
    await settle(north, river, market)
    assert len(await river.feed()) == 1
    assert await market.feed() == ()
    record = await shares.get(north.community, share.id)
    assert [line.actor for line in record.recipients] == [f"{river.url}/actors/peers"]
    await river.offer(quantity=4)
    await settle(north, river)
    assert (await north.response()).quantity == Decimal(4)


# C-135
@ON_EVERY_ENGINE
async def test_a_share_ends_by_itself(north: Village, river: Village) -> None:
    """Past its end it expires here, and the copy there is gone."""
    await befriend(river, north)
    asked = await north.ask()
    await north.share(asked, Level.PEERS)
    await settle(north, river)
    north.clock.forward(days=31)
    await north.run_clocks()
    await settle(north, river)
    assert await river.feed() == ()


# C-135
async def test_a_copy_is_forgotten_even_without_a_delete(north: Village, river: Village) -> None:
    """Seven days after the end time the copy goes by itself."""
    await befriend(river, north)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    river.clock.forward(days=38)
    await river.run_clocks()
    assert await river.feed() == ()


# C-33
async def test_a_new_peer_sees_what_was_shared_before(north: Village, river: Village) -> None:
    """Back-fill: the outbox is read once after a yes, and shows each reader only what it may see."""
    await north.share(await north.ask("A cot for a baby", category="baby"), Level.PUBLIC)
    await north.share(await north.ask("Two chairs"), Level.PEERS)
    await befriend(river, north)
    assert {entry.item.title for entry in await river.feed()} == {"A cot for a baby", "Two chairs"}


@ON_EVERY_ENGINE
async def test_the_owner_erases_everything(north: Village, river: Village) -> None:
    """With the code alone: words, sealed note and every copy are gone at once."""
    await befriend(river, north)
    asked = await north.ask()
    await north.share(asked, Level.PEERS)
    await settle(north, river)
    await forgetting.erase_by_code(north.community, asked.code)
    await settle(north, river)
    assert await river.feed() == ()
    notice = await north.notice(asked.notice.id)
    assert (notice.wording.title, notice.wording.area, notice.status) == ("Goods", "", Status.NO_LONGER_NEEDED)
    with pytest.raises(NotFound):
        await openings.open_note(north.community, asked.notice.id, north.dispatcher, UNSAID)


async def test_a_sealed_note_is_erased_14_days_after_closing(north: Village) -> None:
    asked = await north.ask()
    await needs.change_status(north.community, asked.notice.id, Status.MET, north.dispatcher)
    north.clock.forward(days=13)
    await north.run_clocks()
    assert (await openings.open_note(north.community, asked.notice.id, north.dispatcher, UNSAID)).name == "Amina"
    north.clock.forward(days=2)
    await north.run_clocks()
    with pytest.raises(NotFound):
        await openings.open_note(north.community, asked.notice.id, north.dispatcher, UNSAID)


async def test_met_only_when_everybody_has_brought_their_part(north: Village, river: Village, market: Village) -> None:
    """Two communities bring two each: what the second promised stays theirs until it is there, or comes home."""
    await befriend(river, north)
    await befriend(market, north)
    asked = await north.ask()
    await north.share(asked, Level.PEERS)
    await settle(north, river, market)
    for helper in (river, market):
        await helper.offer(quantity=2)
        await settle(north, helper)
    first, second = (line.response.id for line in await responses.listing(north.community))
    for response_id in (first, second):
        await responses.agree(north.community, response_id, (), None, north.dispatcher)
    await handoffs.set_status(north.community, first, ResponseState.MET, None, north.dispatcher)
    notice = await north.notice(asked.notice.id)
    assert (notice.status, notice.remaining) == (Status.TAKEN_ON, Decimal(0))
    await handoffs.set_status(north.community, second, ResponseState.RETURNED, None, north.dispatcher)
    notice = await north.notice(asked.notice.id)
    assert (notice.status, notice.remaining) == (Status.PARTLY_MET, Decimal(2))


# C-121
async def test_only_whole_pieces_and_the_notices_own_unit(north: Village, river: Village) -> None:
    await befriend(river, north)
    asked = await north.ask()
    await north.share(asked, Level.PEERS)
    await settle(north, river)
    item = (await river.only_item()).item
    with pytest.raises(Invalid):
        half = responses.HelpOffer(Decimal("2.5"))
        await responses.offer_help(river.community, item.id, half, river.dispatcher)
    await river.offer(quantity=2)
    await settle(north, river)
    wording = replace(asked.notice.wording, unit="kilogram")
    await needs.correct(north.community, asked.notice.id, wording, north.dispatcher)
    with pytest.raises(Conflict, match="another unit"):
        await responses.agree(north.community, (await north.response()).id, (), None, north.dispatcher)
