"""One community over a real database file, its pages behind a real socket, and a visitor for each role."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from federation.keys import PrivateKey, generate_ed25519, generate_rsa
from federation.transport import NetworkPolicy, Transport
from node.context import COMMUNITY
from node.domain.consent import ALL, Consent
from node.domain.feed import FeedItem
from node.domain.members import Role
from node.domain.notices import Kind, Notice, Urgency, Wording
from node.domain.peers import Direction, Follow, FollowState, OwnActor, Peer, PeerLevel
from node.domain.responses import Response, ResponseState, Side
from node.domain.sealed import Contact, SealedNote
from node.domain.shares import Level, Share, ShareRequest
from node.domain.strangers import Enquiry, Report
from node.services import members, needs, shares, sign_in
from node.services.community import Community, Profile, save_profile
from node.services.needs import Entry
from node.services.remote import KeyPair, Remote
from node.settings import Settings
from node.storage.database import Database
from node.storage.vault import Vault
from node.web.routes import setup
from node.web.sessions import form_proof
from tests.shaped import put_shaped_database
from tests.unit.web_members.neighbours import START, complaint, message, offer, remote_actor, soup
from tests.unit.web_members.visitor import Visitor

BASE_URL = "http://localhost:8440"


@dataclass
class Clock:
    """A clock that stands still until it is told otherwise."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def go_on(self, **length: float) -> None:
        """Let time pass."""
        self.at += timedelta(**length)


@pytest.fixture(scope="session")
def rsa_key() -> PrivateKey:
    """One key is enough for all; making it is slow."""
    return generate_rsa(f"{BASE_URL}/actors/public#main-key")


@pytest.fixture
def clock() -> Clock:
    """The community's clock."""
    return Clock()


@pytest.fixture
async def community(tmp_path: Path, rsa_key: PrivateKey, clock: Clock) -> AsyncIterator[Community]:
    """A community that was set up."""
    numbers = count(1)
    settings = Settings(base_url=BASE_URL, data_dir=tmp_path)
    put_shaped_database(tmp_path)
    database = Database(settings.database_url, Vault(b"k" * 32))
    pair = KeyPair(rsa_key, generate_ed25519(f"{BASE_URL}/actors/public#ed25519-key"))
    transport = Transport(NetworkPolicy(own_hosts=frozenset({"localhost:8440"})), "Manyhands test")
    remote = Remote(transport, dict.fromkeys(OwnActor, pair), clock)
    found = Community(database, settings, remote, clock, lambda: f"id{next(numbers):05d}")
    await save_profile(found, Profile("Linden Street", "linden", ("en",), "020 555 0100", (), START))
    yield found
    await transport.close()
    await database.close()


@pytest.fixture
async def client(community: Community) -> AsyncIterator[TestClient[Any, Any]]:
    """The pages behind a real socket."""
    app = web.Application()
    app[COMMUNITY] = community
    setup(app)
    async with TestClient(TestServer(app)) as found:
        yield found


async def sign_in_as(client: TestClient[Any, Any], community: Community, name: str, role: Role) -> Visitor:
    """Somebody new, signed in."""
    member = await members.add(community, name, frozenset({role}))
    link = await sign_in.make_link(community, member.id)
    session = await sign_in.use_link(community, link.rpartition("/")[2])
    return Visitor(client, session.token, form_proof(session))


@pytest.fixture
async def guest(client: TestClient[Any, Any]) -> Visitor:
    """Nobody in particular."""
    return Visitor(client)


@pytest.fixture
async def steward(client: TestClient[Any, Any], community: Community) -> Visitor:
    """A steward."""
    return await sign_in_as(client, community, "Amina", Role.STEWARD)


@pytest.fixture
async def dispatcher(client: TestClient[Any, Any], community: Community) -> Visitor:
    """A dispatcher."""
    return await sign_in_as(client, community, "Bo", Role.DISPATCHER)


@pytest.fixture
async def helper(client: TestClient[Any, Any], community: Community) -> Visitor:
    """A helper, who is not a dispatcher."""
    return await sign_in_as(client, community, "Cai", Role.HELPER)


Ask = Callable[..., Any]


@pytest.fixture
def ask(community: Community) -> Ask:
    """Stores a need; what is given replaces the usual words."""

    async def one(
        kind: Kind = Kind.NEED,
        sealed: SealedNote | None = None,
        consent: Consent | None = None,
        **wording: Any,
    ) -> Notice:
        words = replace(Wording("Diapers, size 4", "baby", "Two packs would do.", area="Harbour"), **wording)
        note = sealed or SealedNote(
            name="Ruta", contact=(Contact("phone", "555 0134", True),), address="the blue door", arrival="Knock twice"
        )
        entry = Entry(kind, words, note, consent or Consent(board=True, peers=ALL))
        return (await needs.ask(community, entry)).notice

    return one


