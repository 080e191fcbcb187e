"""Signing in, with a name and a password or with a link that works once; signing out; choosing a password."""

from contextlib import AbstractContextManager

from aiohttp import web

from node.context import client_address, community_of
from node.domain.errors import Invalid, ManyhandsError, NotFound, TooManyTries
from node.domain.members import Member
from node.problems import status_of
from node.services import first_steps, members
from node.services import sign_in as sessions
from node.services.limits import neighbourhood
from node.services.sign_in import FailedTries, Session
from node.web.forms import Form, Reader, read_form
from node.web.pages import is_own_path, render, see_other
from node.web.sessions import cookie_name, forget_drafts, give_cookie, member_of, session_of, signed_in, take_cookie
from node.web.tries import NameTries
from node.web.words import _

FIRST_STEP = "/first-steps/names"
FAILED_TRIES = web.AppKey("failed_tries", FailedTries)
NAME_TRIES = web.AppKey("name_tries", NameTries)

_SAID = {
    "name": _("You are called so from now on, and sign in with that."),
    "password": _("Your new password is set."),
    "welcome": _("You are signed in."),
    "joined": _(
        "Welcome! You are a member now, and signed in on this device. To sign in later or elsewhere, choose a password "
        "below. Without one, a steward can always give you a link to sign in with."
    ),
}


async def ask_for_password(request: web.Request) -> web.Response:
    """GET /sign-in."""
    member = member_of(request)
    onward = _onward(request.query.get("next", ""))
    if member is not None:
        return see_other(onward or home_of(member))
    return render(request, "sign_in.html", form=Form(), onward=onward)


async def take_password(request: web.Request) -> web.Response:
    """POST /sign-in."""
    form = await read_form(request)
    onward = _onward(form.text("next"))
    read = Reader(form)
    name = read.text("name", missing=_("Write your name here."))
    password = form.text("password")
    if not password:
        read.errors["password"] = _("Write your password here.")
    try:
        read.check()
        session = await sessions.sign_in(community_of(request), request.app[FAILED_TRIES], name, password)
    except ManyhandsError as problem:
        fields = problem.fields if isinstance(problem, Invalid) and problem.fields else {"name": problem.message}
        values = {"form": form.wrong(fields), "onward": onward}
        return render(request, "sign_in.html", status=status_of(problem), **values)
    return let_in(request, session, onward or home_of(session.member))


async def show_link(request: web.Request) -> web.Response:
    """GET /sign-in/{token}: only shows a button, so that a program which looks at links does not use it up."""
    try:
        name = await sessions.peek_link(community_of(request), request.match_info["token"])
    except NotFound:
        return render(request, "sign_in_link.html", status=404, name="")
    return render(request, "sign_in_link.html", name=name)


async def use_link(request: web.Request) -> web.Response:
    """POST /sign-in/{token}."""
    try:
        session = await sessions.use_link(community_of(request), request.match_info["token"])
    except NotFound:
        return render(request, "sign_in_link.html", status=404, name="")
    return let_in(request, session, await _first_page(request, session.member))


async def _first_page(request: web.Request, member: Member) -> str:
    """Where a link leads: to one's place; who has no password yet, to choosing one; the very first, to the start."""
    if member.has_password:
        return home_of(member)
    return FIRST_STEP if await first_steps.are_due(community_of(request), member) else "/account"


async def sign_out(request: web.Request) -> web.Response:
    """POST /sign-out."""
    community = community_of(request)
    cookie = request.cookies.get(cookie_name(community))
    if cookie:
        await sessions.sign_out(community, cookie)
    response = see_other("/")
    forget_drafts(response)
    take_cookie(response, community)
    return response


async def account(request: web.Request) -> web.Response:
    """GET /account."""
    signed_in(request)
    return _account_page(request, Form(), changed=_SAID.get(request.query.get("said", ""), ""))


async def change_password(request: web.Request) -> web.Response:
    """POST /account."""
    member = signed_in(request)
    form = await read_form(request)
    try:
        await sessions.set_password(community_of(request), member.id, new_password(form))
    except Invalid as problem:
        return _account_page(request, form.wrong(problem.fields), status=422)
    return see_other("/account?said=password")


async def change_name(request: web.Request) -> web.Response:
    """POST /account/name."""
    member = signed_in(request)
    form = await read_form(request)
    try:
        with one_name(request, member.id):
            await members.rename(community_of(request), member, form.text("own_name"))
    except Invalid as problem:
        return _account_page(request, form.wrong({"own_name": problem.fields["name"]}), status=422)
    except TooManyTries as problem:
        return _account_page(request, form.wrong({"own_name": problem.message}), status=429)
    return see_other("/account?said=name")


def _account_page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    ends_at = sessions.must_be_signed_in(session_of(request)).expires_at
    return render(request, "account.html", status=status, form=form, ends_at=ends_at, changed=changed)


def let_in(request: web.Request, session: Session, path: str) -> web.Response:
    """Let the browser keep the session, and go on to a page of ours."""
    response = see_other(path)
    give_cookie(response, community_of(request), session)
    return response


def _onward(path: str) -> str:
    return path if path and is_own_path(path) and not path.startswith("/sign-") else ""


def new_password(form: Form) -> str:
    """The password that was typed twice; empty where none was. Raises Invalid where the two are not the same."""
    password = form.text("password")
    if password != form.text("again"):
        raise Invalid({"again": _("The two are not the same. Write the new password twice.")})
    return password


def one_name(request: web.Request, whose: str) -> AbstractContextManager[None]:
    """One name is tried inside, with an invitation or by a member. Raises TooManyTries before it."""
    place = neighbourhood(client_address(request))
    return request.app[NAME_TRIES].one(place, whose, community_of(request).now())


def home_of(member: Member) -> str:
    """Where a member's work is."""
    if member.is_dispatcher:
        return "/dispatch"
    return "/board" if member.is_helper else "/account?said=welcome"


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/sign-in", ask_for_password),
    web.post("/sign-in", take_password),
    web.get("/sign-in/{token}", show_link),
    web.post("/sign-in/{token}", use_link),
    web.post("/sign-out", sign_out),
    web.get("/account", account),
    web.post("/account", change_password),
    web.post("/account/name", change_name),
)
