"""Our ways: everything that stewards decide for this community, how each stands now, and what it is for."""

from aiohttp import web

from node.context import community_of
from node.domain.categories import AS_SHIPPED
from node.services import heirs, introductions
from node.services.doors import doors
from node.services.ways import ways
from node.web.accents import WORDS, accent_of
from node.web.pages import render
from node.web.sessions import VISIT, steward_of
from node.web.words import _

PATH = "/settings"
_SAID = {
    "introduced": _("The first steps are over. Everything that can be decided stands here, and nothing of it hurries.")
}


async def show(request: web.Request) -> web.Response:
    """GET /settings."""
    steward, community = steward_of(request), community_of(request)
    return render(
        request,
        "our_ways.html",
        ways=await ways(community),
        as_shipped=AS_SHIPPED,
        doors=await doors(community),
        rule=await introductions.rule(community),
        heir=await heirs.standing(community, steward),
        accent=WORDS[accent_of(request[VISIT].profile.accent)],
        changed=_SAID.get(request.query.get("said", ""), ""),
    )


ROUTES: tuple[web.RouteDef, ...] = (web.get(PATH, show),)
