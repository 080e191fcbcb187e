"""Signatures and proofs between us and a server that was written by others: each verifies the other's."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from federation.keys import KeyPair
from federation.messages import ACTIVITY_JSON, LD_JSON_WITH_PROFILE, Request
from federation.origin import origin
from federation.proofs import is_proven_by, prove, read_proof
from federation.receive import receive
from federation.resolve import find_key
from federation.signing import Scheme, sign
from node.api.activitypub import inbox
from node.domain.peers import FollowState, OwnActor, PeerLevel
from node.domain.shares import Level
from node.services import keys, peers, published
from schemas.activities import Create
from schemas.fields import PUBLIC, document
from schemas.objects import Note
from tests.interop.fedify_server import FedifyServer
from tests.village import Village, get, settle, until

pytestmark = pytest.mark.interop


@dataclass
class Door:
    """Every POST that came to our inbox, and what became of it."""

    requests: list[Request] = field(default_factory=list)
    refused: list[Exception] = field(default_factory=list)

    async def receive(self, request: Request, **more: Any) -> Any:
        self.requests.append(request)
        try:
            return await receive(request, **more)
        except Exception as error:
            self.refused.append(error)
            raise


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    watched = Door()
    monkeypatch.setattr(inbox, "receive", watched.receive)
    return watched


def create(north: Village, number: int, content: str) -> dict[str, Any]:
    """A public Create of ours without a proof."""
    author = f"{north.url}/actors/public"
    note = Note(id=f"{north.url}/o/x{number}", attributed_to=author, to=(PUBLIC,), content=f"<p>{content}</p>")
    return document(Create(id=f"{north.url}/a/x{number}", actor=author, to=(PUBLIC,), object=note))


def keys_of(north: Village) -> KeyPair:
    return north.community.remote.keys[OwnActor.PUBLIC]


async def post(stranger: FedifyServer, body: dict[str, Any], scheme: Scheme, pair: KeyPair) -> int:
    """One signed POST to its shared inbox."""
    url, written = f"{stranger.url}/inbox", json.dumps(body).encode()
    request = Request("POST", url, {"content-type": LD_JSON_WITH_PROFILE}, written)
    headers = {**request.headers, **sign(request, pair, scheme, datetime.now(UTC))}
    async with aiohttp.ClientSession() as session, session.post(url, data=written, headers=headers) as answer:
        return answer.status


# C-65, C-74: nothing but the HTTP signature speaks for these
@pytest.mark.parametrize("scheme", [Scheme.CAVAGE, Scheme.RFC9421])
async def test_it_believes_our_signature(north: Village, fedify: FedifyServer, scheme: Scheme) -> None:
    assert await post(fedify, create(north, 1, "Soup"), scheme, keys_of(north)) == 202
    (seen,) = await asyncio.to_thread(fedify.inbox)
    assert (seen["believed"], seen["by_http_signature"]) == (True, True)
    assert seen["scheme"] == ("cavage" if scheme is Scheme.CAVAGE else "rfc9421")
    peers_keys = north.community.remote.keys[OwnActor.PEERS]
    assert await post(fedify, create(north, 2, "Forged"), scheme, peers_keys) == 401


# C-51: it is known to take RFC 9421, and our own delivery uses it
async def test_it_takes_rfc_9421_from_our_outbox(north: Village, fedify: FedifyServer) -> None:
    home = origin(fedify.url, allow_http=True)
    north.community.remote.schemes.learn(home, Scheme.RFC9421, north.clock())
    await asyncio.to_thread(fedify.follow, f"{north.url}/actors/public")
    await settle(north)
    await north.share(await north.ask("Children's winter coats"), Level.PUBLIC)
    await settle(north)
    seen = await asyncio.to_thread(fedify.inbox)
    assert [(one["type"], one["scheme"], one["believed"]) for one in seen] == [
        ("Accept", "rfc9421", True),
        ("Create", "rfc9421", True),
    ]
    assert seen[0]["by_http_signature"]


# C-51, ADR 0021: why only nodes of our own kind get an Ed25519 signature
async def test_it_refuses_a_multikey_as_the_key_of_a_request(north: Village, fedify: FedifyServer) -> None:
    assert await post(fedify, create(north, 1, "Soup"), Scheme.ED25519, keys_of(north)) == 401
    assert await asyncio.to_thread(fedify.timeline) == []


# C-74: its first knock is RFC 9421, and there is no second one; no proof speaks for it
async def test_we_believe_its_first_knock(north: Village, fedify: FedifyServer, door: Door) -> None:
    await asyncio.to_thread(fedify.follow, f"{north.url}/actors/public")
    await settle(north)
    assert door.refused == []
    (request,) = door.requests
    assert "proof" not in json.loads(request.body)
    assert '"@method" "@target-uri" "@authority" "host" "date" "content-digest"' in request.headers["signature-input"]
    assert 'alg="rsa-v1_5-sha256"' in request.headers["signature-input"]
    assert await published.follower_count(north.community, OwnActor.PUBLIC) == 1


# C-65, C-66: by the draft alone, from the Follow to the end of a note; and nothing else speaks for it
async def test_we_believe_its_draft_cavage(north: Village, cavage_fedify: FedifyServer, door: Door) -> None:
    standing = await peers.add(north.community, cavage_fedify.actor, PeerLevel.PUBLIC, north.dispatcher)
    await until(lambda: is_followed(north, standing.peer.id))
    kept = await asyncio.to_thread(cavage_fedify.post, "<p>Soup on Friday</p>")
    gone = await asyncio.to_thread(cavage_fedify.post, "<p>Bread on Monday</p>")
    await asyncio.to_thread(cavage_fedify.edit, kept, "<p>Soup on Saturday</p>")
    await asyncio.to_thread(cavage_fedify.delete, gone)
    await settle(north)
    assert [(entry.item.object_id, entry.item.html) for entry in await north.feed()] == [
        (kept, "<p>Soup on Saturday</p>")
    ]
    assert door.refused == []
    assert [json.loads(request.body)["type"] for request in door.requests] == [
        *("Accept", "Create", "Create", "Update", "Delete")
    ]
    for request in door.requests:
        assert "signature-input" not in request.headers
        assert request.headers["signature"].startswith(f'keyId="{cavage_fedify.actor}#main-key"')
        assert "proof" not in json.loads(request.body)


# C-24, C-51: it shows its notes to those alone who say who they are, in either way
@pytest.mark.parametrize("scheme", [Scheme.CAVAGE, Scheme.RFC9421])
async def test_it_lets_us_read_what_strangers_may_not(
    north: Village, closed_fedify: FedifyServer, scheme: Scheme
) -> None:
    earlier = await asyncio.to_thread(closed_fedify.post, "<p>Soup on Friday</p>")
    for what in (earlier, f"{closed_fedify.actor}/outbox"):
        assert (await get(what, Accept=ACTIVITY_JSON))[0] == 401
    home = origin(closed_fedify.url, allow_http=True)
    north.community.remote.schemes.learn(home, scheme, north.clock())
    standing = await peers.add(north.community, closed_fedify.actor, PeerLevel.PUBLIC, north.dispatcher)
    await until(lambda: is_followed(north, standing.peer.id))
    assert {entry.item.object_id for entry in await north.feed()} == {earlier}
    note = await north.community.remote.note(earlier)
    assert note is not None
    assert note.content == "<p>Soup on Friday</p>"
    # The first way was good enough: it never had to be asked a second time.
    assert north.community.remote.schemes.knocks(home, Scheme.CAVAGE, north.clock())[0] is scheme


async def is_followed(north: Village, peer_id: str) -> bool:
    await settle(north)
    return (await peers.get(north.community, peer_id)).outgoing is FollowState.ACCEPTED


# C-86: with an HTTP signature that is worth nothing, only the proof can speak for the activity
async def test_it_believes_our_proof(north: Village, fedify: FedifyServer) -> None:
    pair, strangers = keys_of(north), north.community.remote.keys[OwnActor.PEERS]
    made = prove(create(north, 1, "Grüne Äpfel, 3.5 kg"), pair.ed25519, datetime.now(UTC))
    assert await post(fedify, made, Scheme.CAVAGE, strangers) == 202
    (note,) = await asyncio.to_thread(fedify.timeline)
    assert note["content"] == "<p>Grüne Äpfel, 3.5 kg</p>"
    changed = {**prove(create(north, 2, "Bread"), pair.ed25519, datetime.now(UTC)), "to": []}
    assert await post(fedify, changed, Scheme.CAVAGE, strangers) == 401
    by_another = prove(create(north, 3, "Milk"), strangers.ed25519, datetime.now(UTC))
    assert await post(fedify, by_another, Scheme.CAVAGE, strangers) == 401


# C-86: just as it leaves our outbox
async def test_it_believes_the_proof_of_a_public_notice(north: Village, fedify: FedifyServer) -> None:
    share = await north.share(await north.ask("Children's winter coats"), Level.PUBLIC)
    async with north.community.database.reading() as work:
        sent = (await work.outbox.creates([share.id]))[share.id]
    strangers = north.community.remote.keys[OwnActor.PEERS]
    assert await post(fedify, json.loads(sent.body), Scheme.CAVAGE, strangers) == 202
    (note,) = await asyncio.to_thread(fedify.timeline)
    assert note["id"] == share.object_id


# C-85, C-86, C-87: its proofs on all that it sends, beside a linked-data signature
async def test_we_believe_its_proofs(north: Village, proving_fedify: FedifyServer, door: Door) -> None:
    standing = await peers.add(north.community, proving_fedify.actor, PeerLevel.PUBLIC, north.dispatcher)
    await until(lambda: is_followed(north, standing.peer.id))
    post_id = await asyncio.to_thread(proving_fedify.post, "<p>Soup on Friday, 3.5 € for all: ç</p>")
    await settle(north)
    assert {entry.item.object_id for entry in await north.feed()} == {post_id}
    assert door.refused == []
    for request in door.requests:
        received = json.loads(request.body)
        assert {"proof", "signature"} <= received.keys()
        proof = read_proof(received)
        assert proof is not None
        remote = north.community.remote
        key, actor = await find_key(remote.transport, proof.key_id, None, north.clock())
        assert actor.id == proving_fedify.actor
        assert is_proven_by(key, received, proof)
        assert not is_proven_by(key, {**received, "id": f"{received['id']}0"}, proof)


# T-43: it has our old key, and goes on believing us
async def test_it_does_not_notice_that_our_keys_changed(north: Village, fedify: FedifyServer) -> None:
    await asyncio.to_thread(fedify.follow, f"{north.url}/actors/public")
    await settle(north)
    await keys.rotate(north.community)
    await settle(north)
    assert await post(fedify, create(north, 1, "Soup"), Scheme.CAVAGE, keys_of(north)) == 202
    seen = await asyncio.to_thread(fedify.inbox)
    assert [(one["type"], one["believed"], one["by_http_signature"]) for one in seen] == [
        ("Accept", True, True),
        ("Update", True, True),
        ("Create", True, True),
    ]
    assert keys_of(north).rsa.id.endswith("#main-key-2")
