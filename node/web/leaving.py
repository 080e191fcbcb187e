"""Exit this page: for somebody who must not be seen here. One tap, no question asked, no script needed."""

from aiohttp import web

from node.context import community_of
from node.services import sign_in
from node.services.ways import ways
from node.web.pages import render, see_other
from node.web.security import comes_from_here
from node.web.sessions import cookie_name, take_cookie

AWAY = "/away"
#: Pages that the browser kept, drafts, and whatever else our pages keep on the device (W3C Clear Site Data).
EVERYTHING_KEPT = '"cache", "storage"'


async def leave(request: web.Request) -> web.Response:
    """GET or POST /leave: end the session, let the browser forget our pages, and lead to somewhere harmless.

    A link on another site's page leads away as well, and ends nothing.
    """
    community = community_of(request)
    address = (await ways(community)).exit_address
    response = see_other(AWAY)
    response.headers["Location"] = address or AWAY
    response.headers["Clear-Site-Data"] = '"cache"'
    if comes_from_here(request):
        response.headers["Clear-Site-Data"] = EVERYTHING_KEPT
    cookie = request.cookies.get(cookie_name(community))
    if cookie and comes_from_here(request):
        await sign_in.sign_out(community, cookie)
        take_cookie(response, community)
    return response


async def away(request: web.Request) -> web.Response:
    """GET /away: a page that says nothing of where one was."""
    return render(request, "away.html")


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/leave", leave),
    web.post("/leave", leave),
    web.get(AWAY, away),
)
