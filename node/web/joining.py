"""Joining with an invitation: read first what it means, then one button. Looking at the link changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from aiohttp import web

from node.context import client_address, community_of
from node.domain.errors import Invalid, NotFound, TooManyTries
from node.services import invitations
from node.services.invitations import Newcomer
from node.services.limits import neighbourhood
from node.services.sign_in import SHORTEST_PASSWORD, Session
from node.web.forms import Form, read_form
from node.web.languages import language
from node.web.pages import render, see_other
from node.web.role_words import MEANS
from node.web.sessions import member_of
from node.web.sign_in import home_of, let_in, new_password, one_name
from node.web.tries import Tries
from node.web.words import _

#: So many links that open nothing one place may try within this time. A hall full of people shares one address.
WRONG_LINKS, WRONG_LINKS_WITHIN = 30, timedelta(minutes=10)
WRONG_INVITATIONS = web.AppKey("wrong_invitations", Tries)


async def show(request: web.Request) -> web.Response:
    """GET /join/{token}."""
    return await _read(request, Form().given(form_id=Form().known_id()))


async def join(request: web.Request) -> web.Response:
    """POST /join/{token}."""
    if member_of(request) is not None:
        return see_other("/account")
    form = await read_form(request)
    form = form.given(form_id=form.known_id())
    try:
        session = await _join(request, form)
    except NotFound:
        return _over(request)
    except Invalid as problem:
        return await _read(request, form.wrong(problem.fields), 422)
    except TooManyTries as problem:
        return await _read(request, form.wrong({"name": problem.message}), 429)
    return let_in(request, session, home_of(session.member) if session.member.has_password else "/account?said=joined")


async def _join(request: web.Request, form: Form) -> Session:
    with _one_try(request), one_name(request, request.match_info["token"]):
        newcomer = Newcomer(form.text("name"), new_password(form), language())
        return await invitations.join(
            community_of(request), request.match_info["token"], newcomer, form.text("form_id")
        )


async def _read(request: web.Request, form: Form, status: int = 200) -> web.Response:
    """What the link opens, with the form as it is; the same page for everything that is not open."""
    try:
        with _one_try(request):
            found = await invitations.peek(community_of(request), request.match_info["token"])
    except NotFound:
        return _over(request)
    return render(
        request,
        "join.html",
        status=status,
        form=form,
        invitation=found,
        means=MEANS[found.role],
        fewest=SHORTEST_PASSWORD,
    )


@contextmanager
def _one_try(request: web.Request) -> Iterator[None]:
    """Count it where the link opens nothing. Raises TooManyTries after many of those."""
    tries, now = request.app[WRONG_INVITATIONS], community_of(request).now()
    place = neighbourhood(client_address(request))
    if tries.are_over(place, now):
        raise TooManyTries(_("That were many tries. Please wait ten minutes, or call us."))
    try:
        yield
    except NotFound:
        tries.wrong(place, now)
        raise


def _over(request: web.Request) -> web.Response:
    return render(request, "join_over.html", status=404)


ROUTES: tuple[web.RouteDef, ...] = (web.get("/join/{token}", show), web.post("/join/{token}", join))
