"""Places and services worth knowing: ours, and beside them what neighbouring communities tell us of."""

from urllib.parse import urlencode

from aiohttp import web

from node.context import community_of
from node.domain.errors import NotFound
from node.services import feed, told
from node.services.feed import FeedEntry
from node.services.told import Search
from node.web.category_words import every_category, own_categories
from node.web.forms import Form
from node.web.pages import render
from node.web.posting_forms import form_of_copy
from node.web.postings import RESOURCES, form_page, over_of
from node.web.sessions import VISIT, dispatcher_of, member_of
from node.web.words import _


async def show_resources(request: web.Request) -> web.Response:
    """GET /resources: `category` and `q` narrow it down; for people without an account only what is for everyone."""
    community, member = community_of(request), member_of(request)
    category = request.query.get("category") or None
    own = own_categories()
    category = category if category and own.knows(category) else None
    q = " ".join(request.query.get("q", "").split()) or None
    page = await told.listing(community, member, Search(RESOURCES.kind, category, q), request.query.get("after"))
    theirs: tuple[FeedEntry, ...] = ()
    if member is not None and not request.query.get("after"):
        theirs = await feed.places(community, own.like(category) if category else None, q)
    chosen = {"category": category or "", "q": q or ""}
    return render(
        request,
        "resources.html",
        page=page,
        theirs=theirs,
        over=await over_of(RESOURCES, request),
        form=Form().given(**chosen),
        filtered=any(chosen.values()),
        categories=(("", _("Everything")), *every_category()),
        older="/resources?" + urlencode({**chosen, "after": page.next or ""}),
    )


async def show_copy(request: web.Request) -> web.Response:
    """GET /feed/{id}/copy: the form for a resource of our own, filled with what another community tells of one."""
    dispatcher_of(request)
    entry = await feed.get(community_of(request), request.match_info["id"])
    if entry.item.facts is None:
        raise NotFound
    languages = request[VISIT].profile.languages
    known = entry.item.language if entry.item.language in languages else ""
    return await form_page(request, RESOURCES, form_of_copy(entry.item, known or (languages or ("",))[0]))


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/resources", show_resources),
    web.get("/feed/{id}/copy", show_copy),
)
