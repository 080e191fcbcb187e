"""Questions about a shared notice, before anybody offers: ours about theirs, and theirs about ours."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Conflict, Invalid
from node.services import questions
from node.services.questions import Thread, Words
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.sessions import dispatcher_of
from node.web.words import _

SENT = _("It is on its way. Only their dispatchers read it, and whoever runs their server.")


async def show_asked(request: web.Request) -> web.Response:
    """GET /feed/{id}/questions: what we asked about a notice of theirs, and room to ask more."""
    return _page(request, await _asked(request), _new_form(request))


async def ask(request: web.Request) -> web.Response:
    """POST /feed/{id}/questions. The same form twice asks once."""
    member = dispatcher_of(request)
    form = await read_form(request)
    try:
        await questions.ask(community_of(request), request.match_info["id"], read_words(form), member)
    except Invalid as error:
        return _page(request, await _asked(request), form.wrong(error.fields), 422)
    except Conflict as error:
        return _page(request, await _asked(request), form, 409, trouble=error.message)
    return see_other(f"/feed/{request.match_info['id']}/questions?sent")


async def show_thread(request: web.Request) -> web.Response:
    """GET /questions/{id}: what another community asks about a notice of ours."""
    return _page(request, await _thread(request), _new_form(request))


async def answer(request: web.Request) -> web.Response:
    """POST /questions/{id}. The same form twice answers once."""
    member = dispatcher_of(request)
    form = await read_form(request)
    try:
        await questions.answer(community_of(request), request.match_info["id"], read_words(form), member)
    except Invalid as error:
        return _page(request, await _thread(request), form.wrong(error.fields), 422)
    except Conflict as error:
        return _page(request, await _thread(request), form, 409, trouble=error.message)
    return see_other(f"/questions/{request.match_info['id']}?sent")


def read_words(form: Form) -> Words:
    """What was typed, and whether a number may go along."""
    return Words(form.text("text"), form.has("with_details", "yes"), form.text("form_id") or None)


async def _asked(request: web.Request) -> Thread:
    return await questions.of_item(community_of(request), request.match_info["id"], dispatcher_of(request))


async def _thread(request: web.Request) -> Thread:
    return await questions.thread(community_of(request), request.match_info["id"], dispatcher_of(request))


def _new_form(request: web.Request) -> Form:
    return Form().given(form_id=community_of(request).new_id())


def _page(request: web.Request, thread: Thread, form: Form, status: int = 200, trouble: str = "") -> web.Response:
    changed = SENT if "sent" in request.query else ""
    return render(request, "questions.html", status, thread=thread, form=form, trouble=trouble, changed=changed)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/feed/{id}/questions", show_asked),
    web.post("/feed/{id}/questions", ask),
    web.get("/questions/{id}", show_thread),
    web.post("/questions/{id}", answer),
)
