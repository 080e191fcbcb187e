"""The community practises, for stewards: before it opens, everything may be tried out, and is erased at the end."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Conflict
from node.services import practice
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.sessions import VISIT, steward_of
from node.web.words import _

PATH = "/practice"
END = "/practice/end"
_SAID = {
    "begun": _("We are practising. Every page says so, to guests too."),
    "over": _("What was practised is erased. From now on everything here is for real."),
}


async def show(request: web.Request) -> web.Response:
    """GET /practice."""
    steward = steward_of(request)
    why_not = await practice.may_begin(community_of(request), steward)
    changed = _SAID.get(request.query.get("said", ""), "")
    return render(request, "practice.html", form=Form().given(samples="yes"), why_not=why_not, changed=changed)


async def begin(request: web.Request) -> web.Response:
    """POST /practice. Twice is as good as once."""
    steward, form = steward_of(request), await read_form(request)
    await practice.start(community_of(request), steward, with_samples=form.has("samples", "yes"))
    return see_other(f"{PATH}?said=begun")


async def ask_end(request: web.Request) -> web.Response:
    """GET /practice/end: what is erased, and what stays."""
    steward_of(request)
    if not request[VISIT].profile.practice.is_under_way:
        return see_other(PATH)
    return render(request, "practice_end.html")


async def end(request: web.Request) -> web.Response:
    """POST /practice/end. Twice is as good as once."""
    steward = steward_of(request)
    try:
        await practice.end(community_of(request), steward)
    except Conflict:
        return see_other(PATH)
    return see_other(f"{PATH}?said=over")


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(PATH, show),
    web.post(PATH, begin),
    web.get(END, ask_end),
    web.post(END, end),
)
