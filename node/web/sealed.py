"""A dispatcher corrects what is sealed, after it was told otherwise. Opening it for that is written down."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import ChangedMeanwhile, Invalid
from node.domain.notices import Notice
from node.domain.openings import Reason, Why
from node.services import correcting, needs, openings
from node.services.doors import doors
from node.web.answers import read_sealed
from node.web.choices import choices_for
from node.web.forms import Form, read_form
from node.web.own_questions import answer_lines
from node.web.pages import render, see_other
from node.web.sealed_forms import both, typed_note
from node.web.sessions import VISIT, dispatcher_of

TO_CORRECT = Why(Reason.CORRECT)


async def open_form(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/sealed/form: the note as it is, to be corrected."""
    member = dispatcher_of(request)
    community = community_of(request)
    notice = await needs.get(community, request.match_info["id"])
    note = await openings.open_note(community, notice.id, member, TO_CORRECT)
    own = (await doors(community)).questions_for(notice.kind)
    return _page(request, notice, typed_note(note, own))


async def correct(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/sealed/correct."""
    member = dispatcher_of(request)
    community = community_of(request)
    notice = await needs.get(community, request.match_info["id"])
    form = await read_form(request)
    try:
        await correcting.correct(community, notice.id, read_sealed(form), member, form.text("seen"))
    except Invalid as problem:
        return _page(request, notice, form.wrong(problem.fields), 422)
    except ChangedMeanwhile as error:
        now = await openings.open_note(community, notice.id, member, TO_CORRECT)
        return _page(request, notice, both(form, now, error), 409)
    return see_other(f"/dispatch/{notice.id}?changed=sealed")


def _page(request: web.Request, notice: Notice, form: Form, status: int = 200) -> web.Response:
    path = f"/dispatch/{notice.id}"
    return render(
        request,
        "sealed_form.html",
        status=status,
        form=form,
        choices=choices_for(request[VISIT].profile, notice.kind),
        action=f"{path}/sealed/correct",
        back=path,
        for_dispatcher=True,
        answer_lines=answer_lines(form),
        is_meanwhile=status == 409,
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.post("/dispatch/{id}/sealed/form", open_form),
    web.post("/dispatch/{id}/sealed/correct", correct),
)
