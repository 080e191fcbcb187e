"""A server of another kind: real HTTP and real signatures, and it says and answers whatever a story wants."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from federation.cavage import sign_headers
from federation.keys import PrivateKey, generate_rsa
from federation.messages import LD_JSON_WITH_PROFILE, SYNCHRONIZATION, Request
from schemas.fields import Wire, document
from tests.village import Clock, Village, free_port

AS = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{AS}#Public"


@dataclass
class Outsider:
    """Actors and documents by path; `asked` are the paths of every GET, `received` the activities posted to it.

    `status` is what its inboxes answer, and a document that is a number is the answer to its GET. While `awake` is
    cleared, its inboxes take what they get and do not answer.
    """

    url: str
    clock: Clock
    documents: dict[str, dict[str, Any] | int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    status: int = 202
    keys: dict[str, PrivateKey] = field(default_factory=dict)
    awake: asyncio.Event = field(default_factory=asyncio.Event)

    def actor(self, name: str = "robin", /, **more: Any) -> str:
        """The id of a new actor with a key of its own."""
        actor = f"{self.url}/users/{name}"
        key = self.keys.setdefault(actor, generate_rsa(f"{actor}#main-key"))
        self.documents[f"/users/{name}"] = {
            "@context": [AS, "https://w3id.org/security/v1"],
            "id": actor,
            "type": "Person",
            "preferredUsername": name,
            "name": name.capitalize(),
            "inbox": f"{actor}/inbox",
            "outbox": f"{actor}/outbox",
            "publicKey": {"id": key.id, "owner": actor, "publicKeyPem": key.public_pem},
        } | more
        return actor

    def document_of(self, name: str) -> dict[str, Any]:
        """The actor's document as it is served."""
        found = self.documents[f"/users/{name}"]
        assert isinstance(found, dict)
        return found

    def note(self, author: str, path: str = "/notes/1", **more: Any) -> dict[str, Any]:
        """A note that this server serves."""
        made = {
            "@context": AS,
            "id": f"{self.url}{path}",
            "type": "Note",
            "attributedTo": author,
            "to": [PUBLIC],
            "content": "<p>Soup on Sunday</p>",
            "published": "2026-11-20T09:00:00Z",
        } | more
        self.documents[path] = made
        return made

    async def say(self, to: Village, activity: Wire | dict[str, Any], synchronization: str | None = None) -> int:
        """One signed POST by the activity's actor; the status it got."""
        written = document(activity) if isinstance(activity, Wire) else {"@context": AS, **activity}
        signed = {SYNCHRONIZATION: synchronization} if synchronization is not None else {}
        body = json.dumps(written).encode()
        return (await self._send(to, body, written["actor"], signed, {}))[0]

    async def post(self, to: Village, body: bytes, actor: str, **more: str) -> int:
        """The same for given bytes; `more` are headers beside the signed ones."""
        return (await self._send(to, body, actor, {}, more))[0]

    async def _send(
        self, to: Village, body: bytes, actor: str, signed: dict[str, str], more: dict[str, str]
    ) -> tuple[int, dict[str, str]]:
        url = f"{to.url}/inbox"
        content = {"content-type": LD_JSON_WITH_PROFILE} | signed
        headers = content | sign_headers(Request("POST", url, content, body), self.keys[actor], self.clock()) | more
        async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
            return answer.status, dict(answer.headers)

    async def _get(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        found = self.documents.get(request.path, 404)
        if isinstance(found, int):
            return web.Response(status=found)
        return web.Response(body=json.dumps(found).encode(), headers={"Content-Type": LD_JSON_WITH_PROFILE})

    async def _post(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.bodies.append(body)
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        self.received.append(json.loads(body))
        await self.awake.wait()
        return web.Response(status=self.status)


@asynccontextmanager
async def outsider(clock: Clock) -> AsyncIterator[Outsider]:
    """Such a server, running."""
    port = free_port()
    one = Outsider(f"http://127.0.0.1:{port}", clock)
    one.awake.set()
    made = web.Application()
    made.router.add_get("/{path:.*}", one._get)
    made.router.add_post("/{path:.*}", one._post)
    runner = web.AppRunner(made, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield one
    finally:
        one.awake.set()
        await runner.cleanup()
