"""How our pages look, for stewards: the accent."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid
from node.domain.look import Accent
from node.services import look
from node.web.accents import SWATCHES, WORDS, accent_of
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.sessions import VISIT, steward_of
from node.web.words import _

PATH = "/settings/look"


async def show(request: web.Request) -> web.Response:
    """GET /settings/look."""
    steward_of(request)
    changed = _("It is saved. Every page looks like this now.") if "saved" in request.query else ""
    return _page(request, Form().given(accent=accent_of(request[VISIT].profile.accent)), changed=changed)


async def save(request: web.Request) -> web.Response:
    """POST /settings/look."""
    steward, form = steward_of(request), await read_form(request)
    reader = Reader(form)
    try:
        accent = reader.word("accent", Accent, accent_of(request[VISIT].profile.accent))
        reader.check()
    except Invalid as error:
        return _page(request, form.wrong(error.fields), status=422)
    await look.wear(community_of(request), accent, steward)
    return see_other(f"{PATH}?saved")


def _page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    choices = WORDS.items()
    return render(
        request, "settings_look.html", status=status, form=form, accents=choices, swatches=SWATCHES, changed=changed
    )


ROUTES: tuple[web.RouteDef, ...] = (web.get(PATH, show), web.post(PATH, save))
