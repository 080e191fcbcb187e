"""Whose public posts we follow, anywhere in the fediverse."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Conflict, Invalid, PeerTrouble
from node.problems import status_of
from node.services import followed
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.sessions import steward_of
from node.web.words import _

_CHANGED = {
    "asked": _("They were asked. As soon as their server says yes, what they post for everyone is in the feed."),
    "ended": _("We follow them no longer, and what they posted is gone here."),
}
TYPES = {
    "Person": _("a person"),
    "Group": _("a group"),
    "Organization": _("a community"),
    "Service": _("a program"),
    "Application": _("a program"),
}


async def show_followed(request: web.Request) -> web.Response:
    """GET /following."""
    steward_of(request)
    changed = next((words for name, words in _CHANGED.items() if name in request.query), "")
    return await _page(request, Form(), changed=changed)


async def follow(request: web.Request) -> web.Response:
    """POST /following: find somebody by their address and follow them."""
    steward = steward_of(request)
    form = await read_form(request)
    try:
        reader = Reader(form)
        address = reader.text("address", missing=_("Write their address, such as @robin@social.example."))
        reader.check()
        await followed.follow(community_of(request), address, steward)
    except Invalid as error:
        return await _page(request, form.wrong(error.fields), 422)
    except (PeerTrouble, Conflict) as error:
        return await _page(request, form.wrong({"address": error.message}), status_of(error))
    return see_other("/following?asked")


async def unfollow(request: web.Request) -> web.Response:
    """POST /following/{id}/end."""
    steward = steward_of(request)
    await followed.unfollow(community_of(request), request.match_info["id"], steward)
    return see_other("/following?ended")


async def _page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    found = await followed.listing(community_of(request), steward_of(request))
    return render(request, "followed.html", status=status, form=form, found=found, types=TYPES, changed=changed)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/following", show_followed),
    web.post("/following", follow),
    web.post("/following/{id}/end", unfollow),
)
