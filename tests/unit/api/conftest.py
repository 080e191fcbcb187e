"""One community over a real database file, its JSON API behind a real socket, and a caller for each role."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from openapi_schema_validator import OAS31Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from federation.keys import PrivateKey, generate_ed25519, generate_rsa
from federation.transport import NetworkPolicy, Transport
from node.api import health, v1
from node.api.v1.calls import CALLS
from node.api.v1.document import describe
from node.context import COMMUNITY
from node.domain.feed import FeedItem, FeedKind
from node.domain.members import Role
from node.domain.peers import Direction, Follow, FollowState, OwnActor, Peer, PeerLevel, RemoteActor
from node.services import members, tokens
from node.services.community import Community, Profile, save_profile
from node.services.remote import KeyPair, Remote
from node.settings import Settings
from node.storage.database import Database
from node.storage.vault import Vault
from tests.shaped import put_shaped_database

BASE_URL = "https://linden.example"
START = datetime(2031, 5, 4, 12, 0, tzinfo=UTC)
DOCUMENT = describe(CALLS)


@dataclass(frozen=True)
class Caller:
    """Sends a member's token along and holds every answer against the document."""

    client: TestClient[Any, Any]
    token: str

    async def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, Any]:
        """The status and the body, read as JSON."""
        answer = await self.send(method, path, body, **options)
        text = await answer.read()
        return answer.status, orjson.loads(text) if text else None

    async def send(self, method: str, path: str, body: Any = None, **options: Any) -> ClientResponse:
        """The whole answer. `body` is sent as JSON unless it is bytes or None."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            options["data"] = body if isinstance(body, bytes) else orjson.dumps(body)
        answer = await self.client.request(method, f"/api/v1{path}", headers=headers, **options)
        await must_be_as_documented(method, answer)
        return answer


async def must_be_as_documented(method: str, answer: ClientResponse) -> None:
    """The status and the body's shape are in the document."""
    described = _operation(method, answer.url.path.removeprefix("/api/v1"))
    if described is None:
        return
    found = described["responses"].get(str(answer.status))
    assert found is not None, f"{answer.status} is not documented: {await answer.text()}"
    if "$ref" in found:
        found = DOCUMENT["components"]["responses"][found["$ref"].rpartition("/")[2]]
    if "content" not in found:
        assert await answer.read() == b""
        return
    ((media_type, content),) = found["content"].items()
    assert answer.content_type == media_type
    resource = Resource(contents=DOCUMENT, specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:document", resource)
    schema = {"$ref": "urn:document" + content["schema"]["$ref"]}
    OAS31Validator(schema, registry=registry).validate(orjson.loads(await answer.read()))


def _operation(method: str, path: str) -> Any:
    parts = path.split("/")
    for template, methods in DOCUMENT["paths"].items():
        pieces = template.split("/")
        if len(pieces) == len(parts) and all(a in ("{id}", b) for a, b in zip(pieces, parts, strict=True)):
            return methods.get(method.lower())
    return None


@pytest.fixture(scope="session")
def rsa_key() -> PrivateKey:
    """One key is enough for all; making it is slow."""
    return generate_rsa(f"{BASE_URL}/actors/public#main-key")


@pytest.fixture
def ids() -> Callable[[], str]:
    """Ids that count up."""
    numbers = count(1)
    return lambda: f"id{next(numbers):05d}"


@pytest.fixture
async def community(tmp_path: Path, rsa_key: PrivateKey, ids: Callable[[], str]) -> AsyncIterator[Community]:
    """A community that was set up; its clock goes on by a second each time it is read."""
    seconds = count()
    put_shaped_database(tmp_path)
    settings = Settings(base_url=BASE_URL, data_dir=tmp_path)

    def now() -> datetime:
        return START + timedelta(seconds=next(seconds))

    database = Database(settings.database_url, Vault(b"k" * 32))
    pair = KeyPair(rsa_key, generate_ed25519(f"{BASE_URL}/actors/public#ed25519-key"))
    transport = Transport(NetworkPolicy(own_hosts=frozenset({"linden.example"})), "Manyhands test")
    remote = Remote(transport, dict.fromkeys(OwnActor, pair), now)
    found = Community(database, settings, remote, now, ids)
    await save_profile(found, Profile("Linden Street", "linden", ("en",), "", (), START))
    yield found
    await transport.close()
    await database.close()


@pytest.fixture
async def client(community: Community) -> AsyncIterator[TestClient[Any, Any]]:
    """The API behind a real socket."""
    app = web.Application()
    app[COMMUNITY] = community
    v1.setup(app)
    health.setup(app)
    async with TestClient(TestServer(app)) as found:
        yield found


async def _caller(client: TestClient[Any, Any], community: Community, name: str, *roles: Role) -> Caller:
    await members.add(community, name, frozenset(roles))
    return Caller(client, await tokens.create(community, name))


@pytest.fixture
async def steward(client: TestClient[Any, Any], community: Community) -> Caller:
    """Calls as a steward, and as a device that sends text messages: whoever may do everything."""
    return await _caller(client, community, "Amina", Role.STEWARD, Role.GATEWAY)


@pytest.fixture
async def dispatcher(client: TestClient[Any, Any], community: Community) -> Caller:
    """Calls as a dispatcher."""
    return await _caller(client, community, "Bo", Role.DISPATCHER)


@pytest.fixture
async def member(client: TestClient[Any, Any], community: Community) -> Caller:
    """Calls as a member without another role."""
    return await _caller(client, community, "Cai", Role.MEMBER)


@pytest.fixture
def need() -> dict[str, Any]:
    """A need with every field filled."""
    return {
        "notice": {
            "title": "Diapers, size 4",
            "category": "baby",
            "text": "Two packs would do.",
            "area": "Harbour",
            "urgency": "in the next 2 days",
            "needed_by": "2031-05-09",
            "repeat": "weekly",
            "quantity": "2",
            "unit": "one",
            "languages": ["en", "es"],
        },
        "sealed": {
            "name": "Ruta",
            "contact": [{"method": "phone", "value": "555 0134", "voicemail_ok": True}],
            "address": "the blue door",
            "story": "New baby",
            "arrival": "Knock twice",
            "arrival_card": {
                "at_the_door": ["text first", "ring"],
                "access": ["time at the door"],
                "language": "es",
                "interpreter": True,
                "pets": "a cat",
                "who_may_come": "women only",
            },
        },
        "consent": {"board": True, "peers": "all"},
        "for_someone_else": True,
    }


@pytest.fixture
async def need_id(dispatcher: Caller, need: dict[str, Any]) -> str:
    """A stored need."""
    status, answer = await dispatcher("POST", "/needs", need)
    assert status == 201
    return str(answer["id"])


@pytest.fixture
async def peer(community: Community) -> Peer:
    """A neighbouring community that follows our peers' feed, as we follow theirs."""
    actor = "https://willow.example/actors/peers"
    found = Peer(
        id="peer1",
        address="@willow@willow.example",
        host="willow.example",
        name="Willow Court",
        level=PeerLevel.PEERS,
        created_at=START,
        public_actor="https://willow.example/actors/public",
        peers_actor=actor,
    )
    async with community.database.unit_of_work() as work:
        await work.peers.add(found)
        await work.peers.put_actor(_remote_actor(actor))
        for direction in Direction:
            follow = Follow(
                f"https://willow.example/a/{direction}", direction, OwnActor.PEERS, actor, FollowState.ACCEPTED, START
            )
            await work.peers.put_follow(follow)
    return found


def _remote_actor(actor: str) -> RemoteActor:
    return RemoteActor(
        id=actor,
        type="Group",
        username="willow",
        name="Willow Court",
        inbox=f"{actor}/inbox",
        shared_inbox="https://willow.example/inbox",
        url="https://willow.example/",
        summary="",
        is_manyhands=True,
        fetched_at=START,
    )


@pytest.fixture
async def feed_item(community: Community, peer: Peer) -> FeedItem:
    """A need of the neighbouring community."""
    item = FeedItem(
        id="feed1",
        object_id="https://willow.example/o/1",
        actor=str(peer.peers_actor),
        kind=FeedKind.NEED,
        title="Soup for Thursday",
        html="<p>Thirty bowls &amp; spoons</p><p>no onions</p>",
        published_at=START,
        updated_at=START,
        received_at=START,
        ends_at=START + timedelta(days=5),
        category="meals",
        area="Old Town",
        unit="one",
        available=Decimal(30),
        intent_id="https://willow.example/o/1#primary",
        received_by="peers",
    )
    async with community.database.unit_of_work() as work:
        await work.feed.add(item)
    return item
