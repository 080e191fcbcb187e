"""How carefully sealed notes are kept: the brake on opening them, what owners read about it, and the quick exit."""

from dataclasses import replace
from decimal import Decimal

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid
from node.domain.ways import MOST_OPENINGS, Ways, check_ways
from node.services import brakes
from node.services.ways import change, ways
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.sessions import steward_of
from node.web.words import _

PATH = "/settings/safety"

_SAID = {
    "saved": _("It is noted. It counts from now on."),
    "lifted": _("The brake is lifted. They can open sealed notes again."),
}


async def show_safety(request: web.Request) -> web.Response:
    """GET /settings/safety."""
    steward_of(request)
    form = _as_typed(await ways(community_of(request)))
    return await _page(request, form, changed=_SAID.get(request.query.get("said", ""), ""))


async def save_safety(request: web.Request) -> web.Response:
    """POST /settings/safety."""
    steward = steward_of(request)
    community = community_of(request)
    form = await read_form(request)
    try:
        await change(community, read_ways(form, await ways(community)), steward)
    except Invalid as error:
        return await _page(request, form.wrong(error.fields), 422)
    return see_other(f"{PATH}?said=saved")


async def lift_brake(request: web.Request) -> web.Response:
    """POST /settings/safety/lift/{id}: a member may open sealed notes again."""
    steward = steward_of(request)
    await brakes.lift(community_of(request), request.match_info["id"], steward)
    return see_other(f"{PATH}?said=lifted")


def read_ways(form: Form, before: Ways) -> Ways:
    """The ways as they were typed. Raises Invalid with everything that is wrong."""
    reader = Reader(form)
    openings = reader.number("openings_a_day", Decimal(before.openings_a_day))
    if reader.errors or openings != openings.to_integral_value():
        reader.errors["openings_a_day"] = _("Write a whole number from 1 to %d.") % MOST_OPENINGS
    typed = replace(
        before,
        openings_a_day=int(openings),
        names_to_owners=form.has("names_to_owners", "yes"),
        exit_address=reader.text("exit_address"),
    )
    try:
        check_ways(typed)
    except Invalid as wrong:
        reader.errors |= {name: said for name, said in wrong.fields.items() if name not in reader.errors}
    reader.check()
    return typed


def _as_typed(current: Ways) -> Form:
    return Form().given(
        openings_a_day=str(current.openings_a_day),
        names_to_owners="yes" if current.names_to_owners else "",
        exit_address=current.exit_address,
    )


async def _page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    alerts = await brakes.alerts(community_of(request), steward_of(request))
    return render(request, "safety.html", status=status, form=form, alerts=alerts, changed=changed)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(PATH, show_safety),
    web.post(PATH, save_safety),
    web.post(PATH + "/lift/{id}", lift_brake),
)
