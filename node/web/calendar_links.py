"""A dispatcher's private calendar link: made, shown once, made anew, ended."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid
from node.services import calendars
from node.web.forms import read_form
from node.web.pages import render
from node.web.sessions import signed_in
from node.web.words import _

_SAID = {"end": _("The link opens nothing any more.")}


async def show(request: web.Request) -> web.Response:
    """GET /account/calendar."""
    signed_in(request)
    return await _page(request)


async def change(request: web.Request) -> web.Response:
    """POST /account/calendar: a new link, or none. A new one is on this page alone."""
    member, wish = signed_in(request), (await read_form(request)).text("to")
    community = community_of(request)
    if wish == "new":
        return await _page(request, link=await calendars.make_link(community, member))
    if wish == "end":
        await calendars.end_link(community, member)
        return await _page(request, changed=_SAID["end"])
    raise Invalid({"to": _("Choose one of the buttons on the page.")})


async def _page(request: web.Request, link: str = "", changed: str = "") -> web.Response:
    has_link = await calendars.has_link(community_of(request), signed_in(request))
    return render(request, "account_calendar.html", link=link, changed=changed, has_link=has_link)


ROUTES: tuple[web.RouteDef, ...] = (web.get("/account/calendar", show), web.post("/account/calendar", change))
