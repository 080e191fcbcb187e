"""Our three actors, served to everyone: others need the keys in them."""

from functools import partial

from aiohttp import web

from node.api.activitypub.requests import answer, wants_activity_streams
from node.context import community_of
from node.domain.peers import OwnActor
from node.services.community import profile
from node.services.presenting import presentation
from node.translate.actors import actor_document, published_keys


async def get_actor(own: OwnActor, request: web.Request) -> web.Response:
    """The actor document; a browser is sent to the front page (protocol 20)."""
    community = community_of(request)
    if "text/html" in request.headers.get("Accept", "") and not wants_activity_streams(request):
        raise web.HTTPSeeOther("/", headers={"Vary": "Accept"})
    shown = presentation(community, await profile(community))
    pairs = community.remote.keys
    return answer(actor_document(community.addresses, own, shown, {own: published_keys(pairs[own])}))


ROUTES = tuple(web.get(f"/actors/{own}", partial(get_actor, own)) for own in OwnActor)
