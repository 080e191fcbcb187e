"""From what a person types, a handle, a home page or an id, to an actor."""

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from federation.errors import ForbiddenAddress, NotActivityStreams, WrongOrigin
from federation.fetch import dereference, fetch_actor
from federation.origin import origin, same_origin
from federation.resolve.handles import finger, parse_handle, resolve_handle, self_link
from federation.signing import Signer
from federation.transport import Transport
from schemas.actors import Actor, parse_actor
from schemas.errors import InvalidDocument

_SERVICE: Final = "https://www.w3.org/ns/activitystreams#Service"


async def resolve_actor(transport: Transport, address: str, signer: Signer | None, now: datetime) -> Actor:
    """Return the actor behind `address`: `@name@host`, an actor's id, its page, or a server's name or home page.

    A handle must lead to the actor and the actor back to the handle (C-3, C-9). A page is asked about by WebFinger
    (FEP-d556). Raises NotReached, TooLarge or WrongOrigin.
    """
    address = address.strip()
    scheme = "http" if transport.policy.dev_loopback else "https"
    if "://" in address:
        return await _by_url(transport, address.partition("#")[0], signer, now)
    if "@" not in address:
        return await _by_url(transport, f"{scheme}://{address}/", signer, now)
    actor = await fetch_actor(transport, await resolve_handle(transport, address, scheme), signer, now)
    await _check_way_back(transport, actor, address, scheme)
    return actor


async def _check_way_back(transport: Transport, actor: Actor, address: str, scheme: str) -> None:
    host = origin(actor.id, allow_http=transport.policy.dev_loopback).netloc
    if not actor.webfinger and not actor.preferred_username:
        raise WrongOrigin("The actor found there does not use this handle.")
    named = parse_handle(actor.webfinger or f"{actor.preferred_username}@{host}")
    if named.is_same(parse_handle(address)):
        return
    if await resolve_handle(transport, str(named), scheme) != actor.id:
        raise WrongOrigin("The actor found there does not use this handle.")


async def _by_url(transport: Transport, url: str, signer: Signer | None, now: datetime) -> Actor:
    try:
        fetched = await dereference(transport, url, signer, now)
        if fetched.id == fetched.url:
            return parse_actor(fetched.document)
    except (NotActivityStreams, InvalidDocument):
        return await _by_page(transport, url, signer, now)
    # A page may show the actor's document under its own address; the id says where the actor really is.
    if fetched.id is None or not same_origin(fetched.id, fetched.url, allow_http=transport.policy.dev_loopback):
        raise WrongOrigin("The document found there has another address as its id.")
    return await fetch_actor(transport, fetched.id, signer, now)


async def _by_page(transport: Transport, url: str, signer: Signer | None, now: datetime) -> Actor:
    parts = urlsplit(url)
    if not parts.netloc:
        raise ForbiddenAddress
    found = await finger(transport, parts.netloc, url, parts.scheme)
    try:
        actor = self_link(found)
    except NotActivityStreams:
        actor = self_link(found, rel=_SERVICE)
    return await fetch_actor(transport, actor, signer, now)
