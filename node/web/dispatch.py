"""The queue: what waits, in the order it should be looked at. It shows no names and counts nobody."""

from aiohttp import web

from node.context import community_of
from node.domain.notices import Kind
from node.domain.responses import ResponseState
from node.services import needs, responses
from node.web.pages import render
from node.web.sessions import dispatcher_of


async def show_queue(request: web.Request) -> web.Response:
    """GET /dispatch: needs, or offers with `?kind=offer`."""
    dispatcher_of(request)
    community = community_of(request)
    kind = Kind.OFFER if request.query.get("kind") == Kind.OFFER else Kind.NEED
    notices = await needs.queue(community, kind)
    waiting = [line for line in await responses.listing(community) if line.response.state == ResponseState.OFFERED]
    offered = {line.notice.id: line.response.id for line in reversed(waiting) if line.notice}
    return render(request, "dispatch.html", kind=kind, notices=notices, offered=offered, someone_waits=bool(waiting))


ROUTES: tuple[web.RouteDef, ...] = (web.get("/dispatch", show_queue),)
