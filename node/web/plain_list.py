"""The open needs as plain lines: to copy from a page, and at an address for whoever has the link."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Conflict, NotFound
from node.domain.notices import Notice
from node.services import plain_list
from node.web.category_words import category_name
from node.web.languages import tell
from node.web.pages import render, see_other
from node.web.sessions import dispatcher_of, steward_of
from node.web.words import amount, urgency_name

PATH = "/plain-list"


async def show(request: web.Request) -> web.Response:
    """GET /plain-list."""
    return await _page(request)


async def make_link(request: web.Request) -> web.Response:
    """POST /plain-list/link: the link is on this one answer and nowhere else."""
    community = community_of(request)
    key = await plain_list.make_link(community, steward_of(request))
    return await _page(request, f"{community.base_url}/needs.txt?link={key}")


async def end_link(request: web.Request) -> web.Response:
    """POST /plain-list/link/end."""
    await plain_list.end_link(community_of(request), steward_of(request))
    return see_other(PATH)


async def show_text(request: web.Request) -> web.Response:
    """GET /needs.txt?link=…: the lines alone, for whoever has the link."""
    try:
        found = await plain_list.by_link(community_of(request), request.query.get("link", ""))
    except NotFound as error:
        return web.Response(status=404, text=f"{error.message}\n")
    except Conflict as error:
        return web.Response(status=409, text=f"{error.message}\n")
    return web.Response(text=_text(found))


async def _page(request: web.Request, link: str = "") -> web.Response:
    community = community_of(request)
    text = _text(await plain_list.listing(community, dispatcher_of(request)))
    return render(request, "plain_list.html", text=text, link=link, has_link=await plain_list.has_link(community))


def _text(notices: tuple[Notice, ...]) -> str:
    return "".join(f"- {_line(notice)}\n" for notice in notices)


def _line(notice: Notice) -> str:
    wording = notice.wording
    day = wording.needed_by.isoformat() if wording.needed_by else ""
    is_one = notice.remaining == 1 and wording.unit == "one"
    more = (
        tell(category_name(wording.category_here)),
        "" if is_one else amount(notice.remaining, wording.unit),
        wording.area,
        urgency_name(wording.urgency),
        day,
    )
    return f"{wording.title} ({', '.join(filter(None, more))})"


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(PATH, show),
    web.post(f"{PATH}/link", make_link),
    web.post(f"{PATH}/link/end", end_link),
    web.get("/needs.txt", show_text),
)
