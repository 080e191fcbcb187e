"""The inbox: receive, journal, 202. Everything else happens later."""

from urllib.parse import urlsplit

from aiohttp import web

from federation.errors import Rejected
from federation.messages import MAX_DOCUMENT_BYTES
from federation.receive import Received, receive
from node.api.activitypub.requests import federation_request, receive_context, rejected
from node.context import JOURNAL, community_of
from node.domain.peers import OwnActor
from node.services.community import Community
from node.storage.journal import Entry

OFF = "This community exchanges nothing with others at the moment.\n"


async def post_inbox(request: web.Request) -> web.Response:
    """202 once the activity is verified and stored for good, or where there is nothing to do with it."""
    community = community_of(request)
    if request.content_length is not None and request.content_length > MAX_DOCUMENT_BYTES:
        return web.Response(status=413, text="This is longer than a megabyte.\n")
    body = await request.read()
    try:
        received = await receive(federation_request(request, body), context=receive_context(community))
    except Rejected as error:
        return rejected(error)
    if community.settings.federation == "off" and received.activity.type != "Delete":
        return web.Response(status=503, text=OFF, headers={"Retry-After": "3600"})
    await request.app[JOURNAL].append(_entry(community, received))
    return web.Response(status=202)


async def get_inbox(_request: web.Request) -> web.Response:
    """Nobody reads an inbox from outside (protocol 34, 36)."""
    return web.Response(status=405, headers={"Allow": "POST"}, text="Only POST is taken here.\n")


def _entry(community: Community, received: Received) -> Entry:
    return Entry(
        origin=urlsplit(received.actor).netloc.lower(),
        activity_id=received.activity.id or "",
        type=received.activity.type[:80],
        actor=received.actor,
        body=received.body,
        received_at=community.now(),
    )


ROUTES = (
    web.post("/inbox", post_inbox),
    web.route("*", "/inbox", get_inbox),
    *(web.post(f"/actors/{own}/inbox", post_inbox) for own in OwnActor),
    *(web.route("*", f"/actors/{own}/inbox", get_inbox) for own in OwnActor),
)
