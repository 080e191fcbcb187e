"""Other communities' offers of help for our notices: agree and release field by field, or say not this time."""

from datetime import timedelta
from decimal import Decimal

from aiohttp import web

from node.context import community_of
from node.domain.errors import Conflict, Invalid, NotFound
from node.domain.responses import ResponseState, Side
from node.domain.rest import still_until
from node.domain.shares import DEFAULT_LEASE, LONGEST_LEASE_HOURS, SHORTEST_LEASE_HOURS
from node.services import openings, responses
from node.services.responses import ResponseLine
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.sealed_words import field_name
from node.web.sessions import dispatcher_of
from node.web.words import FIELD_NAMES, _, field_names


async def show_responses(request: web.Request) -> web.Response:
    """GET /responses: what waits for an answer first; strangers apart from communities we are linked with."""
    dispatcher_of(request)
    lines = await responses.listing(community_of(request))
    linked = tuple(line for line in lines if line.is_known_peer)
    return render(
        request,
        "responses.html",
        waiting=tuple(line for line in linked if _waits(line)),
        answered=tuple(line for line in linked if not _waits(line)),
        strangers=tuple(line for line in lines if not line.is_known_peer),
    )


async def show_response(request: web.Request) -> web.Response:
    """GET /responses/{id}."""
    dispatcher_of(request)
    line = await _line(request)
    changed = {
        "agreed": _("It is agreed. They have been told, and the task has begun."),
        "declined": _("They have been told. The notice stays open here."),
    }.get(request.query.get("changed", ""), "")
    return await _page(request, line, _with_lease(Form(), line), changed=changed)


async def agree(request: web.Request) -> web.Response:
    """POST /responses/{id}/agree: hand over for a while, releasing only the ticked fields."""
    member = dispatcher_of(request)
    community = community_of(request)
    line = await _line(request)
    form = await read_form(request)
    release = tuple(name for name in FIELD_NAMES if form.has("release", name))
    try:
        until = community.now() + read_lease(form, _usual_hours(line))
        await responses.agree(community, line.response.id, release, until, member)
    except Invalid as error:
        return await _page(request, line, form.wrong(error.fields), 422)
    except Conflict as error:
        return await _page(request, await _line(request), form, 409, trouble=error.message)
    return see_other(f"/responses/{line.response.id}?changed=agreed")


async def decline(request: web.Request) -> web.Response:
    """POST /responses/{id}/decline: not this time, with a few words if there are any."""
    member = dispatcher_of(request)
    community = community_of(request)
    line = await _line(request)
    form = _with_lease(await read_form(request), line)
    try:
        await responses.decline(community, line.response.id, form.text("text").strip(), member)
    except Invalid as error:
        return await _page(request, line, form.wrong(error.fields), 422)
    except Conflict as error:
        return await _page(request, await _line(request), form, 409, trouble=error.message)
    return see_other(f"/responses/{line.response.id}?changed=declined")


def read_lease(form: Form, usual: Decimal) -> timedelta:
    """How long the other community has it. Raises Invalid."""
    reader = Reader(form)
    hours = reader.number("lease_hours", usual)
    if not SHORTEST_LEASE_HOURS <= hours <= LONGEST_LEASE_HOURS:
        reader.errors["lease_hours"] = _("Write a number of hours from 0.01 to 1440.")
    reader.check()
    return timedelta(hours=float(hours))


async def _line(request: web.Request) -> ResponseLine:
    """The offer of help this page is about: one made to us, not one of ours. Raises NotFound."""
    line = await responses.get(community_of(request), request.match_info["id"])
    if line.response.side is not Side.ORIGIN:
        raise NotFound
    return line


async def _page(request: web.Request, line: ResponseLine, form: Form, status: int = 200, **words: str) -> web.Response:
    filled = await openings.filled_fields(community_of(request), line.notice.id) if line.notice else ()
    return render(
        request,
        "response.html",
        status=status,
        line=line,
        form=form,
        waits=_waits(line),
        rest=still_until(line.resting_until, community_of(request).now()),
        fields=_releasable(filled),
        released=field_names(line.response.released),
        **{"changed": "", "trouble": "", **words},
    )


def _releasable(filled: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    """What there is to tick; everything for the door goes together."""
    names = dict.fromkeys("arrival_card" if name == "arrival" else name for name in filled)
    return tuple((name, field_name(name), "") for name in names)


def _waits(line: ResponseLine) -> bool:
    return line.response.state == ResponseState.OFFERED


def _with_lease(form: Form, line: ResponseLine) -> Form:
    """The form to agree, which stands beside the one to decline, with the usual hours."""
    return form.given(lease_hours=f"{_usual_hours(line).normalize():f}")


def _usual_hours(line: ResponseLine) -> Decimal:
    lease = line.share.lease if line.share else DEFAULT_LEASE
    return Decimal(int(lease.total_seconds())) / 3600


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/responses", show_responses),
    web.get("/responses/{id}", show_response),
    web.post("/responses/{id}/agree", agree),
    web.post("/responses/{id}/decline", decline),
)
