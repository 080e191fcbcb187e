"""Whom a community does not believe, and what a stranger may see."""

import json
from dataclasses import replace

import aiohttp
import pytest
from sqlalchemy import text

from federation.cavage import sign_headers
from federation.keys import PrivateKey, generate_rsa
from federation.messages import LD_JSON_WITH_PROFILE, Request
from node.domain.errors import Invalid
from node.domain.peers import FollowState, OwnActor, PeerLevel
from node.domain.responses import ResponseState
from node.domain.shares import Level
from node.services import handoffs, needs, peers, responses, shares
from schemas.activities import Accept, Create, Delete, Follow, Offer, Undo
from schemas.fields import dump
from schemas.marketplace import Agreement, Commitment, Measure
from schemas.objects import Note
from tests.village import Village, befriend, get, key_of, settle, signed_get

AS2 = "application/activity+json"


async def post(sender: Village, receiver: Village, body: bytes, key: PrivateKey, **changed: str) -> int:
    """One signed POST to the shared inbox; `changed` headers are put in after signing."""
    url = f"{receiver.url}/inbox"
    request = Request("POST", url, {"content-type": LD_JSON_WITH_PROFILE}, body)
    headers = {**sign_headers(request, key, sender.clock()), "Content-Type": LD_JSON_WITH_PROFILE} | changed
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status


def note_by(author: str, base: str, **more: object) -> Note:
    return Note(
        id=f"{base}/o/forged1", attributed_to=author, to=(f"{author}/followers",), content="<p>Free money</p>", **more
    )


# C-58
async def test_unsigned_is_401(north: Village) -> None:
    async with aiohttp.ClientSession() as session:
        answer = await session.post(f"{north.url}/inbox", data=b"{}", headers={"Content-Type": AS2})
        assert answer.status == 401
        answer = await session.post(f"{north.url}/inbox", data=b"{}", headers={"Content-Type": "text/plain"})
        assert answer.status == 415  # C-57
        answer = await session.get(f"{north.url}/inbox")
        assert answer.status == 405  # C-36, C-64
        answer = await session.post(f"{north.url}/actors/public/outbox", data=b"{}")
        assert answer.status == 405  # C-145


# T-1, C-79
async def test_signed_by_one_and_spoken_as_another(north: Village, river: Village, market: Village) -> None:
    """Market signs, but the activity says it is river."""
    await befriend(river, north)
    author = f"{river.url}/actors/peers"
    create = Create(id=f"{river.url}/a/x1", actor=author, object=note_by(author, river.url))
    assert await post(market, north, dump(create), key_of(market)) == 401
    await settle(north)
    assert await north.feed() == ()


# T-6, C-88
async def test_an_activity_id_of_somebody_else(north: Village, river: Village, market: Village) -> None:
    """The id must be of the actor's own server."""
    await befriend(market, north)
    author = f"{market.url}/actors/peers"
    create = Create(id=f"{river.url}/a/x1", actor=author, object=note_by(author, market.url))
    assert await post(market, north, dump(create), key_of(market, OwnActor.PEERS)) == 403


# T-8, C-92
async def test_a_note_of_somebody_else(north: Village, river: Village, market: Village) -> None:
    """Market cannot publish in river's name."""
    await befriend(market, north)
    author = f"{market.url}/actors/peers"
    for forged in (note_by(f"{river.url}/actors/peers", market.url), note_by(author, river.url)):
        create = Create(id=f"{market.url}/a/{forged.id[-3:]}{forged.attributed_to[-9:-6]}", actor=author, object=forged)
        assert await post(market, north, dump(create), key_of(market, OwnActor.PEERS)) == 202
    await settle(north)
    assert await north.feed() == ()


# T-2, C-69
async def test_a_wrong_key_and_a_changed_body(north: Village, river: Village) -> None:
    """Another key under the same id; the right key over another body."""
    await befriend(river, north)
    author = f"{river.url}/actors/peers"
    body = dump(Create(id=f"{river.url}/a/x1", actor=author, object=note_by(author, river.url)))
    forger = generate_rsa(key_of(river, OwnActor.PEERS).id)
    assert await post(river, north, body, forger) == 401
    url = f"{north.url}/inbox"
    headers = sign_headers(
        Request("POST", url, {"content-type": LD_JSON_WITH_PROFILE}, body), key_of(river, OwnActor.PEERS), river.clock()
    )
    headers["Content-Type"] = LD_JSON_WITH_PROFILE
    async with aiohttp.ClientSession() as session:
        answer = await session.post(url, data=body.replace(b"Free", b"More"), headers=headers)
        assert answer.status == 401


