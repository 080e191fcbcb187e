"""What flows between us and one neighbouring community: for each category, whether it goes there and is taken in."""

from dataclasses import dataclass

from aiohttp import web

from node.context import community_of
from node.domain.categories import DELICATE, SHIPPED
from node.domain.errors import Invalid
from node.domain.exchange import EVERY, Exchange, in_order
from node.domain.peers import PeerStanding
from node.services import exchange, peers
from node.services.exchange import Wish
from node.web.category_words import category_name
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.sessions import steward_of
from node.web.words import _, listed


@dataclass(frozen=True)
class Flow:
    """One direction: the names of what is on and of what is off, divided by commas; whether most of it is on."""

    on: str
    off: str
    is_most: bool


def flow_words(chosen: Exchange) -> tuple[Flow, Flow]:
    """What goes there, and what is taken in."""
    return _flow(chosen.sends), _flow(chosen.receives)


async def show_exchange(request: web.Request) -> web.Response:
    """GET /peers/{id}/exchange."""
    steward_of(request)
    standing = await peers.get(community_of(request), request.match_info["id"])
    chosen = standing.peer.exchange
    form = Form({"sends": in_order(chosen.sends), "receives": in_order(chosen.receives)})
    return _page(request, standing, form)


async def change_exchange(request: web.Request) -> web.Response:
    """POST /peers/{id}/exchange: every category that is not ticked is off."""
    steward = steward_of(request)
    community, peer_id = community_of(request), request.match_info["id"]
    form = await read_form(request)
    try:
        wish = Wish(form.every("sends"), form.every("receives"))
        standing = await exchange.choose(community, peer_id, wish, steward)
    except Invalid as error:
        return _page(request, await peers.get(community, peer_id), form.wrong(error.fields), 422)
    return see_other(f"/peers/{standing.peer.id}?done=exchange")


def _page(request: web.Request, standing: PeerStanding, form: Form, status: int = 200) -> web.Response:
    named = tuple((one.key, category_name(one.key), _("delicate") if one.key in DELICATE else "") for one in SHIPPED)
    return render(request, "peer_exchange.html", status=status, standing=standing, form=form, categories=named)


def _flow(chosen: frozenset[str]) -> Flow:
    return Flow(_names(chosen), _names(EVERY - chosen), len(chosen) * 2 > len(EVERY))


def _names(keys: frozenset[str]) -> str:
    return listed(category_name(key) for key in in_order(keys))


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/peers/{id}/exchange", show_exchange),
    web.post("/peers/{id}/exchange", change_exchange),
)
