"""New keys for all our actors, without a follower noticing."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from federation.errors import BadSignature
from federation.proofs import is_proven_by, read_proof
from federation.signing import Scheme
from node import app
from node.domain.errors import Conflict
from node.domain.peers import FollowState, OwnActor
from node.domain.shares import Level
from node.services import keys
from node.storage.tables import follows
from schemas.fields import dump
from tests.federation.posts import AS2, believe, follow, key_seen_by, send, sent_by, watch
from tests.village import Village, befriend, get, key_of, settle


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
