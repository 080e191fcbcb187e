"""Our card: how others link with us, and what we write to them before they ask."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid
from node.domain.link_texts import LONGEST
from node.services import link_texts
from node.services.community import profile
from node.services.link_texts import card
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.qr_codes import picture
from node.web.sessions import steward_of
from node.web.words import _


async def show_card(request: web.Request) -> web.Response:
    """GET /peers/card."""
    steward_of(request)
    form = Form().given(text=(await profile(community_of(request))).link_text)
    changed = _("Your text is saved, and our neighbours are told.") if "saved" in request.query else ""
    return await _page(request, form, changed=changed)


async def show_picture(request: web.Request) -> web.Response:
    """GET /peers/card.svg: our address as a QR code."""
    steward_of(request)
    return picture((await card(community_of(request))).link)


async def save_text(request: web.Request) -> web.Response:
    """POST /peers/card: what we write to whoever links with us."""
    steward = steward_of(request)
    form = await read_form(request)
    try:
        await link_texts.write(community_of(request), form.text("text"), steward)
    except Invalid as error:
        return await _page(request, form.wrong(error.fields), 422)
    return see_other("/peers/card?saved")


async def note_read(request: web.Request) -> web.Response:
    """POST /peers/{id}/read: the changed text of a neighbour was read."""
    steward = steward_of(request)
    form, peer_id = await read_form(request), request.match_info["id"]
    await link_texts.note_read(community_of(request), peer_id, form.text("mark"), steward)
    return see_other(f"/peers/{peer_id}?done=read")


async def _page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    ours = await card(community_of(request))
    return render(request, "peer_card.html", status=status, form=form, card=ours, longest=LONGEST, changed=changed)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/peers/card", show_card),
    web.get("/peers/card.svg", show_picture),
    web.post("/peers/card", save_text),
    web.post("/peers/{id}/read", note_read),
)
