"""A signed GET that is refused for its signature is made once more in another way, and the server is remembered."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from federation.deliver import Delivery, deliver
from federation.errors import BadSignature, FederationError, Gone, Refused
from federation.fetch import fetch_collection, fetch_document, fetch_json
from federation.keys import KeyPair, PublicKey
from federation.messages import ACTIVITY_JSON, Request, combined
from federation.origin import origin
from federation.resolve import find_key
from federation.signatures import examine, prove
from federation.signing import KnownSchemes, Scheme, Signer

AS = "https://www.w3.org/ns/activitystreams"
HILL = "http://hill.example"
HOME = origin(HILL, allow_http=True)
NOTE = {"@context": AS, "id": f"{HILL}/o/1", "type": "Note", "attributedTo": f"{HILL}/actor"}
WEEK = timedelta(days=7)
C, R = Scheme.CAVAGE, Scheme.RFC9421


class Strict:
    """A server that lets nobody read unless they sign in one of the ways it understands; `knocks` is what it got.

    It verifies for real: a signature in the right form that proves nothing is refused like any other.
    """

    def __init__(self, keys: KeyPair, now: datetime, *understood: Scheme, refusal: int = 401) -> None:
        self.public = PublicKey(keys.rsa.id, "https://help.river.example/actors/public", keys.rsa.public_pem)
        self.now = now
        self.understood = understood
        self.refusal = refusal
        self.documents: dict[str, Any] = {"/o/1": NOTE}
        self.knocks: list[Scheme] = []

    async def __call__(self, request: web.Request) -> web.Response:
        try:
            await self._let_in(request)
        except BadSignature:
            return web.Response(status=self.refusal)
        found = self.documents[request.path]
        if isinstance(found, int):
            return web.Response(status=found)
        return web.Response(body=json.dumps(found).encode(), headers={"Content-Type": ACTIVITY_JSON})

    async def _let_in(self, request: web.Request) -> None:
        self.knocks.append(R if "Signature-Input" in request.headers else C)
        asked = Request("GET", f"{HILL}{request.raw_path}", combined(request.headers.items()))
        signature = examine(asked, self.now, frozenset({"hill.example"}))
        await prove(asked, signature, self._find)
        if self.knocks[-1] not in self.understood:
            raise BadSignature

    async def _find(self, key_id: str) -> PublicKey:
        assert key_id == self.public.id
        return self.public


@pytest.fixture
def strict(neighbours: Any, river_keys: KeyPair, now: datetime) -> Callable[..., Strict]:
    def opened(*understood: Scheme, refusal: int = 401) -> Strict:
        made = Strict(river_keys, now, *understood, refusal=refusal)
        for path in ("/o/1", "/actor", "/outbox", "/outbox?page=2", "/inbox"):
            neighbours.page(f"{HILL}{path}", made)
        return made

    return opened


async def read(neighbours: Any, signer: Signer, now: datetime, path: str = "/o/1") -> Any:
    return await fetch_document(neighbours.transport(), f"{HILL}{path}", signer, now)


# C-51: what it answers to a signature that it does not understand is its own affair
@pytest.mark.parametrize("refusal", [400, 401, 403])
async def test_a_second_knock_is_made_once_and_remembered(
    neighbours: Any, strict: Callable[..., Strict], signer: Signer, now: datetime, refusal: int
) -> None:
    server = strict(R, refusal=refusal)
    assert await read(neighbours, signer, now) == NOTE
    assert server.knocks == [C, R]
    server.knocks.clear()
    assert await read(neighbours, signer, now) == NOTE
    assert server.knocks == [R]


# C-51
async def test_the_first_knock_is_the_one_that_everybody_understands(
    neighbours: Any, strict: Callable[..., Strict], signer: Signer, now: datetime
) -> None:
    server = strict(C, R)
    assert await read(neighbours, signer, now) == NOTE
    assert server.knocks == [C]


# C-51: whoever may not read is told so after two tries, each time, and nothing is learnt
@pytest.mark.parametrize("refusal", [400, 401, 403])
async def test_who_understands_neither_is_asked_twice_and_no_more(
    neighbours: Any, strict: Callable[..., Strict], signer: Signer, now: datetime, refusal: int
) -> None:
    server = strict(refusal=refusal)
    for _ in range(2):
        server.knocks.clear()
        with pytest.raises(Refused) as refused:
            await read(neighbours, signer, now)
        assert refused.value.status == refusal
        assert server.knocks == [C, R]


# C-51: any other answer is about the document and not about the signature
@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
async def test_other_answers_are_answers(
    neighbours: Any, strict: Callable[..., Strict], signer: Signer, now: datetime, status: int
) -> None:
    server = strict(C, refusal=status)
    server.understood = ()
    with pytest.raises((Gone, Refused)):
        await read(neighbours, signer, now)
    assert server.knocks == [C]


# C-51: the second signature was understood, so its answer counts; nothing is learnt from a failure
@pytest.mark.parametrize(("answer", "error"), [(404, Refused), (410, Gone), (503, Refused)])
async def test_the_second_answer_counts_when_it_is_about_the_document(
    neighbours: Any,
    strict: Callable[..., Strict],
    signer: Signer,
    now: datetime,
    answer: int,
    error: type[FederationError],
) -> None:
    server = strict(R)
    server.documents["/o/1"] = answer
    with pytest.raises(error):
        await read(neighbours, signer, now)
    assert server.knocks == [C, R]
    assert signer.schemes.knocks(HOME, C, now)[0] is C


# C-48, C-51
async def test_what_was_learnt_is_forgotten_after_a_week_and_can_be_learnt_anew(
    neighbours: Any, strict: Callable[..., Strict], signer: Signer, river_keys: KeyPair, now: datetime
) -> None:
    server = strict(R)
    await read(neighbours, signer, now)
    server.understood, server.now = (C,), now + WEEK - timedelta(seconds=1)
    server.knocks.clear()
    await read(neighbours, signer, server.now)
    assert server.knocks == [R, C]
    server.understood, server.now = (C, R), server.now + WEEK
    server.knocks.clear()
    await read(neighbours, signer, server.now)
    assert server.knocks == [C]


# C-51: one memory of a server for what we send it and for what we ask it
async def test_what_a_get_taught_a_delivery_knows(
    neighbours: Any, strict: Callable[..., Strict], signer: Signer, now: datetime
) -> None:
    strict(R)
    await read(neighbours, signer, now)
    knocks: list[bool] = []

    async def inbox(request: web.Request) -> web.Response:
        knocks.append("Signature-Input" in request.headers)
        return web.Response(status=202)

    neighbours.page(f"{HILL}/inbox", inbox)
    waiting = Delivery(f"{HILL}/inbox", b"{}")
    await deliver(neighbours.transport(), waiting, signer.keys, now, signer.schemes)
    assert knocks == [True]


async def test_everything_that_is_asked_with_a_signature_is_asked_twice(
    neighbours: Any, strict: Callable[..., Strict], river_keys: KeyPair, now: datetime
) -> None:
    """Actors with their keys, collections with their pages, released details."""
    server = strict(R)
    key = {"id": f"{HILL}/actor#main-key", "owner": f"{HILL}/actor", "publicKeyPem": river_keys.rsa.public_pem}
    server.documents["/actor"] = {"@context": AS, "id": f"{HILL}/actor", "type": "Organization", "publicKey": key}
    outbox = {"@context": AS, "id": f"{HILL}/outbox", "type": "OrderedCollection", "orderedItems": [NOTE]}
    server.documents["/outbox"] = outbox
    transport = neighbours.transport()
    asks = {
        "an actor": find_key(transport, key["id"], Signer(river_keys, KnownSchemes()), now),
        "a collection": fetch_collection(transport, f"{HILL}/outbox", Signer(river_keys, KnownSchemes()), now),
        "details": fetch_json(transport, f"{HILL}/o/1", Signer(river_keys, KnownSchemes()), now),
    }
    for what, ask in asks.items():
        server.knocks.clear()
        assert await ask, what
        assert server.knocks == [C, R], what


# T-15: the other server never saw a signature, so there is nothing that it did not understand
async def test_who_was_reached_by_a_redirect_is_not_asked_again(neighbours: Any, signer: Signer, now: datetime) -> None:
    asked: list[bool] = []

    async def elsewhere(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://river.example/o/1"})

    async def closed(request: web.Request) -> web.Response:
        asked.append("Signature" in request.headers)
        return web.Response(status=401)

    neighbours.page(f"{HILL}/o/1", elsewhere)
    neighbours.page("http://river.example/o/1", closed)
    with pytest.raises(Refused):
        await read(neighbours, signer, now)
    assert asked == [False]


async def test_without_a_signature_there_is_no_second_knock(neighbours: Any, now: datetime) -> None:
    closed: list[str] = []

    async def refuse(request: web.Request) -> web.Response:
        closed.append(request.path)
        return web.Response(status=401)

    neighbours.page(f"{HILL}/o/1", refuse)
    with pytest.raises(Refused):
        await fetch_document(neighbours.transport(), f"{HILL}/o/1", None, now)
    assert closed == ["/o/1"]
