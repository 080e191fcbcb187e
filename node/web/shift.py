"""The start of a shift: what the last one left written, and whom to call."""

from aiohttp import web

from node.context import community_of
from node.domain import days
from node.domain.errors import Conflict, Invalid
from node.domain.members import Member
from node.domain.notices import Kind
from node.domain.queue import Part
from node.services import call_backs, hand_over, leases, queue, shifts
from node.services.community import Community
from node.services.queue import Line, NoticeFilter
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.sessions import dispatcher_of
from node.web.words import zone


async def show(request: web.Request) -> web.Response:
    """GET /shift."""
    dispatcher_of(request)
    return await shift_page(request, Form())


async def write(request: web.Request) -> web.Response:
    """POST /shift: a note for the next shift."""
    member, form = dispatcher_of(request), await read_form(request)
    try:
        await hand_over.write(community_of(request), form.text("text"), member, form.text("form_id") or None)
    except Invalid as error:
        return await shift_page(request, form.wrong(error.fields), 422)
    except Conflict as error:
        return await shift_page(request, form.wrong({"text": error.message}), 409)
    return see_other("/shift")


async def take_off(request: web.Request) -> web.Response:
    """POST /shift/{note}/take-off: it is done."""
    await hand_over.take_off(community_of(request), request.match_info["note"], dispatcher_of(request))
    return see_other("/shift")


async def shift_page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    """The start of a shift, with `form` as it was typed into any of its forms."""
    community = community_of(request)
    asking = await _to_ask(community, dispatcher_of(request))
    return render(
        request,
        "shift.html",
        status=status,
        form=form if form.text("form_id") else form.given(form_id=community.new_id()),
        notes=await hand_over.listing(community, dispatcher_of(request)),
        to_ask=asking,
        calls=await _calls(community, frozenset(line.notice.id for line in asking)),
        shifts=await shifts.listing(community, dispatcher_of(request)),
        came_home=await leases.lately_home(community),
    )


async def _to_ask(community: Community, by: Member) -> tuple[Line, ...]:
    """Whom to call to ask something, needs before offers."""
    queues = [await queue.queue(community, NoticeFilter(kind), by, Part.TO_ASK) for kind in Kind]
    return tuple(line for one in queues for line in one.parts.get(Part.TO_ASK, ()))


async def _calls(
    community: Community, asked: frozenset[str]
) -> tuple[tuple[str, tuple[call_backs.CallBackLine, ...]], ...]:
    """Whom to call: today or before, and later; without the notices about which somebody is `asked` today."""
    found = [line for line in await call_backs.due(community) if line.notice.id not in asked]
    today = days.today(community.now(), zone())
    due = tuple(line for line in found if days.today(line.call_back.due_at, zone()) <= today)
    later = tuple(line for line in found if line not in due)
    return ("due", due), ("later", later)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/shift", show),
    web.post("/shift", write),
    web.post("/shift/{note}/take-off", take_off),
)
