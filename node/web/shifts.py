"""Shifts on the page of the start of a shift: written down, taken, let go, taken off the list."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from aiohttp import web

from node.context import community_of
from node.domain.errors import Conflict, Invalid
from node.services import shifts
from node.services.shifts import ShiftDraft
from node.web.forms import Form, Reader, read_form
from node.web.pages import see_other
from node.web.sessions import dispatcher_of
from node.web.shift import shift_page
from node.web.words import _, zone

PATH = "/shift/times"
_MISSING = {
    "day": _("Write down the day."),
    "from": _("Write when it begins, such as 14:30."),
    "until": _("Write when it ends, such as 18:00."),
}


async def write(request: web.Request) -> web.Response:
    """POST /shift/times: a shift, in one week or in several."""
    member, form = dispatcher_of(request), await read_form(request)
    try:
        await shifts.write(community_of(request), _read(form), member, form.text("form_id") or None)
    except Invalid as error:
        return await shift_page(request, form.wrong(error.fields), 422)
    except Conflict as error:
        return await shift_page(request, form.wrong({"shift": error.message}), 409)
    return see_other("/shift")


async def take(request: web.Request) -> web.Response:
    """POST /shift/times/{shift}/take: “I take it”."""
    await shifts.take(community_of(request), request.match_info["shift"], dispatcher_of(request))
    return see_other("/shift")


async def let_go(request: web.Request) -> web.Response:
    """POST /shift/times/{shift}/let-go: “not me after all”."""
    await shifts.let_go(community_of(request), request.match_info["shift"], dispatcher_of(request))
    return see_other("/shift")


async def take_off(request: web.Request) -> web.Response:
    """POST /shift/times/{shift}/take-off: it does not take place."""
    await shifts.take_off(community_of(request), request.match_info["shift"], dispatcher_of(request))
    return see_other("/shift")


def _read(form: Form) -> ShiftDraft:
    reader = Reader(form)
    day, start, end = reader.day("day"), reader.time("from"), reader.time("until")
    weeks = reader.number("weeks", Decimal(1))
    for name, value in (("day", day), ("from", start), ("until", end)):
        if value is None:
            reader.errors.setdefault(name, _MISSING[name])
    if weeks != weeks.to_integral_value():
        reader.errors["weeks"] = _("Write a whole number.")
    words = reader.text("shift")
    reader.check()
    starts_at, ends_at = _moments(day or date.min, start or time.min, end or time.min)
    return ShiftDraft(starts_at, ends_at, words, int(weeks))


def _moments(day: date, start: time, end: time) -> tuple[datetime, datetime]:
    """Where people live; an end that is not after the beginning is of the next day, as far as there is one."""
    last = day if end > start or day == date.max else day + timedelta(days=1)
    return datetime.combine(day, start, zone()), datetime.combine(last, end, zone())


ROUTES: tuple[web.RouteDef, ...] = (
    web.post(PATH, write),
    web.post(PATH + "/{shift}/take", take),
    web.post(PATH + "/{shift}/let-go", let_go),
    web.post(PATH + "/{shift}/take-off", take_off),
)
