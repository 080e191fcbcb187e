"""From `@name@host` to an actor's id, by WebFinger (C-3, C-4, C-9)."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from federation.errors import ForbiddenAddress, NotActivityStreams, WrongOrigin
from federation.fetch import read_json
from federation.messages import is_activity_streams
from federation.origin import ascii_host
from federation.transport import Transport
from schemas.discovery import WebFinger
from schemas.errors import InvalidDocument

_HANDLE: Final = re.compile(r"(?:acct:|@)?([A-Za-z0-9_.~-]{1,128})@([^\s@/?#:]{1,253})(:\d{1,5})?")
_ACCEPT: Final = "application/jrd+json, application/json"


@dataclass(frozen=True)
class Handle:
    """A name at a host, in normal form."""

    name: str
    host: str

    def __str__(self) -> str:
        return f"@{self.name}@{self.host}"

    @property
    def resource(self) -> str:
        """The handle as WebFinger asks for it."""
        return f"acct:{self.name}@{self.host}"

    def is_same(self, other: "Handle") -> bool:
        """Tell whether both are one account; no server tells names apart by their case."""
        return self.resource.lower() == other.resource.lower()


def parse_handle(text: str) -> Handle:
    """Read `@name@host`, with or without the first @ or `acct:`; ForbiddenAddress when it is none."""
    match = _HANDLE.fullmatch(text.strip())
    if match is None:
        raise ForbiddenAddress("Write the address like this: @name@server.example.")
    try:
        return Handle(match[1], ascii_host(match[2]) + (match[3] or ""))
    except WrongOrigin:
        raise ForbiddenAddress("Write the address like this: @name@server.example.") from None


async def resolve_handle(transport: Transport, handle: str, scheme: str = "https") -> str:
    """Return the id of the actor that `handle` stands for.

    When the answer calls the account by another handle, that handle's own server must give the same actor.
    Raises NotReached, or WrongOrigin when the two disagree.
    """
    asked = parse_handle(handle)
    found = await finger(transport, asked.host, asked.resource, scheme)
    actor = self_link(found)
    subject = parse_handle(found.subject)
    if subject.is_same(asked):
        return actor
    canonical = await finger(transport, subject.host, subject.resource, scheme)
    if self_link(canonical) != actor or not parse_handle(canonical.subject).is_same(subject):
        raise WrongOrigin("Two servers disagree on whose handle this is.")
    return actor


async def finger(transport: Transport, host: str, resource: str, scheme: str) -> WebFinger:
    """Ask `host` about `resource` (RFC 7033); raises NotReached."""
    url = f"{scheme}://{host}/.well-known/webfinger?resource={quote(resource, safe=':@')}"
    response = await transport.get(url, {"accept": _ACCEPT})
    try:
        return WebFinger.parse(read_json(response))
    except InvalidDocument as error:
        raise NotActivityStreams("The other server's answer about this address could not be read.") from error


def self_link(found: WebFinger, rel: str = "self") -> str:
    """Return the actor that a WebFinger answer links as `rel`; NotActivityStreams when there is none."""
    for link in found.links:
        if link.rel == rel and link.href and is_activity_streams(link.type or "", profile_required=True):
            return link.href
    raise NotActivityStreams("There is no such account on that server.")
