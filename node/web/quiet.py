"""Enough for today, and quiet hours, for helpers."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid
from node.services import quiet
from node.web.board import helper_of
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.words import _

SAID = {"saved": _("It is noted when you want to be left in peace.")}


async def show_quiet(request: web.Request) -> web.Response:
    """GET /account/quiet."""
    return await _page(request, None, changed=SAID.get(request.query.get("said", ""), ""))


async def set_quiet(request: web.Request) -> web.Response:
    """POST /account/quiet: from when until when, every day; nothing typed for no quiet hours."""
    member = helper_of(request)
    form = await read_form(request)
    try:
        await quiet.set_hours(community_of(request), form.text("since"), form.text("until"), member)
    except Invalid as error:
        return await _page(request, form.wrong(error.fields), 422)
    return see_other("/account/quiet?said=saved")


async def say_enough(request: web.Request) -> web.Response:
    """POST /board/enough: enough for today, or with `not` not after all."""
    member = helper_of(request)
    form = await read_form(request)
    await quiet.enough(community_of(request), not form.has("not", "yes"), member)
    return see_other("/board")


async def _page(request: web.Request, typed: Form | None, status: int = 200, changed: str = "") -> web.Response:
    wanted = await quiet.of(community_of(request), helper_of(request))
    hours = {name: f"{one:%H:%M}" if one else "" for name, one in (("since", wanted.since), ("until", wanted.until))}
    form = Form().given(**hours) if typed is None else typed
    return render(request, "quiet.html", status=status, form=form, changed=changed)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/account/quiet", show_quiet),
    web.post("/account/quiet", set_quiet),
    web.post("/board/enough", say_enough),
)
