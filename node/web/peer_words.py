"""Is it really them? The words that both communities see, compared on the telephone."""

from aiohttp import web

from node.context import community_of
from node.services import fingerprints
from node.web.forms import read_form
from node.web.pages import see_other
from node.web.sessions import steward_of


async def note_compared(request: web.Request) -> web.Response:
    """POST /peers/{id}/compared: the very words that stood on the page were compared."""
    steward = steward_of(request)
    form, peer_id = await read_form(request), request.match_info["id"]
    await fingerprints.note_compared(community_of(request), peer_id, form.text("words"), steward)
    return see_other(f"/peers/{peer_id}?done=compared")


async def look_again(request: web.Request) -> web.Response:
    """POST /peers/{id}/keys: read their keys from their own server now."""
    steward = steward_of(request)
    peer_id = request.match_info["id"]
    await fingerprints.look_again(community_of(request), peer_id, steward)
    return see_other(f"/peers/{peer_id}?done=keys")


ROUTES: tuple[web.RouteDef, ...] = (
    web.post("/peers/{id}/compared", note_compared),
    web.post("/peers/{id}/keys", look_again),
)
