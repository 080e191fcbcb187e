"""A need handed from one community to another for a while: where it stands, the clock, and how it ends."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from decimal import Decimal

from aiohttp import web

from node.context import community_of
from node.domain.errors import Conflict, Invalid, NotAllowed, NotFound, PeerTrouble
from node.domain.responses import ResponseState, Side
from node.problems import status_of
from node.services import handoffs, leases, more_time, openings
from node.services.meeting import meeting_phrase
from node.services.responses import ResponseLine
from node.web.forms import Form, Reader, read_form
from node.web.opening import read_why, reasons
from node.web.pages import render, see_other
from node.web.released import read_details
from node.web.sessions import dispatcher_of
from node.web.until import left
from node.web.words import _, field_names

CHANGED = {
    ResponseState.UNDER_WAY: _("It is noted as under way. The other community has been told."),
    ResponseState.MET: _("It is noted as met. Thank you."),
    ResponseState.PARTLY: _("It is noted as partly met. The rest is open again at its origin."),
    ResponseState.RETURNED: _("It is back at its origin. No reason was needed."),
}
MOST_HOURS = Decimal(1440)
#: What `?changed=` may say besides.
SAID = {
    "more-time": _("They have more time, and have been told."),
    "asked": _("They have been asked. Until they answer, the time agreed now counts."),
    "late": _("They have been told that it was brought."),
}


async def show_tasks(request: web.Request) -> web.Response:
    """GET /tasks: shared tasks of both sides, running ones first."""
    dispatcher_of(request)
    community = community_of(request)
    lines = await handoffs.listing(community)
    now = community.now()
    running = tuple((line, _clock(line, now)) for line in lines if line.response.is_running)
    ended = tuple(line for line in lines if not line.response.is_running)
    return render(request, "tasks.html", running=running, ended=ended)


async def show_task(request: web.Request) -> web.Response:
    """GET /tasks/{id}."""
    dispatcher_of(request)
    line = await _line(request)
    word = request.query.get("changed", "")
    changed = next((text for state, text in CHANGED.items() if state == word), SAID.get(word, ""))
    return await _page(request, line, Form(), changed=changed)


async def show_details(request: web.Request) -> web.Response:
    """POST /tasks/{id}/details: ask the origin now for what was released. Nothing of it is kept here."""
    member = dispatcher_of(request)
    community = community_of(request)
    line = await _line(request)
    if line.response.side is not Side.HELPER:
        raise NotFound
    form = await read_form(request)
    try:
        details = read_details(await handoffs.released(community, line.response.id, member, read_why(form)))
    except Invalid as error:
        return await _page(request, line, form.wrong(error.fields), 422)
    except NotAllowed as error:
        return await _page(request, line, form.wrong({"reason": error.message}), 403)
    except (PeerTrouble, Conflict) as error:
        return await _page(request, line, form, status_of(error), trouble=error.message)
    return render(request, "task_details.html", line=line, note=details.note, meeting_phrase=details.meeting_phrase)


async def change_status(request: web.Request) -> web.Response:
    """POST /tasks/{id}/status."""
    member = dispatcher_of(request)
    community = community_of(request)
    line = await _line(request)
    form = await read_form(request)
    try:
        state, quantity = read_status(form)
        changed = await handoffs.set_status(community, line.response.id, state, quantity, member)
    except Invalid as error:
        return await _page(request, line, form.wrong(error.fields), 422)
    except Conflict as error:
        return await _page(request, await _line(request), form, 409, trouble=error.message)
    is_late = changed.state == ResponseState.RETURNED and state is not ResponseState.RETURNED
    return see_other(f"/tasks/{line.response.id}?changed={'late' if is_late else changed.state.replace(' ', '+')}")


async def give_more_time(request: web.Request) -> web.Response:
    """POST /tasks/{id}/more-time: so many hours beyond the time agreed now."""
    member, community = dispatcher_of(request), community_of(request)
    return await _more_time(
        request, "more-time", lambda one, until, _form: leases.give_more_time(community, one, until, member)
    )


async def ask_more_time(request: web.Request) -> web.Response:
    """POST /tasks/{id}/ask-more-time: so many hours beyond the time agreed now, asked of its origin."""
    member, community = dispatcher_of(request), community_of(request)
    return await _more_time(
        request, "asked", lambda one, until, form: more_time.ask(community, one, until, form.text("text"), member)
    )


async def _more_time(
    request: web.Request, said: str, deed: Callable[[str, datetime, Form], Awaitable[object]]
) -> web.Response:
    """Give it, or ask for it; what is wrong with the new end stands beside the hours."""
    line, form = await _line(request), await read_form(request)
    try:
        until = (line.response.lease_until or community_of(request).now()) + read_hours(form)
        await deed(line.response.id, until, form)
    except Invalid as error:
        faults = {"hours" if name == "until" else name: fault for name, fault in error.fields.items()}
        return await _page(request, line, form.wrong(faults), 422)
    except Conflict as error:
        return await _page(request, await _line(request), form, 409, trouble=error.message)
    return see_other(f"/tasks/{line.response.id}?changed={said}")


def read_hours(form: Form) -> timedelta:
    """How many more. Raises Invalid."""
    reader = Reader(form)
    hours = reader.number("hours", Decimal(0))
    if not 0 < hours <= MOST_HOURS:
        reader.errors["hours"] = _("Write a number of hours from 1 to 1440.")
    reader.check()
    return timedelta(hours=float(hours))


async def show_hand_back(request: web.Request) -> web.Response:
    """GET /tasks/{id}/hand-back: what handing back means, before it is done."""
    dispatcher_of(request)
    line = await _line(request)
    return render(request, "task_hand_back.html", line=line)


def read_status(form: Form) -> tuple[ResponseState, Decimal | None]:
    """Where it stands now and, for partly met, how much was brought. Raises Invalid."""
    reader = Reader(form)
    state = next((state for state in CHANGED if state == form.text("status")), None)
    if state is None:
        raise Invalid({"status": _("Choose where it stands.")})
    if state != ResponseState.PARTLY:
        return state, None
    if not reader.text("quantity", missing=_("Write how much it was, such as 3 or 1.5.")):
        reader.check()
    quantity = reader.number("quantity", Decimal(0))
    if quantity <= 0:
        reader.errors.setdefault("quantity", _("Write a number above 0."))
    reader.check()
    return state, quantity


async def _line(request: web.Request) -> ResponseLine:
    """The task this page is about; an offer that was never agreed is none. Raises NotFound."""
    line = await handoffs.get(community_of(request), request.match_info["id"])
    if not line.response.is_handoff:
        raise NotFound
    return line


async def _page(request: web.Request, line: ResponseLine, form: Form, status: int = 200, **words: str) -> web.Response:
    community = community_of(request)
    is_ours = line.response.side is Side.ORIGIN
    return render(
        request,
        "task.html",
        status=status,
        line=line,
        form=form,
        clock=_clock(line, community.now()),
        released=field_names(line.response.released),
        meeting_phrase=meeting_phrase(community, line.response) if is_ours else "",
        openings=await openings.readings(community, line.response.id),
        reasons=reasons(),
        asked_hours=_asked_hours(line),
        **{"changed": "", "trouble": "", **words},
    )


def _asked_hours(line: ResponseLine) -> str:
    """How many hours beyond the time agreed now are asked for; nothing where nobody asked."""
    lease, wish = line.response.lease_until, line.response.more_time
    if lease is None or wish is None or wish.until <= lease:
        return ""
    return f"{(wish.until - lease) / timedelta(hours=1):.2f}".rstrip("0").rstrip(".")


def _clock(line: ResponseLine, now: datetime) -> str:
    """How long the lease still holds, in words; nothing once the task has ended."""
    lease = line.response.lease_until
    return left(lease, now) if lease is not None and line.response.is_running else ""


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/tasks", show_tasks),
    web.get("/tasks/{id}", show_task),
    web.post("/tasks/{id}/details", show_details),
    web.post("/tasks/{id}/status", change_status),
    web.post("/tasks/{id}/more-time", give_more_time),
    web.post("/tasks/{id}/ask-more-time", ask_more_time),
    web.get("/tasks/{id}/hand-back", show_hand_back),
)
