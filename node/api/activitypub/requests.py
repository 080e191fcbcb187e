"""An aiohttp request as the federation sees it, and the answers all these doors share."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from federation.errors import BadSignature, FederationError, Rejected
from federation.messages import LD_JSON_WITH_PROFILE, Request, combined, is_activity_streams
from federation.receive import ReceiveContext
from federation.signatures import examine, name_of, prove
from node.context import community_of
from node.services import replays
from node.services.community import Community
from schemas.fields import Wire, dump

HOUR = timedelta(hours=1)
USED = "This very request was here before. Sign it anew."
VARY = "Accept, Signature, Signature-Input"


def federation_request(request: web.Request, body: bytes = b"") -> Request:
    """The request under our public name, path and query exactly as received (protocol 72)."""
    community = community_of(request)
    return Request(request.method, f"{community.base_url}{request.raw_path}", combined(request.headers.items()), body)


def receive_context(community: Community, now: datetime) -> ReceiveContext:
    """What the federation needs to know of us to check a request that came at `now`."""
    remote = community.remote
    return ReceiveContext(
        find_key=remote.key_cache.find,
        now=now,
        public_hosts=frozenset({community.host}),
        is_blocked=remote.boundaries.blocks_host,
        seen=remote.seen_signatures,
        refetch_key=remote.key_cache.refetch,
        allow_http=remote.allow_http,
    )


@dataclass(frozen=True)
class Reader:
    """Who asks: the `actor` whose key signed a GET, None where that is nobody we know of or would answer.

    `trouble` says why whoever signed it could not be shown now.
    """

    actor: str | None = None
    trouble: Rejected | None = None

    def finds_nothing(self) -> web.Response:
        """The same answer for what is hidden and for what never was (protocol 23).

        A reader that cannot be proven now hears that, 401 or 503, and never 404: it would take that as the origin's
        word that there is nothing any more, and erase the copy it holds.
        """
        return not_found() if self.trouble is None else rejected(self.trouble)


async def reader_of(request: web.Request, *, once: bool = False) -> Reader:
    """Who signed this GET: nobody where it is unsigned or blocked.

    With `once` the very same signature counts only the first time: a captured request opens nothing again (71). It is
    401 then, because a road that breaks may bring an honest one twice.
    """
    if "Signature" not in request.headers:
        return Reader()
    community = community_of(request)
    remote, now = community.remote, community.now()
    signed = federation_request(request)
    try:
        signature = examine(signed, now, frozenset({community.host}))
        key = await prove(signed, signature, remote.key_cache.find, remote.key_cache.refetch)
    except Rejected as trouble:
        return Reader(trouble=trouble)
    except FederationError:  # its owner is gone for good
        return Reader()
    if once and not await replays.is_first_use(community, name_of(signature).hex()):
        return Reader(trouble=BadSignature(USED))
    return Reader() if remote.boundaries.blocks(key.owner) else Reader(key.owner)


def wants_activity_streams(request: web.Request) -> bool:
    """Whether the Accept header asks for ActivityStreams (protocol 17, 18)."""
    wanted = request.headers.get("Accept", "").split(",")
    return any(is_activity_streams(part.partition(";q=")[0], profile_required=False) for part in wanted if part.strip())


def answer(document: Wire | bytes, *, private: bool = False) -> web.Response:
    """A document as ActivityStreams; `private` where the answer depends on who asked (protocol 19, 25)."""
    body = document if isinstance(document, bytes) else dump(document)
    cache = "private, no-store" if private else "public, max-age=180"
    return web.Response(body=body, headers={"Content-Type": LD_JSON_WITH_PROFILE, "Cache-Control": cache, "Vary": VARY})


def not_found() -> web.Response:
    """The same answer for what is hidden and for what never was (protocol 23)."""
    return web.Response(status=404, text="There is nothing here.\n", headers=_never_kept())


def rejected(error: Rejected) -> web.Response:
    """What the federation says about a request it does not take."""
    return web.Response(status=error.status, text=f"{error}\n", headers=_never_kept())


def busy(wait: timedelta) -> web.Response:
    """Too much at once: 429, and after how many seconds to come back (protocol 63)."""
    seconds = str(max(1, math.ceil(wait.total_seconds())))
    headers = _never_kept() | {"Retry-After": seconds}
    return web.Response(
        status=429, text="That is very much at once. Please come back a little later.\n", headers=headers
    )


def _never_kept() -> dict[str, str]:
    return {"Cache-Control": "private, no-store", "Vary": VARY}
