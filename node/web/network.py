"""The network at a glance: a picture of our neighbours, and the same in words beside it."""

from dataclasses import dataclass
from textwrap import wrap

from aiohttp import web

from node.context import community_of
from node.domain.network import Neighbour
from node.domain.retention import HIDDEN_BELOW, month_of
from node.services import network
from node.services.community import zone_of
from node.web.forms import parse_count
from node.web.pages import render
from node.web.sessions import VISIT, dispatcher_of

#: So many neighbours are in one picture; more come on further pages.
ON_A_PAGE = 25
#: The picture's own units: it is drawn for the narrowest screen, and grows from there.
WIDTH, TOP, ROW = 288, 16, 76
#: So many letters of a name find room in a line, and so many lines.
_NAME, _LINES = 16, 2


@dataclass(frozen=True)
class Place:
    """Where one neighbour stands in the picture: `top` of its row, and the lines of its name."""

    neighbour: Neighbour
    top: int
    lines: tuple[str, ...]


async def show(request: web.Request) -> web.Response:
    """GET /network; `page` counts from 1."""
    member = dispatcher_of(request)
    community = community_of(request)
    everybody = await network.at_a_glance(community, member)
    last = max(1, -(-len(everybody) // ON_A_PAGE))
    number = min(max(1, parse_count(request.query.get("page", ""))), last)
    here = everybody[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    return render(
        request,
        "network.html",
        places=places(here),
        width=WIDTH,
        row=ROW,
        height=2 * TOP + ROW * len(here),
        month=month_of(community.now(), zone_of(community, request[VISIT].profile)),
        page=number,
        last=last,
        hidden_below=HIDDEN_BELOW,
    )


def places(neighbours: tuple[Neighbour, ...]) -> tuple[Place, ...]:
    """One below the other, by name: the same neighbours are always drawn in the same way."""
    return tuple(Place(one, TOP + ROW * index, lines_of(one.name)) for index, one in enumerate(neighbours))


def lines_of(name: str) -> tuple[str, ...]:
    """A name as far as there is room in the picture, broken between words; the whole one stands beside it in words."""
    return tuple(wrap(name, _NAME, max_lines=_LINES, placeholder="…"))


ROUTES: tuple[web.RouteDef, ...] = (web.get("/network", show),)
