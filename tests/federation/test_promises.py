"""Promises that no single activity shows: what is never served, never kept, never drifts apart."""

from dataclasses import replace
from decimal import Decimal

import aiohttp
import orjson
import pytest

from node.domain.areas import Area
from node.domain.errors import Conflict, Invalid
from node.domain.members import Role
from node.domain.notices import Kind
from node.domain.peers import OwnActor
from node.domain.responses import ResponseState
from node.domain.shares import Level
from node.services import members, peers, responses
from node.services.community import profile, save_profile
from node.translate.text import clean_html
from schemas.activities import Accept, Create
from schemas.fields import dump
from schemas.marketplace import Agreement, Commitment, Measure
from tests.federation.test_strangers import note_by, post
from tests.village import Village, befriend, get, key_of, settle, signed_get

AS2 = "application/activity+json"


# C-29
async def test_what_was_refused_is_nowhere_served(north: Village) -> None:
    """A share that may not be leaves nothing behind, and copies of others are not served by us at all."""
    asked = await north.ask(text="Ring 555 0101 234 after six")
    with pytest.raises(Invalid):
        await north.share(asked, Level.PUBLIC)
    outbox = orjson.loads((await get(f"{north.url}/actors/public/outbox", Accept=AS2))[1])
    assert outbox["totalItems"] == 0
    assert "first" not in outbox


# C-125, T-36
async def test_a_yes_to_something_else_counts_for_nothing(north: Village, river: Village) -> None:
    """The owner itself answers with another quantity, or another intent: ignored."""
    await befriend(river, north)
    share = await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    sent = await river.offer(quantity=3)
    await settle(north, river)
    actor = f"{north.url}/actors/peers"
    for number, (intent, amount) in enumerate([(share.intent_id, 30), (f"{north.url}/o/other#primary", 3)]):
        promise = Commitment(satisfies=intent, resource_quantity=Measure(has_unit="one", has_numerical_value=amount))
        result = Agreement(id=f"{north.url}/agreements/y{number}", attributed_to=actor, stipulates=promise)
        accept = Accept(id=f"{north.url}/a/y{number}", actor=actor, object=sent.offer_id, result=result)
        assert await post(north, river, dump(accept), key_of(north, OwnActor.PEERS)) == 202
    await settle(river)
    assert (await responses.get(river.community, sent.id)).response.state == ResponseState.OFFERED


# C-148
async def test_nobody_fetches_through_us(north: Village) -> None:
    actor = orjson.loads((await get(f"{north.url}/actors/public", Accept=AS2))[1])
    assert "proxyUrl" not in actor["endpoints"]
    assert set(actor["endpoints"]) == {"sharedInbox"}


# T-20, T-32
@pytest.mark.parametrize("text", ["<" * 20_000, "<b>" * 6_000, "<math><mi><style><img src=x onerror=alert(1)>" * 300])
def test_crooked_html_is_cleaned_without_harm(text: str) -> None:
    cleaned = clean_html(text)
    assert "<img" not in cleaned
    assert "<math" not in cleaned
    assert "<style" not in cleaned


# T-26, C-25
async def test_what_depends_on_the_reader_is_never_kept(north: Village, river: Village) -> None:
    """Seen or not seen, no cache between us may keep the answer for somebody else."""
    await befriend(river, north)
    share = await north.share(await north.ask(), Level.PEERS)
    async with aiohttp.ClientSession() as session, session.get(share.object_id, headers={"Accept": AS2}) as answer:
        assert answer.status == 404
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert {"Signature", "Signature-Input"} <= set(answer.headers["Vary"].split(", "))


# T-29, C-105
async def test_who_was_shown_the_door_gets_nothing_more(north: Village, river: Village) -> None:
    """A peering that ended is ended everywhere: in deliveries, in what may be read, and on the other side."""
    await befriend(river, north)
    await peers.drop(north.community, (await north.peer(river)).peer.id, north.dispatcher)
    await settle(north, river)
    share = await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    assert await river.feed() == ()
    assert await signed_get(river, share.object_id, OwnActor.PEERS) == 404


# T-33
async def test_names_of_others_are_never_names_of_files(north: Village, river: Village) -> None:
    """Nothing received makes a file, whatever it is called."""
    await befriend(river, north)
    before = {path.name for path in north.community.settings.data_dir.rglob("*")}
    author = f"{river.url}/actors/peers"
    named = note_by(author, river.url, name="../../etc/passwd")
    forged = named.model_copy(update={"id": f"{river.url}/o/..%2F..%2Fpasswd"})
    create = Create(id=f"{river.url}/a/p1", actor=author, object=forged)
    assert await post(river, north, dump(create), key_of(river, OwnActor.PEERS)) == 202
    await settle(north)
    assert len(await north.feed()) == 1
    assert {path.name for path in north.community.settings.data_dir.rglob("*")} == before


# T-37, C-131
async def test_public_means_public(north: Village) -> None:
    """Nothing is shared by itself, and what is delicate needs a steward's word even for public sharing."""
    delicate = await north.ask("Help with the rent", category="money")
    with pytest.raises(Conflict, match="steward"):
        await north.share(delicate, Level.PUBLIC)
    helper = await members.add(north.community, "Sol", frozenset({Role.DISPATCHER}))
    with pytest.raises(Exception, match="steward"):
        await replace(north, dispatcher=helper).share(delicate, Level.PUBLIC, override_category=True)
    share = await north.share(delicate, Level.PUBLIC, override_category=True)
    assert share.level is Level.PUBLIC


# T-39, C-133
async def test_a_place_is_the_same_rough_square_every_time(north: Village) -> None:
    """The middle of a fixed square: sharing again and again gives nothing to average."""
    shown = await profile(north.community)
    areas = (Area("North Side", Decimal("51.5432"), Decimal("-0.1234")),)
    await save_profile(north.community, replace(shown, areas=areas))
    places = []
    for title in ("Two chairs", "A lamp", "A table"):
        share = await north.share(await north.ask(title, kind=Kind.OFFER), Level.PUBLIC)
        places.append(orjson.loads((await get(share.object_id, Accept=AS2))[1])["location"])
    assert places[0] == {
        "type": "Place",
        "name": "North Side",
        "latitude": 51.55,
        "longitude": -0.15,
        "radius": 5,
        "units": "km",
    }
    assert places[1] == places[0] == places[2]
