"""A village: one community's whole server in this process, with real HTTP, a real SQLite file and real signatures.

Tests tell stories with several of them. Only the clock is ours: `village.clock` moves when the story says so.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from federation.cavage import sign_headers
from federation.keys import PrivateKey
from federation.messages import Request
from node import app, serving
from node.domain.consent import Consent
from node.domain.errors import NotFound
from node.domain.members import Member, Role
from node.domain.notices import Kind, Notice, Wording
from node.domain.peers import OwnActor, PeerLevel, PeerStanding
from node.domain.responses import Response
from node.domain.sealed import Contact, SealedNote
from node.domain.shares import Level, Share, ShareRequest
from node.services import clocks, feed, members, needs, peers, responses, shares, tokens
from node.services.community import Community
from node.services.feed import FeedEntry
from node.services.needs import Asked, Entry
from node.services.responses import HelpOffer
from node.settings import Settings
from node.worker import Worker
from tests.ports import free_port, let_nobody_in, listening_at
from tests.shaped import put_shaped_database

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
EVERYTHING = Consent(board=True, peers="all", public=True)
#: For how many seconds doors that close wait for answers that are being given.
PATIENCE = 0.1
SEALED = SealedNote(
    name="Amina",
    contact=(Contact("phone", "555-0101", voicemail_ok=True),),
    address="the blue door behind the bakery",
    story="Three children, one small room.",
    arrival="Please text first and do not knock.",
)


@dataclass
class Clock:
    """Gives the same time until it is moved."""

    time: datetime = START

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **amount: float) -> None:
        """Move on, in words of timedelta."""
        self.time += timedelta(**amount)


@dataclass
class Village:
    """One running community and the people who act in it. `old_port` is where it answers, too, after a move."""

    community: Community
    worker: Worker
    clock: Clock
    dispatcher: Member
    port: int
    old_port: int | None = None
    _runner: web.AppRunner | None = field(default=None, repr=False)
    _listening: list[socket.socket] = field(default_factory=list, repr=False)

    @property
    def url(self) -> str:
        """Its public address."""
        return self.community.base_url

    @property
    def are_doors_open(self) -> bool:
        """Whether it answers."""
        return self._runner is not None

    async def open_doors(self) -> None:
        """Start answering."""
        self._runner = web.AppRunner(serving.make_app(self.community), access_log=None, shutdown_timeout=PATIENCE)
        await self._runner.setup()
        for port in (self.port, self.old_port):
            if port is not None:
                self._listening.append(listening_at(port))
                await web.SockSite(self._runner, self._listening[-1]).start()

    async def close_doors(self) -> None:
        """Stop answering, as when the machine is off."""
        await self._let_nobody_in()
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    async def break_down(self) -> None:
        """The machine loses its power: every connection breaks, and nobody is answered any more."""
        self.cut_connections()
        await self._let_nobody_in()
        self.cut_connections()
        await self.close_doors()

    def cut_connections(self) -> None:
        """Whoever waits for an answer gets none."""
        server = self._runner.server if self._runner is not None else None
        for connection in server.connections if server is not None else ():
            if connection.transport is not None:
                connection.transport.abort()

    async def _let_nobody_in(self) -> None:
        while self._listening:
            await let_nobody_in(self._listening.pop())

    async def ask(self, title: str = "Winter coats for children", **wanted: Any) -> Asked:
        """Somebody asks for something; `wanted` are further words, `consent` and `kind` included."""
        consent, kind = wanted.pop("consent", EVERYTHING), wanted.pop("kind", Kind.NEED)
        sealed = wanted.pop("sealed", SEALED)
        words = {"category": "goods", "area": "North Side", "quantity": Decimal(4)} | wanted
        return await needs.ask(self.community, Entry(kind, Wording(title, **words), sealed, consent))

    async def notice(self, notice_id: str) -> Notice:
        """The notice as it stands."""
        return await needs.get(self.community, notice_id)

    async def share(self, asked: Asked, level: Level = Level.PUBLIC, **more: Any) -> Share:
        """A dispatcher shares it."""
        return await shares.share(self.community, asked.notice.id, ShareRequest(level, **more), self.dispatcher)

    async def add_peer(self, other: "Village", level: PeerLevel = PeerLevel.PUBLIC) -> PeerStanding:
        """A steward asks the other community."""
        return await peers.add(self.community, f"{other.url}/actors/public", level, self.dispatcher)

    async def peer(self, other: "Village") -> PeerStanding:
        """How we stand with the other community."""
        found = [one for one in await peers.listing(self.community) if one.peer.host == other.community.host]
        assert found, f"{other.url} is not known here"
        return found[0]

    async def feed(self) -> tuple[FeedEntry, ...]:
        """What followed communities show us."""
        return (await feed.listing(self.community)).items

    async def only_item(self) -> FeedEntry:
        """The only notice in the feed."""
        items = await self.feed()
        assert len(items) == 1, [entry.item.title for entry in items]
        return items[0]

    async def offer(self, quantity: int = 3, text: str = "We can bring them any evening.", **more: Any) -> Response:
        """A dispatcher offers to help with the only notice in the feed."""
        item = (await self.only_item()).item
        return await responses.offer_help(
            self.community, item.id, HelpOffer(Decimal(quantity), text, **more), self.dispatcher
        )

    async def response(self) -> Response:
        """The newest offer of help for a notice of ours."""
        found = await responses.listing(self.community)
        assert found, "nobody offered help"
        return found[0].response

    async def token(self) -> str:
        """An API token of the dispatcher's."""
        return await tokens.create(self.community, self.dispatcher.name)

    async def run_clocks(self) -> None:
        """What is due happens."""
        await clocks.run_due(self.community)


