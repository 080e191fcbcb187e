"""The power goes in the middle of it: whatever was answered 202 is there when the server is back."""

import asyncio
import itertools
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiohttp
from aiohttp import web

from federation.cavage import sign_headers
from federation.keys import PrivateKey, generate_rsa
from federation.messages import LD_JSON_WITH_PROFILE, Request
from node import app
from node.settings import Settings
from schemas.activities import Create
from schemas.fields import dump
from schemas.objects import Note
from tests.e2e.commands import environment
from tests.ports import free_port
from tests.storage.conftest import Place
from tests.village import until

POSTING_AT_ONCE = 8
ENOUGH = 60


class Neighbour:
    """Another community's server as far as it is needed here: an actor, its key, and what was said yes to."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.actor = f"{self.base}/actors/public"
        self.key: PrivateKey = generate_rsa(f"{self.actor}#main-key")
        self.accepted: set[str] = set()
        self.enough = asyncio.Event()
        self._numbers = itertools.count()

    async def show_actor(self, _request: web.Request) -> web.Response:
        document = {
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": self.actor,
            "type": "Organization",
            "preferredUsername": "river",
            "inbox": f"{self.actor}/inbox",
            "outbox": f"{self.actor}/outbox",
            "publicKey": {"id": self.key.id, "owner": self.actor, "publicKeyPem": self.key.public_pem},
        }
        return web.Response(text=json.dumps(document), content_type="application/activity+json")

    async def keep_posting(self, client: aiohttp.ClientSession, inbox: str) -> None:
        """One post after the other, each of another activity, until nobody answers any more."""
        while True:
            activity_id = f"{self.base}/a/{next(self._numbers)}"
            note = Note(id=activity_id.replace("/a/", "/o/"), attributed_to=self.actor, content="<p>Two chairs</p>")
            body = dump(Create(id=activity_id, actor=self.actor, object=note))
            headers = sign_headers(
                Request("POST", inbox, {"content-type": LD_JSON_WITH_PROFILE}, body), self.key, datetime.now(UTC)
            )
            try:
                async with client.post(
                    inbox, data=body, headers={**headers, "Content-Type": LD_JSON_WITH_PROFILE}
                ) as answer:
                    assert answer.status == 202, await answer.text()
                    self.accepted.add(activity_id)
                if len(self.accepted) >= ENOUGH:
                    self.enough.set()
            except aiohttp.ClientError:
                return


@asynccontextmanager
async def neighbour() -> AsyncIterator[Neighbour]:
    port = free_port()
    one = Neighbour(port)
    doors = web.Application()
    doors.router.add_get("/actors/public", one.show_actor)
    runner = web.AppRunner(doors, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield one
    await runner.cleanup()


@asynccontextmanager
async def server(settings: Settings) -> AsyncIterator[Process]:
    """`serve` as a process of its own, which is killed when the block ends if it was not before."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "node", "serve", "--data-dir", str(settings.data_dir)),
        env=environment(
            MANYHANDS_BASE_URL=settings.base_url,
            MANYHANDS_BIND=settings.bind,
            MANYHANDS_DATABASE_URL=settings.database_url,
            MANYHANDS_DEV_LOOPBACK_PEERS="true",
        ),
        stdout=PIPE,
        cwd="/",
    )
    assert process.stdout is not None
    try:
        assert (await process.stdout.readline()).startswith(b"listening on ")
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def kept(place: Place) -> dict[str, str]:
    """Every activity in the journal, and where its handling stands."""
    return dict(line.split(" ") for line in place.ask("SELECT activity_id || ' ' || state FROM journal"))


async def test_nothing_that_was_answered_202_is_lost_when_the_server_is_killed(bare_place: Place) -> None:
    """Killed while eight posts are on their way; afterwards all that was promised is kept and gets handled."""
    port = free_port()
    settings = Settings(
        base_url=f"http://127.0.0.1:{port}",
        data_dir=bare_place.folder,
        bind=f"127.0.0.1:{port}",
        database_url=bare_place.url,
        dev_loopback_peers=True,
    )
    await app.initialise(settings, "North Side Neighbours")
    async with neighbour() as river:

        async def all_handled() -> bool:
            return set(kept(bare_place).values()) == {"handled"}

        async with server(settings) as process, aiohttp.ClientSession() as client:
            inbox = f"{settings.base_url}/inbox"
            posting = [asyncio.create_task(river.keep_posting(client, inbox)) for _ in range(POSTING_AT_ONCE)]
            async with asyncio.timeout(60):
                await river.enough.wait()
            process.kill()
            assert await process.wait() == -signal.SIGKILL
            await asyncio.gather(*posting)
        promised = frozenset(river.accepted)
        assert len(promised) >= ENOUGH
        assert promised <= kept(bare_place).keys()
        bare_place.ask("UPDATE journal SET claimed_until = received_at")  # what it had in hand would wait two minutes

        async with server(settings):
            await until(all_handled, seconds=60)
            assert promised <= kept(bare_place).keys()
