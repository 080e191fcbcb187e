"""How two communities prove to each other who is speaking: every kind of signature, proofs, and new keys."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from federation.errors import BadSignature
from federation.keys import KeyPair, PrivateKey, PublicKey
from federation.messages import LD_JSON_WITH_PROFILE, Request, Response
from federation.proofs import is_proven_by, prove, read_proof
from federation.resolve import find_key
from federation.signing import KnownSchemes, Scheme, sign
from node import app
from node.domain.errors import Conflict
from node.domain.peers import FollowState, OwnActor
from node.domain.shares import Level
from node.services import keys, responses, shares
from node.storage.tables import activities, follows
from schemas.activities import Follow
from schemas.fields import document, dump
from tests.village import Village, befriend, get, key_of, settle

AS2 = "application/activity+json"


@dataclass(frozen=True)
class Knock:
    """One POST as it left: how it was signed, with which key, and what it said."""

    scheme: Scheme
    key_id: str
    type: str
    status: int


@dataclass
class Post:
    """Watches what a village sends; signatures that are not in `understood` are refused as if by the other server."""

    send: Callable[..., Any]
    understood: frozenset[Scheme] = frozenset(Scheme)
    knocks: list[Knock] = field(default_factory=list)

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Response:
        scheme, key_id = how_signed(headers)
        refused = Response(401, {}, b"", url)
        answer = await self.send(url, headers, body) if scheme in self.understood else refused
        self.knocks.append(Knock(scheme, key_id, json.loads(body)["type"], answer.status))
        return answer


def how_signed(headers: Mapping[str, str]) -> tuple[Scheme, str]:
    said = headers.get("signature-input", headers["signature"])
    key_id = said.partition('keyid="' if "signature-input" in headers else 'keyId="')[2].partition('"')[0]
    if "signature-input" not in headers:
        return Scheme.CAVAGE, key_id
    value = b64decode(headers["signature"].removeprefix("sig1=:").removesuffix(":"))
    return Scheme.ED25519 if len(value) == 64 else Scheme.RFC9421, key_id


def watch(one: Village, *understood: Scheme) -> Post:
    """See what leaves from here on."""
    transport: Any = one.community.remote.transport
    watched = Post(transport.post, frozenset(understood or Scheme))
    transport.post = watched
    return watched


async def believe(one: Village, other: Village, *, is_manyhands: bool, takes_rfc9421: bool) -> None:
    """Let one village take the other for a server that says this of itself."""
    async with one.community.database.unit_of_work() as work:
        ids = [other.community.addresses.actor(own) for own in OwnActor]
        for actor in (await work.peers.actors(ids)).values():
            await work.peers.put_actor(replace(actor, is_manyhands=is_manyhands, takes_rfc9421=takes_rfc9421))


# --- schemes --------------------------------------------------------------------------------------------------------

C, R, E = Scheme.CAVAGE, Scheme.RFC9421, Scheme.ED25519


# C-51, C-74: what a server says × what it understands
@pytest.mark.parametrize(
    ("says", "understands", "knocks", "later"),
    [
        ((False, False), (C, R, E), [C], [C]),
        ((False, False), (C,), [C], [C]),
        ((False, False), (R,), [C, R], [R]),
        ((True, False), (C,), [C], [C]),
        ((False, True), (C, R, E), [R], [R]),
        ((False, True), (C,), [R, C], [C]),
        ((True, True), (C, R, E), [E], [E]),
        ((True, True), (C,), [E, C], [C]),
        ((True, True), (C, R), [E, C], [C]),
    ],
)
async def test_a_notice_arrives_whatever_the_peer_understands(
    north: Village,
    river: Village,
    says: tuple[bool, bool],
    understands: tuple[Scheme, ...],
    knocks: list[Scheme],
    later: list[Scheme],
) -> None:
    await befriend(river, north)
    north.community.remote.schemes = KnownSchemes()
    await believe(north, river, is_manyhands=says[0], takes_rfc9421=says[1])
    post = watch(north, *understands)
    await north.share(await north.ask("Two chairs"), Level.PEERS)
    await settle(north, river)
    assert [knock.scheme for knock in post.knocks] == knocks
    assert {entry.item.title for entry in await river.feed()} == {"Two chairs"}
    post.knocks.clear()
    await north.share(await north.ask("A table"), Level.PEERS)
    await settle(north, river)
    assert [knock.scheme for knock in post.knocks] == later
    assert {entry.item.title for entry in await river.feed()} == {"Two chairs", "A table"}


# C-51: nodes of our own kind find out about each other by themselves
async def test_two_nodes_sign_with_ed25519(north: Village, river: Village) -> None:
    post, answers = watch(north), watch(river)
    await befriend(river, north)
    assert {knock.scheme for knock in (*post.knocks, *answers.knocks)} == {E}
    assert {knock.status for knock in (*post.knocks, *answers.knocks)} == {202}
    assert {knock.key_id for knock in post.knocks} == {
        f"{north.url}/actors/public#ed25519-key",
        f"{north.url}/actors/peers#ed25519-key",
    }


# C-74: our actors say that they understand it
async def test_our_actors_list_rfc_9421(north: Village) -> None:
    for own in OwnActor:
        _, body = await get(f"{north.url}/actors/{own}", Accept=AS2)
        listed = json.loads(body)["generator"]["implements"]
        assert "https://datatracker.ietf.org/doc/html/rfc9421" in {link["href"] for link in listed}


async def send(sender: Village, receiver: Village, body: bytes, scheme: Scheme, pair: KeyPair) -> int:
    """One POST to the shared inbox, signed in a chosen way."""
    url = f"{receiver.url}/inbox"
    request = Request("POST", url, {"content-type": LD_JSON_WITH_PROFILE}, body)
    headers = {"Content-Type": LD_JSON_WITH_PROFILE, **sign(request, pair, scheme, sender.clock())}
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status


def follow(sender: Village, receiver: Village, number: int = 1) -> Follow:
    actor, target = f"{sender.url}/actors/public", f"{receiver.url}/actors/public"
    return Follow(id=f"{sender.url}/a/x{number}", actor=actor, to=(target,), object=target)


# C-58, C-74, C-79, T-1
@pytest.mark.parametrize("scheme", list(Scheme))
async def test_every_scheme_proves_its_sender_and_nobody_else(
    north: Village, river: Village, market: Village, scheme: Scheme
) -> None:
    pair = river.community.remote.keys[OwnActor.PUBLIC]
    stranger = market.community.remote.keys[OwnActor.PUBLIC]
    other_actor = river.community.remote.keys[OwnActor.PEERS]
    said = dump(follow(river, north))
    assert await send(river, north, said, scheme, stranger) == 401
    assert await send(river, north, said, scheme, other_actor) == 401
    forged = KeyPair(*(replace(key, id=ours.id) for key, ours in zip(two(stranger), two(pair), strict=True)))
    assert await send(river, north, said, scheme, forged) == 401
    assert await send(river, north, said, scheme, pair) == 202


def two(pair: KeyPair) -> tuple[PrivateKey, PrivateKey]:
    return pair.rsa, pair.ed25519


# C-24, C-74: who reads is proven in the same ways
@pytest.mark.parametrize("scheme", list(Scheme))
async def test_a_signed_get_in_every_scheme(north: Village, river: Village, market: Village, scheme: Scheme) -> None:
    await befriend(river, north)
    share = await north.share(await north.ask(), Level.PEERS)

    async def read(reader: Village) -> int:
        pair = reader.community.remote.keys[OwnActor.PEERS]
        headers = sign(Request("GET", share.object_id), pair, scheme, reader.clock())
        return (await get(share.object_id, **headers, Accept=AS2))[0]

    assert await read(river) == 200
    assert await read(market) == 404


# --- proofs ---------------------------------------------------------------------------------------------------------


# C-86, T-38: over everything that ever left, in a story with everything in it
async def test_only_what_is_public_carries_a_proof(north: Village, river: Village, market: Village) -> None:
    await befriend(river, north)
    await befriend(market, north)
    peer = await north.peer(market)
    public = [await north.share(await north.ask(f"Public {number}")) for number in range(2)]
    hidden = [await north.share(await north.ask("For peers"), Level.PEERS)]
    hidden.append(await north.share(await north.ask("For market"), Level.NAMED, peers=(peer.peer.id,)))
    await settle(north, river, market)
    shown = next(entry.item for entry in await river.feed() if entry.item.object_id == hidden[0].object_id)
    await responses.offer_help(
        river.community, shown.id, responses.HelpOffer(shown.available, "We can bring it."), river.dispatcher
    )
    await settle(north, river, market)
    arrived = await north.response()
    await responses.agree(north.community, arrived.id, ("name",), None, north.dispatcher)
    await settle(north, river, market)
    for share in (public[0], *hidden):
        await shares.withdraw(north.community, share.id, north.dispatcher)
    await keys.rotate(north.community)
    await settle(north, river, market)

    seen = set()
    for village in (north, river, market):
        for row in await sent_by(village):
            about_public = row["type"] in {"Create", "Update", "Delete"} and row["object_key"] in {
                share.object_id for share in public
            }
            assert ("proof" in row["body"]) == about_public, row
            assert b'"proof' not in json.dumps({**row["body"], "proof": None}).encode().replace(b'"proof": null', b"")
            seen.add((row["type"], about_public))
    assert {("Create", True), ("Delete", True), ("Create", False), ("Delete", False)} <= seen
    assert {("Follow", False), ("Accept", False), ("Offer", False), ("Update", False)} <= seen


async def sent_by(village: Village) -> list[dict[str, Any]]:
    async with village.community.database.reading() as work:
        rows = await work.connection.execute(select(activities.c.type, activities.c.object_key, activities.c.body))
        return [{**row._mapping, "body": json.loads(row.body)} for row in rows]


# C-86: others can prove it from the actor's own document, without us
async def test_a_public_notice_can_be_proven_by_anybody(north: Village, river: Village) -> None:
    share = await north.share(await north.ask("Grüne Äpfel"))
    (row,) = await sent_by(north)
    assert row["object_key"] == share.object_id
    body, proof = row["body"], read_proof(row["body"])
    assert proof is not None
    key = await key_seen_by(river, proof.key_id)
    assert is_proven_by(key, body, proof)
    assert not is_proven_by(key, {**body, "id": f"{body['id']}x"}, proof)


async def key_seen_by(reader: Village, key_id: str) -> PublicKey:
    """A key as another community finds it now."""
    remote = reader.community.remote
    key, _ = await find_key(remote.transport, key_id, None, reader.clock())
    return key


# C-86, C-87: what arrives with a proof must fit it
async def test_a_proof_that_does_not_fit_is_refused_at_the_door(north: Village, river: Village) -> None:
    pair = river.community.remote.keys[OwnActor.PUBLIC]
    neighbour = river.community.remote.keys[OwnActor.PEERS]
    made = prove(document(follow(river, north)), pair.ed25519, river.clock())
    for wrong in (
        {**made, "to": []},
        {**made, "proof": {**made["proof"], "created": "2026-11-20T10:00:01Z"}},  # type: ignore[dict-item]
        prove(document(follow(river, north)), neighbour.ed25519, river.clock()),
    ):
        assert await send(river, north, json.dumps(wrong).encode(), Scheme.CAVAGE, pair) == 401
    assert await send(river, north, json.dumps(made).encode(), Scheme.CAVAGE, pair) == 202


# --- new keys -------------------------------------------------------------------------------------------------------


async def actor_of(village: Village, own: OwnActor = OwnActor.PEERS) -> dict[str, Any]:
    _, body = await get(f"{village.url}/actors/{own}", Accept=AS2)
    found: dict[str, Any] = json.loads(body)
    return found


async def titles(village: Village) -> set[str]:
    return {entry.item.title for entry in await village.feed()}


# C-81, C-82, T-43: with a peer that has the old key, and signs and reads with RSA or with Ed25519
@pytest.mark.parametrize("says", [(False, False), (False, True), (True, True)])
async def test_no_follower_notices_that_the_keys_changed(
    north: Village, river: Village, says: tuple[bool, bool]
) -> None:
    await befriend(river, north)
    await believe(north, river, is_manyhands=says[0], takes_rfc9421=says[1])
    await north.share(await north.ask("Before"), Level.PEERS)
    await settle(north, river)
    before, bound = await actor_of(north), await followers(north)

    await keys.rotate(north.community)
    post = watch(north)
    await settle(north, river)
    assert {(knock.type, knock.status) for knock in post.knocks} == {("Update", 202)}
    if not says[0]:  # what is signed by RSA is signed with the key that everybody knows
        assert {knock.key_id for knock in post.knocks} == {
            f"{north.url}/actors/{own}#main-key" for own in ("public", "peers")
        }
    during = await actor_of(north)
    assert during["publicKey"]["id"] == f"{north.url}/actors/peers#main-key-2"
    assert [one["id"].partition("#")[2] for one in during["assertionMethod"]] == [
        "ed25519-key-2",
        "main-key",
        "ed25519-key",
    ]
    post.knocks.clear()
    await north.share(await north.ask("During"), Level.PEERS)
    await settle(north, river)
    assert [(knock.type, knock.status, knock.key_id[-2:]) for knock in post.knocks] == [("Create", 202, "-2")]

    north.clock.forward(days=7)
    await keys.refresh(north.community)
    after = await actor_of(north)
    assert after["publicKey"] == during["publicKey"]
    assert [one["id"].partition("#")[2] for one in after["assertionMethod"]] == ["ed25519-key-2"]
    assert after["publicKey"]["publicKeyPem"] != before["publicKey"]["publicKeyPem"]
    await north.share(await north.ask("After"), Level.PEERS)
    await settle(north, river)
    assert await titles(river) >= {"During", "After"}
    assert await followers(north) == bound


async def followers(village: Village) -> set[tuple[str, str, str]]:
    async with village.community.database.reading() as work:
        query = select(follows.c.remote_actor, follows.c.activity_id, follows.c.state)
        return {(row.remote_actor, row.activity_id, row.state) for row in await work.connection.execute(query)}


# C-46, T-43: what waited for a peer that was away is signed anew, and the news of the key does not stand in its way
async def test_what_waits_while_the_keys_change_arrives(north: Village, river: Village) -> None:
    await befriend(river, north)
    await river.close_doors()
    await north.share(await north.ask("Before"), Level.PEERS)
    await settle(north)
    await keys.rotate(north.community)
    await north.share(await north.ask("After"), Level.PEERS)
    await settle(north)
    await river.open_doors()
    north.clock.forward(hours=1)
    await settle(north, river)
    assert await titles(river) == {"Before", "After"}


# T-43: the news got lost; a key that is not known is looked up
async def test_a_peer_that_never_heard_of_the_new_key_looks_it_up(north: Village, river: Village) -> None:
    await befriend(river, north)
    await keys.rotate(north.community)
    async with north.community.database.unit_of_work() as work:
        for own in (OwnActor.PUBLIC, OwnActor.PEERS):
            await work.outbox.cancel(north.community.addresses.actor(own))
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    assert len(await river.feed()) == 1


# T-43: the command runs beside the server
async def test_a_running_server_takes_over_what_the_command_did(north: Village, river: Village) -> None:
    await befriend(river, north)
    old = key_of(north, OwnActor.PEERS).id
    async with app.open_community(north.community.settings, north.clock) as beside:
        await keys.rotate(beside)
    post = watch(north)
    await settle(north, river)
    assert {(knock.type, knock.status) for knock in post.knocks} == {("Update", 202)}
    assert (await actor_of(north))["publicKey"]["id"] == f"{old}-2" == key_of(north, OwnActor.PEERS).id
    await keys.refresh(north.community)
    assert key_of(north, OwnActor.INSTANCE).id == f"{north.url}/actors/instance#main-key-2"


# C-82, T-43: somebody has our keys
async def test_keys_that_somebody_else_has_stop_working_at_once(north: Village, river: Village) -> None:
    await befriend(river, north)
    stolen = north.community.remote.keys[OwnActor.PEERS]
    await keys.rotate(north.community, at_once=True)
    await settle(north, river)
    listed = await actor_of(north)
    assert [one["id"].partition("#")[2] for one in listed["assertionMethod"]] == ["ed25519-key-2"]
    forged = dump(follow(north, river, 7)).replace(b"/actors/public", b"/actors/peers", 1)
    for scheme in Scheme:
        assert await send(north, river, forged, scheme, stolen) == 401
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    assert len(await river.feed()) == 1
    assert (await river.peer(north)).outgoing is FollowState.ACCEPTED


# C-86: a notice that left before the keys changed can still be proven for a week
async def test_what_was_proven_with_the_old_key_stays_provable_for_a_week(north: Village, river: Village) -> None:
    await north.share(await north.ask("Grüne Äpfel"))
    (row,) = await sent_by(north)
    proof = read_proof(row["body"])
    assert proof is not None
    await keys.rotate(north.community)
    key = await key_seen_by(river, proof.key_id)
    assert is_proven_by(key, row["body"], proof)
    north.clock.forward(days=7)
    await keys.refresh(north.community)
    with pytest.raises(BadSignature):
        await key_seen_by(river, proof.key_id)


async def test_keys_cannot_be_changed_without_end(north: Village) -> None:
    for _ in range(3):
        await keys.rotate(north.community)
        north.clock.forward(hours=1)
    with pytest.raises(Conflict):
        await keys.rotate(north.community)
    listed = await actor_of(north)
    assert listed["publicKey"]["id"].endswith("#main-key-4")
    assert len(listed["assertionMethod"]) == 7
    north.clock.forward(days=7)
    await keys.refresh(north.community)
    await keys.rotate(north.community)
    assert (await actor_of(north))["publicKey"]["id"].endswith("#main-key-5")
