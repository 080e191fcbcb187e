"""Our three actors, served to everyone: others need the keys in them."""

from functools import partial

from aiohttp import web

from node.api.activitypub.requests import answer, wants_activity_streams
from node.context import community_of
from node.domain.peers import OwnActor
from node.services.community import Community, profile
from node.storage.community import Profile
from node.translate.actors import Presentation, PublishedKeys, actor_document


async def get_actor(own: OwnActor, request: web.Request) -> web.Response:
    """The actor document; a browser is sent to the front page (protocol 20)."""
    community = community_of(request)
    if "text/html" in request.headers.get("Accept", "") and not wants_activity_streams(request):
        raise web.HTTPSeeOther("/", headers={"Vary": "Accept"})
    shown = presentation(await profile(community))
    return answer(actor_document(community.addresses, own, shown, published_keys(community)))


def presentation(shown: Profile) -> Presentation:
    """What the actors say of the community."""
    return Presentation(shown.name, shown.username, tuple(area.name for area in shown.areas), shown.created_at)


def published_keys(community: Community) -> dict[OwnActor, PublishedKeys]:
    """The public halves of every actor's keys."""
    return {
        own: PublishedKeys(pair.rsa.public_pem, pair.ed25519.public_multibase)
        for own, pair in community.remote.keys.items()
    }


ROUTES = tuple(web.get(f"/actors/{own}", partial(get_actor, own)) for own in OwnActor)
