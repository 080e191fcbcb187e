"""Links that ended: what was asked back, and which receipts came."""

from aiohttp import web

from node.context import community_of
from node.services import ended_links
from node.web.pages import render
from node.web.sessions import steward_of
from node.web.words import _


async def show_ended(request: web.Request) -> web.Response:
    """GET /peers/ended/{id}."""
    ended = await ended_links.get(community_of(request), request.match_info["id"], steward_of(request))
    changed = _("The link has ended.") if "dropped" in request.query else ""
    return render(request, "ended_link.html", ended=ended, changed=changed)


ROUTES: tuple[web.RouteDef, ...] = (web.get("/peers/ended/{id}", show_ended),)
