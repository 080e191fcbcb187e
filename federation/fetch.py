"""Fetching documents by their id, and believing only what comes from where it says (C-22, C-90, T-8, T-9).

A signed GET that is refused for its signature is made once more with another, as a delivery is (C-51).
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.errors import ForbiddenAddress, Gone, NotActivityStreams, Refused, WrongOrigin
from federation.messages import (
    ACTIVITY_JSON,
    LD_JSON_WITH_PROFILE,
    Request,
    Response,
    is_activity_streams,
    media_type,
)
from federation.origin import Origin, origin, same_origin
from federation.retry import parse_retry_after
from federation.signing import Scheme, Signer, sign
from federation.transport import Transport
from schemas.actors import Actor, parse_actor
from schemas.collections import OrderedCollection, OrderedCollectionPage, parse_collection
from schemas.errors import InvalidDocument
from schemas.fields import Document, load
from schemas.objects import Note, parse_note

MAX_PAGES: Final = 5
ACCEPT: Final = f"{LD_JSON_WITH_PROFILE}, {ACTIVITY_JSON}"
_NOT_LET_IN: Final = frozenset({400, 401, 403})


@dataclass(frozen=True)
class Fetched:
    """A document and the address that answered with it; nothing says yet that the two belong together."""

    document: Document
    url: str

    @property
    def id(self) -> str | None:
        """What the document calls itself."""
        claimed = self.document.get("id", self.document.get("@id"))
        return claimed if isinstance(claimed, str) else None


async def fetch_document(transport: Transport, url: str, signer: Signer | None, now: datetime) -> Document:
    """Return the ActivityStreams document at `url`, whose id is exactly the address that answered (C-22, T-9).

    The request is signed by `signer` if there is one. Raises NotReached (Unreachable, Refused, Gone,
    ForbiddenAddress, NotActivityStreams), TooLarge, and WrongOrigin when the id is another.
    """
    fetched = await dereference(transport, url, signer, now)
    if fetched.id != fetched.url:
        raise WrongOrigin("The document found there has another address as its id.")
    return fetched.document


async def fetch_actor(transport: Transport, url: str, signer: Signer | None, now: datetime) -> Actor:
    """Return the actor whose id is exactly `url`, without its fragment (C-76, T-4); raises as fetch_document does."""
    try:
        return parse_actor(await _fetch_by_id(transport, url, signer, now))
    except InvalidDocument as error:
        raise NotActivityStreams("This address does not lead to an actor.") from error


async def fetch_note(transport: Transport, url: str, signer: Signer | None, now: datetime) -> Note:
    """Return the note whose id is exactly `url` and whose author is of the same origin (C-92).

    Raises as fetch_document does.
    """
    try:
        note = parse_note(await _fetch_by_id(transport, url, signer, now))
    except InvalidDocument as error:
        raise NotActivityStreams("This address does not lead to a note.") from error
    if not same_origin(note.id, note.attributed_to, allow_http=transport.policy.dev_loopback):
        raise WrongOrigin("The note names an author of another server.")
    return note


async def fetch_collection(
    transport: Transport, url: str, signer: Signer, now: datetime, pages: int = MAX_PAGES
) -> tuple[Document, ...]:
    """Return the whole objects in the collection at `url`, in its order: those on its first `pages` pages.

    Every page must be of the collection's own origin and under its own id, and none is read twice (C-38, T-18, T-23).
    Items given only by their id are left out. Raises as fetch_document does.
    """
    listing = _collection(await _fetch_by_id(transport, url, signer, now))
    items, seen = list(listing.ordered_items or ()), {url}
    following = listing.first if isinstance(listing, OrderedCollection) else listing.next
    while following is not None and following not in seen and len(seen) <= pages:
        if not same_origin(following, url, allow_http=transport.policy.dev_loopback):
            raise WrongOrigin("A page of this collection is on another server.")
        seen.add(following)
        listing = _collection(await _fetch_by_id(transport, following, signer, now))
        items += listing.ordered_items or ()
        following = listing.next if isinstance(listing, OrderedCollectionPage) else None
    return tuple(item for item in items if isinstance(item, dict))


def _collection(document: Document) -> OrderedCollection | OrderedCollectionPage:
    try:
        return parse_collection(document)
    except InvalidDocument as error:
        raise NotActivityStreams("This address does not lead to a collection.") from error


async def fetch_json(transport: Transport, url: str, signer: Signer, now: datetime) -> Document:
    """Return the plain JSON object at `url`, asked for by a signed GET: released contact details (2.13).

    Raises NotReached or TooLarge, and WrongOrigin when the answer came from another origin.
    """
    response = await _get(transport, url, "application/json", signer, now)
    if not same_origin(url, response.url, allow_http=transport.policy.dev_loopback):
        raise WrongOrigin("The answer came from another server.")
    return read_json(response)


async def dereference(transport: Transport, url: str, signer: Signer | None, now: datetime) -> Fetched:
    """Return the ActivityStreams document at `url`, whatever it calls itself; raises NotReached or TooLarge."""
    response = await _get(transport, url, ACCEPT, signer, now)
    if not is_activity_streams(response.headers.get("content-type", ""), profile_required=True):
        raise NotActivityStreams
    return Fetched(_load(response.body), response.url)


def read_json(response: Response) -> Document:
    """Return the JSON object in a successful answer; raises Refused, Gone or NotActivityStreams."""
    require_success(response)
    kind, _ = media_type(response.headers.get("content-type", ""))
    if kind != "application/json" and not kind.endswith("+json"):
        raise NotActivityStreams
    return _load(response.body)


def require_success(response: Response, now: datetime | None = None) -> None:
    """Raise Gone for 410 and Refused for every other answer that is not 2xx; `now` is needed to read Retry-After."""
    if response.status == 410:
        raise Gone
    if not 200 <= response.status < 300:
        raise Refused(response.status, parse_retry_after(response.headers.get("retry-after"), now) if now else None)


async def _fetch_by_id(transport: Transport, url: str, signer: Signer | None, now: datetime) -> Document:
    fetched = await dereference(transport, url, signer, now)
    if fetched.id != url.partition("#")[0] or fetched.id != fetched.url:
        raise WrongOrigin("The document found there has another address as its id.")
    return fetched.document


async def _get(transport: Transport, url: str, accept: str, signer: Signer | None, now: datetime) -> Response:
    if signer is None:
        response = await transport.get(url, {"accept": accept})
    else:
        response = await _signed_get(transport, url, accept, signer, now)
    require_success(response, now)
    return response


async def _signed_get(transport: Transport, url: str, accept: str, signer: Signer, now: datetime) -> Response:
    """The answer to a GET signed as its server is known to take it and, if that one is refused, in another way."""

    def knock(scheme: Scheme) -> Awaitable[Response]:
        return transport.get(url, {"accept": accept}, lambda hop: sign(Request("GET", hop), signer.keys, scheme, now))

    home = _home(transport, url)
    first, second = signer.schemes.knocks(home, Scheme.CAVAGE, now)
    response = await knock(first)
    # What was redirected to another server went there without a signature, so another one would not help.
    if response.status not in _NOT_LET_IN or _home(transport, response.url) != home:
        return response
    again = await knock(second)
    if 200 <= again.status < 300:
        signer.schemes.learn(home, second, now)
    return response if again.status in _NOT_LET_IN else again


def _home(transport: Transport, url: str) -> Origin:
    try:
        return origin(url, allow_http=transport.policy.dev_loopback)
    except WrongOrigin as error:
        raise ForbiddenAddress(str(error)) from None


def _load(body: bytes) -> Document:
    try:
        return load(body)
    except InvalidDocument as error:
        raise NotActivityStreams from error
