"""How it went, month by month, for dispatchers and stewards."""

from aiohttp import web

from node.context import community_of
from node.domain.retention import HIDDEN_BELOW
from node.services import outcomes
from node.web.pages import render
from node.web.sessions import dispatcher_of


async def show(request: web.Request) -> web.Response:
    """GET /report."""
    months = await outcomes.report(community_of(request), dispatcher_of(request))
    return render(request, "report.html", months=months, hidden_below=HIDDEN_BELOW)


ROUTES: tuple[web.RouteDef, ...] = (web.get("/report", show),)
