"""Our areas, for stewards: added, several at once; each renamed, moved on the list or into a larger one, taken off."""

import re
from decimal import Decimal

from aiohttp import web

from node.context import community_of
from node.domain.areas import Area, may_hold, tree
from node.domain.errors import Conflict, Invalid
from node.domain.spelling import plain_digits
from node.services import areas
from node.web.area_words import area_options
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
        await areas.add(community_of(request), form.text("names").splitlines(), steward, form.text("within"))
    except Invalid as error:
        return _list_page(request, form.wrong(error.fields), status=422)
    return see_other(f"{PATH}?said=saved")


async def show_one(request: web.Request) -> web.Response:
    """GET /settings/areas/change?name=…"""
    steward_of(request)
    area = _named(request, request.query.get("name", ""))
    if area is None:
        return see_other(f"{PATH}?said=gone")
    beside = ["", *(one.name for one in _beside(request, area))]
    behind = beside[beside.index(area.name) - 1]
    typed = {"of": area.name, "name": area.name, "within": area.within, "behind": behind}
    return _one_page(request, Form().given(**typed, middle=middle_said(area)))


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


async def tell(request: web.Request) -> web.Response:
    """POST /settings/areas/told: whether others are told the larger area alone."""
    steward, form = steward_of(request), await read_form(request)
    await areas.tell_larger_only(community_of(request), steward, is_so=form.has("larger_areas_only", "yes"))
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
        return Area(form.text("name"), within=form.text("within"))
    return Area(form.text("name"), Decimal(found[1]), Decimal(found[2]), form.text("within"))


def middle_said(area: Area) -> str:
    """The same, to be typed again."""
    return "" if area.latitude is None or area.longitude is None else f"{area.latitude:f}, {area.longitude:f}"


def _list_page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    larger = _larger(request, may_hold(request[VISIT].profile.areas, ""))
    told = Form().given(larger_areas_only="yes" if request[VISIT].profile.larger_areas_only else "")
    return render(request, "settings_areas.html", status=status, form=form, told=told, larger=larger, changed=changed)


def _one_page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    of, known = form.text("of"), request[VISIT].profile.areas
    area = _named(request, of)
    if area is None:
        return see_other(f"{PATH}?said=gone")
    return render(
        request,
        "settings_area.html",
        status=status,
        form=form,
        of=of,
        larger=_larger(request, may_hold(known, of)),
        places=places_after((one.name, one.name) for one in _beside(request, area) if one.name != of),
        is_told_after=request[VISIT].profile.larger_areas_only and not area.within,
        smaller=tuple(branch.area.name for branch in tree(known, of)),
    )


def _named(request: web.Request, name: str) -> Area | None:
    return next((one for one in request[VISIT].profile.areas if one.name == name), None)


def _beside(request: web.Request, area: Area) -> tuple[Area, ...]:
    """What lies in the same one, with itself."""
    return tuple(one for one in request[VISIT].profile.areas if one.within == area.within)


def _larger(request: web.Request, holders: tuple[Area, ...]) -> tuple[tuple[str, str], ...]:
    """Within which an area may lie, in words; nothing to choose where there is none."""
    known = {one.name for one in holders}
    found = tuple(one for one in area_options(request[VISIT].profile.areas) if one[0] in known)
    return (("", _("no, by itself")), *found) if found else ()


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(PATH, show),
    web.post(PATH, add),
    web.get(CHANGE, show_one),
    web.post(CHANGE, change),
    web.post(f"{PATH}/remove", remove),
    web.post(f"{PATH}/told", tell),
)
