"""What other servers report about us, for stewards."""

from aiohttp import web

from node.context import community_of
from node.services import blocks, reports
from node.web.pages import render, see_other
from node.web.sessions import VISIT, steward_of
from node.web.words import _

_CHANGED = {
    "done": _("The report is forgotten here."),
    "blocked": _("The server is blocked. What it reported is forgotten here."),
}


async def show_reports(request: web.Request) -> web.Response:
    """GET /reports."""
    steward = steward_of(request)
    lines = await reports.listing(community_of(request), steward)
    changed = next((words for name, words in _CHANGED.items() if name in request.query), "")
    days = request[VISIT].profile.strangers_kept_days
    return render(request, "reports.html", lines=lines, days=days, changed=changed)


async def done(request: web.Request) -> web.Response:
    """POST /reports/{id}/done."""
    steward = steward_of(request)
    await reports.done(community_of(request), request.match_info["id"], steward)
    return see_other("/reports?done")


async def show_block(request: web.Request) -> web.Response:
    """GET /reports/{id}/block: what blocking the server means, before it is done."""
    steward = steward_of(request)
    line = await reports.get(community_of(request), request.match_info["id"], steward)
    return render(request, "report_block.html", line=line)


async def block(request: web.Request) -> web.Response:
    """POST /reports/{id}/block."""
    steward = steward_of(request)
    community = community_of(request)
    line = await reports.get(community, request.match_info["id"], steward)
    await blocks.block_server(community, line.host, steward)
    return see_other("/reports?blocked")


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/reports", show_reports),
    web.post("/reports/{id}/done", done),
    web.get("/reports/{id}/block", show_block),
    web.post("/reports/{id}/block", block),
)
