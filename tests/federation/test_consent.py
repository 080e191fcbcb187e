"""A yes is taken back, and what was shared because of it comes home; and what a notice says of when and where."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import aiohttp
import pytest
from sqlalchemy import text

from node.domain.areas import Area
from node.domain.consent import ALL, Channel, Consent, Question, Use
from node.domain.errors import ConsentMissing
from node.domain.responses import ResponseState
from node.domain.shares import Level, RecipientState
from node.services import call_backs, consents, responses, shares
from node.services.call_backs import Wish
from node.services.community import profile, save_profile
from node.services.consents import Said
from tests.village import Village, befriend, settle

NEIGHBOURS = Consent(board=True, peers=ALL)


async def press(one: Village, path: str, **fields: str) -> tuple[str, str]:
    """A button on a page of ours, pressed without an account; the address and the words of the page behind it."""
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{one.url}{path}", data=fields, headers=headers) as answer,
    ):
        assert answer.status == 200, await answer.text()
        return answer.url.path, await answer.text()


# C-53, C-107
async def test_the_owner_takes_consent_back_and_the_peer_loses_the_notice(north: Village, river: Village) -> None:
    """With nothing but the code: the share ends, the copy is erased, its receipt is here; nobody shares it again."""
    await befriend(river, north)
    asked = await north.ask(consent=NEIGHBOURS)
    share = await north.share(asked, Level.PEERS)
    await settle(north, river)
    assert (await river.only_item()).item.title == "Winter coats for children"
    offered = await river.offer()
    await settle(north, river)

    path, page = await press(north, f"/r/{asked.code}/consent", question="peers", answer="no")
    assert path == f"/r/{asked.code}/consent"
    assert "told to erase it" in page
    await settle(north, river)

    assert await river.feed() == ()
    record = await shares.get(north.community, share.id)
    assert not record.share.is_shown
    assert [line.state for line in record.recipients] == [RecipientState.ERASED]
    assert (await responses.get(river.community, offered.id)).response.state is ResponseState.WITHDRAWN
    with pytest.raises(ConsentMissing, match="Ask the person first"):
        await north.share(asked, Level.PEERS)


async def test_the_person_is_asked_says_yes_and_it_goes(north: Village, river: Village) -> None:
    """Nothing leaves before; the answer ends up in the history with how it came, and the call-back is settled."""
    await befriend(river, north)
    asked = await north.ask(consent=Consent(board=True))
    with pytest.raises(ConsentMissing):
        await north.share(asked, Level.PEERS)
    await call_backs.ask_first(north.community, asked.notice.id, Wish(Level.PEERS), north.dispatcher)
    (line,) = await call_backs.due(north.community)
    said = Said((), True, "May all neighbouring communities see it?", Channel.PHONE, "en")
    await call_backs.answer(north.community, line.call_back.id, said, north.dispatcher)
    assert await call_backs.due(north.community) == ()
    newest = (await consents.history(north.community, asked.notice.id))[-1]
    assert (newest.entry.question, newest.entry.is_given) == (Question(Use.PEERS), True)
    assert (newest.entry.asking.channel, newest.by_name) == (Channel.PHONE, "Robin")
    await north.share(asked, Level.PEERS)
    await settle(north, river)
    assert (await river.only_item()).item.title == "Winter coats for children"


async def test_one_community_less_is_the_end_of_what_all_of_them_were_shown(
    north: Village, river: Village, market: Village
) -> None:
    await befriend(river, north)
    await befriend(market, north)
    asked = await north.ask(consent=NEIGHBOURS)
    await north.share(asked, Level.PEERS)
    await settle(north, river, market)
    assert await market.feed() != ()
    peer = (await north.peer(river)).peer.id
    said = Said((Question(Use.NAMED, peer),), False, channel=Channel.PHONE)
    await consents.record(north.community, asked.notice.id, said, north.dispatcher)
    await settle(north, river, market)
    assert await river.feed() == () == await market.feed()


async def test_stop_sharing_is_a_no_to_everybody_outside(north: Village, river: Village) -> None:
    await befriend(river, north)
    asked = await north.ask()
    await north.share(asked, Level.PEERS)
    await north.share(asked, Level.PUBLIC)
    await settle(north, river)
    await press(north, f"/r/{asked.code}/stop-sharing")
    await settle(north, river)
    assert await river.feed() == ()
    assert (await north.notice(asked.notice.id)).consent == Consent(board=True)
    for level in (Level.PEERS, Level.PUBLIC):
        with pytest.raises(ConsentMissing):
            await north.share(asked, level)


# T-39, C-133
async def test_nothing_that_leaves_says_when_or_where_it_was_asked(north: Village, river: Village) -> None:
    """Asked one day, shared three days later, corrected and met still later: the day it was asked is in no document."""
    await befriend(river, north)
    shown = await profile(north.community)
    middle = Area("North Side", Decimal("51.54321"), Decimal("-0.12345"))
    await save_profile(north.community, replace(shown, areas=(middle,)))
    north.clock.forward(days=1, minutes=17)
    day_asked = north.clock().date()
    asked = await north.ask()
    north.clock.forward(days=3, minutes=11)
    share = await north.share(asked, Level.PUBLIC)
    assert share.published_at == north.clock()
    north.clock.forward(hours=2)
    await north.share(asked, Level.PEERS)
    await settle(north, river)
    north.clock.forward(hours=2)
    first = next(entry for entry in await river.feed())
    assert first.item.published_at - asked.notice.created_at >= timedelta(days=3)
    await shares.withdraw(north.community, share.id, north.dispatcher)
    await settle(north, river)
    async with north.community.database.reading() as work:
        bodies = [bytes(row[0]) for row in await work.connection.execute(text("SELECT body FROM activities"))]
        bodies += [bytes(row[0]) for row in await work.connection.execute(text("SELECT document FROM shares"))]
    about_it = [body for body in bodies if b"Winter coats" in body]
    assert len(about_it) >= 2
    for body in bodies:
        assert day_asked.isoformat().encode() not in body
        assert b"51.54" not in body
        assert b"0.123" not in body
    assert all(b'"latitude":51.55,"longitude":-0.15,"radius":5' in body for body in about_it)
