"""Seeing what villages send each other, and sending in every way there is."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
from sqlalchemy import select

from federation.keys import KeyPair, PublicKey
from federation.messages import LD_JSON_WITH_PROFILE, Request, Response
from federation.resolve import find_key
from federation.signing import Scheme, sign
from node.domain.peers import OwnActor
from node.storage.tables import activities
from schemas.activities import Follow
from tests.village import Village

AS2 = "application/activity+json"


@dataclass(frozen=True)
class Knock:
    """One POST as it left: how it was signed, with which key, and what it said."""

    scheme: Scheme
    key_id: str
    type: str
    status: int


@dataclass
class Post:
    """Watches what a village sends; signatures that are not in `understood` are refused as if by the other server."""

    send: Callable[..., Any]
    understood: frozenset[Scheme] = frozenset(Scheme)
    knocks: list[Knock] = field(default_factory=list)

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Response:
        scheme, key_id = how_signed(headers)
        refused = Response(401, {}, b"", url)
        answer = await self.send(url, headers, body) if scheme in self.understood else refused
        self.knocks.append(Knock(scheme, key_id, json.loads(body)["type"], answer.status))
        return answer


def how_signed(headers: Mapping[str, str]) -> tuple[Scheme, str]:
    said = headers.get("signature-input", headers["signature"])
    key_id = said.partition('keyid="' if "signature-input" in headers else 'keyId="')[2].partition('"')[0]
    if "signature-input" not in headers:
        return Scheme.CAVAGE, key_id
    value = b64decode(headers["signature"].removeprefix("sig1=:").removesuffix(":"))
    return Scheme.ED25519 if len(value) == 64 else Scheme.RFC9421, key_id


def watch(one: Village, *understood: Scheme) -> Post:
    """See what leaves from here on."""
    transport: Any = one.community.remote.transport
    watched = Post(transport.post, frozenset(understood or Scheme))
    transport.post = watched
    return watched


async def believe(one: Village, other: Village, *, is_manyhands: bool, takes_rfc9421: bool) -> None:
    """Let one village take the other for a server that says this of itself."""
    async with one.community.database.unit_of_work() as work:
        ids = [other.community.addresses.actor(own) for own in OwnActor]
        for actor in (await work.peers.actors(ids)).values():
            await work.peers.put_actor(replace(actor, is_manyhands=is_manyhands, takes_rfc9421=takes_rfc9421))


async def send(sender: Village, receiver: Village, body: bytes, scheme: Scheme, pair: KeyPair) -> int:
    """One POST to the shared inbox, signed in a chosen way."""
    url = f"{receiver.url}/inbox"
    request = Request("POST", url, {"content-type": LD_JSON_WITH_PROFILE}, body)
    headers = {"Content-Type": LD_JSON_WITH_PROFILE, **sign(request, pair, scheme, sender.clock())}
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status


def follow(sender: Village, receiver: Village, number: int = 1) -> Follow:
    actor, target = f"{sender.url}/actors/public", f"{receiver.url}/actors/public"
    return Follow(id=f"{sender.url}/a/x{number}", actor=actor, to=(target,), object=target)


async def sent_by(village: Village) -> list[dict[str, Any]]:
    async with village.community.database.reading() as work:
        rows = await work.connection.execute(select(activities.c.type, activities.c.object_key, activities.c.body))
        return [{**row._mapping, "body": json.loads(row.body)} for row in rows]


async def key_seen_by(reader: Village, key_id: str) -> PublicKey:
    """A key as another community finds it now."""
    remote = reader.community.remote
    key, _ = await find_key(remote.transport, key_id, None, reader.clock())
    return key
