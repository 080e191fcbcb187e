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
from federation.errors import BadSignature
from federation.keys import PrivateKey, PublicKey, generate_rsa
from federation.messages import ACTIVITY_JSON, LD_JSON_WITH_PROFILE, SYNCHRONIZATION, Request, combined
from federation.signatures import verify
from federation.signing import Scheme
from schemas.fields import Wire, document
from tests.ports import free_port
from tests.village import Clock, Village, get

AS = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{AS}#Public"


@dataclass
class Outsider:
    """Actors and documents by path; `asked` are the paths of every GET, `received` the activities posted to it.

    `status` is what its inboxes answer, and a document that is a number is the answer to its GET. While `awake` is
    cleared, its inboxes take what they get and do not answer. With `takes`, only those may read who prove who they are
    with a signature of that kind; all others get `refusal`. `knocks` tells what every GET was signed with.
    """

    url: str
    clock: Clock
    documents: dict[str, dict[str, Any] | int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    status: int = 202
    takes: Scheme | None = None
    refusal: int = 401
    knocks: list[Scheme | None] = field(default_factory=list)
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
        self.knocks.append(scheme_of(request))
        if self.takes is not None and not (self.knocks[-1] is self.takes and await self._is_proven(request)):
            return web.Response(status=self.refusal)
        found = self.documents.get(request.path, 404)
        if isinstance(found, int):
            return web.Response(status=found)
        return web.Response(body=json.dumps(found).encode(), headers={"Content-Type": LD_JSON_WITH_PROFILE})

    async def _is_proven(self, request: web.Request) -> bool:
        """Verify with the key that the signer's own document shows to everybody."""
        asked = Request("GET", f"{self.url}{request.raw_path}", combined(request.headers.items()))
        try:
            await verify(asked, key_shown_to_everybody, self.clock(), frozenset({self.url.partition("://")[2]}))
        except BadSignature:
            return False
        return True

    async def _post(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.bodies.append(body)
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        self.received.append(json.loads(body))
        await self.awake.wait()
        return web.Response(status=self.status)


def scheme_of(request: web.Request) -> Scheme | None:
    """The kind of signature that a request has, proven or not."""
    if "Signature-Input" in request.headers:
        return Scheme.RFC9421
    return Scheme.CAVAGE if "Signature" in request.headers else None


async def key_shown_to_everybody(key_id: str) -> PublicKey:
    """The key of an actor as a stranger finds it, without signing anything."""
    _, body = await get(key_id.partition("#")[0], Accept=ACTIVITY_JSON)
    found = json.loads(body)["publicKey"]
    assert found["id"] == key_id
    return PublicKey(key_id, found["owner"], found["publicKeyPem"])


@asynccontextmanager
async def outsider(clock: Clock, port: int | None = None) -> AsyncIterator[Outsider]:
    """Such a server, running."""
    port = port or free_port()
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
