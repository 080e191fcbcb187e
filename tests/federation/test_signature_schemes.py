"""How two communities prove to each other who is speaking: every kind of signature, and proofs."""

import json
from dataclasses import replace

import pytest

from federation.keys import KeyPair, PrivateKey
from federation.messages import Request
from federation.proofs import is_proven_by, prove, read_proof
from federation.signing import KnownSchemes, Scheme, sign
from node.domain.peers import FollowState, OwnActor, PeerLevel
from node.domain.shares import Level
from node.services import keys, peers, responses, shares
from schemas.fields import document, dump
from tests.federation.outsider import AS, Outsider
from tests.federation.posts import AS2, believe, follow, key_seen_by, send, sent_by, watch
from tests.village import Village, befriend, get, settle

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


# C-51: its actor, its key, its old notes and a note it shares: read although it takes one kind of signature alone
@pytest.mark.parametrize(("takes", "refusal"), [(C, 401), (R, 401), (R, 403)])
async def test_we_read_a_server_that_takes_one_kind_of_signed_get(
    north: Village, elsewhere: Outsider, takes: Scheme, refusal: int
) -> None:
    elsewhere.takes, elsewhere.refusal = takes, refusal
    robin = elsewhere.actor()
    old, fresh = elsewhere.note(robin), elsewhere.note(robin, "/notes/2", content="<p>Bread on Monday</p>")
    outbox = {"@context": AS, "id": f"{robin}/outbox", "type": "OrderedCollection"}
    sent = {"id": f"{robin}/creates/1", "type": "Create", "actor": robin, "object": old}
    elsewhere.documents["/users/robin/outbox"] = {**outbox, "orderedItems": [sent]}
    standing = await peers.add(north.community, robin, PeerLevel.PUBLIC, north.dispatcher)
    assert elsewhere.knocks[: 2 if takes is R else 1] == ([C, R] if takes is R else [C])
    await settle(north)
    (asked,) = elsewhere.received
    assert await elsewhere.say(north, {"id": f"{robin}/a/1", "type": "Accept", "actor": robin, "object": asked}) == 202
    await settle(north)
    created = {"id": f"{robin}/creates/2", "type": "Create", "actor": robin, "object": fresh["id"]}
    assert await elsewhere.say(north, created) == 202
    await settle(north)
    assert (await peers.get(north.community, standing.peer.id)).outgoing is FollowState.ACCEPTED
    assert {entry.item.object_id for entry in await north.feed()} == {old["id"], fresh["id"]}
    assert set(elsewhere.knocks[2:]) == {takes}
    assert {scheme_sent(headers) for headers in elsewhere.headers} == {takes}


def scheme_sent(headers: dict[str, str]) -> Scheme:
    return R if "signature-input" in headers else C


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
    seen = await proofs_seen({share.object_id for share in public}, north, river, market)
    for share in (public[0], *hidden):
        await shares.withdraw(north.community, share.id, north.dispatcher)
    await keys.rotate(north.community)
    await settle(north, river, market)
    seen |= await proofs_seen({share.object_id for share in public}, north, river, market)
    assert {("Create", True), ("Delete", True), ("Create", False), ("Delete", False)} <= seen
    assert {("Follow", False), ("Accept", False), ("Offer", False), ("Update", False)} <= seen


async def proofs_seen(public: set[str], *villages: Village) -> set[tuple[str, bool]]:
    """What left so far, by type and whether it is about something public: just that carries a proof, nowhere else."""
    seen = set()
    for village in villages:
        for row in await sent_by(village):
            is_public = row["type"] in {"Create", "Update", "Delete"} and row["object_key"] in public
            assert ("proof" in row["body"]) == is_public, row
            assert json.dumps(row["body"]).count('"proof') == (3 if is_public else 0)  # proof, proofPurpose, proofValue
            seen.add((row["type"], is_public))
    return seen


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
