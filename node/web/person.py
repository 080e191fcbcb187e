"""One member, for stewards: what they do here, a link to sign in with, signed out everywhere, the membership ended."""

from dataclasses import replace

from aiohttp import web

from node.context import community_of
from node.domain.errors import ChangedMeanwhile, Conflict
from node.domain.members import Member, Role
from node.services import invitations, membership
from node.services.sign_in import must_be_signed_in
from node.web.forms import Form, read_form
from node.web.pages import render, see_other
from node.web.qr_codes import on_page
from node.web.role_words import MEANS, role_name
from node.web.sessions import forget_drafts, session_of, steward_of, take_cookie
from node.web.words import _

PATH = "/people/{id}"
#: What can be ticked. Everybody is a member beside that; what a device is it stays.
TICKED = (Role.STEWARD, Role.DISPATCHER, Role.HELPER)

_SAID = {
    "roles": _("That is noted. It counts from now on."),
    "out": _("Signed out everywhere, and the password is gone. Give them a new link to sign in with."),
    "others": _("You are signed out everywhere but here, and your password is gone. Choose a new one in your account."),
}


async def show(request: web.Request) -> web.Response:
    """GET /people/{id}."""
    return await _page(request, await _member(request), Form())


async def change_roles(request: web.Request) -> web.Response:
    """POST /people/{id}/roles."""
    steward, form = steward_of(request), await read_form(request)
    member = await _member(request)
    wanted = frozenset(role for role in TICKED if form.has("roles", role)) | (member.roles & {Role.GATEWAY})
    seen = frozenset(form.text("seen").split()) if "seen" in form.typed else None
    try:
        changed = await membership.change_roles(community_of(request), member.id, wanted, steward, seen)
    except ChangedMeanwhile as problem:  # as they are now, to be ticked once more
        return await _page(request, await _member(request), Form().wrong({"roles": problem.message}), 409)
    except Conflict as problem:
        return await _page(request, member, form.wrong({"roles": problem.message}), 409)
    is_still = changed.is_steward or member.id != steward.id
    return see_other(f"/people/{member.id}?said=roles" if is_still else "/account")


async def make_link(request: web.Request) -> web.Response:
    """POST /people/{id}/link: the link is on this page alone."""
    member = await _member(request)
    link = await membership.make_link(community_of(request), member.id, steward_of(request))
    return render(request, "person_link.html", person=member, link=link, picture=on_page(link))


async def sign_out(request: web.Request) -> web.Response:
    """POST /people/{id}/sign-out; whoever does it to themselves stays signed in here."""
    steward, member = steward_of(request), await _member(request)
    is_own = member.id == steward.id
    keep = must_be_signed_in(session_of(request)).token if is_own else ""
    await membership.end_sign_ins(community_of(request), member.id, steward, keep)
    return see_other(f"/people/{member.id}?said={'others' if is_own else 'out'}")


async def ask_to_end(request: web.Request) -> web.Response:
    """GET /people/{id}/end."""
    return await _end_page(request, Form())


async def end(request: web.Request) -> web.Response:
    """POST /people/{id}/end."""
    steward, community, member = steward_of(request), community_of(request), await _member(request)
    try:
        await membership.end(community, member.id, steward)
    except Conflict as problem:
        return await _end_page(request, Form().wrong({"end": problem.message}), 409)
    if member.id != steward.id:
        return see_other("/people?said=gone")
    response = see_other("/")
    forget_drafts(response)
    take_cookie(response, community)
    return response


async def _member(request: web.Request) -> Member:
    return await membership.get(community_of(request), request.match_info["id"], steward_of(request))


async def _end_page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    person = await _member(request)
    may_know = bool(await invitations.listing(community_of(request), steward_of(request)))
    return render(request, "person_end.html", status=status, form=form, person=person, may_know=may_know)


async def _page(request: web.Request, member: Member, form: Form, status: int = 200) -> web.Response:
    has = {"roles": tuple(str(role) for role in member.roles)}
    return render(
        request,
        "person.html",
        status=status,
        form=replace(form, typed=form.typed or has),
        seen=" ".join(sorted(member.roles)),
        person=member,
        is_device=Role.GATEWAY in member.roles,
        options=[(role.value, role_name(role), MEANS[role]) for role in TICKED],
        changed=_SAID.get(request.query.get("said", ""), ""),
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get(PATH, show),
    web.post(f"{PATH}/roles", change_roles),
    web.post(f"{PATH}/link", make_link),
    web.post(f"{PATH}/sign-out", sign_out),
    web.get(f"{PATH}/end", ask_to_end),
    web.post(f"{PATH}/end", end),
)
