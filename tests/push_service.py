"""A push service on this machine with the browsers behind it: it takes what is signed, they read what is encrypted."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from os import urandom
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from federation.web_push import from_text, to_text

CURVE = SECP256R1()


@dataclass
class PushService:
    """It takes what is signed for it, and the browsers behind it read what is encrypted for them."""

    url: str = ""
    answer: int = 201
    keys: dict[str, Any] = field(default_factory=dict)
    read: list[tuple[str, bytes]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headings: list[dict[str, str]] = field(default_factory=list)

    def browser(self, name: str) -> tuple[str, str, str]:
        """Another browser that wants to be told: its endpoint, point and secret."""
        key, secret = generate_private_key(CURVE), urandom(16)
        self.keys[name] = (key, secret)
        return f"{self.url}/to/{name}", to_text(point_of(key.public_key())), to_text(secret)

    async def take(self, request: web.Request) -> web.Response:
        """POST /to/{name} (RFC 8030, section 5)."""
        self._check_sender(request)
        name, body = request.match_info["name"], await request.read()
        self.bodies.append(body)
        self.headings.append(dict(request.headers))
        if self.answer == 201:
            self.read.append((name, self._opened(name, body)))
        return web.Response(status=self.answer)

    def _check_sender(self, request: web.Request) -> None:
        """RFC 8292: the token is for this service, holds for a day at most, and is signed with the key beside it."""
        word = request.headers["Authorization"].removeprefix("vapid ").split(", ")
        parts = dict(part.split("=", 1) for part in word)
        said, _, signature = parts["t"].rpartition(".")
        raw = from_text(signature)
        public = EllipticCurvePublicKey.from_encoded_point(CURVE, from_text(parts["k"]))
        r, s = (int.from_bytes(half, "big") for half in (raw[:32], raw[32:]))
        public.verify(encode_dss_signature(r, s), said.encode(), ECDSA(hashes.SHA256()))
        claims = json.loads(from_text(said.partition(".")[2]))
        assert claims["aud"] == self.url and claims["sub"].startswith("http")

    def _opened(self, name: str, body: bytes) -> bytes:
        """RFC 8291, as the browser does it."""
        key, secret = self.keys[name]
        salt, size, theirs = body[:16], body[20], body[21 : 21 + body[20]]
        shared = key.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
        info = b"WebPush: info\0" + point_of(key.public_key()) + theirs
        keying = HKDF(hashes.SHA256(), 32, secret, info).derive(shared)
        content = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(keying)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(keying)
        return AESGCM(content).decrypt(nonce, body[21 + size :], None).removesuffix(b"\x02")


def point_of(public: EllipticCurvePublicKey) -> bytes:
    """A public key as it travels."""
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    """It answers until the block ends."""
    one = PushService()
    app = web.Application()
    app.router.add_post("/to/{name}", one.take)
    async with TestServer(app) as server:
        one.url = str(server.make_url("")).rstrip("/")
        yield one
