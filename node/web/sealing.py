"""Sealing the node, for stewards: what it does, the passphrase, the second steward, and the one button."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid
from node.services import sealing
from node.services.community import profile
from node.web.closed import closed
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.sessions import steward_of, take_cookie
from node.web.words import _

_CHANGED = {
    "chosen": _("The passphrase is chosen. Write it on paper, and keep it with two people, away from the server."),
    "two": _("From now on it takes two stewards."),
    "asked": _("It is noted that you want to seal. As soon as a second steward presses the button, it is done."),
    "back": _("It is not to be sealed now."),
}


async def show_sealing(request: web.Request) -> web.Response:
    """GET /seal."""
    steward_of(request)
    changed = next((words for name, words in _CHANGED.items() if name in request.query), "")
    return await _page(request, Form(), changed=changed)


async def seal(request: web.Request) -> web.StreamResponse:
    """POST /seal: the one action. What is answered is already the closed page."""
    community, steward = community_of(request), steward_of(request)
    if not await sealing.seal(community, steward):
        return see_other("/seal?asked")
    response = closed(request, await profile(community))
    take_cookie(response, community)
    return response


async def choose_passphrase(request: web.Request) -> web.Response:
    """POST /seal/passphrase."""
    steward = steward_of(request)
    form = await read_form(request)
    try:
        await sealing.choose_passphrase(community_of(request), form.text("passphrase"), form.text("again"), steward)
    except Invalid as error:
        return await _page(request, form.wrong(error.fields), 422)
    return see_other("/seal?chosen")


async def require_two(request: web.Request) -> web.Response:
    """POST /seal/two."""
    steward = steward_of(request)
    await sealing.require_two(community_of(request), True, steward)
    return see_other("/seal?two")


async def take_back(request: web.Request) -> web.Response:
    """POST /seal/take-back."""
    steward = steward_of(request)
    await sealing.take_back(community_of(request), steward)
    return see_other("/seal?back")


async def _page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    standing = await sealing.standing(community_of(request), steward_of(request))
    return render(request, "seal.html", status=status, standing=standing, form=form, changed=changed)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/seal", show_sealing),
    web.post("/seal", seal),
    web.post("/seal/passphrase", choose_passphrase),
    web.post("/seal/two", require_two),
    web.post("/seal/take-back", take_back),
)
