"""The helpers' board: what could be done, "I can do this", and how it went."""

from dataclasses import dataclass
from decimal import Decimal

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid, NotAllowed
from node.domain.members import Member, must_be_helper
from node.services import board, openings, taking_on
from node.services.taking_on import Ending
from node.web.category_words import category_name, own_categories
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.sessions import signed_in
from node.web.words import _

#: What `?said=` may say on the board, and on the page of one need.
SAID = {
    "done": _("It is noted as done. Thank you."),
    "partly": _("It is noted. The dispatchers look for the rest. Thank you."),
    "back": _("It is open again for others. No reason was needed, and nothing is kept of it."),
    "on": _("This is with you now. Thank you."),
    "along": _("You are on it, too. Thank you."),
}


@dataclass(frozen=True)
class _Reading:
    """One need, and the member who reads it."""

    request: web.Request
    member: Member
    notice_id: str

    @property
    def path(self) -> str:
        """The page of this need."""
        return f"/board/{self.notice_id}"


async def show_board(request: web.Request) -> web.Response:
    """GET /board: what is with the reader, and what is open; `?category=` narrows it down."""
    member = helper_of(request)
    wanted = request.query.get("category", "")
    category = wanted if own_categories().knows(wanted) else None
    found = await board.board(community_of(request), member, category)
    return render(
        request,
        "board.html",
        board=found,
        categories=(("", _("Everything")), *((key, category_name(key)) for key in found.categories)),
        form=Form().given(category=category or ""),
        filtered=category is not None,
        changed=SAID.get(request.query.get("said", ""), ""),
    )


async def show_notice(request: web.Request) -> web.Response:
    """GET /board/{id}."""
    return await _page(_reading(request), Form(), changed=SAID.get(request.query.get("said", ""), ""))


async def take_on(request: web.Request) -> web.Response:
    """POST /board/{id}/take-on: so much of it, or all that is open."""
    reading = _reading(request)
    form = await read_form(request)
    try:
        await taking_on.take_on(community_of(request), reading.notice_id, _amount(form), reading.member)
    except Invalid as error:
        return await _page(reading, form.wrong(error.fields), 422)
    return see_other(f"{reading.path}?said=on")


async def show_details(request: web.Request) -> web.Response:
    """POST /board/{id}/details: how to reach the person, on this one answer and nowhere else. The opening is noted."""
    reading = _reading(request)
    community = community_of(request)
    found = await board.get(community, reading.notice_id, reading.member)
    try:
        note = await openings.open_task_card(community, reading.notice_id, reading.member)
    except NotAllowed as error:
        return await _page(reading, Form(), 403, trouble=error.message)
    return render(request, "board_details.html", found=found, note=note, notice=found.notice, path=reading.path)


async def come_along(request: web.Request) -> web.Response:
    """POST /board/{id}/come-along: one more hand on what somebody else has."""
    reading = _reading(request)
    form = await read_form(request)
    await taking_on.come_along(community_of(request), reading.notice_id, form.text("part"), reading.member)
    return see_other(f"{reading.path}?said=along")


async def hand_back(request: web.Request) -> web.Response:
    """POST /board/{id}/hand-back. Twice is as good as once."""
    reading = _reading(request)
    await taking_on.give_back(community_of(request), reading.notice_id, reading.member)
    return see_other("/board?said=back")


async def finish(request: web.Request) -> web.Response:
    """POST /board/{id}/done: all of it, or with `how` "partly" some of it."""
    reading = _reading(request)
    form = await read_form(request)
    is_whole = form.text("how") != "partly"
    try:
        ending = Ending(is_whole, None if is_whole else _amount(form), form.text("words"))
        await taking_on.finish(community_of(request), reading.notice_id, ending, reading.member)
    except Invalid as error:
        return await _page(reading, form.wrong(error.fields), 422)
    return see_other(f"/board?said={'done' if is_whole else 'partly'}")


async def bring_home(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/hands: a dispatcher opens again what helpers had taken on."""
    notice_id = request.match_info["id"]
    part_id = (await read_form(request)).text("part")
    await taking_on.bring_home(community_of(request), notice_id, part_id, signed_in(request))
    return see_other(f"/dispatch/{notice_id}?changed=hands")


def helper_of(request: web.Request) -> Member:
    """The helper who is signed in. Raises SignInNeeded or NotAllowed."""
    member = signed_in(request)
    must_be_helper(member)
    return member


def _reading(request: web.Request) -> _Reading:
    return _Reading(request, helper_of(request), request.match_info["id"])


def _amount(form: Form) -> Decimal | None:
    """How much was typed; None for nothing. Raises Invalid."""
    reader = Reader(form)
    amount = reader.number("quantity", Decimal(-1))
    reader.check()
    return None if amount < 0 else amount


async def _page(reading: _Reading, form: Form, status: int = 200, changed: str = "", trouble: str = "") -> web.Response:
    found = await board.get(community_of(reading.request), reading.notice_id, reading.member)
    return render(
        reading.request,
        "board_notice.html",
        status=status,
        found=found,
        notice=found.notice,
        form=form,
        path=reading.path,
        changed=changed,
        trouble=trouble,
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/board", show_board),
    web.get("/board/{id}", show_notice),
    web.post("/board/{id}/take-on", take_on),
    web.post("/board/{id}/details", show_details),
    web.post("/board/{id}/come-along", come_along),
    web.post("/board/{id}/hand-back", hand_back),
    web.post("/board/{id}/done", finish),
    web.post("/dispatch/{id}/hands", bring_home),
)
