"""Moving house, for stewards: how it is done, telling everybody, and who has come along."""

from aiohttp import web

from node.context import community_of
from node.services import moving
from node.web.pages import render, see_other
from node.web.sessions import steward_of
from node.web.words import _


async def show_moving(request: web.Request) -> web.Response:
    """GET /moving."""
    standing = await moving.standing(community_of(request), steward_of(request))
    changed = _("Everybody who knows us is told.") if "told" in request.query else ""
    return render(request, "moving.html", standing=standing, changed=changed)


async def tell_everybody(request: web.Request) -> web.Response:
    """POST /moving. Twice is as good as once."""
    await moving.tell(community_of(request), steward_of(request))
    return see_other("/moving?told")


ROUTES: tuple[web.RouteDef, ...] = (web.get("/moving", show_moving), web.post("/moving", tell_everybody))
