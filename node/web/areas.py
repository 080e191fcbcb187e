"""Our areas, for stewards: added, several at once; each renamed, moved on the list, taken off it."""

import re
from decimal import Decimal
from urllib.parse import quote

from aiohttp import web

from node.context import community_of
from node.domain.areas import Area
from node.domain.errors import Conflict, Invalid
from node.domain.spelling import plain_digits
from node.services import areas
from node.web.choices import places_after
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.sessions import VISIT, steward_of
from node.web.words import _

PATH = "/settings/areas"
CHANGE = f"{PATH}/change"
_NUMBER = r"([+-]?\d{1,3}(?:\.\d{1,15})?)"
_MIDDLE = re.compile(rf"{_NUMBER}(?:\s*[,;،]\s*|\s+){_NUMBER}", re.ASCII)
_SAID = {
    "saved": _("It is noted. It counts from now on."),
    "gone": _("That area is not on the list any more."),
}


async def show(request: web.Request) -> web.Response:
    """GET /settings/areas."""
    steward_of(request)
    return _list_page(request, Form(), changed=_SAID.get(request.query.get("said", ""), ""))


async def add(request: web.Request) -> web.Response:
    """POST /settings/areas: one on each line."""
    steward, form = steward_of(request), await read_form(request)
    try:
        await areas.add(community_of(request), form.text("names").splitlines(), steward)
    except Invalid as error:
        return _list_page(request, form.wrong(error.fields), status=422)
    return see_other(f"{PATH}?said=saved")


async def show_one(request: web.Request) -> web.Response:
    """GET /settings/areas/change?name=…"""
    steward_of(request)
    known = request[VISIT].profile.areas
    place = next((number for number, one in enumerate(known) if one.name == request.query.get("name")), None)
    if place is None:
        return see_other(f"{PATH}?said=gone")
    area, behind = known[place], known[place - 1].name if place else ""
    return _one_page(request, Form().given(of=area.name, name=area.name, middle=middle_said(area), behind=behind))


async def change(request: web.Request) -> web.Response:
    """POST /settings/areas/change."""
    steward, form = steward_of(request), await read_form(request)
    of = form.text("of")
    try:
        wanted = read_area(form)
        await areas.change(community_of(request), of, wanted, form.text("behind"), steward)
    except Invalid as error:
        return _one_page(request, form.wrong(error.fields), status=422)
    except Conflict:
        return see_other(f"{PATH}?said=gone")
    return see_other(f"{PATH}?said=saved")


async def remove(request: web.Request) -> web.Response:
    """POST /settings/areas/remove. Twice is as good as once."""
    steward, form = steward_of(request), await read_form(request)
    await areas.remove(community_of(request), form.text("of"), steward)
    return see_other(f"{PATH}?said=gone")


def read_area(form: Form) -> Area:
    """An area as it was typed: its middle is two numbers, degrees north and east, in one field. Raises Invalid."""
    typed = " ".join(plain_digits(form.text("middle")).split())
    found = _MIDDLE.fullmatch(typed)
    if typed and found is None:
        raise Invalid({"middle": _("Write the two numbers as a map shows them, such as 51.54, -0.12.")})
    if found is None:
        return Area(form.text("name"))
    return Area(form.text("name"), Decimal(found[1]), Decimal(found[2]))


def middle_said(area: Area) -> str:
    """The same, to be typed again."""
    return "" if area.latitude is None or area.longitude is None else f"{area.latitude:f}, {area.longitude:f}"


def _list_page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    known = tuple((area, f"{CHANGE}?name={quote(area.name, safe='')}") for area in request[VISIT].profile.areas)
    return render(request, "settings_areas.html", status=status, form=form, known=known, changed=changed)


def _one_page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    of = form.text("of")
    places = places_after((area.name, area.name) for area in request[VISIT].profile.areas if area.name != of)
    return render(request, "settings_area.html", status=status, form=form, of=of, places=places)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(PATH, show),
    web.post(PATH, add),
    web.get(CHANGE, show_one),
    web.post(CHANGE, change),
    web.post(f"{PATH}/remove", remove),
)
