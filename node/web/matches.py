"""Matches: offers beside a need with the reason, proposed, agreed, done, or undone without blame."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from node.context import community_of
from node.domain.errors import Conflict, NotFound
from node.domain.matches import Fit
from node.domain.members import Member
from node.domain.notices import Kind
from node.services import matching, needs
from node.services.community import Community
from node.web.forms import read_form
from node.web.pages import render, see_other
from node.web.sessions import dispatcher_of
from node.web.words import _, listed

FITS = {
    Fit.CATEGORY: _("the same kind"),
    Fit.AREA: _("the same part of town"),
    Fit.LANGUAGE: _("a shared language"),
    Fit.TIME: _("in time"),
    Fit.AMOUNT: _("enough of it"),
}
SAID = {
    "proposed": _("It is proposed. Ask both; what they say decides."),
    "agreed": _("It is agreed, and promised to nobody else."),
    "done": _("It is noted as done."),
    "undone": _("Both are as they were. No reason was needed."),
}


async def show_matches(request: web.Request) -> web.Response:
    """GET /dispatch/{id}/matches: what is being brought together, and for a need what may be."""
    return await _page(request, changed=SAID.get(request.query.get("said", ""), ""))


async def propose(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/matches."""
    need_id = request.match_info["id"]
    return await _do(
        request, "proposed", "offer", lambda community, offer_id, by: matching.propose(community, need_id, offer_id, by)
    )


async def agree(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/matches/agree."""
    return await _do(request, "agreed", "match", matching.agree_on)


async def finish(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/matches/done."""
    return await _do(request, "done", "match", matching.done)


async def undo(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/matches/undo."""
    return await _do(request, "undone", "match", matching.undo)


async def _do(
    request: web.Request, said: str, field: str, deed: Callable[[Community, str, Member], Awaitable[object]]
) -> web.Response:
    """Do it with what was chosen; what is in the way stands on the page."""
    member = dispatcher_of(request)
    try:
        await deed(community_of(request), (await read_form(request)).text(field), member)
    except (Conflict, NotFound) as error:
        return await _page(request, 409, trouble=error.message)
    return see_other(f"/dispatch/{request.match_info['id']}/matches?said={said}")


async def _page(request: web.Request, status: int = 200, changed: str = "", trouble: str = "") -> web.Response:
    member, community = dispatcher_of(request), community_of(request)
    notice = await needs.get(community, request.match_info["id"])
    suggested = await matching.suggestions(community, notice.id, member)
    return render(
        request,
        "matches.html",
        status=status,
        notice=notice,
        is_need=notice.kind is Kind.NEED,
        path=f"/dispatch/{notice.id}",
        matches=await matching.of_notice(community, notice.id, member),
        suggestions=tuple((one, listed(FITS[fit] for fit in one.reasons)) for one in suggested),
        changed=changed,
        trouble=trouble,
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/dispatch/{id}/matches", show_matches),
    web.post("/dispatch/{id}/matches", propose),
    web.post("/dispatch/{id}/matches/agree", agree),
    web.post("/dispatch/{id}/matches/done", finish),
    web.post("/dispatch/{id}/matches/undo", undo),
)
