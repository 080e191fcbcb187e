"""Our people: who is a member, and how somebody becomes one. For stewards; nothing here says what anybody did."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid, ManyhandsError
from node.domain.invitations import INVITED, MOST_DAYS, MOST_PLACES, USUAL_DAYS, InvitationDraft
from node.domain.members import Role
from node.problems import status_of
from node.services import invitations, members
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.qr_codes import on_page
from node.web.role_words import MEANS
from node.web.sessions import steward_of
from node.web.words import _

PATH = "/people"

_SAID = {
    "ended": _("Nobody can join with that invitation any more."),
    "gone": _("The membership is ended, and the name is erased."),
}


async def show(request: web.Request) -> web.Response:
    """GET /people."""
    steward, community = steward_of(request), community_of(request)
    return render(
        request,
        "people.html",
        people=await members.listing(community),
        invitations=await invitations.listing(community, steward),
        changed=_SAID.get(request.query.get("said", ""), ""),
    )


async def ask_whom(request: web.Request) -> web.Response:
    """GET /people/invite."""
    steward_of(request)
    return _form_page(request, Form().given(form_id=Form().known_id()))


async def make(request: web.Request) -> web.Response:
    """POST /people/invite: the new link is on this page alone."""
    steward, form = steward_of(request), await read_form(request)
    try:
        made = await invitations.make(community_of(request), _draft(form), steward, form.known_id())
    except ManyhandsError as problem:
        fields = problem.fields if isinstance(problem, Invalid) else {"role": problem.message}
        return _form_page(request, form.given(form_id=form.known_id()).wrong(fields), status_of(problem))
    return render(request, "invitation.html", made=made, picture=on_page(made.link))


async def end(request: web.Request) -> web.Response:
    """POST /people/invitations/{id}/end."""
    await invitations.end(community_of(request), request.match_info["id"], steward_of(request))
    return see_other(f"{PATH}?said=ended")


def _draft(form: Form) -> InvitationDraft:
    """What was typed; whatever is no small number counts as 0, which none may be."""
    read = Reader(form)
    role = read.word("role", Role, Role.MEMBER)
    if not form.text("role"):
        read.errors["role"] = _("Choose one of the list.")
    read.check()
    return InvitationDraft(role, form.count("days"), form.count("people"), form.text("word"))


def _form_page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    return render(
        request,
        "invite.html",
        status=status,
        form=form,
        roles=[(role, MEANS[role]) for role in INVITED],
        usual_days=USUAL_DAYS,
        most_days=MOST_DAYS,
        most_places=MOST_PLACES,
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(PATH, show),
    web.get(f"{PATH}/invite", ask_whom),
    web.post(f"{PATH}/invite", make),
    web.post(f"{PATH}/invitations/{{id}}/end", end),
)