# T-25, C-70, C-71, C-89
async def test_an_old_request_and_the_same_one_again(north: Village, river: Village) -> None:
    await befriend(river, north)
    author = f"{river.url}/actors/peers"
    create = Create(id=f"{river.url}/a/x1", actor=author, object=note_by(author, river.url))
    assert await post(river, north, dump(create), key_of(river, OwnActor.PEERS)) == 202
    assert await post(river, north, dump(create), key_of(river, OwnActor.PEERS)) == 202
    await settle(north)
    assert len(await north.feed()) == 1
    north.clock.forward(hours=2)
    stale = replace(north, clock=type(north.clock)(north.clock.time))
    stale.clock.forward(hours=-2)
    assert await post(stale, north, dump(create), key_of(river, OwnActor.PEERS)) == 401


# C-71: what answers for us may send a request on twice, and the first may be the one that is not kept
async def test_the_same_request_again_where_the_first_could_not_be_kept(north: Village, river: Village) -> None:
    await befriend(river, north)
    author = f"{river.url}/actors/peers"
    create = Create(id=f"{river.url}/a/x2", actor=author, object=note_by(author, river.url))
    async with north.community.database.unit_of_work() as work:
        full = "CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(FAIL, 'the disk is full'); END"
        await work.connection.execute(text(full))
    assert await post(river, north, dump(create), key_of(river, OwnActor.PEERS)) >= 500
    async with north.community.database.unit_of_work() as work:
        await work.connection.execute(text("DROP TRIGGER full"))
    assert await post(river, north, dump(create), key_of(river, OwnActor.PEERS)) == 202
    await settle(north)
    assert len(await north.feed()) == 1


# C-23, C-24, T-27
async def test_a_stranger_sees_no_peers_level_notice(north: Village, river: Village, market: Village) -> None:
    """Unsigned and unauthorised look like "never was"; the accepted peer gets it."""
    await befriend(river, north)
    share = await north.share(await north.ask(), Level.PEERS)
    hidden = await get(share.object_id, Accept=AS2)
    missing = await get(f"{north.url}/o/nothinghere", Accept=AS2)
    assert hidden == missing
    assert hidden[0] == 404
    assert await signed_get(market, share.object_id, OwnActor.PEERS) == 404
    assert await signed_get(river, share.object_id, OwnActor.PEERS) == 200


# C-33, C-102
async def test_a_stranger_follows_the_public_feed_and_gets_only_that(north: Village, market: Village) -> None:
    """The public feed takes everyone and shows nothing else."""
    await north.share(await north.ask("Two chairs"), Level.PEERS)
    await market.add_peer(north)
    await settle(north, market)
    assert (await market.peer(north)).outgoing is FollowState.ACCEPTED
    await north.share(await north.ask("A cot for a baby", category="baby"), Level.PUBLIC)
    await settle(north, market)
    assert [entry.item.title for entry in await market.feed()] == ["A cot for a baby"]


# C-28, T-28
async def test_the_peers_feed_waits_for_a_steward(north: Village, market: Village) -> None:
    """Asking alone gives nothing; a no gives nothing either."""
    await market.add_peer(north, level=PeerLevel.PEERS)
    await settle(north, market)
    standing = await north.peer(market)
    assert standing.shown(standing.incoming) == "asked"
    share = await north.share(await north.ask(), Level.PEERS)
    await settle(north, market)
    assert await market.feed() == ()
    await peers.decline(north.community, standing.peer.id, north.dispatcher)
    await settle(north, market)
    assert (await market.peer(north)).outgoing is FollowState.DECLINED
    assert await signed_get(market, share.object_id, OwnActor.PEERS) == 404


# C-122
async def test_an_offer_for_what_one_cannot_see(north: Village, river: Village, market: Village) -> None:
    """Refused in silence."""
    await befriend(river, north)
    share = await north.share(await north.ask(), Level.PEERS)
    promise = Commitment(satisfies=share.intent_id, resource_quantity=Measure(has_unit="one", has_numerical_value=4))
    actor = f"{market.url}/actors/public"
    offer = Offer(id=f"{market.url}/a/o1", actor=actor, object=Agreement(stipulates=promise))
    assert await post(market, north, dump(offer), key_of(market)) == 202
    await settle(north, market)
    assert await responses.listing(north.community) == ()


# C-95, T-36
async def test_an_accept_nobody_asked_for(north: Village, market: Village) -> None:
    """An Accept counts only for a Follow of ours, from the one we sent it to."""
    actor = f"{market.url}/actors/public"
    accept = Accept(id=f"{market.url}/a/y1", actor=actor, object=f"{north.url}/a/never")
    assert await post(market, north, dump(accept), key_of(market)) == 202
    await settle(north)
    assert await peers.listing(north.community) == ()


# C-94, T-35
async def test_an_undo_by_somebody_else(north: Village, river: Village, market: Village) -> None:
    """Market cannot take back what river did."""
    await befriend(river, north)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    sent = await river.offer()
    await settle(north, river)
    actor = f"{market.url}/actors/public"
    undo = Undo(id=f"{market.url}/a/u1", actor=actor, object=sent.offer_id, undone_type="Offer", undone_actor=actor)
    assert await post(market, north, dump(undo), key_of(market)) == 202
    await settle(north)
    assert (await north.response()).state == ResponseState.OFFERED


