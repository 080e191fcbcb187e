"""Whom we hear nothing from, for stewards: listed, added, ended."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid
from node.services import blocks
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.sessions import steward_of
from node.web.words import _

_CHANGED = {
    "blocked": _("The server is blocked."),
    "unblocked": _("The block has ended. What was ended with it stays ended."),
}


async def show_blocks(request: web.Request) -> web.Response:
    """GET /blocks."""
    steward_of(request)
    changed = next((words for name, words in _CHANGED.items() if name in request.query), "")
    return await _page(request, Form(), changed=changed)


async def block_server(request: web.Request) -> web.Response:
    """POST /blocks: a server by its name."""
    steward = steward_of(request)
    form = await read_form(request)
    try:
        await blocks.block_server(community_of(request), form.text("server"), steward)
    except Invalid as error:
        return await _page(request, form.wrong(error.fields), 422)
    return see_other("/blocks?blocked")


async def unblock(request: web.Request) -> web.Response:
    """POST /blocks/{id}/unblock."""
    steward = steward_of(request)
    await blocks.unblock(community_of(request), request.match_info["id"], steward)
    return see_other("/blocks?unblocked")


async def _page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    blocked = await blocks.listing(community_of(request), steward_of(request))
    return render(request, "blocks.html", status=status, blocked=blocked, form=form, changed=changed)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/blocks", show_blocks),
    web.post("/blocks", block_server),
    web.post("/blocks/{id}/unblock", unblock),
)