async def settle(*villages: Village) -> None:
    """Let every worker work until nothing moves any more."""
    for _ in range(50):
        if not any([await turn_of(one.worker) for one in villages]):
            return
    raise AssertionError("the villages never came to rest")


async def turn_of(worker: Worker) -> bool:
    """One turn of everything it does; whether there was anything to do."""
    return await worker.handle_journal() or await worker.deliver_outbox() or await worker.catch_up()


async def befriend(asking: Village, asked: Village) -> None:
    """A peering, asked by one and accepted by the other."""
    await asking.add_peer(asked, PeerLevel.PEERS)
    await settle(asking, asked)
    standing = await asked.peer(asking)
    await peers.accept(asked.community, standing.peer.id, asked.dispatcher)
    await settle(asking, asked)


@asynccontextmanager
async def village(name: str, directory: Path, clock: Clock, database_url: str | None = None) -> AsyncIterator[Village]:
    """A running community called `name`, whose things are in `directory`, the database too if it is nowhere else."""
    settings = await found(name, directory, database_url)
    async with opened(settings, clock) as one:
        yield one


async def found(name: str, directory: Path, database_url: str | None = None) -> Settings:
    """A community as `init` leaves it, in `directory`, which is made; it runs nowhere yet."""
    port = free_port()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    elsewhere = {"database_url": database_url} if database_url else {}
    if database_url is None:
        put_shaped_database(directory)
    settings = Settings(
        base_url=f"http://127.0.0.1:{port}",
        data_dir=directory,
        bind=f"127.0.0.1:{port}",
        dev_loopback_peers=True,
        **elsewhere,
    )
    await app.initialise(settings, name)
    return settings


@asynccontextmanager
async def opened(settings: Settings, clock: Clock, old_port: int | None = None) -> AsyncIterator[Village]:
    """A community that was founded before, running; at its old address, too, where it has one."""
    async with app.open_community(settings, clock) as community:
        port = int(settings.base_url.rpartition(":")[2])
        one = Village(community, Worker(community, lambda: 0.0), clock, await _robin(community), port, old_port)
        await one.open_doors()
        try:
            yield one
        finally:
            await one.close_doors()


async def _robin(community: Community) -> Member:
    """The dispatcher, who is also a steward; new where nobody of this name is known yet."""
    try:
        return await members.by_name(community, "Robin")
    except NotFound:
        return await members.add(community, "Robin", frozenset({Role.DISPATCHER, Role.STEWARD}))


async def until(check: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Wait for something another process does."""
    async with asyncio.timeout(seconds):
        while not await check():
            await asyncio.sleep(0.05)


async def get(url: str, **headers: str) -> tuple[int, bytes]:
    """A plain GET, as a stranger does it."""
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers, allow_redirects=False) as answer:
        return answer.status, await answer.read()


def key_of(one: Village, own: OwnActor = OwnActor.PUBLIC) -> PrivateKey:
    """The private key one of a village's actors signs with."""
    return one.community.remote.keys[own].rsa


async def signed_get(reader: Village, url: str, own: OwnActor) -> int:
    """The status that one of the reader's actors gets for an ActivityStreams document."""
    headers = sign_headers(Request("GET", url), key_of(reader, own), reader.clock())
    return (await get(url, **headers, Accept="application/activity+json"))[0]
