"""What was shared and what was said, for whoever may see it."""

from aiohttp import web

from node.api.activitypub.requests import HOUR, Reader, answer, busy, not_found, reader_of, wants_activity_streams
from node.context import community_of
from node.domain.errors import TooManyTries
from node.services import published
from node.services.published import Readable
from schemas.collections import OrderedCollection
from schemas.fields import dump
from schemas.objects import Tombstone


async def get_object(request: web.Request) -> web.Response:
    """A shared notice. A browser is sent to its page (protocol 20)."""
    community, object_id, reader = community_of(request), request.match_info["id"], await reader_of(request)
    try:
        found = await published.read_object(community, community.addresses.object(object_id), reader.actor)
    except TooManyTries as error:
        return busy(error.wait or HOUR)
    wants_page = "text/html" in request.headers.get("Accept", "") and not wants_activity_streams(request)
    if found is not None and found.is_public and wants_page:
        raise web.HTTPSeeOther(f"/p/{object_id}", headers={"Vary": "Accept"})
    return _serve(found, reader)


async def get_activity(request: web.Request) -> web.Response:
    """An activity of ours."""
    community, reader = community_of(request), await reader_of(request)
    activity_id = community.addresses.activity(request.match_info["id"])
    return _serve(await published.read_activity(community, activity_id, reader.actor), reader)


async def get_conversation(request: web.Request) -> web.Response:
    """The replies and the thread of a public notice: we show none of anybody's (protocol 2.11)."""
    community = community_of(request)
    object_id = community.addresses.object(request.match_info["id"])
    found = await published.read_object(community, object_id, None)
    if found is None or found.body is None:
        return not_found()
    return answer(OrderedCollection(id=f"{community.base_url}{request.path}", total_items=0, ordered_items=()))


def _serve(found: Readable | None, reader: Reader) -> web.Response:
    if found is None:
        return reader.finds_nothing()
    if found.body is None:
        gone = answer(dump(Tombstone(id=found.gone_id or "")))
        gone.set_status(410)
        return gone
    return answer(found.body, private=not found.is_public)


ID = "{id:[A-Za-z0-9]{1,64}}"
ROUTES = (
    web.get(f"/o/{ID}", get_object),
    web.get(f"/a/{ID}", get_activity),
    web.get(f"/o/{ID}/replies", get_conversation),
    web.get(f"/o/{ID}/thread", get_conversation),
)
