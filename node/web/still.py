"""What the links in messages open: is it still wanted, and no more messages. Nothing of the notice is shown there."""

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid
from node.domain.members import Member
from node.services import mail_addresses, still
from node.web.forms import Form, read_form
from node.web.languages import tell
from node.web.pages import render, see_other
from node.web.sessions import signed_in
from node.web.words import _

#: What the button says, and what is written down when it is pressed.
DO_NOT_ASK = _("Do not ask me again")

_SAID = {
    "again": _("Thank you. We go on looking, and its time begins anew."),
    "sorted": _("Good to hear. It is marked as sorted."),
    "quiet": _("We do not write to you about it again."),
}
_MAIL_SAID = {
    "told": _("We write to you when something waits, once a day at most."),
    "left": _("Your address is erased, and we do not write to you any more."),
}


async def show(request: web.Request) -> web.Response:
    """GET /still/{token}: only asks, so that a program which looks at links answers nothing."""
    notice = await still.asked(community_of(request), request.match_info["token"])
    said = _SAID.get(request.query.get("said", ""), "")
    path = f"/still/{request.match_info['token']}"
    return render(request, "still.html", need=notice.kind == "need", path=path, said=said, quiet_button=DO_NOT_ASK)


async def answer(request: web.Request) -> web.Response:
    """POST /still/{token}."""
    community, token = community_of(request), request.match_info["token"]
    wish = (await read_form(request)).text("to")
    if wish == "again":
        await still.still_so(community, token)
    elif wish == "sorted":
        await still.is_sorted(community, token)
    elif wish == "quiet":
        await still.do_not_ask(community, token, tell(DO_NOT_ASK))
    else:
        raise Invalid({"to": _("Choose one of the buttons on the page.")})
    return see_other(f"/still/{token}?said={wish}")


async def show_mail(request: web.Request) -> web.Response:
    """GET /account/mail."""
    return await _mail_page(
        request, signed_in(request), Form(), changed=_MAIL_SAID.get(request.query.get("said", ""), "")
    )


async def change_mail(request: web.Request) -> web.Response:
    """POST /account/mail: tell me what waits, or no longer."""
    member = signed_in(request)
    form = await read_form(request)
    if form.text("to") == "leave":
        await mail_addresses.leave_me(community_of(request), member.id)
        return see_other("/account/mail?said=left")
    try:
        await mail_addresses.tell_me(community_of(request), form.text("address"), member)
    except Invalid as problem:
        return await _mail_page(request, member, form.wrong(problem.fields), 422)
    return see_other("/account/mail?said=told")


async def show_no_mail(request: web.Request) -> web.Response:
    """GET /no-mail/{token}: only shows a button."""
    return render(request, "no_mail.html", path=request.path, is_over=False)


async def end_mail(request: web.Request) -> web.Response:
    """POST /no-mail/{token}. Twice is as good as once."""
    await mail_addresses.leave_me_by_link(community_of(request), request.match_info["token"])
    return render(request, "no_mail.html", path=request.path, is_over=True)


async def _mail_page(
    request: web.Request, member: Member, form: Form, status: int = 200, changed: str = ""
) -> web.Response:
    community = community_of(request)
    return render(
        request,
        "account_mail.html",
        status=status,
        form=form,
        changed=changed,
        has_mail=bool(community.settings.smtp_url),
        is_told=await mail_addresses.is_told(community, member),
    )


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/still/{token}", show),
    web.post("/still/{token}", answer),
    web.get("/account/mail", show_mail),
    web.post("/account/mail", change_mail),
    web.get("/no-mail/{token}", show_no_mail),
    web.post("/no-mail/{token}", end_mail),
)