@pytest.fixture
async def need(ask: Ask) -> Notice:
    """A need that may go to every neighbouring community."""
    made: Notice = await ask(quantity=Decimal(2), urgency=Urgency.TWO_DAYS)
    return made


MakePeer = Callable[..., Any]


@pytest.fixture
def make_peer(community: Community) -> MakePeer:
    """Stores a neighbouring community with the state of each direction."""

    async def one(
        name: str = "Willow Court",
        outgoing: FollowState | None = FollowState.ACCEPTED,
        incoming: FollowState | None = FollowState.ACCEPTED,
        **changes: Any,
    ) -> Peer:
        host = f"{name.split()[0].lower()}.example"
        actor = f"https://{host}/actors/peers"
        peer = Peer(
            id=f"peer-{host.split('.')[0]}",
            address=f"@{host.split('.')[0]}@{host}",
            host=host,
            name=name,
            level=PeerLevel.PEERS,
            created_at=START,
            public_actor=f"https://{host}/actors/public",
            peers_actor=actor,
        )
        peer = replace(peer, **changes)
        async with community.database.unit_of_work() as work:
            await work.peers.add(peer)
            await work.peers.put_actor(remote_actor(actor, name))
            for direction, state in ((Direction.OUTGOING, outgoing), (Direction.INCOMING, incoming)):
                if state is not None:
                    follow_id = f"https://{host}/a/{direction}"
                    follow = Follow(follow_id, direction, OwnActor.PEERS, actor, state, START)
                    await work.peers.put_follow(follow)
        return peer

    return one


@pytest.fixture
async def peer(make_peer: MakePeer) -> Peer:
    """A neighbouring community: we follow each other's notices for neighbours."""
    made: Peer = await make_peer()
    return made


@pytest.fixture
def put_item(community: Community) -> Ask:
    """Stores a notice of another community."""

    async def one(item_id: str = "feed1", **changes: Any) -> FeedItem:
        item = replace(soup(item_id), **changes)
        async with community.database.unit_of_work() as work:
            await work.feed.add(item)
        return item

    return one


@pytest.fixture
async def item(put_item: Ask, peer: Peer) -> FeedItem:
    """A need of the neighbouring community."""
    made: FeedItem = await put_item()
    return made


@pytest.fixture
async def share(community: Community, need: Notice, peer: Peer, dispatcher: Visitor) -> Share:
    """The need, shared with every neighbouring community."""
    member = await members.by_name(community, "Bo")
    return await shares.share(community, need.id, ShareRequest(Level.PEERS, text="Two packs would do."), member)


@pytest.fixture
def put_response(community: Community) -> Ask:
    """Stores an offer of help, of either side."""

    async def one(response_id: str, side: Side, **changes: Any) -> Response:
        response = replace(offer(response_id, side), **changes)
        async with community.database.unit_of_work() as work:
            await work.responses.add(response, None)
        return response

    return one


@pytest.fixture
async def offered(put_response: Ask, share: Share, need: Notice) -> Response:
    """The neighbouring community offers to meet our need."""
    made: Response = await put_response(
        "resp1", Side.ORIGIN, share_id=share.id, notice_id=need.id, object_id=share.object_id
    )
    return made


@pytest.fixture
def put_enquiry(community: Community) -> Ask:
    """Stores a message of a stranger."""

    async def one(enquiry_id: str = "enquiry1", **changes: Any) -> Enquiry:
        enquiry = replace(message(enquiry_id), **changes)
        async with community.database.unit_of_work() as work:
            await work.enquiries.add(enquiry)
        return enquiry

    return one


@pytest.fixture
async def enquiry(put_enquiry: Ask, share: Share) -> Enquiry:
    """Somebody on another server answers what we shared."""
    made: Enquiry = await put_enquiry(share_id=share.id)
    return made


@pytest.fixture
async def report(community: Community, share: Share) -> Report:
    """Another server reports what we shared, and our public actor."""
    made = complaint(share.object_id, f"{BASE_URL}/actors/public")
    async with community.database.unit_of_work() as work:
        await work.reports.add(made)
    return made


@pytest.fixture
async def task(put_response: Ask, item: FeedItem) -> Response:
    """We have taken on the neighbouring community's need for 46 hours."""
    made: Response = await put_response(
        "task1",
        Side.HELPER,
        feed_item_id=item.id,
        quantity=Decimal(30),
        state=ResponseState.AGREED,
        agreement_id="https://willow.example/agreements/1",
        coordination_url="https://willow.example/agreements/1/coordinate",
        lease_until=START + timedelta(hours=46),
    )
    return made