# C-93, T-10, T-35
async def test_a_delete_by_somebody_else(north: Village, river: Village, market: Village) -> None:
    await befriend(river, north)
    await befriend(river, market)
    share = await north.share(await north.ask(), Level.PEERS)
    await settle(north, river, market)
    delete = Delete(id=f"{market.url}/a/d1", actor=f"{market.url}/actors/peers", object=share.object_id)
    assert await post(market, river, dump(delete), key_of(market, OwnActor.PEERS)) == 202
    await settle(river)
    assert len(await river.feed()) == 1


# C-98
async def test_our_own_actors_do_not_write_from_outside(north: Village) -> None:
    """A local id as actor is refused, whoever signs."""
    follow = Follow(id=f"{north.url}/a/f1", actor=f"{north.url}/actors/public", object=f"{north.url}/actors/peers")
    assert await post(north, north, dump(follow), key_of(north)) == 403


async def test_released_details_are_for_the_helper_alone(north: Village, river: Village, market: Village) -> None:
    """Signed by anyone else, or not at all, it looks like nothing; each reading is logged."""
    await befriend(river, north)
    await befriend(market, north)
    asked = await north.ask()
    await north.share(asked, Level.PEERS)
    await settle(north, river)
    sent = await river.offer(quantity=4)
    await settle(north, river)
    await responses.agree(north.community, (await north.response()).id, ("name",), None, north.dispatcher)
    await settle(north, river)
    url = (await responses.get(river.community, sent.id)).response.coordination_url
    assert url is not None
    headers = sign_headers(Request("GET", url), key_of(market, OwnActor.PEERS), market.clock())
    assert (await get(url, **headers, Accept="application/json"))[0] == 404
    assert (await get(url, Accept="application/json"))[0] == 404
    headers = sign_headers(Request("GET", url), key_of(river, OwnActor.PEERS), river.clock())
    status, body = await get(url, **headers, Accept="application/json")
    read = json.loads(body)
    assert (status, read.keys(), read["name"]) == (200, {"name", "meeting_phrase"}, "Amina")
    assert (await get(url, **headers, Accept="application/json"))[0] == 401  # C-71: captured and sent again
    for _ in range(2):
        assert await handoffs.released(river.community, sent.id, river.dispatcher) == read
    assert await signed_get(market, url.removesuffix("/coordinate"), OwnActor.PEERS) == 404
    assert await signed_get(river, url.removesuffix("/coordinate"), OwnActor.PEERS) == 200


# C-58, C-137
async def test_blocked_is_403_and_everything_between_us_ends(north: Village, river: Village) -> None:
    await befriend(river, north)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    await peers.block(north.community, (await north.peer(river)).peer.id, north.dispatcher)
    await settle(north, river)
    assert await river.feed() == ()
    author = f"{river.url}/actors/peers"
    create = Create(id=f"{river.url}/a/x1", actor=author, object=note_by(author, river.url))
    assert await post(river, north, dump(create), key_of(river, OwnActor.PEERS)) == 403


# C-130
async def test_nothing_sealed_ever_leaves(north: Village, river: Village) -> None:
    """None of the sealed words stands in anything that was sent or can be read."""
    await befriend(river, north)
    asked = await north.ask()
    share = await north.share(asked, Level.PUBLIC)
    await north.share(asked, Level.PEERS)
    await settle(north, river)
    seen = [(await get(share.object_id, Accept=AS2))[1], (await get(f"{north.url}/actors/public/outbox?page=1"))[1]]
    async with north.community.database.reading() as work:
        creates = await work.outbox.creates(one.id for one in await shares.shares_of(north.community, asked.notice.id))
    seen += [activity.body for activity in creates.values()]
    assert len(seen) == 4
    for word in (b"Amina", b"555-0101", b"blue door", b"small room", b"do not knock"):
        assert not any(word in body for body in seen)


# C-130
async def test_contact_details_in_the_words_are_refused(north: Village) -> None:
    """Looked for before sharing, and again when shared words are corrected."""
    asked = await north.ask(text="Ring 555 0101 234 after six")
    with pytest.raises(Invalid, match="check"):
        await north.share(asked, Level.PUBLIC)
    fine = await north.ask("Two chairs")
    await north.share(fine, Level.PUBLIC)
    wording = replace(fine.notice.wording, text="write to somebody@mail.example")
    with pytest.raises(Invalid):
        await needs.correct(north.community, fine.notice.id, wording, north.dispatcher)
    assert (await north.notice(fine.notice.id)).wording.text == ""


async def test_handing_the_same_thing_over_twice_changes_nothing(north: Village, river: Village) -> None:
    """A second "met" is as good as the first."""
    await befriend(river, north)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    sent = await river.offer(quantity=4)
    await settle(north, river)
    await responses.agree(north.community, (await north.response()).id, (), None, north.dispatcher)
    await settle(north, river)
    for _ in range(2):
        await handoffs.set_status(river.community, sent.id, ResponseState.MET, None, river.dispatcher)
        await settle(north, river)
    assert (await north.response()).state == ResponseState.MET
