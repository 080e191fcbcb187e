"""How our pages look, for stewards: the accent, and the logo beside our name."""

from typing import Final

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid
from node.domain.look import Accent
from node.domain.pictures import LARGEST, LARGEST_SIDE, Bare, bare
from node.services import look
from node.web.accents import SWATCHES, WORDS, accent_of
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.sessions import VISIT, steward_of
from node.web.words import _
from node.web.worn import LEAST_ICON

PATH: Final = "/settings/look"
PICTURE: Final = "picture"
_SAID = {
    "saved": _("It is saved. Every page looks like this now."),
    "off": _("The logo is gone, and nothing is kept of it."),
}
#: Should somebody open the picture by itself, nothing in it may do anything.
_ALONE: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "public, max-age=31536000, immutable",
}


async def show(request: web.Request) -> web.Response:
    """GET /settings/look."""
    steward_of(request)
    form = Form().given(accent=accent_of(request[VISIT].profile.accent))
    return _page(request, form, changed=_SAID.get(request.query.get("said", ""), ""))


async def save(request: web.Request) -> web.Response:
    """POST /settings/look: everything that is wrong is told at once."""
    steward, form = steward_of(request), await read_form(request, (PICTURE,))
    reader = Reader(form)
    accent = reader.word("accent", Accent, accent_of(request[VISIT].profile.accent))
    picture = _sent_picture(reader)
    if reader.errors:
        return _page(request, form.wrong(reader.errors), status=422)
    await look.wear(community_of(request), accent, picture, steward)
    return see_other(f"{PATH}?said=saved")


async def take_off(request: web.Request) -> web.Response:
    """POST /settings/look/plain: no logo any more."""
    await look.take_logo_off(community_of(request), steward_of(request))
    return see_other(f"{PATH}?said=off")


async def show_logo(request: web.Request) -> web.Response:
    """GET /logo/{name}: the same for everybody, and never another picture under the same name."""
    found = await look.logo(community_of(request), request.match_info["name"])
    return web.Response(body=found.content, content_type=found.media_type, headers=_ALONE)


def _sent_picture(reader: Reader) -> Bare | None:
    """The picture that was chosen, if one was; what is wrong with it is the field's error."""
    sent = reader.form.files.get(PICTURE)
    if sent is None:
        return None
    try:
        return bare(sent.beginning, sent.size)
    except Invalid as error:
        reader.errors |= error.fields
        return None


def _page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    return render(
        request,
        "settings_look.html",
        status=status,
        form=form,
        accents=WORDS.items(),
        swatches=SWATCHES,
        most=LARGEST // 1000,
        side=LARGEST_SIDE,
        least=LEAST_ICON,
        changed=changed,
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(PATH, show),
    web.post(PATH, save),
    web.post(f"{PATH}/plain", take_off),
    web.get("/logo/{name}", show_logo),
)
