"""The community rests, for stewards: until when, longer or shorter, and back early."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Conflict, Invalid
from node.domain.rest import LONGEST
from node.services import rest
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.sessions import steward_of
from node.web.until import end_of
from node.web.words import _

_CHANGED = {
    "begun": _("It is noted until when we rest, and our neighbours are told."),
    "over": _("We are back, and our neighbours are told."),
}


async def show_rest(request: web.Request) -> web.Response:
    """GET /rest."""
    steward_of(request)
    changed = next((words for name, words in _CHANGED.items() if name in request.query), "")
    return await _page(request, Form(), changed=changed)


async def declare(request: web.Request) -> web.Response:
    """POST /rest: until the end of a day."""
    steward = steward_of(request)
    form = await read_form(request)
    try:
        reader = Reader(form)
        until = end_of(reader.day("until"))
        reader.check()
        await rest.declare(community_of(request), until, steward)
    except Invalid as error:
        return await _page(request, form.wrong(error.fields), 422)
    return see_other("/rest?begun")


async def end_early(request: web.Request) -> web.Response:
    """POST /rest/end. Twice is as good as once."""
    steward = steward_of(request)
    try:
        await rest.end_early(community_of(request), steward)
    except Conflict:
        return see_other("/rest")
    return see_other("/rest?over")


async def _page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    until = await rest.resting_until(community_of(request))
    return render(request, "rest.html", status=status, form=form, until=until, longest=LONGEST.days, changed=changed)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/rest", show_rest),
    web.post("/rest", declare),
    web.post("/rest/end", end_early),
)
