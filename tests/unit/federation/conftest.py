"""Keys, a fixed clock, and small servers on this machine."""

import json
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from federation.cavage import sign_headers
from federation.digest import content_digest
from federation.keys import KeyPair, PrivateKey, PublicKey, generate_ed25519, generate_rsa
from federation.messages import ACTIVITY_JSON, Request
from federation.rfc9421 import parse_signature, signature_base
from federation.signing import KnownSchemes, Signer
from federation.transport import Limits, NetworkPolicy, Transport
from tests.unit.federation.signing import RIVER

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def river_key() -> PrivateKey:
    return generate_rsa(f"{RIVER}#main-key")


@pytest.fixture(scope="session")
def other_key() -> PrivateKey:
    return generate_rsa(f"{RIVER}#main-key")


@pytest.fixture(scope="session")
def edwards_key() -> PrivateKey:
    return generate_ed25519(f"{RIVER}#ed25519-key")


@pytest.fixture(scope="session")
def river_keys(river_key: PrivateKey, edwards_key: PrivateKey) -> KeyPair:
    return KeyPair(river_key, edwards_key)


@pytest.fixture
def signer(river_keys: KeyPair) -> Signer:
    """Somebody who asks, and has learnt nothing of any server yet."""
    return Signer(river_keys, KnownSchemes())


@pytest.fixture
def river_public(river_key: PrivateKey) -> PublicKey:
    return PublicKey(river_key.id, RIVER, river_key.public_pem)


Signed = Callable[..., Request]


@pytest.fixture
def signed(river_key: PrivateKey) -> Signed:
    """Make a signed request to aid.north.example."""

    def make(
        body: bytes = b"{}",
        method: str = "POST",
        target: str = "/inbox",
        key: PrivateKey = river_key,
        at: datetime = NOW,
        content_type: str = ACTIVITY_JSON,
    ) -> Request:
        url = f"https://aid.north.example{target}"
        headers = {"content-type": content_type}
        unsigned = Request(method, url, headers, body if method == "POST" else b"")
        return Request(method, url, {**headers, **sign_headers(unsigned, key, at)}, unsigned.body)

    return make


@pytest.fixture
def message_signed(river_key: PrivateKey, now: datetime) -> Signed:
    """Make a request to aid.north.example that is signed as the text of Signature-Input says."""

    def make(
        covered: str = '("@method" "@target-uri" "content-digest")',
        parameters: str | None = None,
        method: str = "POST",
        url: str = "https://aid.north.example/inbox",
        key: PrivateKey = river_key,
        body: bytes = b"{}",
        **more: str,
    ) -> Request:
        said = f'{covered};created={int(now.timestamp())};keyid="{key.id}"' if parameters is None else parameters
        headers = {"host": "aid.north.example", "content-type": ACTIVITY_JSON}
        headers |= {"content-digest": content_digest(body)} | more
        request = Request(method, url, {**headers, "signature-input": f"sig1={said}", "signature": "sig1=:AA==:"}, body)
        value = b64encode(key.sign(signature_base(request, parse_signature(request.headers)))).decode()
        return replace(request, headers={**request.headers, "signature": f"sig1=:{value}:"})

    return make


class Neighbours:
    """Servers of other communities, all on this machine; `asked` is what they were asked, in order."""

    def __init__(self, aiohttp_server: Any) -> None:
        self.asked: list[web.Request] = []
        self.bodies: list[bytes] = []
        self._pages: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {}
        self._server = aiohttp_server
        self._port = 0
        self._transports: list[Transport] = []

    async def open(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._port = (await self._server(app)).port

    async def close(self) -> None:
        for transport in self._transports:
            await transport.close()

    def page(self, url: str, answer: Any, status: int = 200, content_type: str = ACTIVITY_JSON, **headers: str) -> None:
        """Let `url` answer with a document, bytes, or what a handler returns."""
        if callable(answer):
            self._pages[url] = answer
            return
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()} | {"Content-Type": content_type}

        async def give(_: web.Request) -> web.Response:
            return web.Response(status=status, body=body, headers=named)

        self._pages[url] = give

    def transport(self, limits: Limits | None = None, policy: NetworkPolicy | None = None) -> Transport:
        """A client that finds every name on this machine."""
        made = Transport(
            policy or NetworkPolicy(dev_loopback=True), "Manyhands/test", limits or Limits(), resolve=self._resolve
        )
        self._transports.append(made)
        return made

    @property
    def paths(self) -> list[str]:
        return [request.path_qs for request in self.asked]

    async def _resolve(self, *_: str | int) -> list[tuple[str, int]]:
        return [("127.0.0.1", self._port)]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        self.bodies.append(await request.read())
        page = self._pages.get(f"http://{request.host}{request.raw_path}")
        return web.Response(status=404, text="nothing here") if page is None else await page(request)


@pytest.fixture
async def neighbours(aiohttp_server: Any) -> Any:
    servers = Neighbours(aiohttp_server)
    await servers.open()
    yield servers
    await servers.close()
