"""Signatures and proofs between us and a server that was written by others: each verifies the other's."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from federation.keys import KeyPair
from federation.messages import LD_JSON_WITH_PROFILE, Request
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
from tests.village import Clock, Village, settle, until, village

pytestmark = pytest.mark.interop


class RealClock(Clock):
    def __call__(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
async def north(tmp_path: Path) -> AsyncIterator[Village]:
    """A village on the real clock: the stranger checks dates against its own."""
    async with village("North Side Neighbours", tmp_path / "north", RealClock()) as one:
        yield one


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


# C-74: its first knock is RFC 9421, and there is no second one
async def test_we_believe_its_first_knock(north: Village, fedify: FedifyServer, door: Door) -> None:
    await asyncio.to_thread(fedify.follow, f"{north.url}/actors/public")
    await settle(north)
    assert door.refused == []
    (request,) = door.requests
    assert '"@method" "@target-uri" "@authority" "host" "date" "content-digest"' in request.headers["signature-input"]
    assert 'alg="rsa-v1_5-sha256"' in request.headers["signature-input"]
    assert await published.follower_count(north.community, OwnActor.PUBLIC) == 1


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
    await settle(north)

    async def is_accepted() -> bool:
        await settle(north)
        return (await peers.get(north.community, standing.peer.id)).outgoing is FollowState.ACCEPTED

    await until(is_accepted)
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
