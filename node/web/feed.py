"""What followed communities show us, and our community's offer to help with one of their notices."""

from decimal import Decimal
from urllib.parse import urlencode

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid, NotFound
from node.domain.feed import FeedKind
from node.services import feed, peers, responses
from node.services.feed import FeedEntry
from node.services.responses import HelpOffer
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.sessions import dispatcher_of, signed_in
from node.web.until import end_of
from node.web.words import _


async def show_feed(request: web.Request) -> web.Response:
    """GET /feed: newest first; `kind`, `origin` (a host) and `after` narrow it down."""
    signed_in(request)
    community = community_of(request)
    kind = next((kind for kind in FeedKind if kind == request.query.get("kind")), None)
    origin = request.query.get("origin") or None
    page = await feed.listing(community, kind, origin, request.query.get("after"))
    chosen = {"kind": kind.value if kind else "", "origin": origin or ""}
    known = tuple((standing.peer.host, standing.peer.name) for standing in await peers.listing(community))
    return render(
        request,
        "feed.html",
        page=page,
        form=Form().given(**chosen),
        origins=(("", _("Every community")), *known),
        filtered=any(chosen.values()),
        older="/feed?" + urlencode({**chosen, "after": page.next or ""}),
    )


async def show_item(request: web.Request) -> web.Response:
    """GET /feed/{id}: one notice of another community."""
    signed_in(request)
    entry = await feed.get(community_of(request), request.match_info["id"])
    changed = _("Your offer to help is on its way to them.") if "offered" in request.query else ""
    return render(request, "feed_item.html", entry=entry, changed=changed)


async def show_offer(request: web.Request) -> web.Response:
    """GET /feed/{id}/offer: offer to help, on behalf of this community."""
    dispatcher_of(request)
    community = community_of(request)
    entry = await feed.get(community, request.match_info["id"])
    available = entry.item.available
    quantity = f"{available.normalize():f}" if available is not None else "1"
    return _offer_page(request, entry, Form().given(quantity=quantity, form_id=community.new_id()))


async def offer_help(request: web.Request) -> web.Response:
    """POST /feed/{id}/offer. The same form twice offers once."""
    member = dispatcher_of(request)
    community = community_of(request)
    entry = await feed.get(community, request.match_info["id"])
    form = await read_form(request)
    try:
        offer = read_offer(form)
        await responses.offer_help(community, entry.item.id, offer, member, form.text("form_id") or None)
    except Invalid as error:
        return _offer_page(request, entry, form.wrong(error.fields), 422)
    return see_other(f"/feed/{entry.item.id}?offered")


async def take_back(request: web.Request) -> web.Response:
    """POST /feed/{id}/take-back: our offer, before they answered it."""
    member = dispatcher_of(request)
    community = community_of(request)
    entry = await feed.get(community, request.match_info["id"])
    if entry.own_response is None:
        raise NotFound
    await responses.withdraw(community, entry.own_response.id, member)
    return see_other(f"/feed/{entry.item.id}")


def read_offer(form: Form) -> HelpOffer:
    """What we offer, as typed. Raises Invalid."""
    reader = Reader(form)
    quantity = reader.number("quantity", Decimal(1))
    until = end_of(reader.day("until"))
    reader.check()
    return HelpOffer(quantity=quantity, text=reader.text("text"), until=until)


def _offer_page(request: web.Request, entry: FeedEntry, form: Form, status: int = 200) -> web.Response:
    return render(request, "offer_help.html", status=status, entry=entry, form=form)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/feed", show_feed),
    web.get("/feed/{id}", show_item),
    web.get("/feed/{id}/offer", show_offer),
    web.post("/feed/{id}/offer", offer_help),
    web.post("/feed/{id}/take-back", take_back),
)
