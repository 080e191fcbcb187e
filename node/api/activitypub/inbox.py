"""The inbox: receive, journal, 202. Everything else happens later."""

from urllib.parse import urlsplit

from aiohttp import web

from federation.errors import ActorGone, Rejected
from federation.messages import MAX_DOCUMENT_BYTES
from federation.receive import Received, receive
from node.api.activitypub.requests import busy, federation_request, receive_context, rejected
from node.context import JOURNAL, client_address, community_of
from node.domain.peers import OwnActor
from node.services import synchronising
from node.services.community import Community
from node.storage.journal import Entry

LONGEST_ID = 500
OFF = "This community exchanges nothing with others at the moment.\n"


async def post_inbox(request: web.Request) -> web.Response:
    """202 once the activity is verified and stored for good, or where there is nothing to do with it.

    Nobody may send without end: 429, by address before anything is read, by key and actor once they are proven (63).
    """
    community = community_of(request)
    now = community.now()
    wait = community.limits.knock(client_address(request), now)
    if wait is not None:
        return busy(wait)
    if request.content_length is not None and request.content_length > MAX_DOCUMENT_BYTES:
        return web.Response(status=413, text="This is longer than a megabyte.\n")
    body = await request.read()
    try:
        received = await receive(federation_request(request, body), context=receive_context(community, now))
    except ActorGone as gone:
        await request.app[JOURNAL].append(_goodbye(community, gone.actor, body))
        return rejected(gone)
    except Rejected as error:
        return rejected(error)
    heading = received.heading
    wait = community.limits.receive(received.key_id, heading.actor, now)
    if wait is not None:
        return busy(wait)
    if len(heading.id or "") > LONGEST_ID or len(heading.actor) > LONGEST_ID:
        return web.Response(status=400, text=f"Ids of more than {LONGEST_ID} characters are not taken here.\n")
    if community.settings.federation == "off" and heading.type != "Delete":
        return web.Response(status=503, text=OFF, headers={"Retry-After": "3600"})
    await request.app[JOURNAL].append(_entry(community, received))
    community.remote.seen_signatures.remember(received.signature_name, now)
    synchronising.listen(community, heading.actor, received.synchronization)
    return web.Response(status=202)


async def get_inbox(_request: web.Request) -> web.Response:
    """Nobody reads an inbox from outside (protocol 34, 36)."""
    return web.Response(status=405, headers={"Allow": "POST"}, text="Only POST is taken here.\n")


def _entry(community: Community, received: Received) -> Entry:
    return Entry(
        origin=urlsplit(received.heading.actor).netloc.lower(),
        activity_id=received.heading.id or "",
        type=received.heading.type[:80],
        actor=received.heading.actor,
        body=received.body,
        received_at=community.now(),
    )


def _goodbye(community: Community, actor: str, body: bytes) -> Entry:
    """An actor that is gone, by its own server's word: its Delete, under an id that stands for this actor alone."""
    return Entry(
        origin=urlsplit(actor).netloc.lower(),
        activity_id=f"{actor}#gone",
        type="Delete",
        actor=actor,
        body=body,
        received_at=community.now(),
    )


ROUTES = (
    web.post("/inbox", post_inbox),
    web.route("*", "/inbox", get_inbox),
    *(web.post(f"/actors/{own}/inbox", post_inbox) for own in OwnActor),
    *(web.route("*", f"/actors/{own}/inbox", get_inbox) for own in OwnActor),
)
