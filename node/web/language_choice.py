"""Choosing the language of the pages: a link in each language's own name, no account and no script needed."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import NotFound
from node.web.languages import keep_language, offered
from node.web.pages import is_own_path, see_other


async def choose(request: web.Request) -> web.Response:
    """GET /language/{code}: go back to the page one came from (`back`), now in this language."""
    code = request.match_info["code"]
    if code not in offered():
        raise NotFound
    back = request.query.get("back", "/")
    response = see_other(back if is_own_path(back) else "/")
    keep_language(response, code, secure=community_of(request).base_url.startswith("https://"))
    return response


ROUTES: tuple[web.RouteDef, ...] = (web.get("/language/{code}", choose),)
